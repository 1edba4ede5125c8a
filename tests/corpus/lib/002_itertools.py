from itertools import *
import operator

print(list(chain("ab", [1])), list(chain.from_iterable(["ab", "c"])), list(islice(count(5, 2), 3)), list(islice(cycle("ab"), 5)), list(repeat(1, 3)))
print(list(accumulate([1, 2, 3])), list(accumulate([1, 2, 3], operator.mul, initial=10)), list(compress("abcd", [1, 0, 1, 0])), list(dropwhile(lambda x: x < 2, range(4))), list(takewhile(lambda x: x < 2, range(4))), list(filterfalse(lambda x: x % 2, range(5))), list(starmap(pow, [(2, 3), (3, 2)])), list(zip_longest("ab", [1], fillvalue="-")), list(pairwise("abc")), list(batched("abcde", 2)))
print(list(product("ab", repeat=2)), list(product([1, 2], "x")), list(permutations("abc", 2)), list(combinations("abcd", 2)), list(combinations_with_replacement("ab", 2)))
print([(k, list(g)) for k, g in groupby("aabbca")], [(k, len(list(g))) for k, g in groupby([1, 3, 2, 4, 5], key=lambda x: x % 2)])
a, b = tee(iter([1, 2, 3]))
print(list(a), list(b), list(islice("abcdef", 1, None, 2)), list(islice([1, 2, 3], 2)), next(count(0.5)), list(islice(count(10, -1), 3)))
for f in (lambda: list(islice([1], -1)), lambda: list(batched("a", 0)), lambda: list(combinations("a", -1)), lambda: chain(5).__next__(), lambda: list(batched("abc", 2, strict=True))):
    try:
        print(f())
    except (ValueError, TypeError) as e:
        print(e)
