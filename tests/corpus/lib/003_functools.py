from functools import *
import operator

print(reduce(operator.add, [1, 2, 3]), reduce(lambda a, b: a * b, [], 5), partial(pow, 2)(5), partial(print, "a", sep="-").keywords)


@lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(100), fib.cache_info())


@cache
def f(x):
    print("computing", x)
    return x


f(1), f(1), f(2)
f.cache_clear()


@wraps(f)
def g(*a):
    """g doc"""


print(g.__name__, g.__wrapped__ is f)


@singledispatch
def show(x):
    return "object"


@show.register
def _(x: int):
    return "int"


@show.register(list)
def _(x):
    return "list"


print(show(1), show([]), show("s"), show(True))


@total_ordering
class T:
    def __init__(self, v):
        self.v = v

    def __eq__(self, o):
        return self.v == o.v

    def __lt__(self, o):
        return self.v < o.v


print(T(1) <= T(2), T(2) >= T(3), T(1) > T(0), sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a)))


class C:
    @cached_property
    def p(self):
        print("once")
        return 5

    @partialmethod
    def nothing(self):
        pass

    def add(self, a, b):
        return a + b

    add5 = partialmethod(add, 5)


c = C()
print(c.p, c.p, c.add5(3))
try:
    reduce(operator.add, [])
except TypeError as e:
    print(e)
