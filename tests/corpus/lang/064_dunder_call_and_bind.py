class Callable_:
    def __call__(self, *a, **k):
        return a, k


c = Callable_()
print(c(1, x=2), callable(c), c.__call__(3))
c.__call__ = lambda: "ignored"
print(c())


class Bind:
    def __get__(self, obj, owner):
        return lambda *a: (owner.__name__, obj is not None, a)


class H:
    m = Bind()
    b = len
    s = staticmethod(len)
    l = lambda self, x: x
    __add__ = lambda self, o: ("added", o)
    __getitem__ = staticmethod(lambda k: ("static item", k))
    __len__ = lambda self: 3


h = H()
print(h.m(1), H.m(2), h.b([1, 2]), h.s("abc"), h.l(5), h + 1, h[7], len(h))


class Meth:
    def f(self, *a):
        return self, a


m = Meth()
bound = m.f
print(bound.__self__ is m, bound(1)[1], bound == m.f, bound is m.f, Meth.f(m, 2)[1], Meth.f("any", 3))
import_like = type(bound)(lambda s, x: (s, x), "self value")
print(import_like(9))
m.dynamic = lambda *a: a
print(m.dynamic(1))
Meth.added = lambda self: "added later"
print(m.added())


def free(self, x):
    return x * 2


Meth.free = free
print(m.free(21), free.__get__(m)(4), free.__get__(m, Meth).__func__ is free)


class NewOnly:
    def __new__(cls, *a):
        if a:
            return a
        return super().__new__(cls)

    def __init__(self, *a):
        print("init", a)


print(NewOnly(1, 2), type(NewOnly()).__name__)


class Single:
    instance = None

    def __new__(cls):
        cls.instance = cls.instance or super().__new__(cls)
        return cls.instance


print(Single() is Single())
for f in (lambda: object.__new__(5), lambda: NewOnly.__new__(), lambda: type("T", (), {"__init__": lambda s: 5})(), lambda: Meth.f(), lambda: m.f.__func__(), lambda: type("U", (), {"__call__": None})()(), lambda: h.m.x, lambda: type("I", (int,), {})("z")):
    try:
        print(f())
    except (TypeError, AttributeError, ValueError) as e:
        print(type(e).__name__, e)
print(max.__call__(1, 2), (lambda: 1).__call__(), "a b".split.__call__(), int.__call__("5"), type.__call__(list, "ab"))
