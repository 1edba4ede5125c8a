def f(*args, **kwargs):
    return args, kwargs


print(f(), f(1, 2), f(a=1), f(1, *[2, 3], b=4, **{"c": 5}))
print(f(*"ab", *(1,), **{"x": 1}, **{"y": 2}))


def g(a, b=2, *args, c, d=4, **kw):
    return a, b, args, c, d, kw


print(g(1, c=3), g(1, 2, 3, 4, c=5, z=6))


def h(a, b, /, c, *, d):
    return a, b, c, d


print(h(1, 2, 3, d=4), h(1, 2, c=3, d=4))


def p(a, /, **kw):
    return a, kw


print(p(1, a=2))
calls = [
    lambda: g(),
    lambda: g(1),
    lambda: h(1, 2, 3),
    lambda: h(1, b=2, c=3, d=4),
    lambda: h(1, 2, 3, 4),
    lambda: g(1, c=1, a=2),
    lambda: f(**{1: 2}),
    lambda: f(*5),
    lambda: f(**5),
    lambda: f(a=1, **{"a": 2}),
    lambda: (lambda: 0)(1),
    lambda: (lambda x: 0)(),
    lambda: (lambda x, y, z: 0)(),
    lambda: (lambda x: 0)(1, 2),
    lambda: (lambda x=1: 0)(1, 2),
    lambda: (lambda x: 0)(y=1),
    lambda: (lambda *, k: 0)(),
    lambda: (lambda *, k, j: 0)(),
    lambda: 5(),
]
for call in calls:
    try:
        print(call())
    except TypeError as e:
        print(e)
