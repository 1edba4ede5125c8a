import gc
import weakref


class A:
    def __init__(self, n=0):
        self.n = n


a = A(1)
r = weakref.ref(a)
print(r() is a, r().n, weakref.getweakrefcount(a), r == weakref.ref(a), hash(r) == hash(a))
called = []
r2 = weakref.ref(a, lambda ref: called.append(ref is r2))
del a
gc.collect()
print(r() is None, called, r2())
for bad in (5, "s", (1,), [], {}, None):
    try:
        weakref.ref(bad)
    except TypeError as e:
        print(e)
d = weakref.WeakValueDictionary()
k = A(5)
d["k"] = k
print(d["k"].n, len(d))
del k
gc.collect()
print("k" in d, len(d))
s = weakref.WeakSet()
x, y = A(1), A(2)
s.add(x)
s.add(y)
del x
gc.collect()
print(sorted(o.n for o in s))
p = weakref.proxy(y)
print(p.n)
p.n = 7
print(y.n)
del y
gc.collect()
try:
    p.n
except ReferenceError as e:
    print(e)


class M:
    def m(self):
        return "method"


m = M()
wm = weakref.WeakMethod(m.m)
print(wm()())
f = weakref.finalize(m, print, "finalized")
print(f.alive)
del m
gc.collect()
print(f.alive, wm())
cyc = A()
cyc.me = cyc
w = weakref.ref(cyc)
del cyc
gc.collect()
print(w())
live = [A(i) for i in range(100)]
refs = [weakref.ref(o) for o in live]
live = live[::10]
gc.collect()
print(sum(r() is not None for r in refs), [r().n for r in refs if r()])
for i in range(20000):
    junk = [A(i), [i], {i: i}, (i, i), str(i)]
    junk.append(junk)
print(junk[0].n, [o.n for o in live])
