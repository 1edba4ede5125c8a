class E(Exception):
    pass


e = E("a", 2)
e.add_note("first note")
e.add_note("second")
print(e.args, str(e), repr(e), e.__notes__)
print(str(KeyError("k")), repr(str(KeyError("k"))), str(E()), str(E(None)), str(E("x")), repr(E(1,)))
try:
    e.add_note(5)
except TypeError as t:
    print(t)
print(OSError(2, "No such file").errno, OSError(2, "No such file", "name.txt"), type(OSError(2, "x")).__name__)
print(type(OSError(13, "x")).__name__, type(OSError(17, "x")).__name__, repr(OSError(1)))
s = StopIteration(5)
print(s.value, SystemExit(3).code, SystemExit().code)
u = UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")
print(u, u.reason, u.start, u.end, u.encoding, u.object)
print(AttributeError("m", name="n", obj=1).name, NameError("m", name="q").name, ImportError("m", name="mod", path="p").path)
chain = []


def a():
    try:
        b()
    except ValueError as e:
        raise TypeError("second") from e


def b():
    try:
        c()
    except KeyError:
        raise ValueError("first")


def c():
    raise KeyError("zero")


try:
    a()
except TypeError as e:
    while e:
        chain.append((type(e).__name__, e.__cause__ is not None, e.__context__ is not None, e.__suppress_context__))
        e = e.__context__
print(chain)
try:
    try:
        raise KeyError("hidden")
    except KeyError:
        raise ValueError("from none") from None
except ValueError as e:
    print(e.__cause__, repr(e.__context__), e.__suppress_context__)


def lines(tb):
    out = []
    while tb:
        out.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
        tb = tb.tb_next
    return out


try:
    a()
except TypeError as e:
    print(lines(e.__traceback__), lines(e.__context__.__traceback__))
x = ValueError("tb").with_traceback(None)
print(x.__traceback__)
print([k.__name__ for k in ZeroDivisionError.__mro__])
print(issubclass(UnicodeError, ValueError), issubclass(FileNotFoundError, OSError), IOError is OSError)
try:
    raise E from E("cause")
except E as e:
    print(repr(e.__cause__))


class Slow(Exception):
    def __str__(self):
        return "custom str"


print(Slow(1), repr(Slow(1)))
try:
    try:
        raise ValueError("a")
    finally:
        raise KeyError("b")
except KeyError as e:
    print(repr(e.__context__))
def gen():
    try:
        yield
    except ValueError as e:
        print("in gen", e, repr(e.__context__))
        yield "ok"
g = gen()
next(g)
try:
    raise KeyError("ctx")
except KeyError:
    print(g.throw(ValueError("thrown")))
