class L:
    def __init__(self, items):
        self.items = items

    def __iadd__(self, o):
        self.items.append(("+", o))
        return self

    def __imatmul__(self, o):
        return "matmul replaced"

    def __mul__(self, o):
        return "plain mul"


l = m = L([])
l += 1
print(l.items, l is m)
l *= 3
print(l)
m @= 2
print(m)
a = b = [1]
a += (2,)
a *= 2
print(b)
a = a + [9]
print(a is b)
s = t = {1}
s |= {2}
print(t)
d = e = {"a": 1}
d |= {"b": 2}
print(e)
i = j = 5
i += 1
print(j)
fs = frozenset([1])
g = fs
fs |= {2}
print(g, fs)
x = 7
x /= 2
print(x)
x //= 1
x %= 2
print(x)
x **= 3
print(x)
y = 0b1100
y &= 0b1010
y |= 1
y ^= 0b11
y <<= 2
y >>= 1
print(y)
for f in (lambda: exec("[] .x += 1"), lambda: exec("z = 1; z += 'a'"), lambda: exec("z = 'a'; z -= 1"), lambda: exec("z = []; z += 5"),
          lambda: exec("z = (); z @= 1")):
    try:
        f()
    except (TypeError, AttributeError) as e:
        print(e)
