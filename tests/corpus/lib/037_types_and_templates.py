# Type parameters, unions, generic aliases and templates in odd places.
import copy
import pickle
import sys
import types
import typing
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar, TypeVarTuple, Union


def attempt(f):
    try:
        print(repr(f()))
    except BaseException as e:
        print(type(e).__name__, e)


T = TypeVar("T")
U = int | str
attempt(lambda: U | 3)
attempt(lambda: 3 | U)
attempt(lambda: U | "a")
attempt(lambda: "a" | U)
attempt(lambda: int | "a")
attempt(lambda: U | None)
attempt(lambda: U | T)
attempt(lambda: isinstance(42, Union[int, list[int]]))
attempt(lambda: isinstance(3.0, Union[int, list[int]]))
attempt(lambda: issubclass(int, Union[int, Any]))
attempt(lambda: issubclass(float, int | list[int]))
attempt(lambda: ParamSpec("P", bound=(int, str)).__bound__)
attempt(lambda: TypeVar("P", bound=(int,)).__bound__)
for kind in ("TypeVar", "ParamSpec", "TypeVarTuple"):
    space = {}
    exec(f"from typing import {kind}; T = {kind}('T')", space)
    print(space["T"].__module__)
print(T.__module__)


class Parameter:
    def __repr__(self):
        return "Parameter"


first, late = Parameter(), Parameter()
first.__typing_subst__ = lambda value: value
alias = types.GenericAlias(dict, (first, late))
print(alias.__parameters__)
late.__typing_subst__ = lambda value: value
attempt(lambda: alias[0])


class X(int, Generic[T]):
    pass


class Y(Generic[T], NamedTuple):
    x: T


class Z(Generic[T]):
    pass


print(Y.__base__.__name__, Y(3), Y[int](3), X(4), Generic.__flags__ & 512)
attempt(lambda: object.__new__(Y))
attempt(lambda: object.__new__(X))
for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    z = Z()
    z.a = 1
    print(pickle.loads(pickle.dumps(X(3), protocol)), pickle.loads(pickle.dumps(z, protocol)).a)
a = 1
template = t"a{a!r:>3}b"
print(template.__reduce__()[1], template.interpolations[0].__reduce__())
print(repr(pickle.loads(pickle.dumps(template))), repr(copy.deepcopy(template)))
attempt(lambda: iter(Union[int, T]))

# Traceback entries keep what they are given.
entry = types.TracebackType(None, sys._getframe(), 5, 7)
print(entry.tb_lasti, entry.tb_lineno)
for lasti, line in ((-1, 3), (0, 0), (3, -2), (-7, 1)):
    entry = types.TracebackType(None, sys._getframe(), lasti, line)
    print(entry.tb_lasti, entry.tb_lineno)
