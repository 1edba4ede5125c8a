s = "0123456789"
for sl in ((None, None, None), (2, 5, None), (-3, None, None), (None, -3, None), (None, None, -1), (8, 2, -2), (100, 200, None), (-100, 3, None), (5, 5, None), (None, None, 3), (-1, -5, -1), (0, -1, 4)):
    print(sl, s[slice(*sl)], list(range(10))[slice(*sl)], tuple(range(10))[slice(*sl)], s.encode()[slice(*sl)], range(10)[slice(*sl)], slice(*sl).indices(10))
u = "aé☃😀z"
print([u[i] for i in range(5)], u[1:3], u[::-1], u[-2:], len(u), u.index("😀"), u.find("z"), [ord(c) for c in u])
try:
    s[::0]
except ValueError as e:
    print(e)
for bad in (10, -11, "a", 1.0, None, (1, 2), 2**100):
    try:
        s[bad]
    except (IndexError, TypeError) as e:
        print(type(e).__name__, e)
try:
    s["a":]
except TypeError as e:
    print(e)
print(s[2**100:], s[:2**100], s[-2**100:3], slice(1, 2), slice(None), slice(1, 2, 3) == slice(1, 2, 3), slice(5).stop)
acc = ""
for i in range(2000):
    acc += chr(97 + i % 26)
print(len(acc), acc[:30], acc[-5:])
mixed = ""
for c in ("a", "é", "☃", "😀", "b"):
    mixed += c
    print(mixed, len(mixed), mixed[0], mixed[-1], hash(mixed) == hash("".join(list(mixed))))
print("a" "b" == "ab", "é" > "z", "😀" > "☃", sorted(["b", "é", "a", "Z", "😀", "☃"]))
