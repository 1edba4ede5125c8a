# Every method of bytes and bytearray; changes of bytearrays; memoryviews.
def t(f, *a, **k):
    try: r = repr(f(*a, **k))
    except Exception as e: r = type(e).__name__ + ': ' + str(e)
    print(r)
B = [b'', b'a', b'abc', b'Hello World', b'  pad \t', b'a\tb', b'\x00\xff\x80', b'l1\nl2\r\nl3\rl4', b"it's", b'"q"', b'aaa', b'abab', b'-42', b'Title Case']
for c in (bytes, bytearray):
  for s0 in B[::3]:
    s = c(s0)
    for m in ['lower','upper','title','capitalize','swapcase','isalpha','isdigit','isalnum','isspace','isupper','islower','istitle','isascii','strip','lstrip','rstrip','split','rsplit','splitlines','expandtabs','hex','decode']:
        t(getattr(s, m))
    print(repr(s), len(s), s == s[:], list(s)[:5], s[::-1], s[1:3], s[-2:], s[::2], s == s0)
    t(s.splitlines, True); t(s.zfill, 10); t(s.center, 11, b'*'); t(s.ljust, 8, b'.'); t(s.rjust, 8)
    for sub in [b'', b'a', b'ab', b' ', 97, bytearray(b'b'), 'x', 300, 1.5]:
        for m in ['find','rfind','index','rindex','count','startswith','endswith','partition','rpartition','split','rsplit','removeprefix','removesuffix','strip','__contains__','__add__','join']:
            t(getattr(s, m), sub)
        t(s.replace, sub, b'<>'); t(s.replace, sub, b'', 1); t(s.split, sub, 1); t(s.rsplit, sub, 1); t(s.find, sub, 1); t(s.count, sub, -2, 4); t(lambda: s < sub); t(lambda: s == sub)
    t(s.split, None, 1); t(s.rsplit, None, 1); t(s.translate, bytes(range(255, -1, -1))); t(s.translate, None, b'ab'); t(s.hex, ':'); t(s.hex, '-', 2); t(s.hex, '-', -2); t(s.hex, '-', 0)
    for e in ['strict','ignore','replace','backslashreplace','surrogateescape']:
        t(s.decode, 'utf-8', e); t(s.decode, 'ascii', e); t(s.decode, 'latin-1', e); t(s.decode, 'utf-16', e)
  for a in ['a', 1, -1, 3, 1.5, None, [1, 2], [256], ['a'], [1.5], b'xy', bytearray(b'z'), memoryview(b'm'), (1, 2), range(3), 'é', 10**20, object()]:
    t(c, a)
  for a in [('a', 'ascii'), ('é', 'ascii'), ('é', 'ascii', 'replace'), (1, 'a'), (b'a', 'utf8')]: t(c, *a)
  t(c, 'a', encoding='utf8'); t(c, errors='x'); t(c, source=b'q'); t(c, x=1); t(c, 1, 2, 3, 4); t(c)
  t(c.fromhex, 'de ad\nBEEF'); t(c.fromhex, 'abc'); t(c.fromhex, 'zz'); t(c.fromhex, b'6162'); t(c.fromhex, 1); t(c.maketrans, b'abc', b'xyz'); t(c.maketrans, b'a', b'')
  s = c(b'hello')
  for k in [0, -1, 10, 'a', 1.5, slice(1, 3), slice(None, None, -2), 2**70, True]: t(lambda: s[k])
  t(lambda: s * 2); t(lambda: 2 * s); t(lambda: s * 1.5); t(lambda: s + 'a'); t(lambda: 'a' + s); t(lambda: s + b'x'); t(lambda: s + bytearray(b'x')); t(lambda: s + memoryview(b'x')); t(lambda: b'ell' in s); t(lambda: 'a' in s); t(lambda: 104 in s); t(lambda: s > b'a'); t(lambda: s < bytearray(b'z')); t(lambda: hash(s) == hash(b'hello')); t(lambda: c(b',').join([b'a', bytearray(b'b'), memoryview(b'c')])); t(lambda: c(b',').join(['a'])); t(lambda: c(b',').join(5))
  it = iter(s); print(next(it), it.__length_hint__(), list(it), type(it).__name__)
b = bytearray(b'abc')
def st(src):
    global b
    try: exec(src, globals()); print(b)
    except Exception as e: print(type(e).__name__, e, b)
