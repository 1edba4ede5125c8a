import traceback


def inner(x):
    return x["missing"]


def outer():
    try:
        inner({})
    except KeyError as e:
        raise ValueError("bad value") from e


def clean(text):
    return text.replace(__file__, "FILE")


try:
    outer()
except ValueError as e:
    print(clean("".join(traceback.format_exception(e))))
    print(traceback.format_exception_only(e), clean(str(traceback.extract_tb(e.__traceback__)[0].name)))
try:
    x = [1, 2]
    print(x[0] + (x[1]
          / 0))
except ZeroDivisionError:
    print(clean(traceback.format_exc()))


def deep(n):
    if n == 0:
        raise RuntimeError("deep")
    deep(n - 1)


try:
    deep(6)
except RuntimeError:
    print(clean(traceback.format_exc()))
try:
    raise ExceptionGroup("group", [ValueError(1), ExceptionGroup("nested", [TypeError("t")])])
except ExceptionGroup as e:
    print(clean("".join(traceback.format_exception(e))))
e = ValueError("noted")
e.add_note("a note\nof two lines")
print("".join(traceback.format_exception(e)))
for source in ("x = (", "a b", "  x", "def f(:\n pass", "'abc", "f(x for x in y, 1)", "x = 5 +"):
    try:
        compile(source, "<src>", "exec")
    except SyntaxError as e:
        print("".join(traceback.format_exception_only(e)))
try:
    "abc".uper
except AttributeError as e:
    print("".join(traceback.format_exception_only(e)))
try:
    prnt
except NameError as e:
    print("".join(traceback.format_exception_only(e)))
