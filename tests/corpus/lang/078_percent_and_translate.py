for i in (0, 5, -5, 123456, -2**61, 2**61 - 1, 2**61, True):
    for f in ('%d', '%5d', '%-5d|', '%05d', '%+d', '% d', '%+05d', '%-05d|', '%x', '%5x', '%-8x|', '%08x', '%+x', '%X', '%#x', '%.4d', '%8.4d', '%i', '%u', '%*d', '%-*d|', '%o', '%c', '%ld', '%5s', '%.1s', '%r'):
        try:
            print(f, f % ((7, i) if '*' in f else (i,)), end=' ')
        except Exception as e:
            print(type(e).__name__, e, end=' ')
    print()
print(b'%5d|%-5x|%05d' % (42, 255, -3), '%5d %s' % (1, 'é'), '€%3d' % 7)
for t in ('9' * 18, '9' * 19, '1' + '0' * 36, '9' * 37, '9' * 38, '-' + '9' * 37, '0' * 37, ' 123456789012345678901234567890\n', '12345678901234567890x', '+18446744073709551616'):
    try:
        print(int(t))
    except ValueError as e:
        print(e)
print(b'-'.join([b'a', bytearray(b'b'), b'', b'c']), b''.join([]), b','.join(x for x in (b'q', b'r')))
for act in (lambda: next(5), lambda: 5[0], lambda: (5).__getitem__, lambda: int[int], lambda: [].x, lambda: iter(5), lambda: type.__getitem__):
    try:
        print(act())
    except Exception as e:
        print(type(e).__name__, e)
def bad():
    (1,)[0] = 2
def bad2():
    del (1,)[0]
for f in bad, bad2:
    try: f()
    except TypeError as e: print(e)
print(b'abc'.translate(bytes(range(256)).replace(b'a', b'z')), b'abc'.translate(None, b'b'), b'abcabc'.translate(bytes(255 - i for i in range(256)), b'c'), bytearray(b'ab').translate(bytes(range(256))))
