def f():
    pass


print(f())


def add(a, b):
    return a + b


print(add(1, 2), add("x", "y"), add([1], [2]))
print(add(b=1, a=10))


def default(a, b=2, c=3):
    return (a, b, c)


print(default(1), default(1, 20), default(1, c=30), default(c=1, a=2))


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print([fib(i) for i in range(15)])


def early(n):
    if n:
        return "yes"


print(early(1), early(0))


def outer():
    def inner():
        return "inner"
    return inner


print(outer()())
print((lambda x, y=2: x * y)(4))
print(add.__name__, outer.__qualname__, outer().__qualname__)
