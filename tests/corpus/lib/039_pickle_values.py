# Pickles of the native module: the bytes, errors with their notes, hooks, buffers, broken input.
import copyreg
import io
import pickle
import sys


def attempt(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e, getattr(e, "__notes__", None))


class A:
    pass


class Slots:
    __slots__ = ("a", "b")


class R:
    def __reduce__(self):
        return self.r

    def __repr__(self):
        return "R"


class Items(list):
    pass


class Dicts(dict):
    pass


shared = ["x"]
recursive = [1]
recursive.append(recursive)
cycle = ([],)
cycle[0].append(cycle)
values = [
    None, True, False, 0, 1, -1, 255, 256, 65535, 65536, 2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**63, -2**63, 2**64,
    -2**64, 127, 128, -128, -129, 10**30, 1.5, -0.0, 1e300, "", "a", "é", "\U0001f600", "a\nb\\c\0\x1a", "x" * 300,
    "\udc80", b"", b"a", b"\xff" * 300, bytearray(b"ab"), (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], [1], [1, 2],
    {}, {"a": 1}, {"a": 1, "b": [2]}, set(), {1}, frozenset(), frozenset([1]), [shared, shared], int, len, A, print,
    type(None), type(...), type(NotImplemented), ..., NotImplemented, "".join, sys.exit, 1j, range(3),
    slice(1, 2), Items([1, 2]), Dicts(a=1), list(range(1001)), {i: i for i in range(1001)}, [1] * 1000,
]
for value in values:
    for protocol in range(6):
        data = pickle.dumps(value, protocol)
        print(protocol, data if len(data) < 200 else (len(data), hash(data) == hash(data), data[:60], data[-20:]))
        back = pickle.loads(data)
        assert type(back) is type(value) and (back == value or callable(value)), value
for protocol in range(6):
    print(pickle.dumps(recursive, protocol), pickle.dumps(cycle, protocol))
    back = pickle.loads(pickle.dumps(recursive, protocol))
    print(back[1] is back)
    back = pickle.loads(pickle.dumps(cycle, protocol))
    print(back[0][0] is back)
    a = A()
    a.x, a.y = 1, a
    back = pickle.loads(pickle.dumps(a, protocol))
    print(back.x, back.y is back)
    if protocol > 1:
        s = Slots()
        s.a, s.b = 1, 2
        back = pickle.loads(pickle.dumps(s, protocol))
        print(back.a, back.b)

for reduced in (
    3, (), (1,), (1, 2), (int, 2), (int, ()), (int, (), 1, 2), (int, (), None, iter([1, A])), (int, (), None, None, 3),
    (int, (), None, None, iter([3])), (int, (), None, None, iter([(1, 2)]), 3), (1, 2, 3, 4, 5, 6, 7), "foo", "int",
    (copyreg.__newobj__, ()), (copyreg.__newobj__, (1,)), (copyreg.__newobj__, (int,)), (copyreg.__newobj_ex__, (1,)),
    (copyreg.__newobj_ex__, (int, (), {})), (copyreg.__newobj_ex__, (R, (), 3)), (copyreg.__newobj_ex__, (R, 3, {})),
    (list, (), {"a": 1}, iter([1, 2])), (dict, (), None, None, iter([(1, 2), (3, 4)])), (list, (), 5, None, None, A),
):
    r = R()
    r.r = reduced
    attempt(lambda: pickle.dumps(r))
    attempt(lambda: pickle.dumps([1, (2, {"k": r})], 2))
    attempt(lambda: pickle.dumps({r}))
