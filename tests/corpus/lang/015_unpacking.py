a, *b = [1, 2, 3]
print(a, b)
*a, b = "xyz"
print(a, b)
a, *b, c = range(5)
print(a, b, c)
(a, b), c = [1, 2], 3
print(a, b, c)
[a, [b, *c]] = 1, (2, 3, 4)
print(a, b, c)
a, *b = (1,)
print(a, b)
print([*range(3), *"ab"], (*[1], 2), {*[1, 1]}, {**{"k": 1}})
for a, *b in [(1, 2, 3), (4,)]:
    print(a, b)
for bad in ([1], [1, 2, 3], 5):
    try:
        a, b = bad
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
try:
    a, *b, c = [1]
except ValueError as e:
    print(e)
try:
    a, b = (i for i in range(9))
except ValueError as e:
    print(e)
x = [0, 1, 2]
i = 0
i, x[i] = 1, 9
print(i, x)
