class G:
    present = "class attr"

    def __getattr__(self, name):
        if name.startswith("x"):
            return "dynamic " + name
        raise AttributeError("no " + name)


g = G()
print(g.present, g.xyz)
try:
    g.abc
except AttributeError as e:
    print(e)
print(hasattr(g, "x1"), hasattr(g, "y1"), getattr(g, "y1", None))


class Logged:
    def __getattribute__(self, name):
        print("getattribute", name)
        return super().__getattribute__(name)

    def __setattr__(self, name, value):
        print("setattr", name, value)
        super().__setattr__(name, value)

    def __delattr__(self, name):
        print("delattr", name)
        super().__delattr__(name)

    def m(self):
        return "method"


l = Logged()
l.a = 1
print(l.a, l.m())
del l.a
try:
    l.a
except AttributeError as e:
    print(e)


class Both:
    def __getattribute__(self, name):
        if name == "special":
            raise AttributeError
        return object.__getattribute__(self, name)

    def __getattr__(self, name):
        return "fallback " + name


print(Both().special, Both().other)


class PropertyError:
    @property
    def p(self):
        return self.missing

    def __getattr__(self, name):
        return "via getattr " + name


print(PropertyError().p)


class Implicit:
    pass


i = Implicit()
i.__len__ = lambda: 5
try:
    len(i)
except TypeError as e:
    print(e)


class Dir:
    def __dir__(self):
        return ["b", "a"]


print(dir(Dir()))
for f in (lambda: (5).x, lambda: None.x, lambda: "s".x, lambda: [].x, lambda: print.x, lambda: int.x,
          lambda: setattr(5, "x", 1), lambda: setattr(int, "x", 1), lambda: setattr(object(), "x", 1), lambda: delattr(5, "real"),
          lambda: setattr("s", "upper", 1), lambda: setattr((lambda: 0), "__name__", 5)):
    try:
        f()
    except (AttributeError, TypeError) as e:
        print(type(e).__name__, e)
def func(): pass
func.attr = 1
print(func.attr, func.__dict__)
