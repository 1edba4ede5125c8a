class T:
    def __init__(self):
        self._c = 0

    c = property(lambda s: s._c, lambda s, v: setattr(s, "_c", v), None, "the doc")

    @property
    def d(self):
        """d doc"""
        return self._c * 2

    @d.setter
    def d(self, v):
        self._c = v // 2

    @classmethod
    def k(cls, *a):
        return cls.__name__, a

    @staticmethod
    def s(*a):
        return a

    @classmethod
    @property
    def odd(cls):
        return "x"


t = T()
t.c = 5
print(t.c, t.d, T.c.__doc__, T.d.__doc__, T.d.fget(t), T.k(1), t.k(2), T.s(1), t.s(2), T.d.fset is not None, T.c.fdel)
t.d = 100
print(t.c)
for f in (lambda: delattr(t, "c"), lambda: setattr(t, "nope_ok", 1), lambda: property().__get__(5), lambda: property(None).__get__(t), lambda: T.d.__set__(5, 1), lambda: staticmethod(), lambda: classmethod(), lambda: T.k.__func__(1)):
    try:
        print(f())
    except (AttributeError, TypeError) as e:
        print(type(e).__name__, "|", e)


class U(T):
    @property
    def d(self):
        return super().d + 1

    @T.c.getter
    def c(self):
        return "overridden getter"


u = U()
u._c = 10
print(u.d, u.c, U.k(), u.k.__self__ is U, T.__dict__["s"].__func__ is T.s, T.__dict__["k"].__wrapped__ is T.k.__func__)
print(staticmethod(len)("abc"), classmethod(lambda c: c).__get__(None, int)(), type(T.__dict__["s"]).__name__, isinstance(T.d, property), T.d.__name__)


class V:
    x = property()

    @x.setter
    def x(self, v):
        self.__dict__["x"] = v


v = V()
v.x = 3
print(v.__dict__)
try:
    v.x
except AttributeError as e:
    print(e)
try:
    T().d = "a"
except TypeError as e:
    print(e)
