d = {}
for w in "the quick brown fox jumps over the lazy dog".split():
    d[w] = d.get(w, 0) + 1
print(d)
d["the"] = 100
print(list(d)[0], d["the"])
del d["the"]
d["the"] = 1
print(list(d)[-1])
try:
    for k in d:
        del d[k]
except RuntimeError as e:
    print(e)
try:
    for k in d:
        d["x" + k] = 1
except RuntimeError as e:
    print(e)
for k in list(d):
    if len(k) > 4:
        del d[k]
print(d)
for k in d:
    d[k] = 0
print(d)
a = {1: 1, 2: 2, 3: 3}
it = iter(a)
print(next(it))
a[2] = "changed value"
print(next(it), next(it), next(it, "end"))
v = a.values()
a[4] = 4
print(list(v), a.popitem(), list(v), len(v))
big = {}
for i in range(5000):
    big[str(i)] = i
for i in range(0, 5000, 2):
    del big[str(i)]
print(len(big), list(big)[:5], list(big.values())[-3:], "4998" in big, "4999" in big)
for i in range(0, 100, 2):
    big[str(i)] = -i
print(list(big)[-2:], len(big), sum(big.values()))


class Evil:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 1

    def __eq__(self, other):
        store.clear()
        return False


store = {}
store[Evil(1)] = 1
try:
    store[Evil(2)] = 2
    print("ok", len(store))
except RuntimeError as e:
    print(e)
nest = {}
cur = nest
for i in range(5):
    cur[i] = {}
    cur = cur[i]
print(nest)
inv = {v: k for k, v in {"a": 1, "b": 2}.items()}
print(inv, inv | {3: "c"}, dict(reversed(inv.items())))
groups = {}
for w in ("apple", "bob", "cat", "avocado", "berry"):
    groups.setdefault(w[0], []).append(w)
print(groups)
locals()["dyn"] = 5
print(dyn)
