"""Turn a useful part of Markdown into HTML, without a regular expression.

Blocks are read line by line by small generators; what is inside a line is handled by a recursive function.
"""

SAMPLE = """\
Coachwhip
=========

A *fast* snake of the **Masticophis** family. It is `harmless`, [curious](https://example.org/a_b)
and up to 2.5 m long.

## What it eats

- lizards
- cicadas & *grasshoppers*
- small birds,
  now and then

1. It looks around
2. It **runs**

> It does not *crack like a whip*.
> That is a tale.

```python
if snake < lizard:
    print("hungry")
```

---

### The end\\*
"""


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def inline(text):
    """The HTML of what stands inside a block."""
    out = []
    at = 0
    while at < len(text):
        rest = text[at:]
        if rest.startswith("\\") and len(rest) > 1:
            out.append(escape(rest[1]))
            at += 2
        elif rest.startswith("`") and (end := rest.find("`", 1)) > 0:
            out.append(f"<code>{escape(rest[1:end])}</code>")
            at += end + 1
        elif rest.startswith("**") and (end := rest.find("**", 2)) > 0:
            out.append(f"<strong>{inline(rest[2:end])}</strong>")
            at += end + 2
        elif rest.startswith("*") and (end := rest.find("*", 1)) > 0:
            out.append(f"<em>{inline(rest[1:end])}</em>")
            at += end + 1
        elif rest.startswith("[") and (middle := rest.find("](")) > 0 and (end := rest.find(")", middle)) > 0:
            out.append(f'<a href="{escape(rest[middle + 2:end])}">{inline(rest[1:middle])}</a>')
            at += end + 1
        else:
            out.append(escape(rest[0]))
            at += 1
    return "".join(out)


def list_item(line):
    """('ul' or 'ol', the item's text) for a line that starts an item, else None."""
    if line[:2] in ("- ", "* "):
        return "ul", line[2:]
    number, dot, text = line.partition(". ")
    if dot and number.isdigit():
        return "ol", text
    return None


def is_rule(line):
    return len(line) >= 3 and set(line) == {"-"}


def starts_block(line):
    return not line or line[0] in "#>" or line.startswith("```") or list_item(line) is not None or is_rule(line)


def blocks(lines):
    """Kind and content of every block."""
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if not line:
            continue
        if line.startswith("```"):
            end = next(i for i in range(at, len(lines)) if lines[i] == "```")
            yield "code", (line[3:], lines[at:end])
            at = end + 1
        elif line.startswith("#"):
            text = line.lstrip("#")
            yield f"h{len(line) - len(text)}", text.strip()
        elif is_rule(line):
            yield "hr", None
        elif line.startswith(">"):
            quoted = [line]
            while at < len(lines) and lines[at].startswith(">"):
                quoted.append(lines[at])
                at += 1
            yield "quote", [inner.removeprefix(">").strip() for inner in quoted]
        elif first := list_item(line):
            kind, text = first
            items = [text]
            while at < len(lines) and lines[at]:
                if (item := list_item(lines[at])) and item[0] == kind:
                    items.append(item[1])
                elif lines[at].startswith(" "):
                    items[-1] += " " + lines[at].strip()
                else:
                    break
                at += 1
            yield kind, items
        else:
            paragraph = [line]
            while at < len(lines) and not starts_block(lines[at]):
                if lines[at] and set(lines[at]) == {"="}:
                    at += 1
                    yield "h1", paragraph.pop()
                    break
                paragraph.append(lines[at])
                at += 1
            if paragraph:
                yield "p", "\n".join(paragraph)


def render(lines):
    for kind, content in blocks(lines):
        match kind, content:
            case "code", (language, code):
                attribute = f' class="language-{language}"' if language else ""
                yield f"<pre><code{attribute}>" + escape("\n".join(code)) + "\n</code></pre>"
            case "hr", _:
                yield "<hr>"
            case "quote", inner:
                yield "<blockquote>"
                yield from ("  " + line for line in render(inner))
                yield "</blockquote>"
            case ("ul" | "ol"), items:
                yield f"<{kind}>"
                yield from (f"  <li>{inline(item)}</li>" for item in items)
                yield f"</{kind}>"
            case _, text:
                yield f"<{kind}>{inline(text)}</{kind}>"


if __name__ == "__main__":
    print("\n".join(render(SAMPLE.splitlines())))
