for s in ("ascii", "latin é", "ucs2 ☃", "ucs4 😀", "mixed é☃😀", "", "\x00", "e\u0301", "ﬁ", "ǅ", "ΑΣ", "straße", "İI", "１２"):
    print(repr(s), len(s), s.upper(), s.lower(), s.title(), s.swapcase(), s.capitalize(), s.casefold(), s.isalpha(), s.isalnum(), s.isdigit(), s.isupper(), s.islower(), s.isprintable(), len(s.encode()), ascii(s), s[::-1] == "".join(reversed(s)))
print("é" + "☃" + "😀", "a" + "😀"[0:0], ("😀" * 3)[1], "é☃".find("☃"), "😀a😀b".split("a"), "☃".join("ab"), "é".replace("é", "☃"), "😀é".encode("utf-8"), "é".encode("utf-16"), b"\xf0\x9f\x98\x80".decode(), "é".encode("utf-8").decode("latin-1"))
print("aé☃😀" < "aé☃😁", "z" < "é", sorted("☃é😀a"), max("a☃"), "é" in "café", "☃" not in "abc", "é" == "\xe9", "\u00e9" == "é", hash("é") == hash("\xe9"), "é" * 0, "éa"[1], "a☃"[0], "x😀"[0])
print("\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0\u2000\u2028\u3000x".split(), "\u2028a\u2029b\x85c".splitlines(), " \u3000x\xa0".strip(), "\xa0".isspace(), "\u200b".isspace())
print("٣".isdigit(), "Ⅷ".isnumeric(), "½".isdecimal(), int("１２"), "_é1".isidentifier(), "class".isidentifier(), "é".isidentifier(), "℘".isidentifier())
for cp in (0, 0x7F, 0x80, 0xFF, 0x100, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF):
    c = chr(cp)
    print(hex(cp), ord(c) == cp, len(c), ascii(c), c.encode("utf-8"), c.encode("unicode_escape"))
for f in (lambda: "\ud800".encode(), lambda: "☃".encode("latin-1"), lambda: b"\x80abc".decode(), lambda: b"ab\xe2\x98".decode("utf-8"), lambda: b"\xed\xa0\x80".decode(), lambda: b"\xf4\x90\x80\x80".decode(), lambda: "a\x80".encode("ascii")):
    try:
        print(f())
    except UnicodeError as e:
        print(type(e).__name__, "|", e)
print("{:☃^7}".format("x"), "é".center(5, "😀"), "%5s|" % "é", f"{'☃':>4}|", "😀".ljust(3) + "|", "e\u0301".center(5) + "|", "日本語".zfill(5))
