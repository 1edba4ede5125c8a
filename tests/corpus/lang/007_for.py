for i in range(3):
    print(i)
for i in range(10, 0, -3):
    print(i, end=" ")
print()
for c in "abc":
    print(c, end=",")
print()
for x in [1, 2, 3]:
    if x == 2:
        break
else:
    print("no break")
for x in [1, 2, 3]:
    if x == 7:
        break
else:
    print("no break here")
for i in range(3):
    for j in range(3):
        if j == i:
            continue
        print(i, j, end="; ")
print()
for a, b in [(1, 2), (3, 4)]:
    print(a + b)
for i, (a, b) in enumerate([(1, 2), (3, 4)]):
    print(i, a, b)
print(i, a, b)
for i in []:
    pass
print("i is still", i)
for i in range(3):
    i = 10
print(i)
