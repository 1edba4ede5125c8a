name, n = "world", 42
t = t"hello {name!r:>10} and {n + 1}"
print(type(t).__name__, t.strings, t.values)
for i in t.interpolations:
    print(i.value, i.expression, i.conversion, repr(i.format_spec))
print([p if isinstance(p, str) else p.value for p in t])
print((t"a" + t"b{n}").strings)
print(t"", t"{n}".strings, t"{n=}".strings)
try:
    t"a" + "b"
except TypeError as e:
    print(e)


def html(template):
    out = []
    for part in template:
        out.append(part if isinstance(part, str) else str(part.value).replace("<", "&lt;"))
    return "".join(out)


print(html(t"<b>{'<evil>'}</b>{n:>{n}}"))
