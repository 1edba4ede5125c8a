"""Attributes that are deleted and come back: order, defaults of the class, many names, loops, slots."""
import copy


class A:
    fallback = "class"

    def __init__(self, n):
        self.a = n
        self.b = n + 1
        self.c = n + 2
        self.fallback = n + 3


def churn(n):
    out = []
    for i in range(n):
        x = A(i)
        del x.b
        x.d = "d"
        try:
            x.b
        except AttributeError as error:
            out.append(str(error))
        x.b = "again"
        out.append(list(vars(copy.copy(x))))
        del x.fallback
        out.append(x.fallback)
        del x.b
        out.append(sorted(x.__dict__.items(), key=str))
    return out


first = churn(30)
print(first[:4], first[-4:])


def last_one():
    x = A(1)
    for _ in range(40):
        del x.fallback
        x.fallback = 5
        x.extra = 1
        del x.extra
    return list(x.__dict__), x.fallback


def rotating():
    x = A(1)
    for i in range(200):
        del x.a
        x.a = i
        del x.b
        x.b = i
    return list(x.__dict__.items())


def many():
    x = A(0)
    for i in range(60):
        setattr(x, f"n{i}", i)
    for i in range(0, 60, 2):
        delattr(x, f"n{i}")
    x.n4 = "back"
    return len(vars(x)), list(vars(x))[-2:], x.n5, hasattr(x, "n6"), x.n4


class Slotted(A):
    __slots__ = ("s", "t")

    def __init__(self):
        super().__init__(7)
        self.s, self.t = 1, 2


def slotted():
    out = []
    for _ in range(20):
        x = Slotted()
        del x.a
        del x.s
        out.append((hasattr(x, "s"), x.t, list(x.__dict__)))
        x.s = 9
        x.a = 8
        out.append((x.s, x.t, x.a, list(x.__dict__)))
    return out[-2:]


def hot(objects):
    total = 0
    for x in objects:
        total += x.a
        if x.a % 3 == 0:
            del x.b
        x.z = total
        total += getattr(x, "b", 100) + x.c
    return total


print(last_one())
print(rotating())
print(many())
print(slotted())
print([hot([A(i) for i in range(50)]) for _ in range(5)])
