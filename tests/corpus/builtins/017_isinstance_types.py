print(type(1), type(1.0), type(""), type(b""), type([]), type(()), type({}), type(set()), type(None), type(True), type(type), type(len), type(lambda: 0), type(object()), type(range(1)), type(x for x in []), type([].append), type(int.from_bytes), type(str.upper), type("".__len__), type(print), type(Exception()), type(slice(1)), type(...), type(iter([])), type(iter({})), type(zip()), type(map(int, [])), type(enumerate([])), type(reversed([])), type(property()), type(staticmethod(len)), type(classmethod(len)), type(memoryview(b"")), type(super), type(NotImplemented), type({}.keys()), type({}.items()), type(1j), type(frozenset()), type(bytearray()), type(type.__dict__), sep="\n")
print(isinstance(True, int), isinstance(1, bool), isinstance([], (tuple, list)), isinstance(1, int | str), isinstance(None, type(None)), issubclass(bool, int), issubclass(int, object), isinstance(int, type), isinstance(type, object), isinstance(object, type), type(type) is type)
print(int.__mro__, bool.__bases__, type.__mro__, object.__bases__, Exception.__base__, int.__module__, len.__module__, len.__name__, len.__qualname__, [].append.__name__, [].append.__self__, str.upper.__qualname__, str.upper.__objclass__)
print(list.__name__, dict.__doc__ is not None, int.__class__, (1).__class__, object.__class__, type.__class__, int.__init__.__class__, object.__new__.__class__)
print(repr(int), repr(len), repr([].append)[:30], repr(str.upper), repr(object)[:20], repr(type(None)), repr(dict.fromkeys)[:40], repr(int.__add__), repr(print), repr(type.mro))
class A: pass
class B(A): pass
print(A, B.__mro__, type(B()), isinstance(B(), A), issubclass(B, A), A.__subclasses__(), B.__base__, A.__dict__.keys() >= {"__dict__", "__weakref__"}, A.__module__, A.__qualname__)
def outer():
    class Inner:
        def m(self): pass
    return Inner
print(outer(), outer().m.__qualname__, outer.__qualname__, outer().__qualname__)
print(callable(A), callable(A()), hasattr(A(), "__dict__"), A() == A(), A() is A(), bool(A()), A().__eq__(5), object().__ne__(5), (5).__eq__("a"), (5).__lt__(6), int.__lt__(5, "a"), object.__repr__(5)[:14])
for f in (lambda: isinstance(1, "int"), lambda: isinstance(1, [int]), lambda: A(1), lambda: A.missing, lambda: A().missing, lambda: B().x, lambda: object().x, lambda: type("X", (5,), {}), lambda: type("X", (int, str), {}), lambda: type("X", (A, A), {}), lambda: type(1, (), {}), lambda: A.__init__(1, 2), lambda: int.__add__("a", 1), lambda: str.upper(5), lambda: [].append.__self__.x, lambda: A < B, lambda: A + B, lambda: A[0], lambda: A()[0], lambda: A()(), lambda: list.append(), lambda: dict.get({}), lambda: "".join.x):
    try:
        print(f())
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, "|", e)
