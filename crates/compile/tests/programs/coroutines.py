async def main(items):
    async with lock as held:
        async for item in items:
            yield await item
    try:
        await held
    finally:
        global done
        done = True


def delegate():
    value = yield from source()
    return (yield value)
