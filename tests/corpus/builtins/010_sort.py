r = [(7 * i * i + 3 * i) % 101 for i in range(200)]
s = sorted(r)
print(all(a <= b for a, b in zip(s, s[1:])), s[:10], len(s))
pairs = [(i % 5, i) for i in range(50)]
print(sorted(pairs, key=lambda p: p[0])[:12])
print(sorted(pairs, key=lambda p: p[0], reverse=True)[:12])
print(sorted("The quick brown Fox".split(), key=str.lower), sorted([3, 1.5, True, -2]), sorted(["b", "B", "a"]), sorted([[2], [1, 5], [1]]), sorted([], key=5), sorted([None]))


class Rev:
    def __init__(self, v):
        self.v = v

    def __lt__(self, o):
        return self.v > o.v

    def __repr__(self):
        return str(self.v)


print(sorted([Rev(1), Rev(3), Rev(2)]), min([Rev(1), Rev(3)]), max([Rev(1), Rev(3)], key=lambda r: -r.v))
count = 0


def key(x):
    global count
    count += 1
    return -x


print(sorted([1, 2, 3], key=key), count)
for f in (lambda: sorted([1, "a"]), lambda: sorted([1], 5), lambda: sorted(5), lambda: sorted([1, 2], key=lambda: 0), lambda: sorted([1j, 2j]), lambda: [1].sort(key=1), lambda: max([]), lambda: min(), lambda: max(5), lambda: max([], default="d"), lambda: min(3, 1, key=None), lambda: max(1, 2, default=3), lambda: sorted([None, None])):
    try:
        print(f())
    except (TypeError, ValueError) as e:
        print(type(e).__name__, "|", e)
l = [3, 2, 1]


def mutating(x):
    l.append(x)
    return x


try:
    l.sort(key=mutating)
except ValueError as e:
    print(e, l)


class Boom:
    def __lt__(self, o):
        raise RuntimeError("compare failed")


l = [Boom(), Boom()]
try:
    l.sort()
except RuntimeError as e:
    print(e, len(l))
for pattern in (range(100), range(100, 0, -1), [1] * 100, list(range(50)) + list(range(50)), [i % 7 for i in range(100)], [(-1) ** i * i for i in range(100)]):
    a = list(pattern)
    a.sort()
    print(a[:6], a[-3:], a == sorted(pattern, reverse=True)[::-1])
big = [(i * 7919) % 10007 for i in range(3000)]
print(sorted(big)[1000:1005], sorted(map(str, big))[1000:1005], sorted(map(float, big), reverse=True)[:3], sorted((x % 10, -x) for x in big)[:3])
print(sorted([float("nan"), 1.0])[1:], sorted({3, 1, 2}), sorted([2**70, -2**70, 0]), sorted([0.5, 2**70, -1]), sorted(["é", "e", "z", "☃"]))
d = {"b": 2, "a": 1, "c": 2}
print(sorted(d, key=d.get), sorted(d.items(), key=lambda kv: (-kv[1], kv[0])))
