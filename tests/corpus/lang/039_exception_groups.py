def run(exc):
    try:
        try:
            raise exc
        except* ValueError as eg:
            print("values", [str(e) for e in eg.exceptions])
        except* (TypeError, KeyError) as eg:
            print("types", repr(eg))
        else:
            print("else")
        finally:
            print("finally")
    except BaseException as e:
        print("left", repr(e))


run(ExceptionGroup("g", [ValueError(1), TypeError(2), ValueError(3)]))
run(ExceptionGroup("g", [OSError(1), ExceptionGroup("n", [ValueError(2), KeyError("k")])]))
run(ValueError("naked"))
run(OSError("other"))
eg = ExceptionGroup("top", [ValueError(1), ExceptionGroup("sub", [TypeError(2), ValueError(3)])])
print(eg, eg.message, len(eg.exceptions))
match_, rest = eg.split(ValueError)
print(repr(match_), repr(rest))
print(eg.subgroup(lambda e: isinstance(e, TypeError)))
print(eg.derive([KeyError(1)]))
try:
    try:
        raise ExceptionGroup("a", [ValueError(1)])
    except* ValueError:
        raise KeyError("new")
except BaseException as e:
    print(repr(e), repr(e.__context__))
try:
    ExceptionGroup("empty", [])
except ValueError as e:
    print(e)
try:
    ExceptionGroup("base", [KeyboardInterrupt()])
except TypeError as e:
    print(e)
print(type(BaseExceptionGroup("x", [ValueError()])).__name__, type(BaseExceptionGroup("x", [KeyboardInterrupt()])).__name__)
try:
    try:
        raise ExceptionGroup("a", [ValueError(1), TypeError(2)])
    except* ValueError:
        raise
except ExceptionGroup as e:
    print(repr(e))
for x in (1, 2):
    try:
        raise ExceptionGroup("loop", [ValueError(x)])
    except* ValueError as e:
        y = x
print(y)
