def g():
    yield 1
    return 5
list(g())
try: next(iter([]))
except StopIteration as e: print(e.value, e.args)
class I:
    def __iter__(s): return s
    def __next__(s): raise StopIteration(7)
def d():
    r = yield from I()
    print('r', r)
    r = yield from g()
    print('r', r)
    r = yield from iter([1])
    print('r', r)
list(d())
x=g(); next(x)
try: x.__next__()
except StopIteration as e: print(e.value)
try: x.__next__()
except StopIteration as e: print(e.value)
x=g()
list(x)
try: next(x)
except StopIteration as e: print(e.value)
import asyncio
async def ag():
    for i in range(3):
        await asyncio.sleep(0)
        x = yield i
        print('got', x)
async def m():
    a = ag()
    print(await a.asend(None)); print(await a.asend('q')); print(await anext(a))
    try: print(await anext(a))
    except StopAsyncIteration: print('end')
    async for v in ag(): print(v)
    s = ag().__anext__()
    try: s.send(None)
    except StopIteration as e: print('si', e.value)
    s.close()
    print([i async for i in ag() if i != 1])
asyncio.run(m())
