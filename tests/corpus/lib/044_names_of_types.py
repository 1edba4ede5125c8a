# `types` names the classes of the runtime; attributes kept in slots are told from computed ones.
import dataclasses
import inspect
import types

for name in types.__all__:
    value = getattr(types, name, None)
    if isinstance(value, type) and name != "CapsuleType":
        print(name, value.__module__, value.__qualname__)


class Slotted:
    __slots__ = ("x",)

    @property
    def y(self):
        return 1


print(inspect.ismemberdescriptor(Slotted.x), inspect.isgetsetdescriptor(Slotted.x))
print(inspect.ismemberdescriptor(types.FunctionType.__code__), inspect.isgetsetdescriptor(types.FunctionType.__code__))
print(inspect.isdatadescriptor(Slotted.x), inspect.isdatadescriptor(Slotted.y))


@dataclasses.dataclass
class Point:
    __slots__ = ("x", "y")
    x: int
    y: int


print(Point(1, 2))
try:
    Point()
except TypeError as error:
    print(error)


@dataclasses.dataclass(slots=True)
class Base:
    x: int


@dataclasses.dataclass(slots=True)
class Derived(Base):
    y: int
    z: int = 3


print(Derived(1, 2), Derived.__slots__, Base.__slots__)
