print(True, False, None, ..., NotImplemented)
print(bool(0), bool(1), bool(""), bool("0"), bool([]), bool([0]), bool(None), bool(0.0), bool({}), bool(()), bool(set()), bool(0j), bool(range(0)), bool(b""))
print(type(None), type(...), type(NotImplemented), type(True), bool.__mro__)
print(True == 1, True is 1 if False else "skip", {True: "a", 1: "b"}, [True, False].count(1), sum([True, True]), True < 2, hash(True))
print(repr(None), str(None), None == None, None is None, f"{None}", f"{None!r:>6}", "%s" % None)
print(f"{True:d} {True:>6} {True!s} {True}", format(True, "5"), int(True), float(True), str(True))
for f in (lambda: None + 1, lambda: None(), lambda: None[0], lambda: None.x, lambda: len(None), lambda: type(None)(1), lambda: type("B", (bool,), {}), lambda: bool(NotImplemented), lambda: type("N", (type(None),), {})):
    try:
        print(f())
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, "|", e)
print(type(None)() is None, type(...)() is ..., bool("False"), True and None, None or 0, not None)
print(True ^ True, True & 1, False | 2, ~0, -True, True + 0.5, True << 3, "a" * True, [1, 2][True], round(True), divmod(True, 1), abs(True))
