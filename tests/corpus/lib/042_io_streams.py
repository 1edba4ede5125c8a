# Streams: lines written from any iterable, reading into buffers and byte-order marks.
import io
import os
import tempfile

path = os.path.join(tempfile.mkdtemp(), "file")
for mode, lines in (("w", ["a\n", "b\n"]), ("wb", (b"c\n", bytearray(b"d\n"))), ("w+", (c for c in "ef\n"))):
    with open(path, mode) as file:
        file.writelines(lines)
    with open(path) as file:
        print(file.read().split())
with open(path, "wb", buffering=0) as file:
    file.writelines([b"raw\n", memoryview(b"lines\n")])
with open(path) as file:
    print(file.readlines(1), file.readlines())


class Strange(io.IOBase):
    def __next__(self):
        return None


for call in (lambda: Strange().readlines(1), lambda: io.StringIO().writelines(5), lambda: open(path, "w").writelines([1])):
    try:
        call()
    except TypeError as error:
        print(error)


class Pieces(io.RawIOBase):
    def __init__(self, *pieces):
        self.pieces = list(pieces)

    def readable(self):
        return True

    def readinto(self, buffer):
        piece = self.pieces.pop(0) if self.pieces else b""
        buffer[: len(piece)] = piece
        return len(piece)


reader = io.BufferedReader(Pieces(b"abc", b"de", b"fgh", b"jkl"), 10)
small, large = bytearray(2), bytearray(20)
print(reader.peek(3), reader.readinto1(small), small, reader.readinto1(small), small, reader.readinto1(small), small)
print(reader.peek(3), reader.readinto1(large), bytes(large[:6]), reader.readinto1(large))


class Device(io.BytesIO):
    def seek(self, *args):
        return 0

    def tell(self):
        return 0


device = io.BufferedReader(Device(b"12"))
print(device.seek(0, io.SEEK_CUR), device.seek(1), device.seek(0, io.SEEK_CUR), device.read(1), device.tell())
print(device.seek(0, io.SEEK_CUR))

raw = io.BytesIO()
text = io.TextIOWrapper(raw, encoding="ascii", newline="\n")
text.write("abc\n")
text.reconfigure(encoding="utf-8-sig")
text.write("d\xe9f\n")
text.flush()
print(raw.getvalue())
for change in ({"encoding": 42}, {"errors": 42}, {"newline": "xyz"}):
    try:
        text.reconfigure(**change)
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
for size in (0, "x", 2**80, -(2**80)):
    try:
        text._CHUNK_SIZE = size
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
try:
    del text._CHUNK_SIZE
except AttributeError as error:
    print(error)

stream = io.StringIO()
try:
    stream.__setstate__((1, "", 0, {}))
except TypeError as error:
    print(error)
stream.__setstate__((None, "", 0, {}))
print(repr(stream.getvalue()))


def show(call):
    try:
        print(repr(call()))
    except (AttributeError, OSError, TypeError, ValueError) as error:
        print(type(error).__name__, error, repr(error.__cause__))


# What is not writable says so; text read ahead outlives writes to the other end.
readonly = io.TextIOWrapper(io.BufferedReader(io.BytesIO(b"abc")))
for call in (lambda: readonly.write("x"), lambda: readonly.writelines(["x"]), readonly.read):
    show(call)
with open(path) as file:
    show(lambda: file.write("x"))
ends = io.TextIOWrapper(io.BufferedRWPair(io.BytesIO(b"foo\nbar\n"), io.BytesIO()))
for call in (ends.readline, lambda: ends.write("a"), ends.readline):
    show(call)
detached = io.TextIOWrapper(io.BytesIO(b"abc"), encoding="ascii")
detached.detach()
for name in ("buffer", "errors", "encoding", "name", "closed", "line_buffering", "newlines", "write_through", "_CHUNK_SIZE"):
    show(lambda: getattr(detached, name))
show(lambda: repr(detached))
show(lambda: repr(io.TextIOWrapper.__new__(io.TextIOWrapper)))
for arguments in ({"encoding": "\udcfe"}, {"encoding": "a\0"}, {"encoding": "ascii", "errors": "\udcfe"}):
    show(lambda: io.TextIOWrapper(io.BytesIO(), **arguments))
odd = io.BufferedReader(io.BytesIO(b"12"))
odd.readinto = lambda buffer: b""
around = io.BufferedReader(odd)
show(around.readline)


class Sizes(io.RawIOBase):
    def __init__(self):
        self.sizes = []

    def writable(self):
        return True

    def write(self, data):
        self.sizes.append(len(data))
        return len(data)


sizes = Sizes()
text = io.TextIOWrapper(sizes, encoding="ascii")
for piece in ("abc", "def", "g" * 8192, "h" * 9000, "i"):
    text.write(piece)
text.flush()
print(sizes.sizes)

# A pipe that has nothing and does not block.
reading, writing = os.pipe()
os.set_blocking(reading, False)
binary = open(reading, "rb")
for call in (
    lambda: binary.read1(5),
    lambda: binary.read(5),
    binary.read,
    binary.readline,
    lambda: binary.readinto(bytearray(3)),
    lambda: binary.readinto1(bytearray(3)),
):
    show(call)
text = io.TextIOWrapper(binary, encoding="utf-8")
for call in (lambda: text.read(1), text.read, text.readline, lambda: os.write(writing, b"ab"), lambda: text.read(5), text.read):
    show(call)
