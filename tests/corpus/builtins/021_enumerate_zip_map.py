print(list(enumerate(["a", "b"])), list(enumerate("ab", -1)), list(enumerate([], 5)), dict(enumerate("xy")), list(enumerate("a", 2**62)), list(enumerate("ab", start=2**100)))
print(list(zip([1, 2], "ab")), list(zip(*[(1, 2), (3, 4)])), list(zip([1])), list(zip(range(3), range(5))), dict(zip("ab", [1, 2])), [a + b for a, b in zip([1, 2], [3, 4])])
print(list(map(str, [1, 2])), list(map(lambda a, b: (a, b), [1, 2], "xyz")), list(map(None.__class__.__name__.__add__, ["a"])), sum(map(len, ["a", "bb"])), list(map(int, "123")))
print(list(filter(str.isdigit, "a1b2")), list(filter(None, [0, 1, [], [0]])), [*filter(lambda x: x % 2, range(6))])
it = iter([1, 2, 3, 4])
print(list(zip(it, it)), list(zip(*[iter(range(6))] * 3)))
e = enumerate("ab")
print(next(e), next(e), next(e, None))
for i, (a, b) in enumerate(zip("ab", "cd")):
    print(i, a, b)
for f in (lambda: list(zip([1], [], strict=True)), lambda: list(zip([], [1], strict=True)), lambda: list(zip([1], [2], [], strict=True)), lambda: list(map(lambda a: a, [1], [2])), lambda: next(zip()), lambda: list(map(1, [2])), lambda: zip(1), lambda: map(int), lambda: list(map(int, ["x"])), lambda: enumerate(5), lambda: list(map(lambda a, b: a, [1, 2], [1], strict=True))):
    try:
        print(f())
    except (TypeError, ValueError, StopIteration) as x:
        print(type(x).__name__, "|", x)


def gen():
    yield 1
    raise KeyError("inside")


try:
    list(map(str, gen()))
except KeyError as x:
    print("propagated", x)
print(list(map(max, [1, 5], [4, 2])), list(zip("abc", map(str.upper, "abc"))), tuple(zip((), ())), set(zip([1], [2])), list(reversed(list(enumerate("ab")))))
class Len:
    def __len__(self): return 2
    def __getitem__(self, i): return i * 10
print(list(reversed(Len())), [*zip(reversed([1, 2]), range(2))], list(map(lambda *a: sum(a), [1, 2], [3, 4], [5, 6])))
