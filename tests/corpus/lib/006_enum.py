from enum import *


class Color(Enum):
    RED = 1
    GREEN = 2
    CRIMSON = 1

    def hot(self):
        return self is Color.RED


print(Color.RED, repr(Color.GREEN), Color(1), Color["GREEN"], Color.CRIMSON, list(Color), Color.RED.name, Color.RED.value, Color.RED.hot(), len(Color), Color.RED in Color, 1 in Color, isinstance(Color.RED, Color), Color.RED == 1)


class N(IntEnum):
    A = auto()
    B = auto()


class F(Flag):
    R = auto()
    W = auto()
    X = auto()
    RW = R | W


print(N.A + 1, N.B > N.A, list(N), F.R | F.X, F.RW, F.RW & F.W, ~F.R, F(0), F.R in F.RW, list(F.RW), F(7), bool(F(0)))


class S(StrEnum):
    ONE = auto()
    TWO = "2"


print(S.ONE, S.TWO == "2", f"{S.ONE:>5}", S("one"))
for f in (lambda: Color(9), lambda: Color["X"], lambda: setattr(Color, "RED", 5), lambda: Color.BLUE, lambda: type("Sub", (Color,), {}), lambda: F(99)):
    try:
        print(f())
    except (ValueError, KeyError, AttributeError, TypeError) as e:
        print(type(e).__name__, e)


class Planet(Enum):
    EARTH = (5.97, 6.37)
    MARS = (0.64, 3.39)

    def __init__(self, mass, radius):
        self.mass, self.radius = mass, radius

    @property
    def g(self):
        return round(self.mass / self.radius ** 2, 3)


print([(p.name, p.g) for p in Planet], Enum("Fn", "A B").B, unique(Planet) is Planet)
match Color.GREEN:
    case Color.RED:
        print("no")
    case Color.GREEN:
        print("green")
