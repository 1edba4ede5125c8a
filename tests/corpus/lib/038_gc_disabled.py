# gc.disable(): what is in a cycle and would be missed stays; the rest goes.
import gc
import weakref


class Node:
    def __init__(self, name):
        self.name = name


class Noisy(Node):
    def __del__(self):
        finished.append(self.name)


finished = []


def fill():
    "Enough that collections happen."
    for i in range(20_000):
        [i, [i]]


def cycles():
    "Sixteen cycles of two; a few may be kept by what happens to stand on a stack."
    references = []
    for _ in range(16):
        a, b = Node("a"), Noisy("b")
        a.me, b.me = a, [b]
        references += [weakref.ref(a), weakref.ref(b)]
    return references


def chains():
    references = []
    for _ in range(16):
        outer, inner = Noisy("outer"), Noisy("inner")
        outer.child = inner
        references.append(weakref.ref(outer))
    return references


def alive(references):
    n = sum(reference() is not None for reference in references)
    return "all" if n == len(references) else "few" if n < len(references) / 4 else n


def were_finished(names, at_least=12):
    return {name: finished.count(name) >= at_least for name in names}


print(gc.isenabled())
gc.disable()
print(gc.isenabled())
references = cycles()
fill()
print(alive(references), finished)
gc.collect()
print(alive(references), were_finished("b"), gc.isenabled())
finished.clear()
references = cycles()
fill()
print(alive(references), finished)
gc.enable()
gc.collect()
print(alive(references), were_finished("b"))
finished.clear()
gc.set_threshold(0)
references = cycles()
fill()
print(alive(references), gc.isenabled())
gc.set_threshold(2000)
gc.collect()
print(alive(references), were_finished("b"))
finished.clear()
gc.disable()
references = chains()
fill()
gc.collect()
print(alive(references), were_finished(["outer", "inner"]))
print(gc.is_tracked([]), gc.is_tracked({}), gc.is_tracked(set()), gc.is_tracked(()), gc.is_tracked(1), gc.is_tracked("a"))
print(gc.get_freeze_count())
gc.freeze()
print(gc.get_freeze_count() > 0)
gc.unfreeze()
print(gc.get_freeze_count())
