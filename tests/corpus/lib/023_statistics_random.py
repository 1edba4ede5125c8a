import random
import statistics

print(statistics.mean([1, 2, 3, 4]), statistics.median([3, 1, 2]), statistics.stdev([1, 2, 3, 4]), statistics.mode("aab"), statistics.quantiles([1, 2, 3, 4, 5]), statistics.variance([1.5, 2.5]))
r = random.Random(42)
print(r.random(), r.randint(1, 100), r.choice("abc"), r.sample(range(100), 5), r.uniform(1, 2), r.gauss(0, 1), r.getrandbits(70))
l = list(range(10))
r.shuffle(l)
print(l, r.choices("ab", k=5), r.randrange(0, 100, 7), random.Random("seed").random(), random.Random(1.5).random(), random.Random(b"x").randint(0, 10**20))
