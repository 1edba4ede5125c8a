class A:
    def m(self):
        return "old"


a = A()


def call():
    return a.m()


for _ in range(200):
    call()
print(call())
A.m = lambda self: "new"
print(call())
a.m = lambda: "instance"
print(call())
del a.m
print(call())


class B:
    def m(self):
        return "B.m"

    x = 1


a.__class__ = B
print(call(), a.x, type(a).__name__)


class C(B):
    pass


c = C()
print([c.x for _ in range(50)][-1])
B.x = 2
print(c.x)
C.x = 3
print(c.x)
del C.x
print(c.x)
c.x = 4
print(c.x, B.x)
C.__bases__ = (A,)
print(c.m(), hasattr(C, "x"))
g = 1


def read_global():
    return g


print([read_global() for _ in range(100)][-1])
g = 2
print(read_global())
len_ = len


def use_len():
    return len("abc")


print([use_len() for _ in range(100)][-1])
len = lambda x: "patched"
print(use_len())
del len
print(use_len())


def f(x, y=1):
    return x + y


print([f(1) for _ in range(50)][-1])
f.__defaults__ = (10,)
print(f(1))
f.__code__ = (lambda x, y=1: x * y).__code__
print(f(5))


class Int(int):
    pass


def add(x, y):
    return x + y


for _ in range(100):
    add(1, 2)
print(add(Int(1), 2), add(1.5, 2), add("a", "b"), add(True, True), add(2**62, 2**62))
Int.__add__ = lambda s, o: "Int.__add__"
print(add(Int(1), 2), add(1, Int(2)))
