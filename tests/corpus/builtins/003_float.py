print(1.0, 1.5, -0.0, 1e16, 1e15, 123456789012345678.0, 1e-4, 1e-5, 0.1, 1 / 3, 1e100, 1.7976931348623157e308, 5e-324, 2.2250738585072014e-308)
inf, nan = float("inf"), float("nan")
print(inf, -inf, nan, inf - inf, inf * 0, inf > 1e308, nan == nan, -nan, inf == inf)
print(0.1 + 0.2, 0.1 * 3, 1e308 * 10, 1.0 - 0.9, 3.0 // 2, -3.5 // 2, 3.5 % 2, -3.5 % 2, 3.5 % -2, 5.0 % inf, -5.0 % inf, 1e300 * 1e300)
print(2.0 ** 0.5, 2 ** 0.5, 4 ** -0.5, (-8) ** 2.0, 0.0 ** 0, inf ** 0, 1.0 ** nan, (-1.0) ** inf)
print((-8) ** (1 / 3))
print(divmod(7.5, 2), divmod(-7.5, 2), divmod(7.5, -2), divmod(0.0, 1.0), divmod(-0.0, 1.0))
print(round(2.5), round(3.5), round(-2.5), round(0.5), round(2.675, 2), round(1234.5678, -2), round(1e22, 3), round(1.25, 1), round(5.5), round(-0.4), type(round(2.0)), type(round(2.0, 0)))
print(float("1.5"), float(" -2e3 "), float("1_0.5"), float("infinity"), float("-inf"), float("NaN"), float(".5"), float("5."), float(10**20), float())
print((1.5).hex(), (0.1).hex(), float.fromhex("0x1.8p+1"), float.fromhex("-0x1p-1074"), (1.5).as_integer_ratio(), (0.1).as_integer_ratio(), (2.0).is_integer(), (2.5).is_integer())
print(int(1e10), int(-2.7), 1.0 == 1, 1.5 < 2, 2**53 == float(2**53), 0.0 == -0.0, hash(1.0) == hash(1), hash(0.5), hash(inf), hash(-inf), hash(1e300), hash(2.5), hash(-0.1))
print(abs(-1.5), -(-1.5), +1.5, max(1.0, 1), min(0.0, -0.0), max(1, 1.0), sum([0.1] * 10), sum([1e16, 1, -1e16]), sum([0.1, 0.2, 0.3]))
for spec in ("", ".2f", "10.3f", "<10.1f", "^+10.2f", "e", ".0e", "E", "g", ".3g", "G", "%", ".1%", ",.2f", "_.1f", "010.2f", "+", " ", "n", ".10g", "#.0f", "z.1f", "s"):
    try:
        print(spec, "|", format(1234.5678, spec), "|", format(-0.00001234, spec), "|", format(inf, spec), "|")
    except ValueError as e:
        print(e)
print(repr(1e22), repr(1e21), 1e23, 1.1e-7, 100000.0, 1000000.0, 9007199254740993.0, 0.30000000000000004, 4.35, 1e-323)
print(str(1e5), 12345678.9, 1.23456789012345678, 5e-7, 4.9406564584124654e-324, 1.0e+10)
for f in (lambda: float("x"), lambda: float(""), lambda: float(None), lambda: 1.0 / 0, lambda: 1.0 // 0, lambda: 1.0 % 0, lambda: 0.0 ** -1, lambda: divmod(1.0, 0), lambda: round(inf), lambda: round(nan),
          lambda: 1e200 ** 2, lambda: (2.0).nothing, lambda: float("1__0"), lambda: float.fromhex("zz"), lambda: inf.as_integer_ratio(), lambda: 1.5 & 1):
    try:
        print(f())
    except (TypeError, ValueError, ZeroDivisionError, OverflowError, AttributeError) as e:
        print(type(e).__name__, "|", e)
x = 1.0
for i in range(60):
    x = x / 3 + i * 0.7
print(x)
tiny, huge = 2.0 ** -300, 2.0 ** 300
print(tiny, huge, tiny * huge, tiny + huge, -tiny, 2.0**-255, 2.0**257, 2.0**256 * 2, 2.0**-256 / 2, -(2.0**-1000), 2.0**1000 + 1)
l = [tiny, huge, 1.5, -0.0, inf, 2.0**-255, 1e-300]
print(sorted(l), l.index(1.5), [v * 2 for v in l])
