# Options of ast.parse: versions, optimised trees, types of functions.
import ast
import warnings

for minor, source in [
    (9, "match x:\n case 1: pass"), (7, "(x := 1)"), (10, "try: pass\nexcept* E: pass"), (11, "def f[T](): pass"),
    (11, "class C[T]: pass"), (11, "type X = int"), (12, "def f[T=int](): pass"), (13, "t'a'"),
    (13, "try: pass\nexcept A, B: pass"), (7, "def f(a, /): pass"), (7, "lambda a, /: 0"),
    (8, "with (a as b, c as d): pass"), (7, "def f(): return *a, b"), (8, "@a[0]\ndef f(): pass"), (10, "a[*b]"),
    (7, "f'{x=}'"), (11, "f'{\"a\"}'"), (10, "def f(*a: *b): pass"), (7, "for x in *a, b: pass"), (14, "t'a'"),
    (12, "def f[T](): pass"),
]:
    try:
        ast.parse(source, feature_version=(3, minor))
        print(minor, repr(source), "ok")
    except SyntaxError as e:
        print(minor, repr(source), e.msg)

for source in [
    "(int, str) -> bool", "()->None", "(*int) -> a", "(*a, **b) -> c", "(a, *b) -> c", "(a, **b) -> c",
    "(a,*b,**c) -> c[d, e]\n\n", "(a,)->b", "(**a)->b", "a->b", "(a, *b, c)->d", "((a, b), c)->d->e", "(x:=1)->y",
    "(a if b else c)->lambda: 0", "(lambda a, b: 0)->c", "(\na,\nb\n) -> \\\n c", "(a)->(b,c)", "(a)->b,c", "(a)->b #x",
    "(a->b", "\n(a)->b", "('é', f'{x}')->b", "()", "", "(yield)->a", "(a for b in c)->d", "(*)->a", "(a, )->",
]:
    try:
        print(repr(source), ast.dump(ast.parse(source, mode="func_type"), include_attributes=True))
    except SyntaxError as e:
        print(repr(source), type(e).__name__, e.msg)

CODE = '''
def f():
    "doc"
    return __debug__, "%s %r" % (a, b)
match x:
    case -1 | 1 + 2j: pass
'''
for level in (-1, 0, 1, 2):
    print(level, ast.dump(ast.parse(CODE, optimize=level)))
    print(level, ast.dump(ast.parse(ast.parse(CODE), optimize=level)) == ast.dump(ast.parse(CODE, optimize=level)))

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    ast.parse(r"'\d'")
    print([str(w.message) for w in caught])
