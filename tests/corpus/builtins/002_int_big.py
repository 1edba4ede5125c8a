a = 2 ** 100
print(a, -a, a + 1, a - a, a * a, a // 7, a % 7, -a // 7, -a % 7, a // -7, a % -7)
print(a / 3, a / a, (a * 3) / a, 10**30 // 10**28, 10**400 // 10**398)
print(a >> 90, a << 10, -a >> 90, a & (a - 1), a | 1, a ^ a, ~a, -a & 0xFF, -1 & a, -a | a)
print(a == 2**100, a != a + 1, a < a + 1, a > 1e30, a == float(a), a < float("inf"), 2**53 + 1 == float(2**53 + 1))
f = 1
for i in range(1, 31):
    f *= i
print(f)
x, y = 0, 1
for _ in range(300):
    x, y = y, x + y
print(x)
print(int("9" * 50) + 1, int("-" + "1" * 40), int("f" * 20, 16), len(str(3**1000)), str(7**200)[-10:])
print(pow(3, 1000, 10**20), pow(a, a, 97), divmod(a, 10**15), divmod(-a, 10**15))
print(hex(a), bin(2**65), oct(2**66), format(a, ","), format(a, "_x"), format(-a, ">45"), f"{a:e}", f"{a:.3f}")
print(hash(a), hash(-a), hash(2**62), hash(10**20), int(1e20), int(-1e25), float(a), round(10**25 + 5, -1), round(a, -10))
m = 2**62
print(m - 1, m, m + 1, -m, -m - 1, (m - 1) + 1, (m - 1) * 2, -(m) - 1, m * m, -m * m, m // -1, abs(-m), -(-m))
m = 2**61
print(m - 1 + m, m + m, -m - m, -m - m - 1, m * 2, m * -2, m * 4, (m - 1) * 3, -m * 2 - 1, (-m * 2) // -1)
for n in (2**31, 2**32, 2**53, 2**60, 2**61, 2**62, 2**63, 2**64, 2**127, 2**128):
    print(n - 1, n, -n, n * n // n == n, (n + 1) % n, (n - 1) ^ n, n.bit_length(), int(str(n)) == n)
print(10**18 * 10**18, 123456789 ** 5, (-3) ** 41, 3 ** 41 % 1000007, 6 ** 77 >> 60)
try:
    float(10**400)
except OverflowError as e:
    print(e)
try:
    10**400 / 3
except OverflowError as e:
    print(e)
try:
    1 << (1 << 70)
except (OverflowError, MemoryError) as e:
    print(type(e).__name__)
try:
    int("1" * 5000)
except ValueError as e:
    print(e)
try:
    str(10**5000)
except ValueError as e:
    print(e)
print((a).to_bytes(13, "big"), int.from_bytes((a).to_bytes(13, "little"), "little") == a, (-a).to_bytes(13, "big", signed=True))
import math
print(math.isqrt(10**40), math.gcd(2**80, 6**30), math.lcm(2**40, 3**20), math.factorial(25), math.comb(100, 50), math.perm(20, 10))
def egcd(a, b):
    return (a, 1, 0) if b == 0 else (lambda g, x, y: (g, y, x - a // b * y))(*egcd(b, a % b))
print(egcd(10**30 + 57, 10**25 + 13))
print(sum(2**i for i in range(200)) == 2**200 - 1, 5 * 2**70 == 2**70 * 5, max(2**70, 2**69, key=lambda v: -v) == 2**69)
