# What constructors, item assignment, attribute deletion and special methods say when they refuse.
import math
import struct
import itertools
import warnings

warnings.simplefilter("always")
warnings.showwarning = lambda message, category, *rest: print("   warning", category.__name__, message)


def attempt(source, **names):
    space = dict(globals(), **names)
    try:
        result = eval(compile(source, "?", "eval"), space) if not source.startswith(("del ", "v", "x")) else exec(source, space)
    except Exception as error:
        print(source, "!!", type(error).__name__, error, getattr(error, "name", "-"))
    else:
        print(source, "->", repr(result))


for call in (
    "int(1, 2, 3)", "int(1, 2, bass=3)", "int(1, bass=3)", "int(base=3)", "int('12', base=3)", "int(bytearray(b'x'))",
    "int(bytearray(b'x'), 8)", "int(memoryview(b'1'), 8)", "str(b'a', None)", "str(b'a', errors=None)",
    "bytes('a', None)", "bytearray('a', encoding=None)", "enumerate(start=1)", "enumerate([], 1, foo=2)",
    "enumerate([], iterable=2)", "type(1, foo=2)", "BaseExceptionGroup()", "BaseExceptionGroup(1, 2)",
    "BaseExceptionGroup(None, 2)", "ExceptionGroup(9, [ValueError()])", "ExceptionGroup('a', [ValueError()], foo=1)",
    "UnicodeDecodeError('utf8', 'abc', 1, 2, 1)", "UnicodeDecodeError('utf8', b'abc', 10**30, 2, 'why')",
    "UnicodeEncodeError('utf8', b'abc', 1, 2, 'why')", "ImportError('a', namez=1)", "min(1, a=1, b=2, c=3)",
    "{1}.union(a=1)", "frozenset().difference(a=1)", "struct.pack(x=1)", "struct.Struct('i').pack(1, x=2)",
    "itertools.product([1], repeat=1, foo=2)", "itertools.zip_longest([], foo=1)", "float.fromhex(1)",
    "b'a'.ljust(3, None)", "math.log(-1.5)", "math.log2(0.0)", "math.log(3, -0.5)", "math.nextafter(1.0, -math.inf, steps=2**64)",
    "math.nextafter(1.0, math.inf, steps=-1)", "math.sumprod([math.inf, 1e308], [2, 10.0])", "type('\\ud800', (), {})",
):
    attempt(call)

for method, value in (("__setitem__", 1), ("__delitem__", 1), ("__getitem__", 1), ("__setitem__", None)):
    for base in (object, tuple, list):
        V = type("V", (base,), {method: (lambda self, *rest: 1) if value else None})
        for source in ("v[0]", "v[0] = 1", "del v[0]", "del v['a']", "v['a'] = 1"):
            attempt(source, v=V())

for data in (object(), 5, 1.5, "ab", [1, 2], [300], None, bytearray(b"xy"), range(3)):
    for key in ("0:1", "'a':", "::2"):
        v = bytearray(b"abc")
        try:
            exec(f"v[{key}] = data")
            print(v)
        except Exception as error:
            print(type(error).__name__, error)


class Grow:
    def __init__(self, target):
        self.target = target

    def __iter__(self):
        self.target.append(7)
        return iter([1, 2])


target = bytearray(b"abc")
target[1:2] = Grow(target)
print(target)


class Small(int):
    pass


class Real(float):
    pass


for method, results in (
    ("__int__", (True, Small(3), 2.5, "a")), ("__index__", (True, Small(3), 2.5)), ("__float__", (1, Real(2.5), "a")),
    ("__complex__", (1, 2.5, None)), ("__bool__", (1, None)), ("__length_hint__", (2**63, -1, "a", 2**70)),
    ("__eq__", ()), ("__lt__", ()),
):
    for result in results:
        x = type("X", (), {method: lambda self: result})()
        for source in ("int(x)", "float(x)", "complex(x)", "complex(x, 1)", "bool(x)", "list(range(9))[x]", "__import__('operator').length_hint(x)"):
            print(method, result)
            attempt("0, " + source, x=x)
    x = type("X", (), {method: None})()
    for source in ("bool(x)", "x == 1", "x < 1", "int(x)"):
        attempt("(" + source + ")", x=x)


class Plain:
    pass


class Slotted:
    __slots__ = "a"


p, s = Plain(), Slotted()
for source in (
    "del x.a", "x.a", "x.__weakref__ = 1", "x.__class__.__mro__ = 1", "x.__class__.__basicsize__ = 1",
):
    attempt(source, x=p)
    attempt(source, x=s)
for x, name in ((slice(1), "start"), (lambda: 0, "__closure__"), (property(), "fget"), (1j, "imag"), (1, "real"),
                (math, "__dict__"), (list.append, "__objclass__"), (range(1), "stop"), (len, "__name__"), (1, "__doc__")):
    attempt("setattr(x, name, 1)", x=x, name=name)
    attempt("delattr(x, name)", x=x, name=name)

for error in (UnicodeDecodeError("utf8", b"abc", 1, 2, "why"), UnicodeTranslateError("abc", 1, 2, "why")):
    for name in ("start", "reason", "encoding", "object"):
        attempt("setattr(error, name, 'a') or str(error)", error=error, name=name)
        attempt("delattr(error, name) or str(error)", error=error, name=name)
