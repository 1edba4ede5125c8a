"""Support for template string literals (t-strings)."""


class Interpolation:
    """Interpolation object"""

    __slots__ = ('value', 'expression', 'conversion', 'format_spec')
    __match_args__ = ('value', 'expression', 'conversion', 'format_spec')

    def __new__(cls, value, expression='', conversion=None, format_spec=''):
        for name, text in ('expression', expression), ('format_spec', format_spec):
            if not isinstance(text, str):
                kind = type(text).__name__
                raise TypeError(f"Interpolation() argument '{name}' must be str, not {kind}")
        if conversion is not None:
            if not isinstance(conversion, str):
                kind = type(conversion).__name__
                raise TypeError(f"Interpolation() argument 'conversion' must be str, not {kind}")
            if conversion not in ('s', 'a', 'r'):
                raise ValueError("Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'")
        self = object.__new__(cls)
        fill = object.__setattr__
        fill(self, 'value', value)
        fill(self, 'expression', expression)
        fill(self, 'conversion', conversion)
        fill(self, 'format_spec', format_spec)
        return self

    def __init_subclass__(cls):
        raise TypeError("type 'string.templatelib.Interpolation' is not an acceptable base type")

    def __setattr__(self, name, value):
        raise AttributeError('readonly attribute')

    def __class_getitem__(cls, item):
        from types import GenericAlias
        return GenericAlias(cls, item)

    def __repr__(self):
        return f'Interpolation({self.value!r}, {self.expression!r}, {self.conversion!r}, {self.format_spec!r})'

    def __reduce__(self):
        return Interpolation, (self.value, self.expression, self.conversion, self.format_spec)


class Template:
    """Template object"""

    __slots__ = ('strings', 'interpolations')

    def __new__(cls, *args, **kwargs):
        if kwargs:
            raise TypeError('Template.__new__ only accepts *args arguments')
        strings = ['']
        interpolations = []
        for arg in args:
            if isinstance(arg, str):
                strings[-1] += arg
            elif isinstance(arg, Interpolation):
                interpolations.append(arg)
                strings.append('')
            else:
                kind = type(arg).__name__
                raise TypeError(f"Template.__new__ *args need to be of type 'str' or 'Interpolation', got {kind}")
        self = object.__new__(cls)
        object.__setattr__(self, 'strings', tuple(strings))
        object.__setattr__(self, 'interpolations', tuple(interpolations))
        return self

    def __init_subclass__(cls):
        raise TypeError("type 'string.templatelib.Template' is not an acceptable base type")

    def __setattr__(self, name, value):
        raise AttributeError('readonly attribute')

    def __class_getitem__(cls, item):
        from types import GenericAlias
        return GenericAlias(cls, item)

    @property
    def values(self):
        """Values of interpolations"""
        return tuple(part.value for part in self.interpolations)

    def __iter__(self):
        for string, interpolation in zip(self.strings, self.interpolations):
            if string:
                yield string
            yield interpolation
        if self.strings[-1]:
            yield self.strings[-1]

    def __add__(self, other):
        if not isinstance(other, Template):
            kind = type(other).__name__
            raise TypeError(f'can only concatenate string.templatelib.Template (not "{kind}") to string.templatelib.Template')
        return Template(*self, *other)

    def __repr__(self):
        return f'Template(strings={self.strings!r}, interpolations={self.interpolations!r})'

    def __reduce__(self):
        return _template_unpickle, (self.strings, self.interpolations)


def convert(obj, /, conversion):
    """Convert *obj* using formatted string literal semantics."""
    match conversion:
        case None:
            return obj
        case 'r':
            return repr(obj)
        case 's':
            return str(obj)
        case 'a':
            return ascii(obj)
    raise ValueError(f'invalid conversion specifier: {conversion}')


def _template_unpickle(strings, interpolations):
    parts = []
    for i, string in enumerate(strings):
        parts.append(string)
        parts.extend(interpolations[i:i + 1])
    return Template(*parts)
