class Wait:
    def __init__(self, v):
        self.v = v

    def __await__(self):
        got = yield self.v
        return got


def run(coro):
    trace = []
    try:
        value = coro.send(None)
        while True:
            trace.append(value)
            value = coro.send(("got", value))
    except StopIteration as e:
        return trace, e.value


async def simple():
    return 5


async def main():
    a = await Wait(1)
    b = await simple()
    c = await Wait(2)
    return a, b, c


print(run(main()))


class ACM:
    async def __aenter__(self):
        await Wait("enter")
        return "acm"

    async def __aexit__(self, kind, value, tb):
        await Wait("exit")
        print("aexit", kind and kind.__name__)
        return True


async def uses_with():
    async with ACM() as x:
        print(x)
        raise ValueError
    async with ACM(), ACM() as y:
        print(y)
    return "done"


print(run(uses_with()))


class AIter:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        await Wait(("next", self.n))
        return self.n


async def uses_for():
    out = []
    async for x in AIter(3):
        out.append(x)
    else:
        out.append("else")
    return out, [x async for x in AIter(2)], {x: 1 async for x in AIter(1)}, [await simple() for _ in range(2)]


print(run(uses_for()))


async def agen(n):
    for i in range(n):
        got = yield i
        if got:
            print("asend", got)
        await Wait("pause")


async def uses_agen():
    out = [x async for x in agen(3)]
    g = agen(3)
    out.append(await g.__anext__())
    out.append(await g.asend("hello"))
    await g.aclose()
    try:
        await g.__anext__()
    except StopAsyncIteration:
        out.append("stopped")
    return out


print(run(uses_agen()))
c = simple()
print(type(c).__name__, c.cr_frame is not None)
c.close()
try:
    c.send(None)
except RuntimeError as e:
    print(e)


async def bad():
    await 5


try:
    run(bad())
except TypeError as e:
    print(e)


async def bad_for():
    async for x in [1]:
        pass


try:
    run(bad_for())
except TypeError as e:
    print(e)


async def bad_with():
    async with 5:
        pass


try:
    run(bad_with())
except TypeError as e:
    print(e)


async def cleanup():
    try:
        await Wait("w")
    finally:
        print("coroutine closed")


c = cleanup()
c.send(None)
c.close()
c = cleanup()
c.send(None)
try:
    c.throw(KeyError("thrown in"))
except KeyError as e:
    print(repr(e))
