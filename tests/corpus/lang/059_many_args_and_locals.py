def f(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19):
    return a0 + a5 + a19


print(f(*range(20)))
src = "def big(" + ", ".join(f"p{i}" for i in range(300)) + "):\n    return p0 + p255 + p256 + p299\n"
exec(src)
print(big(*range(300)), big(**{f"p{i}": i for i in range(300)}))
src = "def locs():\n" + "".join(f"    v{i} = {i}\n" for i in range(400)) + "    return v0 + v255 + v256 + v399\n"
exec(src)
print(locs())
src = "consts = [" + ", ".join(str(i + 1000) for i in range(600)) + "]"
exec(src)
print(sum(consts))
src = "x = " + "+".join(["1"] * 500)
exec(src)
print(x)
src = "def branches(n):\n    r = 0\n    for i in range(n):\n" + "".join(f"        if i == {i}: r += {i}\n" for i in range(300)) + "    return r"
exec(src)
print(branches(400))
src = "d = {" + ", ".join(f"'k{i}': {i}" for i in range(300)) + "}"
exec(src)
print(len(d), d["k299"])
deep = "[" * 50 + "]" * 50
print(eval(deep) == eval(deep))
src = "".join("    " * i + f"if True:\n" for i in range(18)) + "    " * 18 + "print('nested', 18)"
exec(src)
t = eval("(" + ",".join(map(str, range(1000))) + ")")
print(len(t), t[999])
print("".join(["x%d" % i for i in range(5)]), max(*range(200)), "%s " * 3 % (1, 2, 3))
