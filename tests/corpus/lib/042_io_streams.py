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
