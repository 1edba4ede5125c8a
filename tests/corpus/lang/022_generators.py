def count(n):
    i = 0
    while i < n:
        yield i
        i += 1


print(list(count(4)), sum(count(100)))
g = count(2)
print(next(g), next(g))
try:
    next(g)
except StopIteration as e:
    print("stop", e.value)
print(next(g, "default"))


def echo():
    got = None
    while True:
        got = yield got
        if got == "end":
            return "result"


e = echo()
print(next(e), e.send(1), e.send("x"))
try:
    e.send("end")
except StopIteration as s:
    print(s.value)


def outer():
    r = yield from inner()
    print("inner gave", r)
    yield from [10, 20]
    return "done"


def inner():
    yield 1
    yield 2
    return "inner result"


print(list(outer()))


def cleanup():
    try:
        yield 1
        yield 2
    finally:
        print("cleaned")


c = cleanup()
print(next(c))
c.close()


def catches():
    while True:
        try:
            yield "ready"
        except ValueError as e:
            yield "caught " + str(e)


c = catches()
print(next(c), c.throw(ValueError("boo")), next(c))
try:
    c.throw(KeyError("k"))
except KeyError as e:
    print("through", e)


def tree(n):
    if n:
        yield from tree(n - 1)
        yield n
        yield from tree(n - 1)


print(list(tree(4)))
squares = (x * x for x in range(5))
print(next(squares), list(squares), list(squares))


def fibs():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


for f in fibs():
    if f > 100:
        break
    print(f, end=" ")
print()
try:
    gen = echo()
    gen.send(5)
except TypeError as e:
    print(e)


def bad():
    raise StopIteration("oops")
    yield


try:
    next(bad())
except RuntimeError as e:
    print(e, repr(e.__cause__))


def selfref():
    yield next(me)


me = selfref()
try:
    next(me)
except ValueError as e:
    print(e)
