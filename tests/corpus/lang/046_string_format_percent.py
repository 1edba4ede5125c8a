print("%s %r %a" % ("é", "é", "é"))
print("%d|%5d|%-5d|%05d|%+d|% d" % (42, 42, 42, 42, 42, 42))
print("%x|%X|%o|%#x|%#o" % (255, 255, 8, 255, 8))
print("%f|%.2f|%8.3f|%e|%g|%G" % (3.14159, 3.14159, 3.14159, 31415.9, 0.0001, 1e20))
print("%c%c" % ("a", 98), "%%", "%d%%" % 50)
print("%(name)s is %(age)d" % {"name": "Bob", "age": 30})
print("%*d|%-*d|%.*f" % (6, 42, 6, 42, 2, 3.14159))
print("%s" % (1,), "%s" % [1, 2], "%s %s" % ("a", (1, 2)))
print("%.3s|%10s|%-10s|" % ("abcdef", "right", "left"))
print("%i %u" % (3.99, -3), "%d" % True, "%s" % None)
for fmt, arg in (("%d", "x"), ("%s %s", ("a",)), ("%s", ("a", "b")), ("%z", 1), ("%(a)s", 5), ("%c", "ab"), ("%d", None), ("%", 1),
                 ("%x", 1.5), ("%f", "s"), ("%(k)s", {"j": 1}), ("%c", -1), ("%*d", ("a", 1))):
    try:
        print(fmt % arg)
    except (TypeError, ValueError, KeyError, OverflowError) as e:
        print(type(e).__name__, e)
print(b"%d %s %x %b %r" % (1, b"two", 255, b"four", "five"))
print("%5.1f|%-8.2e|%+.0f|%#.0f" % (2.25, 12345.678, 2.5, 3.0))
print("%s" % "%s", "%s%s" % ("%", "d"))
