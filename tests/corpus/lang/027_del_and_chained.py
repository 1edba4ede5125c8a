d = {"a": {"b": [1, 2, 3]}}
d["a"]["b"][1] += 10
print(d)
del d["a"]["b"][0]
print(d)
del d["a"], d
try:
    d
except NameError as e:
    print(e)


class O:
    pass


o = O()
o.x = o.y = o.z = 1
del o.x, (o.y), [o.z]
print(o.__dict__)
a = [1, 2, 3, 4, 5, 6]
del a[::2]
print(a)
x = y = []
x.append(1)
print(y)
i = 0
lst = [0, 0, 0]


def idx():
    global i
    i += 1
    return i - 1


lst[idx()] += 5
lst[idx()] = lst[idx()] = 7
print(lst, i)
s = "abc"
s += "def"
s *= 2
print(s)
t = (1, [2])
try:
    t[1] += [3]
except TypeError as e:
    print(e, t)
a: int = 5
b: "unevaluated"
print(a)
c: list[int] = [1]
print(c)
