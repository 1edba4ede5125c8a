# repr of exception groups, keywords of constructors in subclasses, sums of mixed numbers, conversions by subclasses.
import array
import collections
import math
import types


class Members(list):
    def __repr__(self):
        return "members"


class Loud(collections.abc.Sequence if hasattr(collections, "abc") else object):
    def __len__(self):
        return 1

    def __getitem__(self, index):
        if index:
            raise IndexError
        return ValueError(1)

    def __repr__(self):
        return 5


given = [ValueError(1), TypeError(2)]
group = ExceptionGroup("msg", given)
given.clear()
print(repr(group), group.args)
for args in ((), ("a",), (1, 2), ("a", [1])):
    group.args = args
    print(repr(group))
for members in ((KeyError(1),), Members([KeyError(1)]), collections.deque([KeyError(1)])):
    print(repr(ExceptionGroup("m", members)))
try:
    ExceptionGroup("m", Loud())
except TypeError as error:
    print(error)

for base in (list, set, tuple, frozenset, staticmethod, classmethod):
    class WithNew(base):
        def __new__(cls, items, extra=None):
            return super().__new__(cls, items)

    try:
        print(type(WithNew([1], extra=3)).__mro__[1])
    except TypeError as error:
        print(base.__name__, error)

print(sum([1.0, 10**100, 1.0, -10**100]), sum([2j, 1.0, 10**100, 1.0, -10**100]), sum([0.5, True, 2**70]))
try:
    print(sum([0.5, 10**400]))
except OverflowError as error:
    print(error)


class Text(str):
    def __float__(self):
        return float(str(self)) + 1


print(float(Text("8")), float("8"))
for source in ("complex(real='1')", "complex(real=None)", "complex(imag=2)", "complex(1, real=2)", "complex(1, 2, 3)",
               "complex(reel=2)", "complex()", "complex('1+2j')", "complex(real=2, imag=3)", "math()", "array()", "types()"):
    try:
        print(source, eval(source))
    except (TypeError, ValueError) as error:
        print(source, error)
tiny = 5e-324
print(math.nextafter(-tiny, 0.0), math.nextafter(tiny, -0.0), math.nextafter(-tiny, 0.0, steps=1), math.nextafter(0.0, -0.0))


class Space(types.SimpleNamespace):
    def __new__(cls, *args, **kwargs):
        return super().__new__(cls) if kwargs else 1


try:
    Space(a=1).__replace__(a=2)
except TypeError as error:
    print(error)
