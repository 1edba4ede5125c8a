class Desc:
    def __set_name__(self, owner, name):
        print("set_name", owner.__name__, name)
        self.name = name

    def __get__(self, obj, owner=None):
        if obj is None:
            return self
        print("get", self.name)
        return obj.__dict__.get("_" + self.name, "unset")

    def __set__(self, obj, value):
        print("set", self.name, value)
        obj.__dict__["_" + self.name] = value

    def __delete__(self, obj):
        print("delete", self.name)
        del obj.__dict__["_" + self.name]


class NonData:
    def __get__(self, obj, owner=None):
        return ("nondata", obj is None, owner.__name__)


class C:
    a = Desc()
    b = Desc()
    n = NonData()


c = C()
print(c.a)
c.a = 5
print(c.a, c.__dict__)
del c.a
print(c.a)
print(type(C.a).__name__, C.n, c.n)
c.n = "instance wins"
print(c.n)
c.__dict__["b"] = "shadowed by data descriptor"
print(c.b)


class ReadOnly:
    def __get__(self, obj, owner=None):
        return 42

    def __set__(self, obj, value):
        raise AttributeError("cannot set")


class D:
    r = ReadOnly()


try:
    D().r = 1
except AttributeError as e:
    print(e)


class F:
    def method(self):
        return "m"


f = F()
print(F.__dict__["method"].__get__(f, F)() == f.method(), f.method.__self__ is f, f.method.__func__ is F.method)
print(type(f.method).__name__, type(F.method).__name__)


class Cached:
    def __init__(self, f):
        self.f = f

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, obj, owner):
        value = obj.__dict__[self.name] = self.f(obj)
        return value


class Slow:
    @Cached
    def value(self):
        print("computing")
        return 99


s = Slow()
print(s.value, s.value)
