import math, random
# formats
r=random.Random(5)
out=[]
for i in range(20000):
    x=r.choice([r.uniform(-1,1), r.uniform(-1e6,1e6), r.randrange(-1000,1000)/8, r.randrange(-10**6,10**6)/2**r.randrange(0,40), r.uniform(-1e18,1e18), 0.5,1.5,2.5,0.125,0.375,1e15+0.5,2**53+0.0,5e-324,0.0,-0.0])
    for p in (0,1,2,3,6,9,10):
        out.append('%.*f' % (p,x)); 
    out.append('%8.2f|%-8.1f|%+.3f|% .2f|%08.2f|%f' % (x,x,x,x,x,x)); out.append(f'{x:.2f} {x:10.3f} {x:z.1f} {x:,.2f}')
import zlib
print(zlib.crc32('\n'.join(out).encode()))
b=[]
for i in range(3000):
    n=r.randrange(-10**r.randrange(1,400),10**r.randrange(1,400)) if i%3 else r.choice([1,-1])*(10**19)**r.randrange(1,18)+r.randrange(-2,3)
    b.append(str(n)); b.append('%d' % n); b.append(f'{n:,}'); b.append(f'{n:x}')
    assert int(str(n))==n
print(zlib.crc32('\n'.join(b).encode()))
s=[]
alpha='ab,c \t\x85\xa0xyz'
for i in range(3000):
    t=''.join(r.choice(alpha) for _ in range(r.randrange(0,600 if i%10==0 else 60)))
    u=''.join(r.choice('abc') for _ in range(r.randrange(1,4)))
    s.append(repr((t.split(), t.split(','), t.split(' ',3), t.split(u), t.find(u), t.rfind(u), u in t, t.replace(u,'Q'), t.replace(u,''), t.replace(u,'long',2), t.count(u), t.partition(u), t.replace(u,'\u20ac'), t.split(None,2), t.replace('a','\xe9'))))
    v=t.encode('latin-1'); s.append(repr((v.find(u.encode()), v.split(b','), v.replace(u.encode(),b'Z'))))
print(zlib.crc32('\n'.join(s).encode()))
def f(**k): return k
def g(a,*b,c=1,**k): return a,b,c,k
d={'x':1,'c':2,'y':3}
print(f(**d), g(*(1,2),**d), g(**{'a':5,'z':6}))
try: f(**{1:2})
except TypeError as e: print(e)
class S(str): pass
print(f(**{S('q'):1}))
ns={}
exec("G=1\ndef h():\n  global G\n  G+=1\n  return G+len('ab')\n", ns)
for i in range(100): ns['h']()
print(ns['h'](), ns['G'], 'h' in ns, len([k for k in ns]), ns.pop('G'), ns.get('G'))
try: ns['h']()
except NameError as e: print(e)
ns['G']=5; ns['len']=lambda x: 100
print(ns['h'](), sorted(k for k in ns if k!='__builtins__'), {**ns}.keys()==ns.keys(), dict(ns)['G']); del ns['len']; print(ns['h']())
ns2=ns.copy(); ns2['G']=0; print(ns['G'], ns2['h'](), ns==ns2)
ns[5]=7; print(ns[5], ns.popitem()); ns.clear(); print(ns)
print(divmod(7,-2), divmod(-7,2), divmod(-7,-2), divmod(-8,2), divmod(0,5), divmod(2**61,3), divmod(-2**61,-1))
for n in (0,1,255,256,-1,-128,-129,2**63-1,2**63,2**64-1,-2**63):
    for l in (0,1,2,8,9):
        for sg in (False,True):
            for o in ('little','big'):
                try: x=n.to_bytes(l,o,signed=sg); assert int.from_bytes(x,o,signed=sg)==n
                except OverflowError as e: x=str(e)
                s.append(repr((n,l,sg,o,x)))
print(zlib.crc32('\n'.join(s).encode()))
st=set()
for i in range(2000):
    x=r.randrange(200)
    if r.random()<.6: st.add(x)
    else: st.discard(x)
    if i%50==0:
        t=frozenset(r.randrange(200) for _ in range(30)); s.append(repr((list(st),list(st&t),list(st|t),list(st-t),list(st^t),t<=st,st>=t,st.isdisjoint(t),list(set(st)),min(st,default=0),list(st.copy()))))
        if st: s.append(str(st.pop()))
print(zlib.crc32('\n'.join(s).encode()))
print('abc'.encode('utf-8','surrogatepass'), b'abc'.decode('utf-8','x'), 'a'.encode(errors='nope'))
try: 'a'.encode('utf-8','a\0b')
except ValueError as e: print(e)
import sys
def cur():
    f=sys._getframe(); a=f.f_lineno
    b=f.f_lineno; return b-a
print(cur(), cur())
