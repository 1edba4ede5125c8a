class S:
    __slots__ = ("a", "b")

    def __init__(self):
        self.a = 1


s = S()
print(s.a)
for f in (lambda: s.b, lambda: setattr(s, "c", 1), lambda: s.__dict__):
    try:
        print(f())
    except AttributeError as e:
        print(e)
s.b = 2
print(s.a + s.b)
del s.b
print(hasattr(s, "b"))
print(type(S.a).__name__, S.__slots__)


class T(S):
    __slots__ = ("d",)


t = T()
t.d = 4
print(t.a, t.d)


class U(S):
    pass


u = U()
u.anything = 1
print(u.a, u.anything, u.__dict__)
try:
    class Bad:
        __slots__ = ("x",)
        x = 1
except ValueError as e:
    print(e)
try:
    class Bad2(int):
        __slots__ = ("x",)
    print("int with slots ok")
except TypeError as e:
    print(e)


class Private:
    __slots__ = ("__secret",)

    def __init__(self):
        self.__secret = "mangled"

    def get(self):
        return self.__secret


print(Private().get(), hasattr(Private(), "_Private__secret"))


class L:
    __slots__ = ["x", "__dict__"]


l = L()
l.x, l.y = 1, 2
print(l.__dict__, l.x)
