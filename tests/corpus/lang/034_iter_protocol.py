class Range3:
    def __iter__(self):
        return Range3It()


class Range3It:
    def __init__(self):
        self.i = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.i += 1
        if self.i > 3:
            raise StopIteration
        return self.i


print(list(Range3()), sum(Range3()), max(Range3()), tuple(Range3()), 2 in Range3(), [*Range3()])
a, b, c = Range3()
print(a, b, c)


class OldStyle:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i * 10


print(list(OldStyle()), 20 in OldStyle(), 30 in OldStyle())
it = iter([1, 2, 3])
print(next(it), list(it), next(it, "end"))
calls = iter([3, 2, 1, 0, 5])
print(list(iter(lambda: next(calls), 0)))
for bad in (5, None, object()):
    try:
        for _ in bad:
            pass
    except TypeError as e:
        print(e)


class BadIter:
    def __iter__(self):
        return 5


try:
    iter(BadIter())
except TypeError as e:
    print(e)


class NoneIter:
    __iter__ = None

    def __getitem__(self, i):
        return i


try:
    iter(NoneIter())
except TypeError as e:
    print(e)
z = zip([1, 2, 3], "ab")
print(list(z), list(z))
m = map(str, [1, 2])
print(next(m), list(m))
print(list(reversed([1, 2, 3])), list(reversed("abc")), list(reversed(range(3))))


class Rev:
    def __reversed__(self):
        return iter("custom")


print("".join(reversed(Rev())))


class Seq:
    def __len__(self):
        return 3

    def __getitem__(self, i):
        return "xyz"[i]


print(list(reversed(Seq())), list(enumerate(Seq(), 5)))
l = [1, 2, 3]
for x in l:
    if x < 6:
        l.append(x + 3)
print(l)
d = {1: 1}
try:
    for k in d:
        d[k + 1] = 1
except RuntimeError as e:
    print(e)
s = {1}
try:
    for k in s:
        s.add(k + 1)
except RuntimeError as e:
    print(e)
