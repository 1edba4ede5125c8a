import base64, binascii
for n in list(range(10)) + [57, 58, 1000]:
    b = bytes((i * 37 + n) & 255 for i in range(n))
    e = base64.b64encode(b); assert base64.b64decode(e) == b and base64.b64decode(e, validate=True) == b, n
    m = base64.encodebytes(b); assert base64.decodebytes(m) == b
    h = binascii.hexlify(b); assert binascii.unhexlify(h.upper()) == b == bytes.fromhex(h.decode())
    if n < 10: print(e, h, binascii.hexlify(b, '-', 2), base64.urlsafe_b64encode(b))
for bad in ('A', 'AB', 'ABC', 'AB=', 'AB==', 'AB=C', 'ABCD=', '=ABC', 'AB\nCD', 'AB CD', 'ABCDE', 'ABCDEF=', 'AB===', 'ABC=D', 'ABCDEFGH=', 'AB=\nCD==', 'ABCDA===', '=', '====', 'é', 'ABCD!EFG', 'ABCD====EFGH'):
    for strict in (False, True):
        try:
            print(repr(bad), strict, binascii.a2b_base64(bad, strict_mode=strict))
        except ValueError as x:
            print(repr(bad), strict, x)
for bad in ('a', 'ag', 'GG', '0x', 'aB', b'ff', 'é0'):
    try:
        print(binascii.unhexlify(bad))
    except ValueError as x:
        print(x)
def unpack(s):
    a, b, c = s
    return a, b, c
for s in ((1, 2, 3), [4, 5, 6], 'xyz', {7, }, (1, 2), [1, 2, 3, 4], range(3), {'a': 1, 'b': 2, 'c': 3}, 5):
    try:
        print(unpack(s))
    except (TypeError, ValueError) as x:
        print(x)
