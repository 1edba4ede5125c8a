"""fcntl, termios, faulthandler, _statistics, pickled arrays, imports from archives."""
import array, fcntl, faulthandler, os, pickle, statistics, sys, tempfile, termios, zipfile


def show(f):
    try:
        print(f())
    except Exception as error:
        print(type(error).__name__, error)


r, w = os.pipe()
flags = fcntl.fcntl(r, fcntl.F_GETFL)
fcntl.fcntl(r, fcntl.F_SETFL, flags | os.O_NONBLOCK)
print(fcntl.fcntl(r, fcntl.F_GETFL) & os.O_NONBLOCK == os.O_NONBLOCK, fcntl.fcntl(r, fcntl.F_GETFD))
os.write(w, b"abc")
waiting = bytearray(4)
print(fcntl.ioctl(r, termios.FIONREAD, waiting), waiting, fcntl.ioctl(r, termios.FIONREAD, b"\0\0\0\0"))
show(lambda: fcntl.fcntl(-1, fcntl.F_GETFL))
show(lambda: fcntl.fcntl("x", fcntl.F_GETFL))
show(lambda: fcntl.fcntl(r, fcntl.F_GETFL, b"x" * 1025))
show(lambda: fcntl.lockf(r, 99))
show(lambda: fcntl.lockf(r, 32))
with tempfile.TemporaryFile() as file:
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.flock(file, fcntl.LOCK_UN)
    fcntl.lockf(file, fcntl.LOCK_EX)
    fcntl.lockf(file, fcntl.LOCK_UN)
show(lambda: termios.tcgetattr(r))
show(lambda: termios.tcsetattr(r, 0, []))
show(lambda: termios.tcgetattr("x"))

print(faulthandler.is_enabled(), faulthandler.disable())
with tempfile.TemporaryFile("w+") as file:
    def inner():
        faulthandler.dump_traceback(file, all_threads=False)
    inner()
    file.seek(0)
    print([line.rpartition("line")[2] for line in file.read().splitlines()])
show(lambda: faulthandler.dump_traceback_later(0))
show(lambda: faulthandler.enable(-1))

print(statistics.NormalDist(1, 2).inv_cdf(0.3), statistics.NormalDist().inv_cdf(1e-12))
for code in "bBhHiIlLqQfd":
    a = array.array(code, [1, 2, 3])
    assert all(pickle.loads(pickle.dumps(a, p)) == a for p in range(6))
print(array._array_reconstructor(array.array, "i", 9, b"\0\0\0\1\xff\xff\xff\xff"))
print(array._array_reconstructor(array.array, "d", 17, b"\x3f\xf0" + b"\0" * 6))
print(array._array_reconstructor(array.array, "w", 19, "a\U0001F600b".encode("utf-16-be")))
show(lambda: array._array_reconstructor(5, "i", 8, b""))
show(lambda: array._array_reconstructor(int, "i", 8, b""))
show(lambda: array._array_reconstructor(array.array, "z", 8, b""))
show(lambda: array._array_reconstructor(array.array, "i", 99, b""))
show(lambda: array._array_reconstructor(array.array, "i", 9, b"x"))

with tempfile.TemporaryDirectory() as folder:
    name = os.path.join(folder, "lib.zip")
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("packed/__init__.py", "from . import inner\n")
        archive.writestr("packed/inner.py", "def f():\n    return __file__[-21:]\n")
    sys.path.insert(0, name)
    import packed
    print(packed.inner.f(), type(packed.__loader__).__name__)

# Keywords for subclasses, and partial objects that hold themselves.
import functools as _functools
import itertools as _itertools


class _Chain(_itertools.chain):
    def __init__(self, *args, tag=None):
        self.tag = tag


class _Slice(_itertools.islice):
    def __init__(self, *args, tag=None):
        self.tag = tag


for _made in (_Chain([1], [2], tag=3), _Slice("abc", 2, tag=4)):
    print(list(_made), _made.tag)
for _call in (lambda: _itertools.chain([1], tag=1), lambda: _itertools.islice("a", 1, tag=1)):
    try:
        _call()
    except TypeError as _error:
        print(_error)
_held = _functools.partial(print)
_held.__setstate__((_held, (), {}, {}))
print(repr(_held))
_held.__setstate__((print, (_held,), {"a": _held}, {}))
print(repr(_held))
_held.__setstate__((print, (), {}, {}))
for _call in (lambda: type(None, (), {}), lambda: type("a", None, {}), lambda: type("a", (), None), lambda: type(1, (), {})):
    try:
        _call()
    except TypeError as _error:
        print(_error)
