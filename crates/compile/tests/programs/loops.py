def primes(limit):
    sieve = [True] * (limit + 1)
    for i in range(2, limit + 1):
        if not sieve[i]:
            continue
        yield i
        for j in range(i * i, limit + 1, i):
            sieve[j] = False
    else:
        return None


def search(rows, wanted):
    while rows:
        row = rows.pop()
        if row is None:
            break
        if row.key == wanted and 0 < row.size <= 10:
            return row
    return -1
