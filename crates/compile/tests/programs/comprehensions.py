def f(data):
    squares = [x * x for x in data if x]
    pairs = {k: v for k, v in data.items()}
    seen = {y for row in data for y in row}
    return sum(z for z in squares), pairs, seen


class C:
    names = [n.upper() for n in 'abc']


async def g(source):
    return [await x async for x in source]
