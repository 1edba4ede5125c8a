import asyncio


async def work(name, delay):
    await asyncio.sleep(delay)
    print("done", name)
    return name


async def main():
    print(await asyncio.gather(work("a", 0.03), work("b", 0.01), work("c", 0.02)))
    t = asyncio.create_task(work("task", 0))
    print(await t, t.done())
    try:
        await asyncio.wait_for(work("late", 5), 0.01)
    except TimeoutError as e:
        print("timeout", repr(e))
    q = asyncio.Queue()

    async def producer():
        for i in range(3):
            await q.put(i)
        await q.put(None)

    async def consumer():
        out = []
        while (x := await q.get()) is not None:
            out.append(x)
        return out
    async with asyncio.TaskGroup() as tg:
        tg.create_task(producer())
        c = tg.create_task(consumer())
    print(c.result())
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(work("ok", 0))

            async def fail():
                raise ValueError("boom")
            tg.create_task(fail())
    except* ValueError as eg:
        print("group", eg.exceptions)
    lock, order = asyncio.Lock(), []

    async def locked(n):
        async with lock:
            order.append(n)
            await asyncio.sleep(0)
            order.append(n)
    await asyncio.gather(locked(1), locked(2))
    print(order)
    t = asyncio.create_task(asyncio.sleep(10))
    await asyncio.sleep(0)
    t.cancel()
    try:
        await t
    except asyncio.CancelledError:
        print("cancelled", t.cancelled())
    ev = asyncio.Event()
    asyncio.get_running_loop().call_soon(ev.set)
    print(await ev.wait())

    async def agen():
        for i in range(3):
            await asyncio.sleep(0)
            yield i
    print([x async for x in agen()])
    async with asyncio.timeout(1):
        print("in time")


asyncio.run(main())
