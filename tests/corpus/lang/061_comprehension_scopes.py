def f(n):
    fs = [lambda: i for i in range(n)]
    gs = [lambda i=i: i for i in range(n)]
    return [g() for g in fs], [g() for g in gs]


print(f(3))


class C:
    items = [1, 2, 3]
    doubled = [x * 2 for x in items]
    first = [y for y in items if y > 1]
    try:
        nested = [[x for _ in items] for x in range(2)]
    except NameError as e:
        err = str(e)

    def use(self):
        return [self.items[i] for i in range(2)]


print(C.doubled, C.first, getattr(C, "err", None), C().use(), hasattr(C, "x"))
x = 10
print([x for x in range(3)], x, [x + y for y in [x]], {x: y for x, y in [(1, 2)]}, x)


def outer():
    total = 0
    acc = [total := total + v for v in range(5)]
    return acc, total


print(outer())


def cells():
    k = 5
    inner = [(lambda: k + j)() for j in range(3)]
    k = 6
    return inner, [(lambda: k)() for _ in range(1)]


print(cells())


def err():
    return [1 // v for v in (1, 0)]


try:
    err()
except ZeroDivisionError as e:
    tb = e.__traceback__
    names = []
    while tb:
        names.append(tb.tb_frame.f_code.co_name)
        tb = tb.tb_next
    print(names)


def gen_scope():
    v = 1
    g = (v + i for i in range(3))
    v = 100
    return list(g)


print(gen_scope())


def first_iter_eager():
    try:
        (i for i in 5)
    except TypeError as e:
        return str(e)


print(first_iter_eager())
print([i for i in [j for j in range(4)] if i], [[a, b] for a in "xy" for b in [a + a]], [*[i for i in "ab"], *(i for i in "cd")])
print([locals_ for locals_ in [1]] and sorted(k for k in [*locals()] if k == "locals_"))


def shadow(i):
    r = [i for i in range(i)]
    return r, i


print(shadow(3))
print([(yield_) for yield_ in range(2)], [i if i else "z" for i in range(2)], [(i, j) for i in range(3) if i for j in range(i) if j or i == 1])


def delete():
    a = [b for b in range(3)]
    try:
        return b
    except NameError as e:
        return str(e)


print(delete())
