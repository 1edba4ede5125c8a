class A:
    kind = "a"

    def __init__(self, v):
        self.v = v

    def get(self):
        return self.v


class B:
    kind = "b"

    def __init__(self, v):
        self.extra = 0
        self.v = v * 2

    def get(self):
        return -self.v


class C(A):
    __slots__ = ()

    @property
    def v(self):
        return 99

    @v.setter
    def v(self, x):
        pass


class D:
    __slots__ = ("v",)
    kind = "d"

    def __init__(self, v):
        self.v = v

    get = lambda self: "slot"


class E(dict):
    kind = "e"
    v = property(lambda self: self["v"])

    def __init__(self, v):
        super().__init__(v=v)

    def get(self):
        return dict.get(self, "v")


class F:
    def __getattr__(self, name):
        return {"v": 7, "kind": "f", "get": lambda: "dynamic"}[name]

    def __init__(self, v):
        pass


def look(o):
    return o.v, o.kind, o.get()


for round_ in range(3):
    for cls in (A, B, C, D, E, F):
        for i in range(30):
            r = look(cls(i))
        print(cls.__name__, r, end="; ")
    print()


def op(a, b):
    return a + b


def cmp(a, b):
    return a < b, a == b


def sub(c, k):
    return c[k]


def store(c, k, v):
    c[k] = v
    return c


values = [(1, 2), (1.5, 2), (1, 2.5), ("a", "b"), ([1], [2]), ((1,), (2,)), (2**70, 1), (True, False), (1j, 2), (b"x", b"y")]
for round_ in range(20):
    out = [op(a, b) for a, b in values]
print(out)
for round_ in range(20):
    out = [cmp(a, b) for a, b in values if not isinstance(a, complex)]
print(out)
containers = [([1, 2], 1), ((3, 4), 0), ("xy", 1), ({1: "d"}, 1), (b"ab", 0), (range(5), 3), ([5, 6], -1), ([7], slice(None)), ({"k": 1}, "k"), (E(3), "v")]
for round_ in range(20):
    out = [sub(c, k) for c, k in containers]
print(out)
for round_ in range(20):
    out = [store([1, 2], 0, 9), store({}, "a", 1), store(bytearray(b"ab"), 1, 99), store({1: 2}, 1, 3), store(E(1), "v", 5)]
print(out)


def it(x):
    total = 0
    for v in x:
        total += 1
    return total


for round_ in range(10):
    out = [it(x) for x in ([1, 2], (1,), "abc", range(4), {1: 2}, {1, 2}, (i for i in "ab"), zip("ab", "cd"), enumerate("x"), map(str, [1]), b"qq", E(1), iter([1]))]
print(out)


def call(f, *a):
    return f(*a)


for round_ in range(10):
    out = [call(len, "ab"), call(A(1).get), call(lambda x: x, 5), call(int, "7"), call(A, 3).v, call("x".upper), call([].append, 1), call(str), call(max, 1, 2), call(A.get, A(4)), call(type, 5), call(dict.fromkeys, "a"), call(F(1).get)]
print(out)
def unpack(x):
    a, b = x
    return a, b
for round_ in range(10):
    out = [unpack(x) for x in ((1, 2), [3, 4], "ab", {5: 0, 6: 0}, range(2), (i for i in "xy"))]
print(out)
def truth(x):
    return 1 if x else 0
for round_ in range(10):
    out = [truth(x) for x in (True, False, None, 0, 1, "", "a", [], [1], {}, 0.0, 2.5, A(0), E(1), (), 2**70)]
print(out)
