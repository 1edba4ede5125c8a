def chain(n):
    if n == 0:
        got = yield "bottom"
        return got
    result = yield from chain(n - 1)
    return (n, result)


g = chain(50)
print(next(g))
try:
    g.send("sent")
except StopIteration as e:
    r = e.value
    depth = 0
    while isinstance(r, tuple):
        depth += 1
        r = r[1]
    print(depth, r)


def sub():
    try:
        yield 1
    except ValueError:
        yield "sub caught"
    yield "end"


def top():
    yield from sub()
    yield "top"


t = top()
print(next(t), t.throw(ValueError), list(t))


class It:
    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def throw(self, *a):
        return "custom throw"

    def send(self, v):
        return f"custom send {v}"

    def close(self):
        print("custom close")


def d():
    yield from It()


x = d()
print(next(x), x.send(5), x.throw(KeyError))
x.close()


def ret():
    return (yield 1) or "nothing"


def closing():
    try:
        yield
    except GeneratorExit:
        print("got exit")
        return "close value"


c = closing()
next(c)
print(c.close())
print(c.close())


def stubborn():
    while True:
        try:
            yield
        except GeneratorExit:
            pass


s = stubborn()
next(s)
try:
    s.close()
except RuntimeError as e:
    print(e)


def sieve():
    ns = iter(range(2, 60))
    while True:
        p = next(ns, None)
        if p is None:
            return
        yield p
        ns = filter(lambda n, p=p: n % p, ns)


print(list(sieve()))


def permute(a, k=0):
    if k == len(a):
        yield tuple(a)
    for i in range(k, len(a)):
        a[k], a[i] = a[i], a[k]
        yield from permute(a, k + 1)
        a[k], a[i] = a[i], a[k]


print(list(permute([1, 2, 3])))
g = (x for x in [1, 2])
print(g.gi_running, g.gi_frame is not None, g.__name__, type(g).__name__, list(g), g.gi_frame)
print([*(i for i in range(3)), *(j for j in "ab")])
