print(abs(-3), all([1, 0]), any([0, 1]), ascii("é"), bin(5), bool(1), callable(len), callable(5), chr(65), divmod(9, 4), hash("") == hash(""), hex(16), len("abc"), max(1, 3, 2), min([4, 2]), oct(9), ord("A"), pow(2, 5), repr("x"), round(2.567, 2), sum([1, 2], 10))
print(list(enumerate("ab", 1)), list(filter(None, [0, 1, "", "a"])), list(filter(lambda x: x > 1, [1, 2, 3])), list(map(pow, [2, 3], [3, 2])), list(zip("ab", [1, 2], (True, False))), list(zip()), list(zip([1, 2, 3], [1])), list(reversed([1, 2])), sorted([2, 1]), next(iter([5])))
print(getattr("x", "upper")(), getattr(5, "nope", "default"), hasattr([], "append"), isinstance(1, (str, int)), issubclass(bool, (str, int)), type(5), type("T", (), {}).__name__, id(5) == id(5), callable(lambda: 0), callable(type("C", (), {"__call__": 1})()))
print(max("abc", key=lambda c: -ord(c)), min([], default=0), max([1, 2], [1, 3]), max({"a": 1}), min("b", "a"), sum([]), sum([0.5, 1]), sum([[1], [2]], []), sum((1, 2), start=5), sum(range(10)), sum([True, True]))
print(format(5, "03"), format("x", ">3"), format(1.5), format([1]), vars(type("V", (), {"a": 1}))["a"], dir([])[:2], "append" in dir([]), slice(1, 2), iter([1]).__class__.__name__, list(iter(lambda c=[0]: c.append(0) or len(c), 4)))
try:
    list(zip([1], [1, 2], strict=True))
except ValueError as e:
    print(e)
for f in (lambda: abs("a"), lambda: len(5), lambda: next([]), lambda: next(iter([])), lambda: sum(["a", "b"]), lambda: sum("ab", ""), lambda: isinstance(1, 5), lambda: issubclass(1, int), lambda: getattr(1, "x"), lambda: getattr(1, 5), lambda: map(), lambda: list(map(5, [1])), lambda: zip(5), lambda: chr("a"), lambda: ord(5), lambda: hex(1.5), lambda: max(), lambda: divmod(1), lambda: pow(2), lambda: round("a"), lambda: enumerate(), lambda: all(5), lambda: reversed({1}), lambda: reversed(5), lambda: iter(5), lambda: hash([]), lambda: type(1, 2), lambda: format(5, "z"), lambda: format([], "x"), lambda: format(5, 5), lambda: ascii(), lambda: len(), lambda: len(1, 2), lambda: len(obj=1), lambda: vars(5), lambda: callable(), lambda: print(1, foo=2), lambda: print(1, sep=5), lambda: filter(None), lambda: sorted(), lambda: int.__new__(str), lambda: object(1), lambda: object.__new__(int), lambda: bin("a"), lambda: input(1, 2), lambda: setattr(1, "a"), lambda: str(1, 2, 3, 4), lambda: list(enumerate([1], "a")), lambda: property(1, 2, 3, 4, 5), lambda: super().x, lambda: __import__(5), lambda: compile("1", "f", "bad"), lambda: eval(5), lambda: open("/no/such/file")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, "|", e)
print(1, 2, 3, sep="-", end="!\n")
print("a", "b", sep="")
print(*[1, 2], sep=None, end=None)
print("flush", flush=True)
print(end="")
print([repr(x) for x in (1, "a", 1.5, None, b"b", [1], (1,), {1}, {1: 2}, int, len, range(2), slice(1), ..., type(None), 1j, True)])
print(round(0.5), round(1.5), round(2.5), round(-1.5), round(1.005, 2), round(12345, -2), round(1e300, -299), round(5, 3), pow(0, 0), pow(-1, -1), pow(0.0, 0), divmod(5.5, 2), divmod(-1, 3))
