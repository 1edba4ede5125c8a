"""Generators, coroutines, context managers, closures, decorators, exceptions, pattern matching, threads."""
import asyncio
import contextlib
import functools
import itertools
import queue
import threading


class Node:
    def __init__(self, key):
        self.key = key
        self.left = self.right = None

    def add(self, key):
        if key < self.key:
            if self.left:
                self.left.add(key)
            else:
                self.left = Node(key)
        elif self.right:
            self.right.add(key)
        else:
            self.right = Node(key)

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.key
        if self.right:
            yield from self.right


def pipeline(numbers):
    squares = (n * n for n in numbers)
    odd = filter(lambda n: n % 2, squares)
    pairs = zip(odd, itertools.count(1))
    for value, i in pairs:
        received = yield value - i
        if received:
            yield received


@functools.lru_cache(maxsize=None)
def ways(n, largest):
    if n == 0:
        return 1
    return sum(ways(n - k, k) for k in range(1, min(n, largest) + 1))


def counted(f):
    @functools.wraps(f)
    def inner(*args, **kwargs):
        inner.calls += 1
        return f(*args, **kwargs)

    inner.calls = 0
    return inner


@counted
def describe(shape, *, scale=1, **rest):
    match shape:
        case {"kind": "circle", "r": r}:
            return 3 * r * r * scale
        case {"kind": "box", "size": [w, h]} if w == h:
            return w * w * scale
        case {"kind": "box", "size": (w, h)}:
            return w * h * scale
        case [first, *others]:
            return describe(first, scale=scale) + sum(describe(o) for o in others)
        case str() | None:
            return 0
        case _:
            raise ValueError(f"no shape: {shape!r}")


@contextlib.contextmanager
def noting(log, name):
    log.append(("enter", name))
    try:
        yield name
    except KeyError as error:
        log.append(("caught", str(error)))
    finally:
        log.append(("leave", name))


def trouble(log, n):
    for i in range(n):
        with noting(log, i):
            try:
                if i % 3 == 0:
                    {}[i]
                elif i % 3 == 1:
                    int("x")
            except ValueError:
                log.append("value")
            else:
                log.append("fine")
    return len(log)


async def worker(name, jobs, results):
    while True:
        job = await jobs.get()
        if job is None:
            break
        if job % 10 == 0:
            await asyncio.sleep(0)
        results.append((name, job * job))
        jobs.task_done()


async def ticks(n):
    for i in range(n):
        yield i
        if i % 50 == 0:
            await asyncio.sleep(0)


async def serve():
    jobs, results = asyncio.Queue(), []
    tasks = [asyncio.create_task(worker(n, jobs, results)) for n in range(4)]
    async for i in ticks(800):
        jobs.put_nowait(i)
    await jobs.join()
    for _ in tasks:
        jobs.put_nowait(None)
    await asyncio.gather(*tasks)
    total = sum([i async for i in ticks(300)])
    async with asyncio.timeout(5):
        total += sum(await asyncio.gather(*(delayed(i) for i in range(200))))
    return len(results), sum(value for _, value in results), total


async def delayed(i):
    await asyncio.sleep(0)
    return i


def threads():
    box, done = queue.Queue(), []
    lock = threading.Lock()

    def run():
        while (item := box.get()) is not None:
            with lock:
                done.append(item)

    workers = [threading.Thread(target=run) for _ in range(3)]
    for thread in workers:
        thread.start()
    for i in range(600):
        box.put(i)
    for _ in workers:
        box.put(None)
    for thread in workers:
        thread.join()
    return sum(done)


def main():
    root = Node(500)
    for i in range(3000):
        root.add((i * 7919) % 1009)
    print(sum(root), next(iter(root)), sum(1 for _ in itertools.islice(root, 100)))
    print(sum(pipeline(range(8000))), ways(60, 60))
    shapes = [{"kind": "circle", "r": 2}, {"kind": "box", "size": [2, 2]}, {"kind": "box", "size": (2, 5)}, "dot", None]
    total = 0
    for _ in range(500):
        total += describe(shapes, scale=2)
    print(total, describe.calls, trouble([], 1500))
    print(asyncio.run(serve()), threads())
    compose = functools.reduce(lambda f, g: lambda x: g(f(x)), [lambda x: x + 1, lambda x: x * 2, str], lambda x: x)
    print(sum(len(compose(i)) for i in range(3000)))
    print(sum(a * b for a, b in itertools.combinations(range(60), 2)), len(list(itertools.permutations("abcdef", 4))))
    print(sum(len(c) for c in itertools.batched(itertools.chain.from_iterable([range(50)] * 40), 7)))


for _ in range(20):
    main()
