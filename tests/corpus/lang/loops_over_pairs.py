"""Loops that unpack pairs at once: items of dicts, enumerate, zip, and what only looks like them."""
import sys


def items(d):
    out = []
    for key, value in d.items():
        out.append((key, value))
    return out


def counted(iterable, start=0):
    out = []
    for i, x in enumerate(iterable, start):
        out.append((i, x))
    return out


def zipped(a, b):
    out = []
    for x, y in zip(a, b):
        out.append((x, y))
    return out


def pairs(iterable):
    total = []
    for a, b in iterable:
        total.append((a, b))
    return total


def keys(d):
    return [k for k in d], [v for v in d.values()], sorted(x for x in set(d))


class Loud(enumerate):
    def __next__(self):
        i, x = super().__next__()
        return i * 10, x


class Three(zip):
    def __next__(self):
        return 1, 2, 3


def fails(f, *args):
    try:
        return f(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def counting(n):
    for i in range(n):
        yield i


for _ in range(40):
    items({"a": 1, "b": 2})
    counted("xy")
    zipped([1, 2], "ab")
    keys({1: 2, 3: 4})

print(items({}), items({1: {}, "k": None}))
print(counted(counting(3)), counted([7, 8], 2**61 - 1), counted("ab", 2**70), counted([]))
print(zipped([1, 2, 3], counting(2)), zipped("", [1]), zipped(range(3), {"x": 1, "y": 2}.values()))
print(keys({}), keys({"p": 1}))

for _ in range(40):
    pairs({1: 2}.items())
print(pairs(enumerate("ab")), pairs(zip("ab", [1, 2])), pairs(reversed({1: 2, 3: 4}.items())))
print(pairs(Loud("abc")), pairs([(1, 2), [3, 4], "56", {7: 0, 8: 0}]), fails(pairs, Three("a", "b")))
print(pairs(zip("ab", "cd", strict=True)), fails(pairs, zip("ab", "c", strict=True)))
print(fails(pairs, zip("ab")), fails(pairs, zip("a", "b", "c")), fails(pairs, {1: 2}), fails(pairs, {"ab": 2}))
print(fails(pairs, zip([1, 2], 5)) if False else fails(zip, [1], 5))


def grows(d):
    for k, v in d.items():
        d[k + 100] = v


def grows_keys(d):
    for k in d:
        d[k + 100] = 1


def grows_set(s):
    for k in s:
        s.add(k + 100)


def replaces(d):
    seen = []
    for k, v in d.items():
        d[k] = v + 1
        seen.append(v)
    return seen, d


for _ in range(20):
    print(fails(grows, {1: 1}), fails(grows_keys, {1: 1}), fails(grows_set, {1}), replaces({1: 1, 2: 2})) if _ > 18 else [
        fails(grows, {1: 1}), fails(grows_keys, {1: 1}), fails(grows_set, {1}), replaces({1: 1, 2: 2})]


def nested():
    found = []
    for i, (k, v) in enumerate({"a": 1, "b": 2}.items()):
        for (x, y), z in zip([(i, k)], [v]):
            found.append((x, y, z))
        else:
            found.append("else")
        if i:
            break
    return found


def raising():
    for i, x in enumerate(counting_then_raising()):
        pass


def counting_then_raising():
    yield 1
    raise KeyError("late")


for _ in range(20):
    last = nested()
    failure = fails(raising)
print(last, failure)

events = []


def tracer(frame, event, arg):
    if frame.f_code is items.__code__ and event == "line":
        events.append(frame.f_lineno - items.__code__.co_firstlineno)
    return tracer


sys.settrace(tracer)
items({"a": 1, "b": 2})
sys.settrace(None)
print(events)
