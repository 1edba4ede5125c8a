class Point:
    """A point."""
    count = 0

    def __init__(self, x, y):
        self.x = x
        self.y = y
        Point.count += 1

    def __repr__(self):
        return f"Point({self.x}, {self.y})"

    def __add__(self, other):
        return Point(self.x + other.x, self.y + other.y)

    def __eq__(self, other):
        return isinstance(other, Point) and (self.x, self.y) == (other.x, other.y)

    def norm2(self):
        return self.x * self.x + self.y * self.y


p = Point(3, 4)
print(p, p.x, p.norm2(), p + Point(1, 1), p == Point(3, 4), p != Point(0, 0))
print(Point.count, p.count, Point.__name__, Point.__doc__, type(p) is Point)
p.z = 5
p.x += 10
print(p.__dict__)
del p.z
print(hasattr(p, "z"), getattr(p, "z", "none"), getattr(p, "y"))
setattr(p, "w", 1)
print(p.w, vars(p))
delattr(p, "w")
try:
    p.w
except AttributeError as e:
    print(e)
try:
    Point.nothing
except AttributeError as e:
    print(e)
try:
    Point(1)
except TypeError as e:
    print(e)
f = p.norm2
print(f(), Point.norm2(Point(1, 2)))
print(isinstance(p, Point), isinstance(p, object), isinstance(5, Point), issubclass(Point, object))


class Empty:
    pass


e = Empty()
e.a = 1
print(e.a, Empty.__dict__.get("a"), [k for k in dir(e) if not k.startswith("_")])
try:
    hash(p)
except TypeError as error:
    print(error)
Point.extra = lambda self: self.y * 100
print(p.extra())
