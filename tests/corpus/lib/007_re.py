import re

print(re.match(r"(\w+) (\w+)", "hello world").groups(), re.search(r"\d+", "abc123").group(), re.findall(r"a(.)", "abacad"), re.sub(r"(\w)(\d)", r"\2\1", "a1b2"), re.split(r"[,;]\s*", "a, b;c"), re.fullmatch("a+", "aaa") is not None)
m = re.search(r"(?P<year>\d{4})-(?P<mon>\d\d)", "on 2024-05 ok")
print(m["year"], m.groupdict(), m.span(), m.start("mon"), m.string, m.re.pattern, m, m.lastgroup, m.expand(r"\g<mon>/\1"))
print([x.group() for x in re.finditer(r"\b\w", "the quick fox")], re.sub("a", lambda m: m.group().upper(), "banana"), re.subn("a", "o", "banana", 2), re.escape("a.b*c"), re.compile("x", re.I).findall("xXx"))
print(re.findall(r"(?<=\$)\d+(?!\d)", "$100 $20"), re.match(r"(a)|(b)", "b").groups(), re.findall(r"(?i)hello", "Hello HELLO"), re.sub(r"(?m)^", "> ", "a\nb"), re.findall(r"(?s)a.b", "a\nb"), re.match(r"(.)\1", "aa").group(), re.match(r"(?x) a  b # comment", "ab") is not None, re.findall("[^a-c]+", "abcxyz"), re.split("(-)", "a-b"), re.findall(r"a{2,3}?", "aaaaa"), re.match(r"(?:ab)+(?P<q>c)?", "abab").groupdict(), re.findall(r"\w+", "é☃ abc_1"), re.findall(rb"\d", b"1a2"), re.match(r"(?>a+)b", "aab").group(), re.match("a++b", "aab").group())
for bad in ("(", "[a", "a**", r"\1", "(?P<1>a)", "*", "(?<=a+)b", "a{2,1}", r"\q", "(?P<a>x)(?P<a>y)"):
    try:
        re.compile(bad)
        print("ok", bad)
    except re.error as e:
        print(bad, "|", e)
print(re.compile(r"\d+").flags, re.compile("a", re.M | re.S), re.match("", "abc").span(), re.match("x", "abc"))
