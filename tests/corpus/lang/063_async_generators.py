class Step:
    def __await__(self):
        return (yield "step")


def drive(coro):
    steps = 0
    try:
        while True:
            coro.send(None)
            steps += 1
    except StopIteration as e:
        return steps, e.value


async def agen():
    try:
        got = yield 1
        print("got", got)
        await Step()
        try:
            yield 2
        except ValueError as e:
            print("caught", e)
            yield 3
        yield 4
    finally:
        await Step()
        print("finally")


async def main():
    g = agen()
    print(await g.asend(None))
    print(await g.asend("sent"))
    print(await g.athrow(ValueError("thrown")))
    print(await anext(g))
    print(await anext(g, "default"))
    try:
        await anext(g)
    except StopAsyncIteration:
        print("exhausted")
    g = agen()
    await anext(g)
    await g.aclose()
    await g.aclose()
    print([x async for x in agen() if x != 2])
    inner = (x * 2 async for x in counted(3))
    print(type(inner).__name__, await anext(inner))
    await inner.aclose()
    return "end"


print(drive(main()))


async def nested():
    return [[y async for y in counted(x)] async for x in counted(3)]


async def counted(n):
    for i in range(n):
        await Step()
        yield i


print(drive(nested()))


async def bad():
    g = counted(2)
    try:
        await g.asend("early")
    except TypeError as e:
        print(e)


print(drive(bad()))


async def stop_inside():
    async def g():
        raise StopAsyncIteration("in body")
        yield
    try:
        await anext(g())
    except RuntimeError as e:
        print(e)


print(drive(stop_inside()))
g = counted(1)
print(type(g).__name__, g.ag_running, g.__name__, hasattr(g, "__aiter__"))
for f in (lambda: anext(5), lambda: aiter(5), lambda: drive(g.asend(None) if False else 5)):
    try:
        f()
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)
