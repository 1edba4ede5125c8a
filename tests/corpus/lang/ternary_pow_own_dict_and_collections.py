# pow() of three with reflected methods, a property called __dict__, and which base decides for patterns.
import collections
import collections.abc


class I(int):
    def __repr__(self):
        return f"I({int(self)})"

    def __pow__(self, other, modulus=None):
        return "pow", int(self), int(other), modulus

    def __rpow__(self, other, modulus=None):
        return "rpow", int(self), int(other), modulus


class P:
    def __pow__(self, other, modulus=None):
        return NotImplemented if other == 3 else ("pow", other, modulus)

    def __rpow__(self, other, modulus=None):
        return "rpow", other, modulus


for source in ("pow(2, I(3), 5)", "pow(I(2), 3, 5)", "pow(2, 3, I(5))", "pow(I(2), I(3), I(5))", "I(1) ** 2", "2 ** I(1)",
               "pow(2, P(), 5)", "pow(P(), 3, 5)", "pow(P(), 4, 5)", "pow(2, 3, P())", "pow(2.0, P(), 5)", "pow(2, 3.0, 5)"):
    try:
        print(source, eval(source))
    except TypeError as error:
        print(source, error)


class Shown:
    __dict__ = property(lambda self: {"a": 2})


print(vars(Shown()), Shown().__dict__)


def kind(value):
    match value:
        case [*_]:
            return "sequence"
        case {}:
            return "mapping"


class A(collections.UserDict, collections.abc.Sequence):
    pass


class B(dict, collections.abc.Sequence):
    pass


class C(list, collections.abc.Mapping):
    __len__ = __iter__ = __getitem__ = None


class D(collections.UserList, collections.abc.Mapping):
    pass


for cls in (A, B, C, D):
    try:
        print(cls.__name__, kind(cls()))
    except TypeError as error:
        print(cls.__name__, type(error).__name__)


class WithInit(list):
    def __init__(self, items, extra=None):
        super().__init__(items)
        self.extra = extra


class WithNew(list):
    def __new__(cls, items, extra=None):
        self = super().__new__(cls, items)
        self.extra = extra
        return self


print(WithInit([1], extra=2), WithInit([1], extra=2).extra, WithNew([1], extra=3), WithNew([1], extra=3).extra)
try:
    type("Neither", (list,), {})(sequence=())
except TypeError as error:
    print(error)
