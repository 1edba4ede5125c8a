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
    a, b = Node("a"), Noisy("b")
    a.me, b.me = a, [b]
    return weakref.ref(a), weakref.ref(b)


def chain():
    outer, inner = Noisy("outer"), Noisy("inner")
    outer.child = inner
    return weakref.ref(outer)


print(gc.isenabled())
gc.disable()
print(gc.isenabled())
a, b = cycles()
fill()
print(a() is not None, b() is not None, finished)
gc.collect()
print(a(), b(), finished, gc.isenabled())
a, b = cycles()
fill()
print(a() is not None, b() is not None)
gc.enable()
gc.collect()
print(a(), b(), finished)
gc.set_threshold(0)
a, b = cycles()
fill()
print(a() is not None, b() is not None, gc.isenabled())
gc.set_threshold(2000)
gc.collect()
print(a(), b(), finished)
finished.clear()
gc.disable()
outer = chain()
fill()
gc.collect()
print(outer(), finished)
print(gc.is_tracked([]), gc.is_tracked({}), gc.is_tracked(set()), gc.is_tracked(()), gc.is_tracked(1), gc.is_tracked("a"))
print(gc.get_freeze_count())
gc.freeze()
print(gc.get_freeze_count() > 0)
gc.unfreeze()
print(gc.get_freeze_count())
