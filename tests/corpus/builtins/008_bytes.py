b = b"hello\x00\xff'"
print(b, b[0], b[-1], b[1:3], len(b), list(b[:3]), b"a" + b"b", b"ab" * 2, b"a" in b"abc", 97 in b"abc", b"" == bytes())
print(bytes(3), bytes([65, 66]), bytes("é", "utf-8"), bytes(range(5)), bytes.fromhex("de ad BE ef"), b"\xde\xad".hex(), b"\xde\xad\xbe".hex(":"), b"\x01\x02\x03\x04\x05".hex("-", 2))
print(b"Hello".upper(), b"a,b".split(b","), b"-".join([b"a", b"b"]), b" x ".strip(), b"abc".find(b"c"), b"abc".find(99), b"abc".replace(b"b", b"XX"), b"abc".startswith(b"ab"), b"a b".title(), b"abc".center(7, b"*"), b"ab\ncd".splitlines(), b"x=y".partition(b"="), b"5".zfill(3), b"abc".translate(None, b"b"), b"12".isdigit(), b"abc".count(b""), b"a\tb".expandtabs(4))
print(repr(b'"'), repr(b"'"), repr(b"\t\n\r\\\x7f\x80"), b"a" < b"b", b"abc" == bytearray(b"abc"), hash(b"a") == hash(b"a"), b"%d %s" % (5, b"x"))
ba = bytearray(b"abc")
ba.append(100)
ba.extend(b"ef")
ba[0] = 90
ba[1:2] = b"12345"
del ba[-1]
ba += b"!"
ba.insert(0, 48)
print(ba, ba.pop(), ba.pop(0), ba, len(ba), bytes(ba), ba.decode(), bytearray(3), bytearray("é", "latin-1"))
ba.reverse()
ba.remove(ord("3"))
print(ba, ba[::2], ba * 2, ba.upper(), ba.find(b"5"))
ba[::2] = b"_" * len(ba[::2])
print(ba)
ba.clear()
print(ba, bool(ba))
print(b"\xc3\xa9".decode(), b"\xe9".decode("latin-1"), b"a\xffb".decode("utf-8", "replace"), b"a\xffb".decode("ascii", "ignore"), b"a\xffb".decode("utf-8", "backslashreplace"), "\udcff".encode("utf-8", "surrogateescape"), b"\xff".decode("utf-8", "surrogateescape") == "\udcff")
for f in (lambda: bytes([256]), lambda: bytes(-1), lambda: bytes("x"), lambda: b"a" + "b", lambda: b"abc"[10], lambda: bytes.fromhex("xx"), lambda: b"a".split(""), lambda: b"".join(["x"]), lambda: bytearray(b"a").__setitem__(0, 300), lambda: bytearray().pop(), lambda: b"\xff".decode("ascii"), lambda: b"\xe2\x98".decode(), lambda: bytes(1.5), lambda: b"a".find("a"), lambda: bytearray(b"a").remove(5), lambda: hash(bytearray()), lambda: b"abc".index(b"z"), lambda: bytes([1], "x"), lambda: "a" in b"a"):
    try:
        print(f())
    except (TypeError, ValueError, IndexError, UnicodeError) as e:
        print(type(e).__name__, "|", e)
m = memoryview(bytearray(b"abcdef"))
print(m[0], m[1:3].tobytes(), len(m), m.nbytes, m.format, m.tolist(), m[::2].tobytes(), m.readonly, m == b"abcdef")
m[0] = 90
m[1:3] = b"YX"
print(m.obj, m.hex(), m.cast("H").shape, memoryview(b"x").readonly)
m.release()
try:
    m[0]
except ValueError as e:
    print(e)


class B:
    def __bytes__(self):
        return b"custom"


print(bytes(B()))