for src in ['b.append(100)','b.append("a")','b.append(256)','b.extend(b"xyz")','b.extend([1,2])','b.extend("a")','b.extend([1,300])','b.extend(1)','b.insert(0,65)','b.insert(-1,66)','b.insert(100,67)','b.insert(0,256)','b.pop()','b.pop(0)','b.pop(-1)','b.pop(100)','b.remove(98)','b.remove(200)','b.remove("a")','b.reverse()','b[0]=1','b[-1]=2','b[100]=1','b[0]=256','b["a"]=1','b[1:3]=b"WXYZ"','b[::2]=b"...."','b[::2]=b"."','b[1:2]=[5,6]','b[1:2]="a"','b[1:2]=5','del b[0]','del b[-1]','del b[1:3]','del b[::2]','del b[100]','b+=b"more"','b+="x"','b*=2','b*=0','b=bytearray(b"0123456789")','del b[::-3]','b[5:2]=b"ins"','b.resize(3)','b.resize(6)','b.resize(-1)','b[:]=b""','b.clear()','b.pop()','b=bytearray(b"view")','m=memoryview(b); b.append(1)','m[0]=90','m.release(); b.append(1)','b.copy()','b.__init__(b"zz")','b.__init__(3)','b.__init__("x")','b=bytearray(b"x"*5); b[1:1]=b; print(b)','b.extend(b)']: st(src)
m = memoryview(b'abcdefgh'); print(m[0], m[1:3].tobytes(), list(m[::2]), m[::-1].tobytes(), len(m), m.format, m.itemsize, m.nbytes, m.shape, m.strides, m.readonly, m.ndim, m.c_contiguous, m[::2].contiguous, m.obj, m == b'abcdefgh', m == memoryview(b'abcdefgh'), hash(m) == hash(b'abcdefgh'))
for src in ['m.cast("H").tolist()','m.cast("B",[2,4]).tolist()','m.cast("B",(2,2,2))[1,0,1]','m.cast("x")','m.cast("H").cast("I")','m.cast("B",[3,3])','m.cast("B",[2,4])[0]','m.cast("B",[2,4]).tobytes("F")','m.cast("c").tolist()','m.cast("b")[0]','m[100]','m["a"]','m[1.5]','m.hex()','m.hex(":")','m.toreadonly().readonly','m.tolist()','m.index(99)','m.count(97)','m.index(200)','memoryview(1)','memoryview("a")','memoryview()','memoryview(bytearray(b"a")).readonly','hash(memoryview(bytearray(b"a")))','m.__enter__() is m','m.cast("Q")[0]','m.cast("f").tolist()','m.cast("?").tolist()','m.cast("@H").format','memoryview(m).obj','m[2:6][1:3].tolist()','m[...]','m[()]','m.cast("B",[])','memoryview(b"a").cast("B",[]).tolist()','memoryview(b"a").cast("B",[])[()]','len(memoryview(b"a").cast("B",[]))','m.suboffsets','m<m','m!=1','m==m[::-1]','bytes(m)','bytes(m[::2])','list(m.cast("B",[2,4]))','m.cast("B",[2,4])[0,0,0]','m.tobytes("Z")','m.tobytes(1)','m.cast(1)']:
    try: print(src, repr(eval(src)))
    except Exception as e: print(src, type(e).__name__, e)
w = memoryview(bytearray(b'12345678'))
def sw(src):
    try: exec(src, globals()); print(src, w.tobytes() if hasattr(w,'tobytes') else w)
    except Exception as e: print(src, type(e).__name__, e)
for src in ['w[0]=65','w[1:3]=b"xy"','w[1:3]=b"x"','w[0]=256','w[0]="a"','w[::2]=b"...."','del w[0]','w.cast("H")[0]=65535','w.cast("H")[0]=65536','w.cast("d")[0]=1.5','w.cast("b")[0]=-1','w.cast("b")[0]=200','w.cast("c")[0]=b"q"','w.cast("c")[0]=5','w.cast("?")[0]=5','memoryview(b"a")[0]=1','w[100]=1','w[0:2]=w[2:4]','w[1:5]=w[0:4]','w.cast("f")[0]=1e300','w.release()','w[0]','w.tolist()','print(repr(w)[:10])','len(w)','w==w','w.release()']: sw(src)
