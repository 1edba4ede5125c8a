def t(x):
    print(x, end=" ")
    return x


print((t(1), t(2), t(3)))
print([t(1)] + [t(2)])
print({t("k1"): t("v1"), t("k2"): t("v2")})


def f(*a, **k):
    return len(a) + len(k)


print(f(t(1), *[t(2)], t(3), k=t(4), **{"z": t(5)}))
l = [0, 0, 0]
l[t(0)] = t(5)
print(l)
(l[t(1)], l[t(2)]) = (t(8), t(9))
print(l)
print(t(1) + t(2) * t(3) ** t(2))
print(t(5) if t(0) else t(6))
print(t(1) < t(3) < t(2))


class C:
    def __getattr__(self, n):
        print("attr", n, end=" ")
        return lambda *a: a


c = C()
print(c.method(t(1), t(2)))
d = {}
d[t("key")] = t("value")
print(d)
x = t(1), (y := t(2)), t(3)
print(x, y)
t(l)[t(0)] += t(1)
print(l)
lambda_ = (lambda a=t("default"): a)
print(lambda_())


def deco(f):
    return f


@(t("deco") and deco)
def g(a: t("ann") = t("def")): ...


print()
print(f"{t(1)} {t(2)!r:{t(3)}}")
assert t(True), t("not evaluated")
print()
del l[t(0)], l[t(1)]
print(l)
for i in t([1]):
    print("loop")
print([t(a) for a in t([1, 2]) if t(True)])
a = b = t(1)
print(t(1) is t(1), t(2) in t([2]))
