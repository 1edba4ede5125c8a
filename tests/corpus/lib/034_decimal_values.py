"""Results, flags and messages of decimal."""
import decimal, itertools, math, pickle
from decimal import *
from fractions import Fraction


def show(text):
    try:
        print(text, "=>", repr(eval(text)))
    except Exception as error:
        print(text, "=>", type(error).__name__, error)


NUMBERS = ["0", "-0", "1", "-2.5", "3.14159", "1e10", "123456789012345678901234567890", "1e-999999", "9.99e999999",
           "-Infinity", "NaN12", "sNaN3", "1E-1000020", "99999.5"]
UNARY = ["__neg__", "__pos__", "__abs__", "normalize", "sqrt", "to_integral_value", "to_integral_exact", "to_eng_string", "as_tuple",
         "adjusted", "is_normal", "is_subnormal", "copy_abs", "copy_negate"]
BINARY = ["__add__", "__sub__", "__mul__", "__truediv__", "__floordiv__", "__mod__", "__divmod__", "compare", "compare_signal",
          "quantize", "same_quantum", "copy_sign", "__eq__", "__lt__"]
# What the library does for us is asked for less often.
FEW = ["1", "-2.5", "1000", "sNaN3"]
LIBRARY_UNARY = ["number_class", "logb", "next_plus", "next_minus", "exp", "ln", "log10", "logical_invert"]
LIBRARY_BINARY = ["max", "min_mag", "compare_total", "remainder_near", "next_toward", "scaleb", "shift", "rotate", "logical_or"]
ROUNDINGS = [ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP]


def run(context, value, name, *others):
    context.clear_flags()
    try:
        result = getattr(value, name)(*others)
    except Exception as error:
        result = type(error).__name__
    return f"{result!r} {[s.__name__ for s, f in context.flags.items() if f]}"


import hashlib

for rounding, prec in [*itertools.product(ROUNDINGS, (5,)), (ROUND_HALF_EVEN, 1), (ROUND_HALF_EVEN, 28)]:
    context = Context(prec=prec, rounding=rounding, traps=[])
    setcontext(context)
    rows = []
    for a in map(Decimal, NUMBERS):
        for name in UNARY:
            rows.append(f"{a} {name} {run(context, a, name)}")
        for b in map(Decimal, NUMBERS):
            for name in BINARY:
                rows.append(f"{a} {name} {b} {run(context, a, name, b)}")
    digest = hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]
    print(rounding, prec, len(rows), digest)
    if prec == 5 and rounding == ROUND_HALF_EVEN:
        print(*rows[::37], sep="\n")
        for a in map(Decimal, FEW):
            for name in LIBRARY_UNARY:
                print(a, name, run(context, a, name))
            for b in map(Decimal, FEW):
                for name in LIBRARY_BINARY:
                    print(a, name, b, run(context, a, name, b))

setcontext(Context(prec=28, traps=[InvalidOperation, DivisionByZero, Overflow]))
for rounding in ROUNDINGS:
    print(rounding, [str(Decimal(x).quantize(Decimal("0.1"), rounding=rounding)) for x in ("1.25", "-1.25", "1.35", "1.05", "-1.01", "2.99")])

CASES = r"""
Decimal('x')
Decimal('1__0_'), Decimal(' 1 '), Decimal('\u0661\u0662'), Decimal(True), Decimal(10**50), Decimal(-5), Decimal(1.1), Decimal((1, (1, 2), -3))
Decimal((1, 2))
Decimal((2, (1,), 1))
Decimal((0, (11,), 1))
Decimal((0, (1,), 'x'))
Decimal((0, (1,), 1.5))
Decimal((0, (), 'F')), Decimal((0, (1, 2), 'n'))
Decimal(None)
Decimal(1, 2)
Decimal('1e1000000000000000000')
Decimal(1) / 0
Decimal(0) / 0
Decimal('inf') - Decimal('inf')
Decimal(1) // 0
Decimal(1) % 0
Decimal(1) + 'a'
Decimal(1) + 1.5
Decimal(1) < 1.5, Decimal(1) == 1.0, Decimal('0.5') == Fraction(1, 2), Decimal('0.3') < Fraction(1, 3), Decimal(1) == 1 + 0j
Decimal(1) < 'a'
hash(Decimal('1.5')) == hash(1.5), hash(Decimal(10**30)) == hash(10**30), hash(Decimal('inf')) == hash(float('inf'))
hash(Decimal('snan'))
int(Decimal('nan'))
int(Decimal('inf'))
int(Decimal('-1.9')), float(Decimal('0.1')), complex(Decimal('1.5')), bool(Decimal('-0')), math.floor(Decimal('-1.5')), math.ceil(Decimal('-1.5'))
round(Decimal('2.5')), round(Decimal('2.55'), 1), round(Decimal('1234'), -2)
round(Decimal('1.5'), 'a')
Decimal('1.5').as_integer_ratio(), Decimal('-1E3').as_integer_ratio()
Decimal('nan').as_integer_ratio()
Decimal('nan') < 1
Decimal('snan') == 1
Context(prec=0)
Context(prec='a')
Context(Emin=1)
Context(rounding='x')
Context(capitals=2)
Context(flags=5)
Context(traps=[5])
Context(traps={})
Context(foo=1)
setattr(getcontext(), 'foo', 1)
delattr(getcontext(), 'prec')
getcontext().traps[5]
getcontext().flags.__delitem__(Inexact)
setcontext(5)
localcontext(5)
Context().add(1, 1.5)
Context(prec=2).create_decimal('1.256'), Context(prec=3).create_decimal_from_float(1 / 3), Context(prec=2).plus(Decimal('1.256'))
Decimal.from_float('a')
Decimal.from_number('1')
Decimal(1).quantize(Decimal('1e-30'))
Decimal(1).quantize(1, rounding='x')
Decimal(1).exp(5)
Decimal(1).__reduce__(), Context().__reduce__()
format(Decimal('1234567.891'), ',.2f'), format(Decimal('1.5'), '>10'), format(Decimal('0.00001'), 'e'), format(Decimal('0.25'), '.0%'), f"{Decimal('1E+3')}"
format(Decimal('1.5'), 'x')
pow(Decimal(2), 3, 5), 2 ** Decimal(3), Decimal(2) ** Decimal('0.5'), Decimal(1).exp(), Decimal(2).ln(), Decimal(1000).log10()
IEEEContext(32), IEEEContext(128)
IEEEContext(33)
Context(prec=5, Emin=-10, Emax=10, clamp=1).create_decimal('1e9'), Context(prec=3, Emax=5, traps=[]).multiply(Decimal('9e5'), 9)
Decimal(1).compare('a')
Decimal(1)._int
type('D', (Decimal,), {})(1) + 1
getcontext()
"""
for line in CASES.strip().splitlines():
    show(line)

with localcontext(prec=5) as local:
    print(Decimal(1) / 3, local.prec, local.flags[Inexact], getcontext() is local)
print(getcontext().prec, Decimal(1) / 3)
d = Decimal("123.456")
assert all(pickle.loads(pickle.dumps(d, p)) == d for p in range(6))
assert pickle.loads(pickle.dumps(getcontext())).prec == 28
print(max(Decimal(3), Decimal("3.00")), sorted(map(Decimal, ["2", "1.0", "-3"])), sum(map(Decimal, ["0.1"] * 10)))
