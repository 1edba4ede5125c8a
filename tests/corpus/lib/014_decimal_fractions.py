from decimal import *
from fractions import Fraction

print(Decimal("1.1") + Decimal("2.2"), Decimal(1) / 3, Decimal("1E+5"), Decimal(0.1), Decimal("NaN"), Decimal("1.50").normalize(), Decimal("2.675").quantize(Decimal("0.01")), round(Decimal("2.5")), Decimal(2) ** 100, Decimal("-0"), Decimal(10).sqrt(), repr(Decimal("5")), Decimal("1.0") == 1, hash(Decimal(5)) == hash(5), int(Decimal("3.9")), f"{Decimal('1234.567'):,.2f}")
with localcontext() as c:
    c.prec = 5
    print(Decimal(1) / 7)
try:
    Decimal(1) / 0
except ZeroDivisionError as e:
    print(type(e).__name__)
print(Fraction(1, 3) + Fraction(1, 6), Fraction(3, 6), Fraction("0.25"), Fraction(0.5), Fraction(7, 3) // 1, -Fraction(7, 3) % 1, Fraction(1, 2) ** 3, float(Fraction(1, 3)), round(Fraction(5, 2)), Fraction(1, 2) == 0.5, hash(Fraction(1, 2)) == hash(0.5), repr(Fraction(2)), Fraction(22, 7).limit_denominator(5), 0.5 in {Fraction(1, 2)})
try:
    Fraction(1, 0)
except ZeroDivisionError as e:
    print(e)
