print("a" + "b", "ab" * 3, 3 * "-")
print("abc"[0], "abc"[-1], "abcdef"[1:4], "abcdef"[::-1], "abcdef"[::2])
print(len("hello"), len(""))
print('single', "double", """triple
line""")
print("tab\there", "quote\"s", 'it''s', "back\\slash")
print(r"raw\n", b"bytes", rb"raw\bytes")
print("a" "b" 'c')
print("\x41\u00e9\U0001F600\N{BULLET}")
print(repr("it's"), repr('say "hi"'), repr("both ' and \""), repr("\n\t\\\x00\x7f\xa0é"))
print("abc" == "abc", "abc" is not None, "b" in "abc", "bc" in "abcd", "x" in "abc")
print("line1\
continued")
for ch in "hé☃😀":
    print(ch, ord(ch), repr(ch))
print(chr(97), chr(8364), ord("z"))
print("x" if "" else "empty is false")
