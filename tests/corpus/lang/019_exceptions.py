try:
    1 / 0
except ZeroDivisionError as e:
    print("caught", e)
try:
    int("x")
except (TypeError, ValueError) as e:
    print(type(e).__name__, e)


def f(kind):
    try:
        if kind == 1:
            raise ValueError("one")
        if kind == 2:
            return "returned"
        if kind == 3:
            raise KeyError("three")
    except ValueError as e:
        return "except " + str(e)
    else:
        return "else"
    finally:
        print("finally", kind)


for k in (0, 1, 2, 3):
    try:
        print(f(k))
    except KeyError as e:
        print("outer", repr(e))
try:
    try:
        raise ValueError("inner")
    except ValueError:
        raise
except ValueError as e:
    print("re-raised", e)
try:
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise RuntimeError("wrapped") from e
except RuntimeError as e:
    print(e, repr(e.__cause__), e.__suppress_context__)
try:
    try:
        1 / 0
    except ZeroDivisionError:
        {}["k"]
except KeyError as e:
    print(repr(e), repr(e.__context__), e.__cause__, e.__suppress_context__)


class Custom(Exception):
    def __init__(self, code):
        super().__init__("code", code)
        self.code = code


try:
    raise Custom(7)
except Exception as e:
    print(e.code, e.args, str(e), repr(e))
try:
    raise ValueError
except ValueError as e:
    print(repr(e), e.args, str(e) == "")
try:
    e
except NameError as error:
    print(error)
for bad in (lambda: (_ for _ in ()).throw(5), lambda: exec("raise 5"), lambda: exec("raise ValueError from 5")):
    try:
        bad()
    except TypeError as error:
        print(error)


def loop():
    for i in range(5):
        try:
            if i == 1:
                continue
            if i == 3:
                break
            print("body", i)
        finally:
            print("final", i)


loop()


def swallow():
    while True:
        try:
            1 / 0
        finally:
            break
    return "swallowed"


print(swallow())
assert True
try:
    assert 1 == 2, "message"
except AssertionError as e:
    print("assert", e)
try:
    assert 0
except AssertionError as e:
    print(repr(e))
