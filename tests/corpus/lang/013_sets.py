s = {3, 1, 2, 3}
print(len(s), sorted(s))
s.add(4)
s.discard(1)
s.discard(100)
print(sorted(s))
print(sorted(s | {9}), sorted(s & {2, 3}), sorted(s - {2}), sorted(s ^ {2, 100}))
print({1, 2} <= {1, 2, 3}, {1, 2} < {1, 2}, {1} >= set(), {1, 2} == {2, 1})
print(set(), {1}, frozenset([1]), frozenset())
print(2 in s, 99 in s)
try:
    s.remove(99)
except KeyError as e:
    print("KeyError", e)
print({frozenset([1, 2]): "ok"}[frozenset([2, 1])])
s |= {10, 11}
s &= {10, 11, 2}
s -= {2}
s ^= {11, 12}
print(sorted(s))
print(s.isdisjoint({1}), s.issubset({10, 12, 13}), s.issuperset({10}))
print(sorted({x % 3 for x in range(10)}))
