s = "Hello, World"
print(s.upper(), s.lower(), s.swapcase(), s.title(), s.capitalize(), s.casefold(), "ß".upper(), "ß".casefold(), "ǆ".title(), "İ".lower())
print(s.find("o"), s.rfind("o"), s.find("z"), s.index("W"), s.count("l"), s.count(""), s.find("o", 5), s.find("o", 5, 7), s.find(""), s.rfind(""), s.find("", 50))
print(s.startswith("Hell"), s.endswith(("x", "ld")), s.startswith("", 50), s.startswith("World", 7), s.startswith(()))
print(s.replace("l", "L"), s.replace("l", "L", 2), s.replace("", "-"), s.replace("World", ""), "aaa".replace("aa", "b"))
print("a,b,,c".split(","), " a  b ".split(), "a,b,c".split(",", 1), "a,b,c".rsplit(",", 1), "".split(), "".split(","), "abc".split("abc"), " x y ".split(None, 1))
print("a\nb\r\nc\rd\x0be".splitlines(), "a\nb\n".splitlines(True), "".splitlines(), "a=b=c".partition("="), "a=b=c".rpartition("="), "abc".partition("x"), "abc".rpartition("x"))
print(",".join(["a", "b"]), "".join([]), "-".join("abc"), ", ".join(str(i) for i in range(3)))
print(repr("  x ".strip()), repr("  x ".lstrip()), repr("  x ".rstrip()), "xxaxx".strip("x"), "abcba".strip("ab"), "abc".lstrip("ab"), "prefix-x".removeprefix("prefix-"), "x.py".removesuffix(".py"))
print("x".center(5, "*"), "x".ljust(3) + "|", "x".rjust(3), "42".zfill(5), "-42".zfill(5), "+x".zfill(4), "ab".center(5), "a\tb\tc".expandtabs(4), "ab\tc".expandtabs())
print("abc".isalpha(), "ab1".isalnum(), "123".isdigit(), "½".isnumeric(), "²".isdigit(), "²".isdecimal(), "abc".islower(), "ABC".isupper(), "Abc Def".istitle(), " \t".isspace(), "x1".isidentifier(), "1x".isidentifier(), "é".isascii(), "".isascii(), "a\n".isprintable(), "".isalpha(), "".islower())
print("abc".translate({97: "X", 98: None, 99: "long"}), "abc".translate(str.maketrans("ab", "xy", "c")), str.maketrans({"a": 1}), "abc".encode(), "é".encode("latin-1"), "é☃".encode("utf-16-le"), "é".encode("ascii", "replace"), "é".encode("ascii", "xmlcharrefreplace"), "é".encode("ascii", "backslashreplace"))
print("{} {}".format(1, 2), "{1} {0}".format("a", "b"), "{a} {b[0]} {c.real}".format(a=1, b=[5], c=3), "{:>5}|{:<5}|{:^5}".format("a", "b", "c"), "{0!r:>6}".format("x"), "{{}}".format(), "{:{}}".format("x", 4), "{a:{w}.{p}f}".format(a=3.14159, w=8, p=2), "{x}".format_map({"x": 5}))
print("a" < "b", "abc" == "abc", "a" in "abc", "" in "", "x" * 0 == "", "ab" * 2, 3 * "x", "abc"[1], "abc"[-1], "abc"[::-1], "abcdef"[4:1:-1], "abc"[10:], len("☃é"))
for f in (lambda: s.index("zz"), lambda: "a".join([1]), lambda: "abc"[5], lambda: "abc"["x"], lambda: "a".split(""), lambda: "é".encode("ascii"), lambda: b"\xff".decode(), lambda: "{}".format(), lambda: "{a}".format(), lambda: "{0} {}".format(1, 2),
          lambda: "{".format(), lambda: "}".format(), lambda: "{:d}".format("x"), lambda: "{!z}".format(1), lambda: "a".center(5, "ab"), lambda: "a".encode("nope"), lambda: "a" + b"b", lambda: str.maketrans("a", "bc"), lambda: "abc".replace("a"), lambda: "x".startswith(5), lambda: str(b"x", "ascii", 5), lambda: "a" % 1, lambda: "%d" % (), lambda: "".join(5), lambda: "a".rindex("b"), lambda: "a".count()):
    try:
        print(f())
    except (TypeError, ValueError, IndexError, KeyError, LookupError) as e:
        print(type(e).__name__, "|", e)
print(str(b"abc", "ascii"), str(5), str(object=1.5), str(), repr(str(b"x")), str(b"\xe9", "latin-1"), str("x"))
print("a\x00b", len("a\x00b"), "\ud800".encode("utf-8", "surrogatepass"), repr("\ud800"), ascii("é☃\U0001F600"), "\N{SNOWMAN}", "é" == "e\u0301")
