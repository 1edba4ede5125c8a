import sys
import builtins as b
from sys import version_info as vi, maxsize
from builtins import *

print(sys.version_info[:2], b is sys.modules["builtins"], vi.major, maxsize)
print(__name__, sys.modules["__main__"].__name__)
try:
    import no_such_module
except ModuleNotFoundError as e:
    print(e, e.name)
try:
    from sys import no_such_name
except ImportError as e:
    print(str(e).split(" (")[0], e.name)
try:
    import sys.nothing
except ModuleNotFoundError as e:
    print(e)
try:
    from . import x
except ImportError as e:
    print(e)


def inside():
    import sys as local_sys
    return local_sys is sys


print(inside())
print(type(sys).__name__, repr(sys))
m = type(sys)("made", "doc")
m.x = 1
print(m.x, m.__doc__, m.__name__)
sys.modules["made"] = m
import made
from made import x
print(made is m, x)
try:
    m.nothing
except AttributeError as e:
    print(e)
m.__getattr__ = lambda name: "module getattr " + name
print(m.whatever)
from made import other
print(other)
