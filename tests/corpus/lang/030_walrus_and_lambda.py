if (n := len("hello")) > 3:
    print(n)
while (n := n - 1) > 2:
    print(n)
print([y for x in range(6) if (y := x * 2) > 4], y)
f = lambda: (yield)
print(next(f()))
print((lambda *a, **k: (a, k))(1, b=2))
print((lambda a, /, b, *, c=3: (a, b, c))(1, b=2))
print(sorted(["bb", "a", "ccc"], key=lambda s: -len(s)))
print(list(map(lambda x, y: x + y, [1, 2], [3, 4])), list(filter(lambda x: x > 1, [1, 2, 3])))
compose = lambda *fs: (lambda x: x) if not fs else (lambda x: fs[0](compose(*fs[1:])(x)))
print(compose(lambda x: x + 1, lambda x: x * 2)(5))
print((lambda: (lambda: 5)())())
print((lambda x: x if x < 2 else x * 10)(3))
print(any((hit := w) == "b" for w in "abc"), hit)
def default_trap(x, acc=[]):
    acc.append(x)
    return acc
print(default_trap(1), default_trap(2), default_trap.__defaults__)
