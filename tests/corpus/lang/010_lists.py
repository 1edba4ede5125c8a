a = [1, 2, 3]
print(a, len(a), a[0], a[-1], a[1:], a[:2], a[::-1])
a.append(4)
a[0] = 10
print(a)
b = a
b.append(5)
print(a is b, a)
a += [6, 7]
print(b)
print([1, 2] + [3], [0] * 3, [[]] * 2)
del a[0]
del a[-1]
print(a)
a[1:3] = ["x", "y", "z"]
print(a)
a[::2] = [0, 0, 0]
print(a)
del a[1:3]
print(a)
print(a.pop(), a.pop(0), a)
a.insert(0, "first")
a.insert(100, "last")
a.extend(range(3))
print(a)
a.remove("x") if "x" in a else print("no x")
print(a.index("last"), a.count(0))
a.reverse()
print(a)
a.clear()
print(a)
nested = [1, [2, [3, [4]]]]
print(nested[1][1][1][0], nested)
print(sorted([3, 1, 2]), sorted("hello"), sorted([3, 1, 2], reverse=True))
print([1, 2, 3] == [1, 2, 3], [1] != [1, 2], [1, 2] < [2])
