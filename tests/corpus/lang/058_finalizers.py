import gc


class D:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append(self.name)


log = []
d = D("plain")
del d
gc.collect()
print(log)
a, b = D("cycle a"), D("cycle b")
a.other, b.other = b, a
del a, b
gc.collect()
print(sorted(log))


class Resurrect:
    def __del__(self):
        saved.append(self)


saved = []
r = Resurrect()
del r
gc.collect()
print(len(saved), type(saved[0]).__name__)
saved.clear()
gc.collect()
print(len(saved))
x = [D(i) for i in range(3)]
x.clear()
gc.collect()
print(sorted(map(str, log)))
print(gc.isenabled())
