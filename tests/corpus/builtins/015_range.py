print(range(5), range(1, 5), range(0, 10, 3), list(range(10, 0, -3)), list(range(0)), len(range(0, 10, 3)), range(10)[3], range(10)[-1], range(10)[2:5], range(10)[::-1], range(0, 20, 2)[1:8:2])
print(5 in range(10), 5 in range(0, 10, 2), 5.0 in range(10), "a" in range(3), range(3) == range(0, 3, 1), range(0) == range(5, 5), range(0, 3, 2) == range(0, 4, 2), hash(range(3)) == hash(range(0, 3)))
print(range(10).index(5), range(0, 10, 2).count(4), range(1, 10, 2).start, range(1, 10, 2).stop, range(1, 10, 2).step, list(reversed(range(5))), sum(range(101)), max(range(5)), bool(range(0)))
for f in (lambda: range(1, 2, 0), lambda: range("a"), lambda: range(1.5), lambda: range(5)[5], lambda: range(5).index(9), lambda: range(), lambda: range(1, 2, 3, 4), lambda: range(5)["a"], lambda: range(3) + range(3), lambda: range(3).__setitem__, lambda: range(3) < range(4), lambda: len(range(2**100))):
    try:
        print(f())
    except (TypeError, ValueError, IndexError, AttributeError, OverflowError) as e:
        print(type(e).__name__, "|", e)
big = range(2**70, 2**70 + 5)
print(list(big), big[2], 2**70 + 3 in big, range(10**20)[10**19], range(0, 2**65, 2**64), list(range(2**64, 2**64 - 3, -1)), range(2**62, 2**62 + 3)[-1], list(range(2**62 - 1, 2**62 + 2)))
for i in range(3):
    for j in range(i):
        print(i, j, end=";")
print()
it = iter(range(3))
print(next(it), it.__length_hint__(), list(it), [*range(3)], tuple(range(2)), [x for x in range(5, -1, -2)], repr(range(1, 2, 3)), range(True))
a, b, c = range(3)
print(a, b, c, list(zip(range(3), range(10, 0, -1))), range(5).__class__, [range(3)[i] for i in (-1, 0, 1)])
class I:
    def __index__(self):
        return 4
print(list(range(I())), range(I(), 10)[I()])
