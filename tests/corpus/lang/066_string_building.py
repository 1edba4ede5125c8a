s = ""
for i in range(20000):
    s += "x"
    s += str(i % 10)
print(len(s), s[:12], s[-6:])
a = b = "start"
a += " more"
print(a, b)
parts = []
t = ""
for i in range(5):
    t += chr(97 + i)
    parts.append(t)
print(parts)
u = ""
for i in range(300):
    u = u + "é" if i % 2 else u + "a"
print(len(u), u.count("é"))


class S:
    text = ""


o = S()
for i in range(1000):
    o.text += "ab"
print(len(o.text), S.text == "")
d = {"k": ""}
for i in range(1000):
    d["k"] += "z"
print(len(d["k"]))
l = [""]
for i in range(1000):
    l[0] += "q"
print(len(l[0]))
base = "shared"
x = base + "1"
y = base + "2"
z = x + "3"
w = x + "4"
print(x, y, z, w)
r = "a"
copies = []
for i in range(6):
    copies.append(r)
    r += r
print([len(c) for c in copies], len(r))
big = "ab" * 100000
print(len(big), big[99999], big.count("ab"), len(big.replace("a", "")), len(big.split("b")), big.find("ba"), big.rfind("ab"), big[::50000])
print("".join(str(i) for i in range(200))[:60], len(",".join("x" for _ in range(1000))), "-".join(["only"]), "".join(("a", "é", "☃", "😀")))
lines = "\n".join(f"line {i}" for i in range(100)).splitlines()
print(len(lines), lines[42], sum(len(v) for v in lines))
bs = b""
for i in range(500):
    bs += bytes([i % 256])
print(len(bs), bs[255:260])
ba = bytearray()
for i in range(5000):
    ba += b"xy"
    ba.append(i % 256)
print(len(ba), ba[:4])
