l = []
for i in range(100000):
    l.append(i)
print(len(l), l[0], l[-1], sum(l))
while len(l) > 50000:
    l.pop()
print(len(l), l[-1])
for i in range(1000):
    l.insert(0, -i)
print(l[:3], len(l))
for i in range(1000):
    l.pop(0)
print(l[:3])
del l[100:]
l[50:] = range(5)
print(len(l), l[48:])
d = {}
for i in range(50000):
    d[i] = i * i
    d[str(i)] = i
print(len(d), d[49999], d["49999"], 50000 in d)
for i in range(0, 50000, 3):
    del d[i]
print(len(d), sum(1 for k in d if isinstance(k, int)))
s = set()
for i in range(30000):
    s.add(i * 7 % 10007)
print(len(s), 10006 in s, 10007 in s)
s -= set(range(5000))
print(len(s), min(s), max(s))
q = [[0] * 50 for _ in range(50)]
for i in range(50):
    for j in range(50):
        q[i][j] = i * j
print(sum(map(sum, q)), q[7][8], [row[3] for row in q][:5])
t = ()
for i in range(500):
    t += (i,)
print(len(t), t[499])
nest = []
for i in range(20000):
    nest = [nest]
depth = 0
while nest:
    nest = nest[0]
    depth += 1
print(depth)
stack = []
for i in range(10000):
    stack.append((i, str(i)))
    if i % 3 == 0:
        stack.pop()
print(len(stack), stack[-1])


class Cell:
    def __init__(self, v, nxt):
        self.v, self.nxt = v, nxt


head = None
for i in range(100000):
    head = Cell(i, head)
n, total = head, 0
while n:
    total += n.v
    n = n.nxt
print(total)
grid = {(x, y): x ^ y for x in range(60) for y in range(60)}
print(len(grid), sum(grid.values()), grid[59, 1])
attrs = Cell(0, None)
for i in range(200):
    setattr(attrs, f"a{i}", i)
print(attrs.a150, len(attrs.__dict__), list(attrs.__dict__)[:4])
for i in range(0, 200, 2):
    delattr(attrs, f"a{i}")
print(len(attrs.__dict__), hasattr(attrs, "a150"), attrs.a151)
