def show(name, width):
    a = f'{name!r:>{width}} is {name=} {{}} {3.5:.2f}'
    b = 'con' 'stant' + 'fold'
    c = t'{name} and {width:d}'
    return '%s-%d' % (a, 4), b[1:2], c
