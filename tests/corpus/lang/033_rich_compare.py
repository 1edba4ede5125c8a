class C:
    def __init__(self, v):
        self.v = v

    def __eq__(self, o):
        print("eq", self.v, getattr(o, "v", o))
        return self.v == o.v if isinstance(o, C) else NotImplemented

    def __lt__(self, o):
        print("lt", self.v, o.v)
        return self.v < o.v


print(C(1) == C(1), C(1) != C(2), C(1) == 5, 5 == C(1), C(1) != 5)
print(C(1) < C(2), C(1) > C(2))
try:
    C(1) <= C(2)
except TypeError as e:
    print(e)
print(sorted([C(3), C(1), C(2)], key=lambda c: c.v)[0].v)
print(max(C(1), C(2)).v)
print([C(1), C(2)] == [C(1), C(2)], C(5) in [C(4), C(5)])


class Weird:
    def __lt__(self, o):
        return "truthy string"

    def __eq__(self, o):
        return []


print(Weird() < 1, Weird() == 1, Weird() != 1)


class D(C):
    def __eq__(self, o):
        print("D.eq")
        return super().__eq__(o)

    def __hash__(self):
        return 1


print(C(1) == D(1))
print(hash(D(3)))
try:
    hash(C(1))
except TypeError as e:
    print(e)
nan = float("nan")
print(nan == nan, nan in [nan], [nan] == [nan], nan != nan)
for f in (lambda: 1 < "a", lambda: [] < {}, lambda: None < None, lambda: {} < {}, lambda: 1j < 2j, lambda: "a" >= 1):
    try:
        f()
    except TypeError as e:
        print(e)
x = object()
print(x == x, x == object(), x != x)
