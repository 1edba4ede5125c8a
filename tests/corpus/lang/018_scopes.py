x = "global"


def reads():
    return x


def shadows():
    x = "local"
    return x


def writes():
    global x
    x = "changed"


print(reads(), shadows(), x)
writes()
print(reads(), x)


def unbound():
    try:
        print(y)
    except UnboundLocalError as e:
        print(e)
    y = 1


unbound()
try:
    nothing
except NameError as e:
    print(e)


def deleted():
    z = 1
    del z
    try:
        z
    except UnboundLocalError as e:
        print(e)


deleted()
g = 5
del g
try:
    g
except NameError as e:
    print(e)


class C:
    x = "class"
    y = [x for _ in range(2)]

    def method(self):
        return x


print(C.x, C.y, C().method())


def make_global():
    global fresh
    fresh = 42


make_global()
print(fresh)
print(sorted(k for k in globals() if not k.startswith("__")))


def show_locals(a, b):
    c = a + b
    return locals()


print(show_locals(1, 2))
len = lambda x: "shadowed"
print(len([]))
del len
print(len([]))
