def m(x):
    match x:
        case 0:
            return "zero"
        case 1 | 2 | 3:
            return "small"
        case int(n) if n < 0:
            return f"negative {n}"
        case int():
            return "int"
        case "a":
            return "letter a"
        case str(s):
            return f"str {s}"
        case []:
            return "empty list"
        case [a]:
            return f"one {a}"
        case [a, b]:
            return f"two {a} {b}"
        case [first, *rest]:
            return f"first {first} rest {rest}"
        case {"kind": "circle", "r": r}:
            return f"circle {r}"
        case {"kind": k, **others}:
            return f"{k} {others}"
        case None | True | False:
            return "singleton"
        case float() as f:
            return f"float {f}"
        case _:
            return "other"


for v in (0, 2, -5, 99, "a", "hey", [], [1], (1, 2), [1, 2, 3], {"kind": "circle", "r": 2},
          {"kind": "sq", "side": 1, "z": 2}, {}, None, True, 2.5, b"bytes", {1, 2}, range(4)):
    print(v if not isinstance(v, set) else "set", "->", m(v))


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


def p(v):
    match v:
        case Point(0, 0):
            return "origin"
        case Point(x=0, y=y):
            return f"on y at {y}"
        case Point(x, 0):
            return f"on x at {x}"
        case Point(x, y) if x == y:
            return f"diagonal {x}"
        case Point():
            return "point"
        case [Point(x=a), Point(x=b)]:
            return f"pair {a} {b}"


for v in (Point(0, 0), Point(0, 3), Point(4, 0), Point(2, 2), Point(1, 2), [Point(1, 0), Point(2, 0)], 5):
    print(p(v))


class Color:
    RED = 1
    GREEN = 2


def c(v):
    match v:
        case Color.RED:
            return "red"
        case Color.GREEN:
            return "green"
        case [Color.RED, [x, *_], {"k": [_, y]}]:
            return (x, y)
        case -1 | 1.5 | 2 + 3j:
            return "number"
        case (1 | "one") as which, *_:
            return which


for v in (1, 2, [1, [5, 6], {"k": [0, 9]}], -1, 1.5, 2 + 3j, ["one", 2], "x"):
    print(c(v))
try:
    match 5:
        case int(a, b):
            pass
except TypeError as e:
    print(e)
try:
    match Point(1, 2):
        case Point(1, 2, 3):
            pass
except TypeError as e:
    print(e)
match = 5
case = 6
print(match + case)
