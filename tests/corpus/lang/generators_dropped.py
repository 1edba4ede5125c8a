"""Generators that are dropped before their end: what has to run runs, also through `yield from`."""
import gc

log = []


def plain():
    yield 1
    yield 2


def guarded(name):
    try:
        yield 1
        yield 2
    finally:
        log.append(name)


def between():
    yield 0
    try:
        yield 1
    except GeneratorExit:
        log.append("between")
        raise
    yield 2


class Closing:
    def __init__(self, name):
        self.name = name

    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def close(self):
        log.append(self.name)


def delegating(target):
    yield from target


def drop(make, n):
    g = make()
    for _ in range(n):
        next(g)


def clear_the_stack():
    return [[i] * 3 for i in range(100)]


for make, n in [
    (plain, 1),
    (lambda: guarded("guarded"), 1),
    (lambda: guarded("not started"), 0),
    (between, 1),
    (between, 2),
    (lambda: delegating(guarded("inner")), 1),
    (lambda: delegating(Closing("closed")), 1),
    (lambda: delegating([1, 2, 3]), 1),
    (lambda: (x for x in guarded("in an expression")), 1),
]:
    for _ in range(3):
        drop(make, n)
    clear_the_stack()
    gc.collect()
    gc.collect()
    print(sorted(set(log)))
    log.clear()
