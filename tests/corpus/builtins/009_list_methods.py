a = [3, 1, 2]
print(a.sort(), a, a.append(5), a.extend("ab"), a, a.insert(1, "i"), a, a.insert(-1, "n"), a, a.pop(), a.pop(0), a.pop(-2), a, a.index(5), a.count(5), a.copy() == a, a.reverse(), a)
print([1, 2, 3].index(3, 1), [1, 2, 1].index(1, 1), [0] * 0, [1] * -5, list("abc"), list({}), list({"k": 1}), [[1, 2], [3]] + [[]])
b = [1, 2, 3, 4, 5]
b[1:3] = []
print(b)
b[0:0] = [9, 9]
print(b)
b[::2] = ["x", "y", "z"]
print(b)
b[-1:] = range(3)
print(b)
b[:] = []
print(b)
c = list(range(10))
del c[2:5]
del c[::3]
print(c)
c *= 2
print(c)
c[1:4:2] = "ab"
print(c)
for f in (lambda: [].pop(), lambda: [1].pop(5), lambda: [1][5], lambda: [1].remove(2), lambda: [1].index(2), lambda: [1, 2].__setitem__(5, 1), lambda: [1]["a"], lambda: [1] + 5, lambda: [1] * "a", lambda: [1].__delitem__(3), lambda: [1, 2, 3].__setitem__(slice(None, None, 2), [1]), lambda: [1].__setitem__(slice(0, 1), 5), lambda: [1].insert("a", 1), lambda: [3, "a"].sort(), lambda: [1].extend(5), lambda: list(5), lambda: hash([]), lambda: [1, 2].sort(5), lambda: list(1, 2), lambda: [].append(), lambda: [1] * 2**63):
    try:
        print(f())
    except (TypeError, ValueError, IndexError, OverflowError, MemoryError) as e:
        print(type(e).__name__, "|", e)
x = [1, [2, 3]]
y = x.copy()
y[1].append(4)
y[0] = 9
print(x, y, x is not y, x[1] is y[1])
print([1, 2] == [1.0, 2.0], [1] == (1,), [1, 2] < [1, 2, 0], [] < [0], [[1]] == [[1]], [1, [2]] > [1, [1, 9]])
print(all([1, 2]), any([0, ""]), all([]), any([]), min([3, 1]), max("abc"), sum([[1], [2]], []), len([[]] * 3), 2 in [1, 2], None in [0])
print(repr([1, "a", None, 1.5, [2], (3,), {4: 5}, b"b"]), str([]), [[], [[]]])
self = [1]
self.append(self)
print(self, self[1][1][0])
l = [5, 3, 8, 1]
print(sorted(l), l, sorted(l, reverse=True), sorted(l, key=lambda v: -v), sorted("bca"), sorted({"b": 1, "a": 2}), sorted([(1, "b"), (1, "a"), (0, "z")]), sorted([True, 0, 2]), list(reversed(l)))
class L(list):
    def __getitem__(self, i):
        return "got"
print(L([1, 2])[0], list(L([1, 2])), L([1]) + [2], type(L([1]) + [2]).__name__, L([3]) == [3], L((1, 2)))
print([*range(5)][-2:], [1, 2, 3].__len__(), [].__class__, [1].__contains__(1), [1, 2].__reversed__().__next__(), [].__doc__[:20])
