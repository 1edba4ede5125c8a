print([x * x for x in range(5)])
print([x for x in range(10) if x % 2])
print([(x, y) for x in range(3) for y in range(x)])
print([x + y for x in "ab" for y in "cd" if x + y != "ad"])
print({x: x * x for x in range(4)})
print(sorted({x // 2 for x in range(6)}))
print([[j for j in range(i)] for i in range(4)])
print(list(x for x in "abc"))
print(sum(x for x in range(10) if x % 3 == 0))
x = "outer"
print([x for x in range(3)], x)
print([y := 5, y + 1], y)
matrix = [[1, 2, 3], [4, 5, 6]]
print([[row[i] for row in matrix] for i in range(3)])
print([f(2) for f in [lambda v: v + 1, lambda v: v * 10]])
print([i for i in range(20) if i % 2 == 0 if i % 3 == 0])
fs = [lambda: i for i in range(3)]
print([f() for f in fs])
print([last := n for n in range(4)], last)
