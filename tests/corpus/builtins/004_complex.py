print(1j, 1 + 2j, -1j, complex(1, 2), complex("1+2j"), complex(3), (1 + 2j) * (3 - 1j), (1 + 2j) / (1 - 1j), (1 + 2j) ** 2, abs(3 + 4j))
print((1 + 2j).real, (1 + 2j).imag, (1 + 2j).conjugate(), 1j == 1j, 1j != 2j, 2 + 0j == 2, hash(2 + 0j) == hash(2))
print(complex(0.0, -0.0), complex(-0.0, 0.0), 1e100j, complex("nan+infj"), complex(float("inf"), -1), repr(1 + 0j), str(1.5j))
print(1 + 1j, 1 - 1j, 1.5 * 1j, 1j ** 2, 1j ** 0.5, 2 ** 1j, -(1 + 2j), +(1j), 1j + 1, 1 - 1j)
for f in (lambda: 1j / 0, lambda: 1j < 2j, lambda: int(1j), lambda: float(1j), lambda: 1j // 1, lambda: complex("x"), lambda: complex("1 + 2j"), lambda: complex(1, "2"), lambda: 0j ** -1, lambda: 1j % 2, lambda: complex([])):
    try:
        print(f())
    except (TypeError, ValueError, ZeroDivisionError) as e:
        print(type(e).__name__, "|", e)
print(f"{1 + 2j:.2f} {1.5j:>10} {3 + 4j}")
print(complex(real=1, imag=2), bool(0j), bool(1j), sum([1j, 2]))
