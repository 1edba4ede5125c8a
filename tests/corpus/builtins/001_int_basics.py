print(int(), int("42"), int(" -7 "), int("1_000"), int("ff", 16), int("0xff", 16), int("0b11", 0), int("z", 36), int(3.99), int(-3.99), int(True))
print(int("٣"), int(b"12"), int("0o17", 0))
print((5).bit_length(), (-5).bit_length(), (0).bit_length(), (255).bit_count(), (2**70).bit_length())
print((1024).to_bytes(2, "big"), (1024).to_bytes(4, "little"), (-1).to_bytes(2, signed=True), int.from_bytes(b"\x04\x00"), int.from_bytes(b"\xff\xff", "little", signed=True))
print((7).numerator, (7).denominator, (7).real, (7).imag, (7).conjugate(), (7).is_integer(), (7).as_integer_ratio())
print(divmod(7, 2), divmod(-7, 2), divmod(7, -2), divmod(-7, -2), divmod(0, 5))
print(pow(2, 10), pow(2, 10, 1000), pow(3, -1, 7), pow(2, -1), pow(-2, 3), pow(10, 20, 7))
print(abs(-5), round(15, -1), round(25, -1), round(5), round(1234, -2), round(-15, -1))
print(bin(10), oct(64), hex(255), bin(-5), hex(-255), hex(2**64))
print(str(123), repr(-1), format(1234567, ","), format(255, "08b"), format(-5, "+d"), format(42, "#o"), format(1234567, "_"))
for f in (lambda: int("x"), lambda: int(""), lambda: int("1.5"), lambda: int("12", 1), lambda: int(None), lambda: int([]), lambda: int("9", 8),
          lambda: int(float("nan")), lambda: int(float("inf")), lambda: 1 / 0, lambda: 1 // 0, lambda: 1 % 0, lambda: pow(2, -1, 4), lambda: pow(1, 2, 0),
          lambda: 1 << -1, lambda: 0 ** -1, lambda: (300).to_bytes(1), lambda: (-1).to_bytes(1), lambda: int("1", "2"), lambda: divmod(1, 0),
          lambda: "a" * 1.5, lambda: 1 + "a", lambda: "a" + 1, lambda: [1] + (1,), lambda: 5 @ 5, lambda: ~1.5, lambda: -"a", lambda: int(5, 2),
          lambda: int("_1"), lambda: int("1__0"), lambda: chr(-1), lambda: chr(0x110000), lambda: ord("ab"), lambda: 1.5 << 1, lambda: round(1.5, "x")):
    try:
        print(f())
    except (TypeError, ValueError, ZeroDivisionError, OverflowError) as e:
        print(type(e).__name__, "|", e)
print(hash(5), hash(-1), hash(-2), hash(True), hash(2**61 - 1), hash(2**61), hash(-(2**61)), hash(2**100))
print(1 is 1, type(1), int.__name__, isinstance(1, int), (5).__add__(3), (5).__add__("x"), (5).__radd__(3), int.__add__(2, 3))
