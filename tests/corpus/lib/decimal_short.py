# Arithmetic on short decimal numbers, near and at the limits where it becomes long: a checksum of all results and flags.
import zlib
from decimal import *

samples = [Decimal(text) for text in (
    "0", "-0", "0.00", "0E+3", "1", "-1", "5", "9", "10", "0.1", "-0.05", "1.5", "2.5", "-3.5", "99.995", "1E+5", "123456789",
    "12345678901234567890123456", "99999999999999999999999999999", "-99999999999999999999999999999999999999", "1E-20",
    "340282366920938463463374607431768211455", "340282366920938463463374607431768211456", "7E+40", "3E-50", "NaN", "-Infinity")]
roundings = [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP]
operations = {
    "add": lambda a, b: a + b, "subtract": lambda a, b: a - b, "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b, "quantize": lambda a, b: a.quantize(b), "order": lambda a, b: (a < b, a == b, a >= b),
    "plus": lambda a, b: (+a, -b, abs(a)), "int": lambda a, b: (a * 3, 7 - b, a == 5, hash(a) == hash(b)),
}
for name, operation in operations.items():
    lines = []
    for prec, emin, emax, clamp in [(1, -5, 5, 0), (5, -30, 30, 1), (28, -999999, 999999, 0), (38, -40, 60, 0)]:
        for rounding in roundings:
            context = Context(prec, rounding, emin, emax, 1, clamp, [], [])
            with localcontext(context) as current:
                for i, a in enumerate(samples):
                    for b in samples[i % 5::5]:
                        current.clear_flags()
                        result = operation(a, b)
                        flags = [signal.__name__ for signal, is_set in current.flags.items() if is_set]
                        lines.append(f"{result} {sorted(flags)}")
    text = "\n".join(lines)
    print(name, len(lines), zlib.crc32(text.encode()))

for text in ["0.00894", "-1.50e3", "+.5E-7", "5.", " 1_000.5 ", "1e5", "1E+999999999", "0" * 50, "1" * 39, "\u0663.5", "."]:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        print(repr(text), "invalid")
    else:
        print(number, repr(number), number.as_tuple(), float(number) if number.adjusted() < 300 else "")
print(Decimal(True) + 1, Decimal(2) ** 3, sum([Decimal("0.10")] * 3), Decimal("1.10") * True)
