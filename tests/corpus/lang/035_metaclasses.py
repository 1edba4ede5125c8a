class Meta(type):
    def __new__(mcls, name, bases, ns, **kw):
        print("new", name, [b.__name__ for b in bases], sorted(k for k in ns if not k.startswith("__")), kw)
        ns["added"] = name.lower()
        return super().__new__(mcls, name, bases, ns)

    def __init__(cls, name, bases, ns, **kw):
        print("init", name, kw)
        super().__init__(name, bases, ns)

    def __call__(cls, *args, **kw):
        print("call", cls.__name__, args, kw)
        return super().__call__(*args, **kw)

    @classmethod
    def __prepare__(mcls, name, bases, **kw):
        print("prepare", name, kw)
        return {"prepared": True}

    def meta_method(cls):
        return "meta " + cls.__name__

    @property
    def meta_prop(cls):
        return "prop " + cls.__name__

    def __instancecheck__(cls, x):
        return x == "instance"

    def __subclasscheck__(cls, x):
        return x is int

    def __contains__(cls, x):
        return x == "member"

    def __iter__(cls):
        return iter(["meta", "iter"])

    def __len__(cls):
        return 12

    def __getattr__(cls, name):
        return "meta getattr " + name


class A(metaclass=Meta, flag=1):
    x = 1

    def __init__(self, v=0):
        self.v = v


class B(A):
    y = 2


b = B(5)
print(b.v, B.added, A.added, B.prepared, type(B).__name__, B.meta_method(), B.meta_prop)
print(isinstance("instance", A), isinstance(5, A), issubclass(int, A), issubclass(str, A))
print("member" in A, list(A), len(A), A.nothing)
try:
    b.meta_method
except AttributeError as e:
    print(e)
T = type("T", (object,), {"z": 3, "f": lambda self: self.z})
print(T().f(), T.__name__, T)


class M1(type):
    pass


class M2(type):
    pass


try:
    class X(metaclass=M1):
        pass

    class Y(metaclass=M2):
        pass

    class Z(X, Y):
        pass
except TypeError as e:
    print(e)


class Plugin:
    registry = []

    def __init_subclass__(cls, /, tag=None, **kw):
        super().__init_subclass__(**kw)
        cls.registry.append((cls.__name__, tag))


class P1(Plugin, tag="one"):
    pass


class P2(P1):
    pass


print(Plugin.registry)
try:
    class Bad(object, what=1):
        pass
except TypeError as e:
    print(e)


def not_a_class(name, bases, ns):
    return (name, bases, ns["q"])


class Weird(metaclass=not_a_class):
    q = 9


print(Weird)


class Sub(type):
    def mro(cls):
        return [cls, int, object]


print([c.__name__ for c in Sub("S", (int,), {}).__mro__])


class Subscriptable:
    def __class_getitem__(cls, item):
        return f"{cls.__name__}[{item}]"


print(Subscriptable[int, str])


class HasMroEntries:
    def __mro_entries__(self, bases):
        return (dict,)


class FromEntries(HasMroEntries()):
    pass


print(FromEntries.__bases__, FromEntries(a=1))
