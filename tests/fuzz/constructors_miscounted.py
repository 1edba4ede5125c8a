# From a mutated call: how many arguments constructors of built-in classes take.
for constructor in (float, complex, str, list, tuple, set, frozenset, bool, range, slice, super, enumerate, dict, memoryview):
    for n in range(7):
        try:
            constructor(*[1] * n)
        except Exception as error:
            print(constructor.__name__, n, type(error).__name__, error)
