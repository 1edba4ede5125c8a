import re
T = 'foo bar baz foobar x1 _y \n Zed zed 12 é€ tail'
for p in (r'foo|bar|baz', r'(?:a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q|r)+', r'(foo)|(bar)|(ba.)', r'\b(?:z|Z)ed|\d+|é|€', r'(?i)ZED|FOO', r'a*|b', r'(?:|x)y', r'(?:x|)1', r'(?:[a-c]|[x-z]|\d)+', r'(?:foo|foobar)\b', r'(?:foobar|foo)', r'(?:\s|$)', r'(?:.|\n)tail', r'(a|ab)(c|bcd)?(d*)', r'(?:(?:x|y)|z)\w', r'(?:[^a-z ]|tail$)', r'(?:é|\w)+', r'(?:x+|y)1', r'(?:(?=b)b|c)ar', r'(?:€|[é-ü])+', r'(?<=o)(?: |b)', r'(?:a{0}|o)o'):
    print(p, [m.group() for m in re.finditer(p, T)], re.sub(p, '<>', T)[:40], [m.span() for m in re.finditer(p, 'abcd ab foobar')], re.fullmatch(p, 'foo'))
    try:
        q = p.encode('latin-1')
    except UnicodeEncodeError:
        continue
    print([m.group() for m in re.finditer(q, T.encode())][:9])
print(re.split(r'(,|;)\s*|(?:-|=)', 'a, b;c-d=e'), re.findall(r'a|b|', 'abc'))
