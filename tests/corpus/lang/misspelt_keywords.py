"""Errors of syntax behind which a misspelt keyword may be."""
import traceback

for source in [
    "whiel True: pass",
    "x = a nor b",
    "fro x import y",
    "for i inn x: pass",
    "def f():\n  x = 1\n  clas A: pass\n",
    "x = lamda: 1",
    "if 1:\n  pass\nx = 1\nwhiel x: pass",
    "class A:\n  def f(self):\n    if x: pass\n    for i in x: pass\n  z = 1\n  retrun b",
    "f(a b)",
    "improt os",
    "a b",
]:
    try:
        compile(source, "<string>", "exec")
    except SyntaxError as error:
        print(error._metadata)
        print("".join(traceback.format_exception_only(error)))

try:
    super(1, 2, 3)
except TypeError as error:
    print(error)
