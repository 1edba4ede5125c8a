def take(n, it):
    return [x for _, x in zip(range(n), it)]


def count(start=0, step=1):
    while True:
        yield start
        start += step


def cycle(xs):
    saved = list(xs)
    while saved:
        yield from saved


def chunks(xs, n):
    for i in range(0, len(xs), n):
        yield xs[i:i + n]


def flatten(xs):
    for x in xs:
        if isinstance(x, (list, tuple)):
            yield from flatten(x)
        else:
            yield x


def product(*pools):
    result = [()]
    for pool in pools:
        result = [r + (x,) for r in result for x in pool]
    yield from result


def groupby(xs, key):
    out = {}
    for x in xs:
        out.setdefault(key(x), []).append(x)
    return out


def window(xs, n):
    xs = list(xs)
    return list(zip(*(xs[i:] for i in range(n))))


def accumulate(xs, f=lambda a, b: a + b):
    total = None
    for i, x in enumerate(xs):
        total = x if i == 0 else f(total, x)
        yield total


def reduce(f, xs, *init):
    it = iter(xs)
    acc = init[0] if init else next(it)
    for x in it:
        acc = f(acc, x)
    return acc


print(take(5, count(3, 2)), take(7, cycle("abc")), list(chunks(list(range(7)), 3)), list(flatten([1, [2, (3, [4])], "ab"])))
print(list(product("ab", [1, 2])), groupby(range(10), lambda x: x % 3), window("abcd", 2), list(accumulate([1, 2, 3, 4])), list(accumulate([3, 1, 4], max)))
print(reduce(lambda a, b: a * b, range(1, 11)), reduce(lambda a, b: a + b, ["x", "y"], ">"), sum(take(100, count())))


def memo(f):
    seen = {}

    def g(*a):
        if a not in seen:
            seen[a] = f(*a)
        return seen[a]
    return g


@memo
def paths(r, c):
    return 1 if r == 0 or c == 0 else paths(r - 1, c) + paths(r, c - 1)


print(paths(16, 16))


def powerset(xs):
    return [[]] if not xs else [s + r for r in powerset(xs[1:]) for s in ([], [xs[0]])]


print(sorted(powerset([1, 2, 3])))


def merge(a, b):
    a, b = iter(a), iter(b)
    x, y = next(a, None), next(b, None)
    while x is not None or y is not None:
        if y is None or (x is not None and x <= y):
            yield x
            x = next(a, None)
        else:
            yield y
            y = next(b, None)


print(list(merge([1, 4, 6], [2, 3, 7, 8])))
