print(repr("\n\r\t\0\x1b\x7f\x80\xa0\xad\u200b\u2028\ud800\U0001F600\U000e0001"), "'\"", repr("'"), repr('"'), repr("'\""), repr("\\"))
print([1.0, 1e16, 1e-5, -0.0, 1e22, 123456789.123], [True, None, ...], ("a",), {"k": [1, (2,)]}, {1: {2: {3: 4}}}, [[[]]], ((),), {"a": {"b"}})
print(str([1, "a"]), str({"a": "b"}), str(("x", b"y")), repr({1, }), repr(b"\x00'\""), str(b"x"), repr(bytearray(b"z")), repr(range(0, 5)), repr(slice(1, None)), repr(1 + 2j), repr(-0.0), repr(1e300 * 1e10))


class R:
    def __repr__(self):
        return "R()"


class S(R):
    def __str__(self):
        return "str(S)"


print(R(), S(), [R(), S()], f"{S()} {S()!r}", str(R()), "%s %r" % (S(), S()), {S(): R()} if S.__hash__ else 0, (S(),))


class Bad:
    def __repr__(self):
        return 5


for f in (lambda: repr(Bad()), lambda: str(Bad()), lambda: f"{Bad()}", lambda: [Bad()].__repr__()):
    try:
        f()
    except TypeError as e:
        print(e)


class BadStr:
    def __str__(self):
        raise ValueError("no str")


try:
    print("before", BadStr())
except ValueError as e:
    print(e)
a = [1]
a.append(a)
d = {"self": None}
d["self"] = d
t = ([],)
t[0].append(t)
print(a, d, t)
import sys
sys.stdout.write("direct\n")
print("to stdout", file=sys.stdout)
sys.stdout.flush()


class W:
    def __init__(self):
        self.got = []

    def write(self, s):
        self.got.append(s)


w = W()
print(1, "a", sep="-", file=w)
print(w.got)
print("é☃😀", "\t|", "a\\b", 'q"q')
print("multi\nline", end="\n\n")
print(0.1, 1 / 3, 2 / 3, 10 / 3, 1e3, 1.10, 100.0, 1e-7, 3.0e8)
