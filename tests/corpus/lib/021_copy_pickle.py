import copy
import pickle

a = [1, [2, 3], {"k": (4, [5])}]
b, c = copy.copy(a), copy.deepcopy(a)
a[1].append("x")
a[2]["k"][1].append("y")
print(b, c, b[1] is a[1], c[1] is a[1])


class P:
    def __init__(self, x):
        self.x = x
        self.me = self

    def __eq__(self, o):
        return self.x == o.x


p = copy.deepcopy(P([1]))
print(p.me is p, p.x)
for proto in range(pickle.HIGHEST_PROTOCOL + 1):
    data = pickle.dumps([1, 2**70, -1.5, "é", b"b", None, True, (1, (2,)), {"a": {1, 2}}, P(5), frozenset([1])], proto)
    out = pickle.loads(data)
    print(proto, out[:9], out[9].x, out[9].me is out[9], out[10])
r = []
r.append(r)
print(pickle.loads(pickle.dumps(r)), copy.deepcopy(r))
try:
    pickle.dumps(lambda: 0)
except (pickle.PicklingError, AttributeError) as e:
    print(type(e).__name__)


class S:
    def __getstate__(self):
        return {"v": 1}

    def __setstate__(self, s):
        self.restored = s


print(pickle.loads(pickle.dumps(S())).restored, copy.copy(S()).restored, copy.replace(type("Q", (), {"__replace__": lambda s, **k: k})(), a=1))
