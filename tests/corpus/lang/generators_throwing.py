# What is thrown into generators and coroutines: its context, the frames that see it, bad classes, awaitables never awaited.
import asyncio
import gc
import sys
import types
import warnings


def names():
    frame, found = sys._getframe(1), []
    while frame.f_code.co_name != "<module>":
        found.append(frame.f_code.co_name)
        frame = frame.f_back
    return found


def inner():
    try:
        yield names()
    except RuntimeError:
        yield names()


def outer():
    yield from inner()


def outermost():
    yield from outer()


generator = outermost()
print(next(generator), generator.throw(RuntimeError), generator.gi_frame.f_back)


class Custom:
    def __iter__(self):
        return self

    def __next__(self):
        return names()

    def throw(self, *args):
        return names()


def delegating():
    yield from Custom()


generator = delegating()
print(next(generator), generator.throw(ValueError), next(generator))


def handling(body):
    try:
        raise KeyError("a")
    except KeyError:
        yield from body()


def plain():
    yield


def catching():
    try:
        yield
    except ValueError as error:
        yield repr(error.__context__)


for body in (plain, catching):
    generator = handling(body)
    next(generator)
    try:
        print(generator.throw(ValueError("b")))
    except ValueError as error:
        print(repr(error), repr(error.__context__))

for body in (plain, catching):
    for generator in (body(), handling(body)):
        next(generator)
        try:
            raise IndexError("the resumer's")
        except IndexError:
            try:
                print(generator.throw(ValueError("c")))
            except ValueError as error:
                print(repr(error), repr(error.__context__))

# An exception thrown into itself makes no cycle.
error = KeyError("a")


def cyclic():
    try:
        raise error
    except KeyError:
        try:
            yield
        except KeyError as again:
            yield again.__context__


generator = cyclic()
next(generator)
print(generator.throw(error))


class Bad(Exception):
    def __new__(cls, *args):
        return cls


class Failing(Exception):
    def __init__(self):
        raise ZeroDivisionError("no instance")


def waiting():
    try:
        yield 1
    except Exception as error:
        yield f"{type(error).__name__}: {error}"


for thrown in (Bad, Failing):
    generator = waiting()
    next(generator)
    print(generator.throw(thrown))
    generator = waiting()
    try:
        generator.throw(thrown)
    except Exception as error:
        print(type(error).__name__, list(generator))


# The frames of coroutines that are thrown into.
@types.coroutine
def suspended():
    try:
        yield names()
    except ZeroDivisionError:
        yield names()


async def middle():
    await suspended()


async def top():
    await middle()


coroutine = top()
print(coroutine.send(None), coroutine.throw(ZeroDivisionError))
coroutine.close()

# Where coroutines were made.
sys.set_coroutine_origin_tracking_depth(2)


async def made():
    pass


def making():
    return made()


coroutine = making()
print([name for _, _, name in coroutine.cr_origin])
coroutine.close()
sys.set_coroutine_origin_tracking_depth(0)


async def numbers():
    yield 1


for method in (lambda g: g.asend(None), lambda g: g.athrow(ValueError), lambda g: g.aclose(), lambda g: made()):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        method(numbers())
        gc.collect()
        gc.collect()
    print([str(warning.message) for warning in caught])

closing = numbers().aclose()
try:
    closing.throw(GeneratorExit)
except StopIteration:
    print("closed")
try:
    closing.throw(GeneratorExit)
except RuntimeError as error:
    print(error)


async def failing():
    await asyncio.sleep(0.001)
    1 / 0


async def cleaning():
    task = asyncio.create_task(failing())
    try:
        yield 1
    finally:
        try:
            await task
        except ZeroDivisionError:
            print("cleaned")


async def run():
    generator = cleaning()
    await anext(generator)
    await generator.aclose()


asyncio.run(run())


class Odd:
    def __init__(self, answer):
        self.answer = answer

    def __aiter__(self):
        return self

    def __anext__(self):
        return self.answer


class BadAwaitable:
    def __await__(self):
        return 42


async def ask(answer):
    try:
        await anext(Odd(answer), "default")
    except TypeError as error:
        print(error)


for answer in (BadAwaitable(), iter("abc"), (x for x in ())):
    asyncio.run(ask(answer))
