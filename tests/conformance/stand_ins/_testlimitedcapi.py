"""Parts of the abstract object interface, as PySequence_* and PyObject_* document them."""


def _place(sequence, index):
    """PySequence_*Item counts a negative index from the end, once."""
    index = index.__index__()
    return index + len(sequence) if index < 0 else index


def sequence_getitem(sequence, index):
    index = _place(sequence, index)
    if index < 0:
        raise IndexError("index out of range")
    return sequence[index]


def sequence_setitem(sequence, index, value):
    index = _place(sequence, index)
    if index < 0:
        raise IndexError("assignment index out of range")
    sequence[index] = value
    return 0


def sequence_delitem(sequence, index):
    index = _place(sequence, index)
    if index < 0:
        raise IndexError("assignment index out of range")
    del sequence[index]
    return 0


def object_hasattrstring(value, name):
    """Whether there is such an attribute; whatever its lookup raises means no."""
    try:
        getattr(value, name.decode())
    except Exception:
        return 0
    return 1


def _py_getbuiltwithassert():
    """Whether the interpreter was built with C's assertions."""
    return 0
