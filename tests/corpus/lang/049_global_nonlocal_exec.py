code = compile("a = 1\nb = a + 1", "<test>", "exec")
ns = {}
exec(code, ns)
print(ns["b"], sorted(k for k in ns if k != "__builtins__"))
print(eval("a * b", {"a": 6, "b": 7}), eval("1 + 1"), eval(compile("3 * 3", "<e>", "eval")))


def f():
    x = 10
    exec("x = 20")
    return x, eval("x + 1")


print(f())
exec("def made(q):\n    return q * 2")
print(made(21))
for bad in ("1 +", "def", "x = = 1", "return 1", "break", "f(a=1, 2)", "1 = x", "a b", "'unclosed", "(1", "if x\n  1",
            "  indented", "def f(a, a): 0", "nonlocal x", "yield 1", "await x", "class C: return 1", "x: int: str", "import",
            "lambda: (yield) = 1", "f() = 1", "del f()", "for 1 in x: 0", "*a", "global x\nx = 1; def", "print 1", "1 if 2"):
    try:
        compile(bad, "<bad>", "exec")
        print("compiled", repr(bad))
    except SyntaxError as e:
        print(type(e).__name__, "|", e.msg, "|", e.lineno, e.offset)
ls = {}
exec("y = 5\ndef g(): return 1", {}, ls)
print(ls["y"])
print(eval("[i for i in range(n)]", {"n": 3}))
try:
    eval("x = 1")
except SyntaxError as e:
    print(e.msg)
print(eval("__name__", {"__name__": "custom"}))
class G:
    def __getitem__(self, k):
        if k in ("a", "b"):
            return k.upper()
        raise KeyError(k)
print(eval("a + b", {}, G()))
try:
    eval("nope", {}, G())
except NameError as e:
    print(e)
