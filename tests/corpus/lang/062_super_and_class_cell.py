class A:
    def f(self):
        return ["A"]

    @classmethod
    def c(cls):
        return cls.__name__

    @property
    def p(self):
        return "A.p"


class B(A):
    def f(self):
        def inner():
            return super(B, self).f()
        return inner() + [s for s in [__class__.__name__]] + ["B"]

    def g(self):
        return [super(B, self).f() for _ in range(2)]

    @classmethod
    def c(cls):
        return "B+" + super().c()

    @property
    def p(self):
        return super().p + "+B.p"

    def set_attr(self):
        try:
            super().x = 1
        except AttributeError as e:
            return str(e)

    @staticmethod
    def s():
        try:
            super().f()
        except RuntimeError as e:
            return str(e)


b = B()
print(b.f(), b.g(), B.c(), b.p, b.set_attr(), B.s())
print(repr(super(B, b))[:20], super(B, b).f.__self__ is b, super(B, B).c())


class D(B):
    pass


print(D().f(), D.c(), D().p)
for f in (lambda: super(), lambda: super(int, "x"), lambda: super(5), lambda: super(B, b).nothing, lambda: super(A, b).f()):
    try:
        print(f())
    except (TypeError, RuntimeError, AttributeError) as e:
        print(type(e).__name__, e)


class Meta(type):
    def __new__(m, n, b, ns):
        cls = super().__new__(m, n, b, ns)
        cls.tag = "made by " + m.__name__
        return cls


class E(metaclass=Meta):
    def who(self):
        return __class__


print(E.tag, E().who() is E)


class Multi1:
    def __init__(self, *a, **k):
        print("Multi1", a, k)
        super().__init__()


class Multi2:
    def __init__(self):
        print("Multi2")
        super().__init__()


class Both(Multi1, Multi2):
    def __init__(self):
        super().__init__(1, x=2)


Both()
getter = super(B, b).__getattribute__
print(getter("f")())
def method(self):
    return super(B, self).f() + ["patched"]
B.f = method
print(b.f(), D().f())
