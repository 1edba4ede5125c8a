import math

print(math.pi, math.e, math.inf, math.nan, math.tau)
print(math.sqrt(2), math.floor(-1.5), math.ceil(1.2), math.trunc(-1.7), math.fabs(-2), math.factorial(10), math.gcd(12, 18), math.lcm(4, 6), math.isqrt(99))
print(math.sin(1), math.cos(1), math.tan(1), math.atan2(1, 2), math.exp(1), math.log(10), math.log(8, 2), math.log2(8), math.log10(1000), math.pow(2, 0.5), math.hypot(3, 4))
print(math.copysign(1, -0.0), math.isnan(math.nan), math.isinf(math.inf), math.isfinite(1), math.isclose(0.1 + 0.2, 0.3), math.modf(3.25), math.frexp(8), math.ldexp(0.5, 4), math.fmod(-7, 3), math.remainder(7, 4), math.fsum([0.1] * 10), math.prod([1, 2, 3]), math.comb(5, 2), math.perm(5, 2), math.dist((0, 0), (3, 4)), math.degrees(math.pi), math.radians(180), math.ulp(1.0), math.nextafter(1, 2), math.cbrt(27), math.sumprod([1, 2], [3, 4]))
for f in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.factorial(-1), lambda: math.sqrt("a"), lambda: math.exp(1000), lambda: math.floor(math.inf), lambda: math.gcd(1.5), lambda: math.acos(2), lambda: math.isqrt(-1), lambda: math.fmod(1, 0)):
    try:
        print(f())
    except (ValueError, TypeError, OverflowError) as e:
        print(type(e).__name__, "|", e)
