# Copies of runs of list items, JSON documents, iterators over several sequences: short cuts against the long way.
import json
a = list(range(20))
b = [str(i) for i in range(20)]
print(a[3:9], a[9:3], a[-4:], a[::-1], a[15:2:-3], b[:4] + a[:2], a[:3] * 3, [None] * 5, [] * 3, a[:0])
a[2:5] = b[:3]; print(a)
a[2:5] = []; print(a)
a[1:1] = a; print(len(a), a[:8])
a[:3] = (9,); a += (1, 2); a += a[:2]; a.extend(b[:2]); print(a)
a[3] = 0; del a[2:9], a[-1]; a.insert(1, 'q'); a.insert(-100, 'f'); a.insert(100, 'l'); print(a, a.pop(), a.pop(0), a.pop(3))
perm = list(range(8))
for k in range(1, 8):
    perm[:k + 1] = perm[k::-1]
print(perm)
big = [[i] for i in range(3000)]
for i in range(2000):
    big.insert(i % 50, [i]); big.pop(0); big[100:110] = [[j] for j in range(10)]; big.append(big[5])
print(len(big), sum(x[0] for x in big))
doc = '{"a\\u00e9": [1, -2, 3.5, 1e3, -0.0, 123456789012345678901234567890, true, false, null], "long key with many words": "text \\" quoted \\\\ and \\n more text here", "a": {"a": {"a": "\\ud83d\\ude00"}}, "é": "€", "": ""}'
for text in (doc, doc.replace('€', 'x').replace('é', 'y'), doc.replace('€', 'ü'), doc + ' ', '😀'.join(['["', '"]'])):
    print(json.loads(text))
for bad in ('"abc', '"ab\x01c"', '"abcdefghijklmno\x1f"', '{"a" 1}', '{"a":1,}', '[1,]', '"\\x"', '"\\u12"', '', '-', '{', '"abcdefg\\', '"\\ud800\\u12"x'):
    try:
        print(repr(json.loads(bad)))
    except ValueError as e:
        print(e)
print(json.loads('"ab\x01c\x1f0123456789"', strict=False) == 'ab\x01c\x1f0123456789')
print(list(zip([1, 2, 3], 'ab')), list(zip()), list(zip([1])), list(zip([1], [2], [3], [4], [5])), list(map(lambda *a: a, [1, 2], 'ab', 'xyz')), list(map(max, [1, 5], [3, 2])))
it = iter([1, 2, 3]); print(list(zip(it, 'a')), list(it))
for strict in ([1, 2], 'a'), ('a', [1, 2]):
    try:
        list(zip(*strict, strict=True))
    except ValueError as e:
        print(e)
s = {1, 2, 3}; t = {3, 1, 2, 9}; f, g = frozenset('abc'), frozenset('abd'); hash(f), hash(g)
print(s <= t, t <= s, s < s, s <= s, s == {1, 2, 3}, s & t, t - s, s.isdisjoint({7}), f == g, f != g, f == frozenset('cba'), {(1, 2): 3}[(1, 2)])
m = bytearray(b'abcdef'); m[0] = 255; m[-1] = 0; print(m[0], m[-1], m[5], b'xyz'[1], b'xyz'[-3], m)
for act in (lambda: m[6], lambda: m[-7], lambda: b''[0], lambda: m.__setitem__(9, 1), lambda: m.__setitem__(0, 256), lambda: m.__setitem__(0, -1), lambda: m['a'], lambda: [1]['a'], lambda: [1][5:'a'], lambda: (1,)[1 << 80]):
    try:
        print(act())
    except Exception as e:
        print(type(e).__name__, e)
print(sorted([3, 1, 2]), sorted('banana', reverse=True), sorted(range(100), key=lambda i: -i % 7)[:20], [True, 1.0, 2].index(1), [1, 2, 'a'].count(1.0), 'a' in [1, 'b', 'a'], 3 in [1, 2])
