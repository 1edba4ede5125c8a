print(1 < 2, 2 < 1, 1 <= 1, 1 >= 2, 1 == 1, 1 != 1)
print(1 < 2 < 3, 1 < 3 < 2, 3 > 2 > 1, 1 == 1 == 1)
print("a" < "b", "a" < "B", "abc" < "abd", "" < "a")
print(1 == 1.0, 1 == True, 0 == False, None == 0)
print(None is None, 1 is not None)
print(1 in [1, 2], 3 not in [1, 2], "b" in "abc")


def said(value):
    print("said", value)
    return value


print(said(1) < said(2) < said(0) < said(9))
print([1, 2] < [1, 3], (1, 2) < (1, 2, 0), [2] > [1, 5])
print(not 1 == 2, not (1 == 1))
