a = 1
b = a
a = 2
print(a, b)
a, b = b, a
print(a, b)
a = b = c = 7
print(a, b, c)
a += 3
b -= 3
c *= 3
print(a, b, c)
a //= 3
b **= 2
c %= 4
print(a, b, c)
a <<= 4
b |= 1
c ^= 5
print(a, b, c)
_x = __y = 5
print(_x + __y)
été = 3
print(été)
