class Manager:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow

    def __enter__(self):
        print("enter", self.name)
        return self.name

    def __exit__(self, kind, value, tb):
        print("exit", self.name, kind and kind.__name__, value, tb is None)
        return self.swallow


with Manager("a") as x:
    print("body", x)
with Manager("a") as a, Manager("b") as b:
    print(a, b)
with (Manager("p") as p, Manager("q")):
    print(p)
with Manager("s", swallow=True):
    raise ValueError("swallowed")
try:
    with Manager("t"):
        raise KeyError("through")
except KeyError as e:
    print("outside", e)


def returns():
    with Manager("r"):
        return "value"


print(returns())
for i in range(2):
    with Manager(i):
        continue
while True:
    with Manager("w"):
        break
try:
    with 5:
        pass
except TypeError as e:
    print(e)


class NoExit:
    def __enter__(self):
        pass


try:
    with NoExit():
        pass
except TypeError as e:
    print(e)


class BadEnter:
    def __enter__(self):
        raise RuntimeError("enter failed")

    def __exit__(self, *a):
        print("never")


try:
    with Manager("outer"), BadEnter():
        print("never")
except RuntimeError as e:
    print(e)
with Manager("tuple") as (c0, *rest):
    print(c0, rest)
try:
    with Manager("z") as z:
        try:
            1 / 0
        finally:
            print("inner finally")
except ZeroDivisionError as e:
    print("done", e)

import types


class Outer:
    class Inner:
        pass


for make in (Outer, Outer.Inner, types.SimpleNamespace):
    try:
        with make():
            pass
    except TypeError as error:
        print(error)
