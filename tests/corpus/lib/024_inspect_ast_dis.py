import ast
import inspect


def f(a, b: int = 2, *c, d, e=5, **g) -> str:
    """Doc."""
    return a


print(inspect.signature(f), inspect.getdoc(f), inspect.isfunction(f), inspect.signature(f).parameters["b"].default, inspect.signature(f).bind(1, d=2).arguments, inspect.isgeneratorfunction(f), inspect.getmembers(type("C", (), {"x": 1}), lambda m: m == 1), inspect.signature(len), inspect.signature(lambda x, /, *, y: 0))
print(inspect.getsource(f).splitlines()[0], inspect.getmodule(f).__name__, inspect.currentframe().f_lineno)
t = ast.parse("x = [i * 2 for i in range(3) if i]\nprint(f'{x!r:>5}')")
print(ast.dump(t))
print(ast.unparse(t), ast.literal_eval("{'a': [1, -2.5, (None, True)]}"), ast.dump(ast.parse("a.b[1:2](*c, **d)", mode="eval")))


class V(ast.NodeTransformer):
    def visit_Constant(self, n):
        return ast.copy_location(ast.Constant(n.value + 1), n)


tree = ast.fix_missing_locations(V().visit(ast.parse("1 + 2", mode="eval")))
print(eval(compile(tree, "<t>", "eval")), [type(n).__name__ for n in ast.walk(ast.parse("a = b"))])
try:
    ast.literal_eval("f()")
except ValueError as e:
    print(e)
