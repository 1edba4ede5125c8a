t = (1, 2, 3, 2)
print(t.count(2), t.index(2), t.index(2, 2), t + (4,), t * 2, 0 * t, t[1:3], t[::-1], len(t), 3 in t, tuple(), tuple(t) is t, t[:] is t)
print((1,) < (1, 0), (1, 2) == (1, 2.0), (1, "a") < (1, "b"), ((1, 2), 3)[0][1], hash((1, 2)) == hash((1.0, 2.0)), () is tuple([]))
for f in (lambda: t[9], lambda: t.index(9), lambda: t + [1], lambda: hash(([],)), lambda: tuple(5), lambda: (1, 2) < (1, "a"), lambda: t["a"], lambda: t.__setitem__, lambda: (1, 2) + 3):
    try:
        print(f())
    except (TypeError, ValueError, IndexError, AttributeError) as e:
        print(type(e).__name__, "|", e)
print(hash(()), hash((1,)), hash((1, 2, 3)), hash((0, -1)), hash((1.5, None is None)))
class T(tuple):
    def __new__(cls, a, b):
        return super().__new__(cls, (a, b))
    @property
    def first(self):
        return self[0]
x = T(1, 2)
print(x, x.first, x == (1, 2), type(x[:]).__name__, x + (3,), isinstance(x, tuple), {x: 1}[(1, 2)])
print(repr((1,)), repr(()), repr(("a", 'b"c', None)), str(((),)))
a, (b, *c), d = 1, (2, 3, 4), 5
print(a, b, c, d, (*c, *c))
rec = ([],)
rec[0].append(rec)
print(rec)
print(min((3, 1), (2, 9)), max(t), sum(t), sorted(t), list(zip(t, t[1:])), dict([(1, 2)]), tuple(x * 2 for x in t), tuple({"a": 1}.items()))
