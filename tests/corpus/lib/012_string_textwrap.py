import string
import textwrap

print(string.ascii_letters, string.digits, string.punctuation, repr(string.whitespace), string.capwords("the cat"))
print(string.Template("$a and ${b} $$").substitute(a=1, b=2), string.Template("$x").safe_substitute())
try:
    string.Template("$x").substitute()
except KeyError as e:
    print("KeyError", e)
text = "The quick brown fox jumps over the lazy dog and runs away from the very angry bear."
print(textwrap.fill(text, 30), textwrap.wrap(text, 20)[:2], textwrap.shorten(text, 25), repr(textwrap.dedent("""
    a
      b
    c""")), textwrap.indent("a\nb\n\nc", "> "), sep="\n")
print(list(string.Formatter().parse("a{b!r:c}d")), string.Formatter().format("{0} {x}", 1, x=2))
