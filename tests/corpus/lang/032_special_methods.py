class V:
    def __init__(self, n):
        self.n = n

    def __repr__(self):
        return f"V({self.n})"

    def _bin(op):
        def f(self, other):
            return f"{self!r} {op} {other!r}"
        return f

    def _rbin(op):
        def f(self, other):
            return f"{other!r} r{op} {self!r}"
        return f

    for _name, _op in (("add", "+"), ("sub", "-"), ("mul", "*"), ("truediv", "/"), ("floordiv", "//"), ("mod", "%"),
                       ("pow", "**"), ("lshift", "<<"), ("rshift", ">>"), ("and", "&"), ("or", "|"), ("xor", "^"),
                       ("matmul", "@"), ("divmod", "divmod")):
        locals()[f"__{_name}__"] = _bin(_op)
        locals()[f"__r{_name}__"] = _rbin(_op)

    def __neg__(self): return "neg"
    def __pos__(self): return "pos"
    def __invert__(self): return "inv"
    def __abs__(self): return "abs"
    def __iadd__(self, o): return V(self.n + 1000)
    def __int__(self): return 7
    def __float__(self): return 7.5
    def __complex__(self): return 1j
    def __index__(self): return 2
    def __round__(self, n=None): return f"round {n}"
    def __trunc__(self): return "trunc"
    def __len__(self): return 3
    def __getitem__(self, k): return f"item {k!r}"
    def __setitem__(self, k, v): print("setitem", repr(k), v)
    def __delitem__(self, k): print("delitem", repr(k))
    def __contains__(self, x): return x == "in"
    def __call__(self, *a, **k): return ("called", a, k)


v = V(1)
print(v + 1, v - 1, v * 1, v / 1, v // 1, v % 1, v ** 1, v << 1, v >> 1, v & 1, v | 1, v ^ 1, v @ 1, divmod(v, 1), sep="; ")
print(1 + v, 1 - v, 1 * v, 1 / v, 1 // v, 1 % v, 1 ** v, 1 << v, 1 >> v, 1 & v, 1 | v, 1 ^ v, 1 @ v, divmod(1, v), sep="; ")
print(-v, +v, ~v, abs(v), int(v), float(v), complex(v), round(v), round(v, 3), len(v))
print(v[1], v["k"], v[1:2], v[1:2, ::3], v[...], v[()])
v[0] = "x"
v[1:2] = "y"
del v["z"]
del v[:]
print("in" in v, "out" in v, v(1, a=2))
w = v
w += 1
print(w, v)
print([10, 20, 30][v], hex(v), "abc"[v:], bytes([1, 2, 3, 4])[v], range(10)[v])


class N:
    def __add__(self, other):
        return NotImplemented

    def __lt__(self, other):
        return NotImplemented


for f in (lambda: N() + 1, lambda: 1 + N(), lambda: N() < 1, lambda: N() * 2, lambda: -N(), lambda: N()[0], lambda: N()(),
          lambda: len(N()), lambda: 1 in N(), lambda: iter(N()), lambda: abs(N())):
    try:
        print(f())
    except TypeError as e:
        print(e)


class Sub(V):
    def __radd__(self, other):
        return "Sub.__radd__ first"


print(V(1) + Sub(2))
