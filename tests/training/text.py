"""Strings and bytes: building, splitting, formatting, searching, regular expressions, templates, codecs."""
import io
import re
import string
import textwrap
import unicodedata
from collections import Counter

WORDS = "the quick brown fox jumps over a lazy dog while seven wizards quietly mix very bold juice for äpfel and 東京".split()


def prose(n):
    seed, out = 7, []
    for i in range(n):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        word = WORDS[seed % len(WORDS)]
        out.append(word.capitalize() if i % 11 == 0 else word)
        if i % 11 == 10:
            out[-1] += "."
        elif i % 5 == 4:
            out[-1] += ","
    return " ".join(out)


def tokens(text):
    pattern = re.compile(r"(?P<name>[A-Za-z_]\w*)|(?P<number>\d+(?:\.\d*)?)|(?P<op>[-+*/=<>!]=?|[()\[\]{},;:.])|(?P<space>\s+)")
    position = 0
    while position < len(text):
        match = pattern.match(text, position)
        if match is None:
            position += 1
            continue
        position = match.end()
        if match.lastgroup != "space":
            yield match.lastgroup, match.group()


def table(rows):
    widths = [max(len(str(row[i])) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        lines.append(" | ".join(f"{cell!s:<{width}}" for cell, width in zip(row, widths)))
    lines.insert(1, "-+-".join("-" * width for width in widths))
    return "\n".join(lines)


def caesar(text, n):
    out = []
    for c in text:
        if c.isalpha() and c.isascii():
            base = ord("a") if c.islower() else ord("A")
            out.append(chr((ord(c) - base + n) % 26 + base))
        else:
            out.append(c)
    return "".join(out)


def distance(a, b):
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            row.append(min(previous[j] + 1, row[-1] + 1, previous[j - 1] + (x != y)))
        previous = row
    return previous[-1]


def main():
    text = prose(6000)
    counts = Counter(re.findall(r"\w+", text.lower()))
    print(counts.most_common(3), len(text), text.count("fox"), text.find("wizards", 500))
    print(len(re.sub(r"(\w+), (\w+)", r"\2; \1", text)), len(re.split(r"[.,]\s*", text)))
    source = "def area(r):\n    x = 3.14 * r ** 2;  y[r] = {x: 1}\n    return x + 10 >= y\n" * 60
    kinds = Counter(kind for kind, _ in tokens(source))
    print(sorted(kinds.items()))
    print(len(textwrap.fill(text, 72).splitlines()), len(table([(w, n, n * 1.5) for w, n in counts.items()])))
    secret = caesar(text[:4000], 3)
    print(caesar(secret, -3) == text[:4000], distance(text[:120], text[30:150]))
    template = string.Template("$who has ${n} items")
    print(sum(len(template.substitute(who=w, n=i)) for i, w in enumerate(WORDS * 20)))
    out = io.StringIO()
    for i, line in enumerate(text.split(". ")):
        out.write("%04d %-20s %6.2f%% %r\n" % (i, line[:18], i / 7, line[-5:]))
        print("{:>8,d} {:08.3f} {:x} {!r:>12}".format(i * 1000, i / 3, i, line[:4]), file=out)
    lines = out.getvalue().splitlines()
    print(len(lines), sum(line.startswith("00") or line.endswith("'") for line in lines))
    data = text.encode()
    print(len(data), data.decode() == text, data.replace(b"fox", b"cat").count(b"cat"), len(data.split(b" ")))
    print(unicodedata.normalize("NFD", text[:200]).isascii(), text.translate(str.maketrans("aeiou", "12345"))[:30])
    joined = ""
    for word in text.split()[:3000]:
        joined += word.strip(",.").swapcase() + "-"
    print(len(joined), joined.partition("-")[0], joined.rsplit("-", 2)[-2], sorted(set(joined))[:5])


for _ in range(20):
    main()
