t = (1, 2, 3)
print(t, t[0], t[-1], t[1:], len(t))
print((), (1,), 1, (1, (2, 3)))
print(t + (4,), t * 2)
x, y, z = t
print(x, y, z)
print((1, 2) == (1, 2), (1, 2) < (1, 3), hash((1, 2)) == hash((1, 2)))
print(tuple("abc"), tuple([1, 2]), tuple(range(3)))
print(t.index(2), t.count(1), 2 in t)
try:
    t[0] = 5
except TypeError as e:
    print(e)
single = 5,
print(single)


def pair():
    return 1, 2


print(pair())
