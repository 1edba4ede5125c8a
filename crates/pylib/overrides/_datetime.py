"""The module that `datetime` prefers, made of the library's own Python implementation."""
from _pydatetime import *
from _pydatetime import __doc__
