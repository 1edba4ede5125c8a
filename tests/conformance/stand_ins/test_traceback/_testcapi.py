"""What `test_traceback` calls of the interface in C: the interpreter's own display of exceptions and tracebacks."""

import sys


def exception_print(value, legacy=False):
    """PyErr_DisplayException, or with `legacy` PyErr_Display: only an exception can be shown."""
    if legacy:
        sys.__excepthook__(type(value), value, getattr(value, "__traceback__", None))
    elif isinstance(value, BaseException):
        sys.__excepthook__(type(value), value, value.__traceback__)
    else:
        print(f"TypeError: print_exception(): Exception expected for value, {type(value).__name__} found", file=sys.stderr)


def traceback_print(traceback, file):
    """PyTraceBack_Print: a header line, then the entries."""
    from traceback import print_tb
    file.write("Traceback (most recent call last):\n")
    print_tb(traceback, file=file)


def config_get(name):
    """PyConfig_Get, for the one setting that is asked for: code objects have columns."""
    if name != "code_debug_ranges":
        raise ValueError(f"unknown config option name: {name}")
    return 1
