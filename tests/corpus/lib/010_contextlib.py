from contextlib import *


@contextmanager
def tag(name):
    print("<" + name + ">")
    try:
        yield name.upper()
    except KeyError as e:
        print("handled", e)
    finally:
        print("</" + name + ">")


with tag("a") as t:
    print(t)
with tag("b"):
    raise KeyError("k")
try:
    with tag("c"):
        raise ValueError("v")
except ValueError as e:
    print("outside", e)
with suppress(ZeroDivisionError, KeyError):
    1 / 0
with ExitStack() as stack:
    for n in "xyz":
        stack.enter_context(tag(n))
    stack.callback(print, "callback")


class R:
    def close(self):
        print("closed")


with closing(R()):
    print("in")


@tag("deco")
def f():
    return "ret"


print(f())
import io
buf = io.StringIO()
with redirect_stdout(buf):
    print("captured")
print(repr(buf.getvalue()))
with nullcontext(5) as v:
    print(v)


@contextmanager
def twice():
    yield 1
    yield 2


try:
    with twice():
        pass
except RuntimeError as e:
    print(e)


@contextmanager
def never():
    if 0:
        yield


try:
    with never():
        pass
except RuntimeError as e:
    print(e)
