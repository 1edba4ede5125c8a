# struct and bytes: short formats, long ones, and what is wrong with them.
import struct, os, tempfile
for fmt, vals in (('<B', (7,)), ('>hIq', (-2, 3, -4)), ('<3s2x?d', (b'ab', True, 1.5)), ('12B', tuple(range(12))), ('<10p', (b'hello',)), ('>f', (0.25,)), ('<70s', (b'x',)), ('!e', (1.5,)), ('', ())):
    data = struct.pack(fmt, *vals)
    print(fmt, data, struct.unpack(fmt, data), struct.unpack(fmt, bytearray(data)), struct.unpack_from(fmt, b'zz' + data, 2), struct.calcsize(fmt))
s = struct.Struct('<HB')
print(s.pack(1, 2), s.unpack(b'\x01\x00\x02'), list(s.iter_unpack(b'\x01\x00\x02' * 3)), s.unpack_from(memoryview(b'abcdef'), 1))
for act in (lambda: struct.pack('<B', 256), lambda: struct.pack('<B'), lambda: struct.pack('<B', 1, 2), lambda: struct.unpack('<H', b'a'), lambda: struct.unpack_from('<H', b'ab', 1), lambda: struct.pack('y', 1), lambda: struct.pack('<B', 'a'), lambda: struct.unpack('<H', 5), lambda: struct.pack('B\0'), lambda: b'a' + 'b', lambda: b'a' + 1, lambda: bytearray(b'q') + 3):
    try:
        print(act())
    except Exception as e:
        print(type(e).__name__, e)
class B(bytes): pass
print(b'ab' + b'cd', b'' + b'x', b'x' + b'', b'' + b'', B(b'a') + b'b', b'a' + B(b'b'), b'a' + bytearray(b'b'), bytearray(b'a') + b'b', b'a' + memoryview(b'zz'), type(B(b'a') + b''))
with tempfile.TemporaryDirectory() as d:
    for n in ('a', 'b.py', 'é'):
        open(os.path.join(d, n), 'w').close()
    os.mkdir(os.path.join(d, 'sub'))
    for base in (d, d + '/', os.fsencode(d)):
        print(sorted((e.name, e.path[len(base):], e.is_dir(), e.is_file(), e.stat().st_size if e.is_file() else None) for e in os.scandir(base)))
    here = os.getcwd(); os.chdir(d)
    try:
        print(sorted((e.name, e.path) for e in os.scandir()), sorted(e.path for e in os.scandir('.')), sorted(e.path for e in os.scandir('sub')))
        fd = os.open('.', os.O_RDONLY)
        print(sorted((e.name, e.path, e.is_file(), e.stat().st_size if e.is_file() else 0) for e in os.scandir(fd))); os.close(fd)
    finally:
        os.chdir(here)
x = (1 << 4000) - 1; y = (1 << 2000) + 12345
print((x + 1).bit_length(), (x + y) % 1000007, (x - y) % 1000007, (y - x) % 1000007, (x * 7) % 1000007, (x * (1 << 100 | 3)) % 1000007, (x * y) % 1000007, ((1 << 640) - (1 << 63)).bit_count(), (1 << 128) - 1 - (1 << 128))
class Eq:
    def __init__(s, v): s.v = v
    def __eq__(s, o): return isinstance(o, Eq) and s.v == o.v
    def __hash__(s): return 1
from collections import namedtuple
P = namedtuple('P', 'x y')
class Odd(P):
    def __eq__(s, o): return True
    __hash__ = P.__hash__
d = {(Eq(1), 2): 'a', P(1, 2): 'b', (1, (2, (3, Eq(4)))): 'c'}
print(d[(Eq(1), 2)], d[(1, 2)], d[P(1, 2)], d[1, (2, (3, Eq(4)))], (1, 3) in d, Odd(1, 2) in [(5, 6)], (5, 6) == Odd(1, 2), P(1, 2) == (1, 2), [P(1, [])] == [(1, [])])
