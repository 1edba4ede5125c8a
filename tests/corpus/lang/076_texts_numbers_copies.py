# Numbers and texts to and from each other, copies of dicts and sets, sorting, unpacking: short cuts against the long way.
import struct
for t in ('12', ' -7\n', '+0', '1_000', '0x10', '', '-', '+', '12a', '\t 99 ', '\x0b5', '１２', '9' * 18, '9' * 19, '-' + '9' * 25, '0' * 30 + '1', ' 1 2', '1__0', '٣'):
    try:
        print(repr(t), int(t))
    except ValueError as e:
        print(e)
for t in ('1.5', '-2', '1e5', '.5', '5.', '.', 'e5', '1e', '1_0.5', ' 3.25 ', 'inf', '-nan', '1e400', '+1.0', '--1', '0x1p3', '１.５'):
    try:
        print(repr(t), float(t))
    except ValueError as e:
        print(e)
for x in (0.0, -0.0, 1.0, 0.1, 1e-4, 9.999e-5, 1e15, 1e16, 123456.789, 5e-324, 1.7976931348623157e308, -2.5, 1 / 3, 1e22, 9999999999999998.0):
    print(x, '%.2f' % x, f'{x:.0f}|{x:10.3f}|{x:<10.1f}|{x:+.2f}|{x:010.2f}|{x:,.2f}|{x:z.1f}|{x:e}|{x:g}|{x:%}|{x:#.0f}|{x:_^14.1f}', format(x, ''))
print(f'{-0.001:.2f} {-0.001:z.2f} {float("nan"):.2f} {float("-inf"):8.2f} {1e300:.1f}'[:60])
for i in (0, 5, -5, 255, -255, 2**61, -2**61, 2**64, -2**70, True):
    print(hex(i), oct(i), bin(i), '%x' % i, f'{i:x}|{i:#b}|{i:>8}|{i:08}|{i:=+9}|{i:,}|{i:_x}', i.to_bytes(10, 'big', signed=True), int.from_bytes(i.to_bytes(10, 'little', signed=True), 'little', signed=True))
d = {i: str(i) for i in range(20)}; e = dict(d); e[5] = 'x'; del e[7]; f = e.copy(); f['new'] = 1
print(d[5], 7 in d, 7 in e, 7 in f, len(f), list(f)[:9], list(f.values())[-2:], list(e.items())[5:8], {**f} == f, dict(f) == f, d | {1: 2, 'z': 3} != d)
g = {}; g.update(f); g.pop(0); print(list(g)[:3], list(f)[:3], list(reversed(g))[:2], sorted(map(str, g))[:5])
class K:
    n = 0
    def __eq__(s, o): K.n += 1; return s is o
    def __hash__(s): return 1
ks = [K() for _ in range(5)]; s = set(ks); t = s | {1, 65, 'a', 1.0, True}; print(len(s), len(t), ks[3] in s, K() in s, s <= t, len(t - s), len(s & t), len(set('hello') | set('world')))
print(list({3, 1, 2}), sorted(frozenset('hello')), list('aé€😀'), list(d.keys())[:3], list(range(3)), [*{'a': 1}.items()])
words = ['b', 'a', '', 'ab', 'a\0', 'aa', 'é', '€', 'a', 'abc', 'abcdefghij', 'abcdefghia', '😀', 'B']
print(sorted(words), sorted(words, reverse=True), sorted(words, key=len), sorted([3, -1, 2**61 - 1, 0, -1]), sorted([2**70, 1, -2**70]), sorted((True, 0, 2)), sorted([1.5, 1, 0]))
pairs = [(i % 3, i) for i in range(10)]; print(sorted(pairs, key=lambda p: p[0]), sorted(pairs, key=lambda p: p[0], reverse=True), sorted('bca', key=str.upper))
for bad in (lambda: sorted([1, 'a']), lambda: sorted(5), lambda: min([]), lambda: max(5), lambda: sum(['a']), lambda: sum('ab', '')):
    try:
        print(bad())
    except (TypeError, ValueError) as x:
        print(type(x).__name__, x)
print(min([3, 1, 2]), max((3, 1), key=lambda v: -v), min('b', 'a'), max([1, 1.0, True]), sum([1, 2.5, True]), sum((1, 2), 10), sum([[1], [2]], []), any([0, '']), all(()), min([2**70, 3]))
a, *b = [1, 2, 3]; *c, z = (1, 2, 3); p, *q, r = 'xy'; h, *i = (5,); print(a, b, c, z, p, q, r, h, i)
for seq in ([], [1], (), 'a', iter([1])):
    try:
        j, *k, l = seq
    except ValueError as x:
        print(x)
l = list(range(7)); l.reverse(); print(l, l[::-1])
S = 'hello world, this is a test of the search ' * 2
print(S.replace('is', 'IS'), S.replace('o', '0', 2), S.find('test'), S.count('is'), S.rfind('is'), 'zz' in S, 'short'.find('t'), 'ab'.find('abc'), 'aXbX'.replace('X', ''), 'é€x'.find('x'), 'éaé'.replace('é', '€'), 'aaa'.count('aa'), 'x'.replace('', '-'), (S * 20).count('search'))
m = memoryview(b'abcdef'); print(m[0], m[-1], m[2:4].tolist(), m[::-2][1], memoryview(bytearray(b'xyz'))[1], memoryview(struct.pack('3i', 1, 2, 3)).cast('i')[1])
for bad in (lambda: m[6], lambda: m['a'], lambda: m[-7]):
    try:
        print(bad())
    except (TypeError, IndexError) as x:
        print(type(x).__name__, x)
print(b','.join([b'a', bytearray(b'b'), memoryview(b'c')]), b'x'.join([]), b'-'.join([b'one']), repr([1, -2, 'a', 2.5, None, True, 2**65, [3]]), repr((1,)), repr({1: [2]}))
