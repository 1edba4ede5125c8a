import io

s = io.StringIO("line1\nline2\nline3")
print(s.readline(), s.read(3), s.tell(), s.seek(0), s.readlines(), s.read(), [l for l in io.StringIO("a\nb")])
s = io.StringIO()
print(s.write("abc"), s.getvalue(), s.seek(1), s.write("X"), s.getvalue(), s.truncate(2), s.getvalue(), s.closed)
b = io.BytesIO(b"bytes here")
print(b.read(5), b.getvalue(), b.seek(-4, 2), b.read(), b.tell(), bytes(b.getbuffer()[:2]), b.readable(), b.seekable())
w = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n")
w.write("é☃\n")
w.flush()
print(w.buffer.getvalue(), w.encoding)
import os
import tempfile
path = os.path.join(tempfile.mkdtemp(), "f.txt")
with open(path, "w", encoding="utf-8") as f:
    print(f.write("first\nsecond é\n"), f.name == path, f.mode)
with open(path, encoding="utf-8") as f:
    print(f.read(), f.closed)
with open(path, "rb") as f:
    print(f.read())
with open(path, "a+", encoding="utf-8") as f:
    print(f.write("third"), f.seek(0), f.readlines())
with open(path, encoding="utf-8") as f:
    for i, line in enumerate(f):
        print(i, line.rstrip())
print(os.path.getsize(path), os.path.basename(path), os.path.exists(path + "x"), os.listdir(os.path.dirname(path)))
os.remove(path)
os.rmdir(os.path.dirname(path))
for bad in (lambda: open(path + "/none"), lambda: open("x", "zz"), lambda: io.StringIO().write(b"x"), lambda: f.read(), lambda: io.BytesIO("x"), lambda: open(path, "rb", encoding="utf-8"), lambda: s.seek(-1)):
    try:
        bad()
    except (OSError, ValueError, TypeError) as e:
        print(type(e).__name__, "|", str(e).replace(path, "PATH"))
