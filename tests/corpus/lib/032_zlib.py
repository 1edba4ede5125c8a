"""zlib: round trips, limits, messages; gzip and zip archives over it."""
import gzip, io, zipfile, zlib

data = b"the quick brown fox jumps over the lazy dog " * 500


def show(f):
    try:
        print(f())
    except Exception as error:
        print(type(error).__name__, error)


for level in range(-1, 10):
    for wbits in (15, 9, -15, -9, 31, 25):
        assert zlib.decompress(zlib.compress(data, level, wbits), wbits) == data
print(zlib.crc32(data), zlib.adler32(data), zlib.crc32(b"", 5), zlib.adler32(b"x", 2**40 + 7))
packed = zlib.compress(data)
for strategy in range(5):
    c = zlib.compressobj(6, zlib.DEFLATED, 15, 8, strategy)
    assert zlib.decompress(c.compress(data[:999]) + c.flush(zlib.Z_SYNC_FLUSH) + c.compress(data[999:]) + c.flush()) == data
d = zlib.decompressobj()
first = d.decompress(packed, 100)
print(len(first), d.eof, bool(d.unconsumed_tail))
rest = d.decompress(d.unconsumed_tail + b"behind")
print(first + rest == data, d.eof, d.unused_data, d.flush())
c = zlib.compressobj(zdict=b"quick brown fox")
with_dict = c.compress(data) + c.flush()
print(zlib.decompressobj(zdict=b"quick brown fox").decompress(with_dict) == data)
i = zlib._ZlibDecompressor()
print(len(i.decompress(packed, 10)), i.needs_input, len(i.decompress(b"", 1 << 20)), i.eof, i.unused_data)
show(lambda: zlib.decompress(packed[:-10]))
show(lambda: zlib.decompress(b"no stream"))
show(lambda: zlib.decompress(with_dict))
show(lambda: zlib.decompress(packed, 14))
show(lambda: zlib.decompress(packed, bufsize=-1))
show(lambda: zlib.decompress(packed, 99))
show(lambda: zlib.compress(data, 10))
show(lambda: zlib.compressobj(42))
show(lambda: zlib.compressobj(method=9))
show(lambda: zlib.decompressobj(99))
show(lambda: zlib.decompressobj(zdict="x"))
show(lambda: zlib.decompressobj().flush(0))
show(lambda: zlib.decompressobj().decompress(b"x", -1))
show(lambda: zlib.compress("text"))
show(lambda: zlib.crc32("text"))
show(lambda: i.decompress(b"x"))
done = zlib.compressobj()
done.flush()
show(lambda: done.compress(b"x"))
show(lambda: done.flush())
print(gzip.decompress(gzip.compress(data, mtime=0)) == data)
buffer = io.BytesIO()
with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("a/b.txt", data)
with zipfile.ZipFile(buffer) as archive:
    print(archive.namelist(), archive.read("a/b.txt") == data, archive.testzip())
