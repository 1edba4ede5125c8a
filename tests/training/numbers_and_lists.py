"""Loops over numbers: ints of all sizes, floats, nested lists, slices, bytes, arrays."""
import array
import cmath
import fractions
import math
import statistics


def sieve(n):
    is_prime = bytearray([1]) * (n + 1)
    is_prime[0] = is_prime[1] = 0
    for i in range(2, math.isqrt(n) + 1):
        if is_prime[i]:
            is_prime[i * i :: i] = bytes(len(range(i * i, n + 1, i)))
    return [i for i, p in enumerate(is_prime) if p]


def collatz(limit):
    longest, best = 0, 0
    lengths = {1: 1}
    for start in range(1, limit):
        n, steps = start, 0
        while n not in lengths:
            n = n // 2 if n % 2 == 0 else 3 * n + 1
            steps += 1
        lengths[start] = steps + lengths[n]
        if lengths[start] > longest:
            longest, best = lengths[start], start
    return longest, best


def multiply(a, b):
    columns = list(zip(*b))
    return [[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a]


def determinant(matrix):
    matrix = [row[:] for row in matrix]
    n, result = len(matrix), 1.0
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(matrix[r][i]))
        if matrix[pivot][i] == 0:
            return 0.0
        if pivot != i:
            matrix[i], matrix[pivot] = matrix[pivot], matrix[i]
            result = -result
        result *= matrix[i][i]
        for r in range(i + 1, n):
            factor = matrix[r][i] / matrix[i][i]
            for c in range(i, n):
                matrix[r][c] -= factor * matrix[i][c]
    return result


def integrate(f, a, b, n):
    h = (b - a) / n
    total = 0.5 * (f(a) + f(b))
    for i in range(1, n):
        total += f(a + i * h)
    return total * h


def big_numbers():
    a, b = 0, 1
    for _ in range(3000):
        a, b = b, a + b
    power = 7**900
    quotient, remainder = divmod(a * a + 12345, power)
    digits = str(quotient)
    return len(digits), remainder % 1000003, int(digits[:50]) % 97, pow(3, 10**6, 10**9 + 7), math.gcd(a, 2**64)


def hashing(data):
    h = 0xCBF29CE484222325
    for byte in data:
        h = ((h ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return h


def shortest(n):
    distance = [[abs(i * 7 - j * 3) % 23 + 1 for j in range(n)] for i in range(n)]
    for k in range(n):
        via = distance[k]
        for row in distance:
            to_k = row[k]
            for j in range(n):
                if to_k + via[j] < row[j]:
                    row[j] = to_k + via[j]
    return sum(map(sum, distance))


def life(width, height, rounds):
    cells = {(x, y) for x in range(width) for y in range(height) if (x * y + x) % 3 == 0}
    for _ in range(rounds):
        counts = {}
        for x, y in cells:
            for dx in (-1, 0, 1):
                for dy in (-1, 0, 1):
                    if dx or dy:
                        key = ((x + dx) % width, (y + dy) % height)
                        counts[key] = counts.get(key, 0) + 1
        cells = {c for c, n in counts.items() if n == 3 or (n == 2 and c in cells)}
    return len(cells)


def main():
    primes = sieve(60000)
    print(len(primes), primes[-1], collatz(12000))
    a = [[float((i * j) % 7 + (i == j) * 10) for j in range(24)] for i in range(24)]
    print(round(sum(map(sum, multiply(a, a))), 3), round(math.log(abs(determinant(a))), 6))
    print(round(integrate(lambda x: math.sin(x) * x**2 - 1 / (1 + x), 0.0, 3.0, 20000), 6))
    print(big_numbers(), hashing(bytes(range(256)) * 60), shortest(36), life(24, 24, 12))
    values = array.array("d", (math.sqrt(i) for i in range(5000)))
    print(round(statistics.fmean(values), 6), round(statistics.stdev(values[:300]), 6))
    print(sum((fractions.Fraction(1, n) for n in range(1, 60)), fractions.Fraction(0)).numerator % 1009)
    print(sum(round(abs(cmath.exp(1j * k / 10)), 3) for k in range(500)))


for _ in range(20):
    main()
