s = {1, 2, 3}
print(s.union([4], (5,)), s.intersection([1, 2, 9]), s.difference([1]), s.symmetric_difference([3, 4]), s.issubset([1, 2, 3, 4]), s.issuperset([1]), s.isdisjoint([9]))
s.update([4], [5])
s.intersection_update([1, 2, 4, 5])
s.difference_update([1])
s.symmetric_difference_update([2, 7])
print(sorted(s), s.copy() == s, s.pop() in (4, 5, 7), len(s), s.add(9), sorted(set("hello")), len(set()))
print({1} == frozenset([1]), {1} | frozenset([2]), frozenset([1]) | {2}, type({1} | frozenset()).__name__, type(frozenset() | {1}).__name__, hash(frozenset([1, 2])) == hash(frozenset([2, 1])), {1, 1.0, True}, {0, False, 0.0})
print({1} < {1, 2}, {1, 2} <= {1, 2}, {1} > set(), {1} == {2}, {1, 2} >= {3}, {1} != {1}, {1} < {2}, {2} < {1})
for f in (lambda: {1}.remove(5), lambda: set().pop(), lambda: {[]}, lambda: {1} + {2}, lambda: {1} | [2], lambda: hash(set()), lambda: set(5), lambda: {1} < [1], lambda: {1}[0], lambda: frozenset([1]).add, lambda: set(1, 2), lambda: {1}.union(5), lambda: {{}}, lambda: {set()}, lambda: {1} & [1]):
    try:
        print(f())
    except (TypeError, KeyError, AttributeError) as e:
        print(type(e).__name__, "|", e)
print({frozenset({1}), frozenset({1})} == {frozenset([1])}, {1} in {frozenset([1])}, set([1]) in [frozenset([1])], repr(set()), repr({1}), repr(frozenset()), repr(frozenset([1])), str({"a"}), {(1, 2)})
small = {3, 1, 2, 0, 7, 5}
print(small, list(small), {i for i in range(10)}, set(range(5, 0, -1)), {10, 5, 1})
big = set(range(1000))
big -= set(range(5, 1000))
print(big, len(big), sum(big), max(big), 999 in big)
class S(set):
    pass
print(S([1]), type(S([1]) | {2}).__name__, S([1]) == {1}, isinstance(S(), set), type(S([1]).copy()).__name__)
x = {1, 2, 3, 4}
print({a for a in x if a % 2}, sum({a * a for a in x}), sorted(x, reverse=True), [*sorted(x)], len({*x, *[4, 5]}), any(a > 3 for a in x))
a = b = {1}
a |= {2}
print(b, a is b)
a = a | {3}
print(b, a is b)
t = set("abc")
t.discard("zz")
t.clear()
print(t, bool(t))