for broken in (
    b"", b"\xff", b"\x80\x09.", b".", b"0.", b"a.", b"NNa.", b"(.", b"h\x05.", b"g5\n.", b"gx\n.", b"Ix\n.", b"Lx\n.", b"S1\n.",
    b"\x8a\x05a", b"K", b"I12", b"I12\n", b"\x97.", b"Pabc\n.", b"NQ.", b"\x82\x00.", b"\x82\x01.", b"NN\x93.", b"cos\nsyst\n.",
    b"cfoo\nsyst\n.", b"c\nlog\n.", b"NNR.", b"N)R.", b"N)\x81.", b"cbuiltins\nint\nN\x81.", b"NNb.", b"(NNNd.", b"}(Nu.",
    b"\x8b\xff\xff\xff\xff.", b"T\xff\xff\xff\xff.", b"\x95" + b"\xff" * 8 + b".", b"\x95\x05\0\0\0\0\0\0\0N.",
    b"\x95\x02\0\0\0\0\0\0\0K\x01.", b"\x95\x01\0\0\0\0\0\0\0K\x01.", b"\x8e" + b"\xff" * 8 + b".", b"p-1\n.", b"Np-1\n.", b"\x94.",
    b"U\x01\xe9.", b"X\x01\0\0\0\xff.", b"t.", b"1.", b"2.", b"N1.", b"\x85.", b"N\x86.", b"\x90.", b"](N\x90.", b"N(e.", b"N(Ne.",
    b"N(o.", b"(o.", b"\x98.", b"N\x98.", b"(l(.", b"NNNs.", b"G\0.", b"cbuiltins\nint\n)N\x92.", b"cbuiltins\nint\nNN\x92.",
    b"NN}\x92.", b"(cbuiltins\nlist\no.", b"(I1\nI2\nl.", b"(ibuiltins\nlist\n.", b"VA\\u00e9\n.", b"F1.5\n.", b"L12L\n.", b"I01\n.",
):
    attempt(lambda: pickle.loads(broken))
    attempt(lambda: pickle.load(io.BytesIO(broken)))


class Persistent(pickle.Pickler):
    def persistent_id(self, value):
        return "id" if isinstance(value, A) else None


class Back(pickle.Unpickler):
    def persistent_load(self, pid):
        return ["loaded", pid]


class Overriding(pickle.Pickler):
    def reducer_override(self, value):
        return (str, ("overridden",)) if isinstance(value, A) else NotImplemented


for protocol in (0, 1, 2, 5):
    for kind in (Persistent, Overriding):
        out = io.BytesIO()
        kind(out, protocol).dump([A(), 1])
        print(out.getvalue(), Back(io.BytesIO(out.getvalue())).load())
out = io.BytesIO()
p = pickle.Pickler(out)
p.dispatch_table = {A: lambda a: (str, ("table",))}
p.dump(A())
p.dump("again")
p.clear_memo()
p.dump("again")
print(out.getvalue())
for i in range(2):
    out.seek(0)
    u = pickle.Unpickler(out)
    print(u.load(), u.load(), u.load())
attempt(lambda: u.load())
p.fast = True
out = io.BytesIO()
p = pickle.Pickler(out)
p.fast = 1
p.dump([shared, shared])
print(out.getvalue(), p.fast, p.bin)

buffers = []
data = pickle.dumps([pickle.PickleBuffer(bytearray(b"abc")), pickle.PickleBuffer(b"def")], 5, buffer_callback=buffers.append)
print(data, [bytes(b.raw()) for b in buffers], pickle.loads(data, buffers=buffers)[0] is buffers[0])
attempt(lambda: pickle.loads(data))
attempt(lambda: pickle.loads(data, buffers=[b"x"]))
print(pickle.dumps(pickle.PickleBuffer(b"abc")), pickle.dumps(pickle.PickleBuffer(bytearray(b"abc"))))
attempt(lambda: pickle.dumps(pickle.PickleBuffer(b"abc"), 4))
attempt(lambda: pickle.dumps(pickle.PickleBuffer(memoryview(b"abcd")[::2])))
b = pickle.PickleBuffer(b"x")
print(memoryview(b).obj)
b.release()
attempt(lambda: b.raw())
attempt(lambda: memoryview(b))
attempt(lambda: pickle.dumps((i for i in "")))
attempt(lambda: pickle.dumps(1, 9))
attempt(lambda: pickle.dumps(1, 3, buffer_callback=print))
attempt(lambda: pickle.dump(1, 3))
attempt(lambda: pickle.load(3))
attempt(lambda: pickle.loads(""))
for n in (65535, 65536, 200_000):
    for value in ("x" * n, b"x" * n, bytearray(n), ["ab"] * n):
        class File:
            sizes = []

            def write(self, data):
                self.sizes.append(len(data))

        File.sizes = []
        pickle.dump(value, File())
        data = pickle.dumps(value)
        print(n, len(data), File.sizes, pickle.loads(data) == value)
