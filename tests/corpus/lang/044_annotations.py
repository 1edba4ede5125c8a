def f(a: int, b: "str" = "x", *c: float, d: undefined_name = 1, **e: bool) -> list[int]:
    return a


print(f(1), f.__defaults__, f.__kwdefaults__)
try:
    f.__annotations__
except NameError as e:
    print(e)


def g(a: int, b: "forward") -> None: ...


print(g.__annotations__)


class C:
    x: int = 5
    y: "str"
    z: list[int]

    def m(self, q: C) -> "C": ...


print(C.__annotations__, C.x, C.m.__annotations__["q"] is C)
x: int = 1
y: str
print(__annotations__ if "__annotations__" in globals() else "lazy")
g.__annotations__ = {"new": 1}
print(g.__annotations__)
d = {}
d["k"]: int = 5
print(d)
(paren): int = 6
print(paren)
def no(): ...
print(no.__annotations__)
