# bytearrays keep their size while Python code runs inside their methods.
def attempt(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


class Evil:
    def __init__(self, array):
        self.array = array

    def __buffer__(self, flags):
        self.array.clear()
        return memoryview(b"A")

    def __index__(self):
        self.array.clear()
        return 65


def case(call):
    array = bytearray(b"AB")
    attempt(lambda: call(array, Evil(array)))
    print(array)


for name in ("find", "count", "index", "rfind", "rindex", "split", "rsplit", "startswith", "endswith"):
    case(lambda a, e: getattr(a, name)(e))
case(lambda a, e: e in a)
case(lambda a, e: a.join([b"x", e]))


class S(bytes):
    def __len__(self):
        array.clear()
        return 1


array = bytearray(b"\xaa")
attempt(lambda: array.hex(S(b":")))


class R:
    def __repr__(self):
        array.clear()
        return "E"


array = bytearray(b"%a end")
attempt(lambda: array % R())


class Grow:
    def __init__(self, run):
        self.run = run

    def __buffer__(self, flags):
        self.run()
        return memoryview(b"CDEF")


b = bytearray(b"x" * 20)
b.extend(Grow(b.clear))
print(b)
b = bytearray(b"x" * 4)
b.extend(Grow(lambda: b.extend(b"yy")))
print(b)
b = bytearray(range(10))
b[1:-1:2] = b""
print(b)
parts = [b"a", Grow(lambda: parts.clear())]
attempt(lambda: b",".join(parts))
parts = [b"a", Grow(lambda: parts.__setitem__(1, b"z")), b"c"]
attempt(lambda: b",".join(parts))


class Broken:
    def __buffer__(self, flags):
        raise ZeroDivisionError


attempt(lambda: b",".join([Broken()]))

# Indices and lengths that no small int holds, but a machine word does.
import array as arrays
import collections
import itertools
import sys


def length(x):
    return len(x)


for i in range(20):
    length("abc")
for n in (2**60, 2**61 - 1, 2**61, 2**62, 2**63 - 1, 2**63, -2**61, -2**61 - 1, -2**62, -2**63, -2**63 - 1):
    print(n)

    class L:
        def __len__(self):
            return n

        def __index__(self):
            return n

    for sequence in ([1], (1,), "a", b"a", bytearray(b"a"), range(5), memoryview(b"abc"), collections.deque("abc")):
        attempt(lambda: sequence[n])
        attempt(lambda: sequence[L()])
    attempt(lambda: [1, 2, 3][n:])
    attempt(lambda: [1, 2, 3][:L()])
    attempt(lambda: "abc".find("a", n))
    attempt(lambda: [1].insert(n, 2))
    attempt(lambda: [1].pop(n))
    attempt(lambda: bytearray(b"a").pop(n))
    attempt(lambda: arrays.array("i", [1]).pop(n))
    attempt(lambda: "a,b".split(",", n))
    attempt(lambda: "aab".replace("a", "b", n))
    attempt(lambda: length(L()))
    attempt(lambda: bool(L()))
    attempt(lambda: length(range(n)))
    attempt(lambda: list(itertools.islice("abc", n)))
    attempt(lambda: collections.deque("abc", abs(n)).__reduce__()[1])
    attempt(lambda: slice(0, n).indices(5))
    match L():
        case [*_]:
            print("sequence")
        case _:
            print("none")


def bisect(a, x):
    lo, hi = 0, len(a)
    while lo < hi:
        mid = (lo + hi) // 2
        if a[mid] < x:
            lo = mid + 1
        else:
            hi = mid
    return lo


for i in range(4):
    print(bisect(range(sys.maxsize - 1), sys.maxsize - 3))
