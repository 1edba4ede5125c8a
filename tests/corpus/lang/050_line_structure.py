x = (1 +
     2
     + 3)
print(x); print("semi"); y = 5
if y: print("one line"); print("two")
z = [
    1,
    2,  # comment

    3,
]
print(z)
s = "a" \
    "b"
print(s)


def f(): return 1


class A: x = 1; y = 2


print(f(), A.x, A.y)
# comment
	# tab-indented comment
for i in range(2): pass
else: print("else")
try: 1 / 0
except ZeroDivisionError: print("div")
print(0x_ff, 0b1_0, 0o17, 1_000_000, 1_0.0_1, 1e1_0, .5, 5., 1e-3, 0xFF, 1j, 1_0j)
print(1if 1else 2, [1for _ in"a"])
print("""a
  b""", '''c'd"e''')
if True:
    if False:
        pass
    elif True:
        print("elif")
while 0:
    pass
print(__doc__)
print(...)
Ellipsis is ...
print(not-1, - -1, ~~5, 2**-1, -2**2, (-2)**2, 1--1)
lam = lambda *, a, **k: (a, k)
print(lam(a=1, b=2))
print((yield_ := 5))
