def twice(f):
    def wrapper(*args, **kw):
        return f(*args, **kw), f(*args, **kw)
    return wrapper


def tagged(tag):
    print("making", tag)

    def deco(f):
        print("applying", tag)

        def wrapper(*a):
            return tag + ":" + str(f(*a))
        wrapper.__name__ = f.__name__
        return wrapper
    return deco


@twice
def one():
    return 1


print(one())


@tagged("outer")
@tagged("inner")
def value(x):
    return x


print(value(5), value.__name__)


def register(cls):
    cls.registered = True
    return cls


@register
class K:
    pass


print(K.registered)


class Memo:
    def __init__(self, f):
        self.f = f
        self.cache = {}

    def __call__(self, n):
        if n not in self.cache:
            self.cache[n] = self.f(n)
        return self.cache[n]


@Memo
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(80), len(fib.cache))


class P:
    def __init__(self):
        self._v = 1

    @property
    def v(self):
        return self._v

    @v.setter
    def v(self, new):
        self._v = new * 2

    @v.deleter
    def v(self):
        print("deleted")

    @property
    def readonly(self):
        return "ro"


p = P()
p.v = 5
print(p.v, p.readonly)
del p.v
for action in (lambda: setattr(p, "readonly", 1), lambda: delattr(p, "readonly")):
    try:
        action()
    except AttributeError as e:
        print(e)
decos = [lambda f: f() + 1]


@decos[0]
def number():
    return 41


print(number)
