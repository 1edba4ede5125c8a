d = {"a": 1, "b": 2}
print(d, len(d), d["a"])
d["c"] = 3
d["a"] = 10
print(d)
del d["b"]
print(d, "b" in d, "a" in d)
print(d.get("z"), d.get("z", 0), d.get("a"))
for k in d:
    print(k, d[k])
for k, v in d.items():
    print(k, v)
print(list(d.keys()), list(d.values()), list(d.items()))
print({1: "int", 1.0: "float", True: "bool"})
print({**d, "a": 0, **{"q": 1}})
print(d.pop("a"), d.pop("none", "default"), d)
print(d.setdefault("n", []), d.setdefault("c", 99), d)
d.update({"c": 4}, e=5)
print(d)
print(dict(a=1, b=2), dict([("x", 1), ("y", 2)]), dict.fromkeys("abc", 0))
print({"a": 1} == {"a": 1}, {"a": 1, "b": 2} == {"b": 2, "a": 1}, {} == {"a": 1})
print({"a": 1} | {"b": 2, "a": 3})
try:
    d["missing"]
except KeyError as e:
    print("KeyError", e)
try:
    {[]: 1}
except TypeError as e:
    print(e)
print(d.popitem(), d)
d.clear()
print(d, bool(d))
