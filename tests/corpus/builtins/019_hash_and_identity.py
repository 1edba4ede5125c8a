print(hash(0), hash(1), hash(-1), hash(2**31), hash(2**61 - 2), hash(-(2**61)), hash(True), hash(1.0), hash(-1.0), hash(0.1), hash(1e100), hash(float("inf")), hash(1 + 1j), hash(2**64), hash(-(2**64)))
print(hash(()), hash((1,)), hash((1, 2)), hash(((1, 2), 3)), hash((0.5, -1)), hash(frozenset()), hash(frozenset([1])), hash(frozenset([1, 2, 3])), hash(None) == hash(None), hash(range(5)) == hash(range(5)), hash(slice(1, 2)) == hash(slice(1, 2)))
a = [1]
b = a
print(a is b, a == b, a is [1], a == [1], None is None, () is (), "ab" is "ab" if False else "skip")
x = 1000
y = 1000
print(x == y, x is x, type(id(x)), id(a) == id(b), a is not [1])


class C:
    pass


c = C()
print(hash(c) == hash(c), c == c, {c: 1}[c], c in {c}, hash(C) == hash(C), hash(len) == hash(len), hash(c.__init__) == hash(c.__init__), c.__init__ == c.__init__, c.__init__ is c.__init__)
for bad in ([], {}, set(), bytearray(), ([],), slice([])):
    try:
        hash(bad)
        print("hashable", type(bad).__name__)
    except TypeError as e:
        print(e)


class H:
    def __init__(self, h):
        self.h = h

    def __hash__(self):
        return self.h


print(hash(H(5)), hash(H(-1)), hash(H(2**70)), hash(H(True)))
try:
    hash(H("x"))
except TypeError as e:
    print(e)


class E:
    def __eq__(self, o):
        return True


try:
    hash(E())
except TypeError as e:
    print(e, E.__hash__)
print({1: "int"}[1.0], {1.0: "f"}[True], {(1, 2): 1}[(1.0, 2.0)], {"a": 1}.get(b"a"), 2**70 in {float(2**70)})
