from collections import *

c = Counter("abracadabra")
print(c, c.most_common(2), c["z"], c + Counter("aaa"), c - Counter("abc"), c & Counter("ab"), c | Counter("zz"), sorted(c.elements())[:4], c.total())
d = defaultdict(list)
d["a"].append(1)
print(d, d["b"], dict(d), defaultdict(int, x=1)["y"])
q = deque([1, 2, 3], maxlen=4)
q.append(4)
q.append(5)
q.appendleft(0)
q.rotate(1)
print(q, q[0], q.pop(), q.popleft(), len(q), list(reversed(q)), q.maxlen, deque("ab") == deque("ab"), q.count(2), q.index(2))
P = namedtuple("P", "x y", defaults=[5])
p = P(1)
print(p, p.x, p._replace(x=9), p._asdict(), P._fields, p == (1, 5), P(*[1, 2]) < P(2, 0), P.__doc__, [*p])
o = OrderedDict([("a", 1), ("b", 2)])
o.move_to_end("a")
print(o, o.popitem(last=False), o == {"a": 1}, list(o))
m = ChainMap({"a": 1}, {"a": 2, "b": 3})
print(m["a"], m["b"], sorted(m), m.new_child({"a": 0})["a"], len(m))
for f in (lambda: P(), lambda: P(1, 2, 3), lambda: p.z, lambda: setattr(p, "x", 5), lambda: deque().pop(), lambda: deque([1]).remove(2), lambda: m["zz"], lambda: namedtuple("Q", "a a"), lambda: namedtuple("Q", "class"), lambda: defaultdict(5)):
    try:
        print(f())
    except (TypeError, AttributeError, IndexError, ValueError, KeyError) as e:
        print(type(e).__name__, "|", e)
print(UserDict(a=1), UserList([1, 2])[0], UserString("abc").upper())
