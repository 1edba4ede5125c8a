d = {"a": 1, "b": 2, "c": 3}
print(d.keys(), d.values(), d.items(), list(reversed(d)), len(d.keys()), "a" in d.keys(), ("a", 1) in d.items(), 3 in d.values())
print(sorted(d.keys() & {"a", "z"}), sorted(d.keys() | ["q"]), sorted(d.keys() - {"a"}), sorted(d.items() ^ {("a", 1)}), d.keys() == {"a", "b", "c"}, d.keys() <= {"a", "b", "c", "d"}, d.keys().isdisjoint(["x"]))
print(d.get("a"), d.get("x"), d.get("x", 5), d.pop("a"), d.pop("x", None), d.setdefault("b", 9), d.setdefault("n"), d, d.popitem(), d.copy() == d, d | {"b": 0}, {"z": 1} | d)
d.update(a=1)
d.update([("p", 5), ("q", 6)])
d.update({"b": 20})
d |= [("r", 7)]
print(d)
ks = d.keys()
d["new"] = 0
print(ks, list(d)[-1])
print(dict(), dict({"a": 1}, b=2), dict([(1, 2)]), dict(zip("ab", [1, 2])), dict.fromkeys([1, 2]), dict.fromkeys("ab", []), dict(**{"x": 1}))
o = {}
for i in range(20):
    o[i * 7 % 20] = i
for i in range(0, 20, 3):
    del o[i]
o[0] = "back"
print(o)
o = {i: i for i in range(1000)}
for i in range(990):
    del o[i]
print(o, len(o))
o.update((i, -i) for i in range(3))
print(o, next(iter(o)), o.popitem())
for f in (lambda: {}["x"], lambda: {}[[]], lambda: {}.pop("x"), lambda: {}.popitem(), lambda: dict(5), lambda: dict([1]), lambda: dict([(1, 2, 3)]), lambda: {1: 2} + {}, lambda: {} < {}, lambda: {}.fromkeys(5), lambda: {}.update(5), lambda: {[]: 1}, lambda: hash({}), lambda: {} | [], lambda: {}.pop(), lambda: dict(1, 2), lambda: {"a": 1}.__delitem__("b"), lambda: {}.get(), lambda: dict(["ab", "cd"]), lambda: dict(["abc"]), lambda: {(1, 2): 3}[1, 2], lambda: {}[1, []]):
    try:
        print(f())
    except (TypeError, KeyError, ValueError) as e:
        print(type(e).__name__, "|", e)
print({1: "a", 1.0: "b", True: "c"}, {0: 1, -0.0: 2, False: 3}, {(1, 2): 3}, {None: 1}, {"é": 1, "☃": 2}, {float("inf"): 1}, {frozenset([1]): 2}, {2**70: "big"}[2**70])


class Key:
    def __init__(self, v):
        self.v = v

    def __hash__(self):
        return 7

    def __eq__(self, o):
        return isinstance(o, Key) and self.v == o.v

    def __repr__(self):
        return f"K{self.v}"


k = {Key(i): i for i in range(10)}
print(k[Key(5)], Key(11) in k, len(k), k.pop(Key(3)), list(k)[:4])
k[Key(5)] = "replaced"
print(k)
m = {"x": {"y": {"z": 1}}}
m["x"]["y"]["z"] += 1
c = m.copy()
c["x"]["w"] = 5
print(m, c is not m, {"a": 1} == {"a": 1.0}, {"a": [1]} == {"a": [1]}, {} == {})
class D(dict):
    def __missing__(self, k):
        self[k] = v = k * 2
        return v
    def __setitem__(self, k, v):
        super().__setitem__(k, ("set", v))
x = D(a=1)
print(x, x["b"], x, x.get("zz"), "zz" in x, type(x.copy()).__name__, x | {"q": 1}, type(x | {}).__name__)
print({**x, "a": 0}, [*x], {k: v for k, v in x.items() if k == "b"}, max({"a": 5, "b": 3}, key={"a": 5, "b": 3}.get), sum({1: 2, 3: 4}), dict(sorted({"b": 1, "a": 2}.items())))
it = iter({"a": 1, "b": 2}.items())
print(next(it), list(it), it.__length_hint__(), type(iter({})).__name__, repr({}.keys()), {}.values(), str({1: {2: [3]}}))
