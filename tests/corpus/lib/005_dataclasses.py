from dataclasses import *


@dataclass(order=True)
class Item:
    name: str
    price: float = 1.0
    tags: list = field(default_factory=list, compare=False)

    def total(self, n):
        return self.price * n


a, b = Item("a", 2.5), Item("b")
print(a, b, a == Item("a", 2.5), a < b, a.total(2), asdict(a), astuple(b), replace(a, name="z"), [f.name for f in fields(Item)])
b.tags.append("t")
print(a.tags, b.tags)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    x: int
    y: int = 2


f = Frozen(x=1)
print(f, hash(f) == hash(Frozen(x=1)), {f: 1}[Frozen(x=1)])
for bad in (lambda: setattr(f, "x", 5), lambda: Frozen(1), lambda: Item(), lambda: replace(f, z=1), lambda: fields(5)):
    try:
        bad()
    except (FrozenInstanceError, TypeError) as e:
        print(type(e).__name__, e)


@dataclass
class Base:
    a: int
    total: int = field(init=False, repr=False)
    scale: InitVar[int] = 10

    def __post_init__(self, scale):
        self.total = self.a * scale


@dataclass
class Derived(Base):
    c: str = "c"


print(Derived(3), Derived(3, 2).total, Derived.__match_args__, is_dataclass(Derived))
match Derived(1, c="q"):
    case Derived(a=1, c=x):
        print("matched", x)
try:
    @dataclass
    class Bad:
        x: list = []
except ValueError as e:
    print(e)
try:
    @dataclass
    class Bad2:
        x: int = 1
        y: int
except TypeError as e:
    print(e)
print(make_dataclass("M", ["x", ("y", int, 5)])(1))
