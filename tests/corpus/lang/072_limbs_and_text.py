# Ints around the bounds of machine words, and text built from pieces: every short cut gives what the long way gives.
import random
random.seed(5)
vals=[0,1,-1,(1<<61)-1,1<<61,-(1<<61),-(1<<61)-1,(1<<62),(1<<63),(1<<64)-1,1<<64,-(1<<64),(1<<127)-1,1<<127,-(1<<127),-(1<<127)-1,(1<<128)-1,1<<128]
for _ in range(120): vals.append(random.getrandbits(random.randrange(1,700))*random.choice((1,-1)))
h=0
for a in vals:
    for b in vals:
        r=[a&b,a|b,a^b,a+b,a-b,a*b]
        if b: r+=[a//b,a%b,*divmod(a,b)]
        h=hash((h,*r))
    for n in (0,1,5,31,63,64,65,127,128,200,700): h=hash((h,a<<n,a>>n))
    h=hash((h,~a,-a,abs(a),*map(lambda b:int.from_bytes(b,'big'),(str(a).encode(),('%d'%a).encode(),('%s'%a).encode(), a.to_bytes(100,'little',signed=True)))))
    for L in (1,3,7,8,9,16):
        for sg in (False,True):
            bs=(a&((1<<8*L)-1)).to_bytes(L,'big'); h=hash((h,int.from_bytes(bs,'big',signed=sg)))
    h=hash((h,hash(a)))
print(h)
print('%s|%d|%5d|%-5d|%05d|%x|%s|%r|%%|%s'%(12,-3,4,5,6,255,'é','x',None))
for bad in ('%d'%1.5 ,):print(bad)
for f,a in (('%d',('a',)),('%s %s',('a',)),('%s',('a','b')),('%d',{}),('%s',{'a':1}),('%(a)s %(a)d',{'a':3}),('%d',True),('%s',True),('%d %s',(True,False))):
    try: print(repr(f%a))
    except Exception as e: print(type(e).__name__,e)
for f,a in ((b'%d',(5,)),(b'%s',(b'a',)),(b'%d %b',(-12345678901234567890123,b'q')),(b'%s',5),(b'%d','x')):
    try: print(repr(f%a))
    except Exception as e: print(type(e).__name__,e)
print('abcÀ'.upper(),'ABC'.lower(),'a'.upper(),''.upper(),'ß'.upper(),'ΑΣ'.lower(),'x'*3,'ab'*3,'é'*4,'€'*2,'ß'.casefold())
print(','.join(['a','b']),','.join(['é','b']),'€'.join(['a','b']),''.join(['a','€']),'-'.join(()),'-'.join(['q']),''.join(['','']),''.join(['','a','']))
try: ','.join(['a',1])
except TypeError as e: print(e)
print(f'{1}{-2}:{3.5}{"é"}{"€"}{10**20}|{-10**18}|{99}{100}{101}{-9}{0}')
print('a b  c\td '.split(),'a,b,,c'.split(','),'a b c'.split(None,1),'é b'.split(),'a\x85b\xa0c'.split(),' '.split(),''.split(),''.split(','))
t=(1,2,3); assert hash(t)==hash((1,2,3))==529344067295497451; assert hash((0,))==hash((0,)); print(hash(()),hash((1,)),hash((1,2)))
l=list(range(100))
l[10:20]=range(3); l.insert(5,'x'); del l[50:60]; l[:0]=[9]*30; print(l, l[3:8], l*2==l+l)
