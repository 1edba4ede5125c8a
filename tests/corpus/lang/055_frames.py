import sys


def who():
    return sys._getframe().f_code.co_name, sys._getframe(1).f_code.co_name


def caller():
    return who()


print(caller())
f = caller.__code__
print(f.co_name, f.co_argcount, f.co_varnames, f.co_firstlineno, f.co_flags & 3)


def many(a, b=1, /, c=2, *args, d, e=3, **kw):
    x = 1
    y = lambda: x
    return y


c = many.__code__
print(c.co_argcount, c.co_posonlyargcount, c.co_kwonlyargcount, c.co_varnames, c.co_cellvars, c.co_nlocals)
print(many.__defaults__, many.__kwdefaults__, many(1, d=2).__code__.co_freevars)


def line():
    return sys._getframe(1).f_lineno


print(line())
print(line(),
      line())


def see_locals():
    a = 1
    b = "two"
    return sorted(sys._getframe().f_locals.items())


print(see_locals())
try:
    1 / 0
except ZeroDivisionError as e:
    tb = e.__traceback__
    print(tb.tb_lineno, tb.tb_frame.f_code.co_name, tb.tb_next)
print(sys._getframe().f_back, sys._getframe().f_globals is globals())
try:
    raise KeyError
except KeyError:
    print(sys.exc_info()[0], sys.exception() is sys.exc_info()[1])
print(sys.exc_info())
def g():
    yield sys._getframe().f_code.co_name
print(next(g()))
print(many.__module__, many.__qualname__, f.co_filename == __file__, f.co_qualname)
