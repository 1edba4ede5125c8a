M = 2**61


def add(a, b): return a + b
def sub(a, b): return a - b
def mul(a, b): return a * b
def lt(a, b): return a < b
def neg(a): return -a
def shl(a, b): return a << b
def fdiv(a, b): return a // b
def mod(a, b): return a % b
def inplace(a, n):
    for _ in range(n):
        a += 1
    return a


for _ in range(100):
    add(1, 2), sub(1, 2), mul(2, 3), lt(1, 2), neg(5), shl(1, 3), fdiv(7, 2), mod(7, 2)
print(add(M - 1, 1), add(M, M), add(2 * M - 1, 1), add(-2 * M, -1), add(-2 * M, 1), add(2 * M, -1))
print(sub(-2 * M, 1), sub(2 * M - 1, -1), sub(2 * M, 1), sub(0, -2 * M), sub(0, 2 * M), sub(2**80, 2**80))
print(mul(M, 2), mul(M, -2), mul(-M, -2), mul(2**31, 2**31), mul(2**40, 2**40), mul(-1, -2 * M), mul(3037000500, 3037000500), mul(0, 2**70))
print(lt(2 * M - 1, 2 * M), lt(2 * M, 2 * M - 1), lt(-2 * M - 1, -2 * M), lt(2**70, 2**71), lt(-2**70, 1))
print(neg(-2 * M), neg(2 * M), neg(2 * M - 1), neg(-2 * M - 1), neg(0), neg(True))
print(shl(1, 61), shl(1, 62), shl(-1, 62), shl(-1, 61), shl(3, 100), shl(0, 10**9), shl(M, 1))
print(fdiv(-2 * M, -1), fdiv(2 * M, -1), fdiv(-7, 2), fdiv(7, -2), fdiv(2**70, 2**9), mod(-7, 3), mod(7, -3), mod(2**70, 10**9 + 7), mod(-2 * M, -1))
print(inplace(2 * M - 3, 6), inplace(-3, 5), inplace(2**63 - 2, 4))
print(add(True, True), add(1, True), sub(True, 1), mul(True, 5), lt(False, True), add(1, 2.5), add("a", "b"), add([1], [2]))
total = 0
for i in range(2 * M - 3, 2 * M + 3):
    total += i
    print(i, end=" ")
print(total)
print([i * i for i in (2**30, 2**31, 2**32, 2**33)], [a ^ b for a in (M, -M, 2**70) for b in (1, -1)], [a & b for a in (M, -M, -2**70) for b in (2**65 - 1, -1)])
print(2 * M == 4611686018427387904, -2 * M == -4611686018427387904, 2 * M - 1 is not None, (2 * M) // 2 == M, int(float(M)) == M, hash(2 * M), hash(-2 * M))
print(range(2 * M - 2, 2 * M + 2)[2], list(range(-2 * M - 1, -2 * M + 2)), len(range(2 * M)), divmod(2 * M, 7), divmod(-2 * M - 1, 7), pow(2 * M, 2), abs(-2 * M), round(2 * M, -3), (2 * M).bit_length())
x = 4611686018427387903
x += 1
x -= 1
x *= -1
x -= 2
print(x, x + 1, x // 2, x >> 1, ~x, x & 0xFFFF, str(x), f"{x:,}", x / 2)
