def counter():
    n = 0

    def step():
        nonlocal n
        n += 1
        return n
    return step


a, b = counter(), counter()
print(a(), a(), b(), a())


def adder(n):
    return lambda x: x + n


print([adder(i)(10) for i in range(3)])


def shared():
    items = []

    def put(x):
        items.append(x)

    def get():
        return items
    return put, get


put, get = shared()
put(1)
put(2)
print(get())


def deep():
    x = 1

    def mid():
        def low():
            nonlocal x
            x *= 2
            return x
        return low
    return mid()


d = deep()
print(d(), d(), d())


def unbound():
    def inner():
        return later
    try:
        inner()
    except NameError as e:
        print(type(e).__name__, e)
    later = 5
    print(inner())


unbound()
print(counter().__closure__[0].cell_contents, counter().__code__.co_freevars)


def fact_y():
    return (lambda f: f(f, 10))(lambda self, n: 1 if n == 0 else n * self(self, n - 1))


print(fact_y())


def args_closed(a, b=2, *c, **d):
    return lambda: (a, b, c, d)


print(args_closed(1, 5, 6, k=7)())
