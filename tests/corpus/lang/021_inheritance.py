class A:
    def hello(self):
        return "A.hello"

    def who(self):
        return "A"

    def template(self):
        return "<" + self.who() + ">"


class B(A):
    def who(self):
        return "B"

    def hello(self):
        return super().hello() + "+B"


class C(A):
    def who(self):
        return "C"

    def hello(self):
        return super().hello() + "+C"


class D(B, C):
    def hello(self):
        return super().hello() + "+D"


print(A().template(), B().template(), D().template())
print(D().hello())
print([k.__name__ for k in D.__mro__])
print(D.__bases__ == (B, C), D.__base__ is B, issubclass(D, A), isinstance(D(), C))
try:
    class Bad(A, B):
        pass
except TypeError as e:
    print(e)


class Base:
    def __init__(self, **kw):
        self.kw = kw


class Child(Base):
    def __init__(self, x, **kw):
        super().__init__(**kw)
        self.x = x


c = Child(1, y=2)
print(c.x, c.kw)


class WithClassSuper(A):
    @classmethod
    def make(cls):
        return cls()

    @staticmethod
    def util(x):
        return x * 2


print(type(WithClassSuper.make()).__name__, WithClassSuper.util(4), WithClassSuper().util(5))


class Sub(WithClassSuper):
    @classmethod
    def make(cls):
        return ("sub", super().make().__class__.__name__)


print(Sub.make())


class MyList(list):
    def total(self):
        return sum(self)

    def append(self, x):
        super().append(x * 10)


m = MyList([1, 2])
m.append(3)
print(m, m.total(), len(m), m[0], isinstance(m, list))


class MyInt(int):
    def __add__(self, other):
        return MyInt(int(self) + other + 1000)


print(MyInt(5) + 1, MyInt(5) * 2, type(MyInt(5) + 1).__name__)


class MyDict(dict):
    def __missing__(self, key):
        return "missing " + key


print(MyDict(a=1)["a"], MyDict()["b"], MyDict().get("c"))
print(super(B, D()).who(), super(C, D()).who())
