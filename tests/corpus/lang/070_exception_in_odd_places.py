def report(f):
    try:
        print("value", f())
    except BaseException as e:
        print(type(e).__name__, "|", e, "|", repr(e.__context__), "|", repr(e.__cause__))


class BadEq:
    def __eq__(self, o):
        raise ValueError("eq")

    def __hash__(self):
        return 1


class BadHash:
    def __hash__(self):
        raise ValueError("hash")


class BadIter:
    def __iter__(self):
        raise ValueError("iter")


class BadNext:
    def __iter__(self):
        return self

    def __next__(self):
        raise ValueError("next")


class BadLen:
    def __len__(self):
        return -1


class BadBool:
    def __bool__(self):
        raise ValueError("bool")


class BadIndex:
    def __index__(self):
        return "x"


class BadGet:
    def __getattr__(self, n):
        raise ValueError("getattr " + n)


report(lambda: BadEq() in [BadEq()])
report(lambda: {BadEq(): 1, BadEq(): 2})
report(lambda: {BadHash()})
report(lambda: [*BadIter()])
report(lambda: list(BadNext()))
report(lambda: [x for x in BadNext()])
report(lambda: dict(BadNext()))
report(lambda: len(BadLen()))
report(lambda: 1 if BadBool() else 2)
report(lambda: not BadBool())
report(lambda: BadBool() and 1)
report(lambda: [1][BadIndex()])
report(lambda: "x" * BadIndex())
report(lambda: BadGet().x)
report(lambda: hasattr(BadGet(), "x"))
report(lambda: getattr(BadGet(), "x", "default"))
report(lambda: max([BadEq(), 1]))
report(lambda: sorted([BadEq(), 1]))
report(lambda: sum([1, BadEq()]))
report(lambda: ",".join(BadNext()))
report(lambda: print(BadGet()) or "printed" if False else BadGet().__class__.__name__)
report(lambda: f"{BadGet().q}")
report(lambda: (lambda *a: a)(*BadNext()))
report(lambda: (lambda **k: k)(**{1: 2}))
report(lambda: any(BadNext()))
report(lambda: tuple(map(lambda x: 1 / x, [1, 0])))
report(lambda: [1, 2, 3].index(BadEq()))
report(lambda: [1].remove(BadEq()))
report(lambda: (1,).count(BadEq()))
report(lambda: next(x for x in BadNext()))
report(lambda: zip([1], BadIter()))
report(lambda: {**BadIter()})
report(lambda: [].sort(key=1, reverse=BadBool()))
report(lambda: slice(1, 2, 0).indices(5))
report(lambda: range(0, 10, BadIndex()))


def nested():
    try:
        raise KeyError("first")
    except KeyError:
        try:
            raise ValueError("second")
        finally:
            raise TypeError("third")


report(nested)


def loop_in_handler():
    for i in range(3):
        try:
            raise ValueError(i)
        except ValueError as e:
            last = e
            continue
    return last.__context__, last


report(loop_in_handler)


def cleared():
    import sys
    try:
        1 / 0
    except ZeroDivisionError:
        pass
    return sys.exception()


report(cleared)


def gen_context():
    try:
        yield 1
    except ValueError:
        raise KeyError("in gen")


def use_gen():
    g = gen_context()
    next(g)
    g.throw(ValueError("thrown"))


report(use_gen)


def reraise_other():
    try:
        1 / 0
    except ZeroDivisionError as e:
        saved = e
    raise saved


report(reraise_other)


def self_cause():
    e = ValueError("x")
    raise e from e


report(self_cause)
report(lambda: (_ for _ in ()).throw(ValueError))
report(lambda: exec("raise"))
report(lambda: [].pop.__call__("a"))
try:
    raise StopIteration("plain")
except StopIteration as e:
    print(e.value, e.args)
try:
    raise (ValueError, "tuple")
except TypeError as e:
    print(e)
try:
    try:
        raise ValueError
    except 5:
        pass
except TypeError as e:
    print(e)
try:
    try:
        raise KeyError("k")
    except (ValueError, (TypeError, KeyError)) as e:
        print("nested tuple", e)
except TypeError as e:
    print(e)
