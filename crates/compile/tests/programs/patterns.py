def describe(value):
    match value:
        case 0 | 1 | -1:
            return 'small'
        case [first, *rest] if rest:
            return first
        case {'key': str(name), **others}:
            return name, others
        case Point(x=0, y=y) as point:
            return point, y
        case None | True:
            return None
        case _:
            return 'other'
