def primes(n):
    sieve = [True] * (n + 1)
    sieve[0] = sieve[1] = False
    i = 2
    while i * i <= n:
        if sieve[i]:
            for j in range(i * i, n + 1, i):
                sieve[j] = False
        i += 1
    return [i for i, p in enumerate(sieve) if p]


p = primes(20000)
print(len(p), p[-1], sum(p))


def collatz(limit):
    best, at = 0, 0
    cache = {1: 1}
    for start in range(1, limit):
        n, path = start, []
        while n not in cache:
            path.append(n)
            n = n // 2 if n % 2 == 0 else 3 * n + 1
        length = cache[n]
        for x in reversed(path):
            length += 1
            cache[x] = length
        if cache[start] > best:
            best, at = cache[start], start
    return best, at


print(collatz(5000))


def matmul(a, b):
    return [[sum(x * y for x, y in zip(row, col)) for col in zip(*b)] for row in a]


m = [[i * j % 7 for j in range(12)] for i in range(12)]
r = m
for _ in range(5):
    r = [[v % 1009 for v in row] for row in matmul(r, m)]
print(r[3], sum(map(sum, r)))


def nbody(steps):
    x, v = 1.0, 0.0
    for _ in range(steps):
        v -= x * 0.001
        x += v * 0.001
    return x, v


print(nbody(20000))


def words(text):
    counts = {}
    for w in text.split():
        counts[w] = counts.get(w, 0) + 1
    return sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))[:5]


print(words("the cat and the dog and the bird " * 100 + "cat"))


def mixed(n):
    total = 0
    for i in range(n):
        if i % 100 == 99:
            total += 0.5
        elif i % 3:
            total += i
        else:
            total -= 1
    return total


print(mixed(10000))


class Acc:
    def __init__(self):
        self.total = 0

    def add(self, x):
        self.total += x
        return self


a = Acc()
for i in range(10000):
    a.add(i)
print(a.total)


def poly(x):
    return x + x


print([poly(v) for v in (1, 1.5, "s", [1], (2,), 10**30, True, 2j)] * 1)
for k in range(300):
    for v in (1, 2.0, "a"):
        poly(v)
print(poly(3), poly("z"))


def overflow():
    x = 1
    for i in range(100):
        x = x * 3 + 1
    return x


print(overflow())
