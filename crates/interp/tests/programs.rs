//! Small programs, compiled and run: what a global holds at the end, or the exception that ended them.

use object::*;
use runtime::prelude::repr_of;

/// A VM with the builtins and nothing else.
struct Python {
    cx: Box<Cx>,
    _vm: VmHandle,
}

impl Python {
    fn new() -> Python {
        let (vm, mut cx) = VmHandle::new(Config::default()).expect("memory for a VM");
        interp::install(&cx);
        runtime::types::fill_types(&mut cx).expect("the built-in types");
        let builtins = runtime::native::module_from_spec(&mut cx, &runtime::functions::module::SPEC).expect("builtins");
        cx.vm().builtins.set(builtins.dict.get());
        Python { cx, _vm: vm }
    }

    /// Run `source`; the repr of global `result`, or the exception's.
    fn run(&mut self, source: &str) -> String {
        let cx = &mut self.cx;
        let compiled = compile::compile(source, "<test>", compile::Mode::Exec, compile::Options::default());
        let code = compiled.unwrap_or_else(|error| panic!("{error:?}")).code;
        let code = runtime::code_object::code_from_object(cx, &code).expect("memory");
        let globals = Dict::new_cells(&mut cx.heap);
        let name = cx.heap.str("__main__");
        let key = cx.names().__name__;
        globals.set_str(&mut cx.heap, key, name).expect("memory");
        match runtime::run::run_code(cx, code, globals, globals.value(), None) {
            Ok(_) => {
                let key = cx.heap.intern("result");
                let result = globals.get_str(key).unwrap_or(Value::NONE);
                repr_of(cx, result).expect("a repr").to_string()
            }
            Err(raised) => {
                let exception = cx.take_raised(raised);
                repr_of(cx, exception).expect("a repr").to_string()
            }
        }
    }
}

fn check(source: &str, expected: &str) {
    assert_eq!(Python::new().run(source), expected, "{source}");
}

#[test]
fn arithmetic_and_loops() {
    check("result = 1 + 2 * 3 - 4 // 3 % 5", "6");
    check("s = 0\nfor i in range(1000):\n    if i % 3 == 0: continue\n    s += i * i\nresult = s", "221555889");
    check("i = 0\nwhile True:\n    i += 1\n    if i > 100: break\nresult = i", "101");
    check("x = 1.5\nfor _ in range(50): x = x * 1.01 + 0.5\nresult = x > 10, x / 3 < x", "(True, True)");
    check(
        "result = [2**100, -7 // 2, -7 % 3, 7 / 2, 1 << 70, ~5, 6 & 3, 6 | 3, 6 ^ 3]",
        "[1267650600228229401496703205376, -4, 2, 3.5, 1180591620717411303424, -6, 2, 7, 5]",
    );
    check("a = 1 << 60\nfor i in range(20): a = a + a\nresult = a", "1208925819614629174706176");
}

#[test]
fn functions() {
    check("def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)\nresult = fib(20)", "6765");
    check(
        "def f(a, b=2, *args, c=3, **kw): return a, b, args, c, kw\nresult = f(1), f(1, 5, 6, c=7, d=8)",
        "((1, 2, (), 3, {}), (1, 5, (6,), 7, {'d': 8}))",
    );
    check(
        "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x += 1\n        return x\n    return g\ng = f()\ng()\nresult = g()",
        "3",
    );
    check("def f(a, b): return a - b\nresult = f(*[5, 3]), f(**{'a': 1, 'b': 2})", "(2, -1)");
    check("def f(a): pass\nf()", "TypeError(\"f() missing 1 required positional argument: 'a'\")");
    check("result = (lambda x: x * 2)(21)", "42");
    check("def f(): return f()\nf()", "RecursionError('maximum recursion depth exceeded')");
    check(
        "def f():\n    return x\n    x = 1\nf()",
        "UnboundLocalError(\"cannot access local variable 'x' where it is not associated with a value\")",
    );
    check("undefined", "NameError(\"name 'undefined' is not defined\")");
}

#[test]
fn exceptions() {
    check(
        "try:\n    1 // 0\nexcept ZeroDivisionError as e:\n    result = repr(e)",
        "\"ZeroDivisionError('division by zero')\"",
    );
    check(
        "def f():\n    try:\n        return 1\n    finally:\n        log.append(2)\nlog = []\nresult = f(), log",
        "(1, [2])",
    );
    check(
        "result = []\nfor i in range(3):\n    try:\n        try:\n            raise ValueError(i)\n        except ValueError as e:\n            raise KeyError(i) from e\n    except KeyError as k:\n        result.append((k.args, k.__cause__.args))",
        "[((0,), (0,)), ((1,), (1,)), ((2,), (2,))]",
    );
    check(
        "class M:\n    def __enter__(self): log.append('in'); return self\n    def __exit__(self, *a): log.append(a[0].__name__); return True\nlog = []\nwith M() as m:\n    raise KeyError(1)\nresult = log",
        "['in', 'KeyError']",
    );
    check(
        "try:\n    raise ExceptionGroup('g', [ValueError(1), TypeError(2)])\nexcept* ValueError as e:\n    result = repr(e)\nexcept* TypeError as e:\n    result = result, repr(e)",
        "(\"ExceptionGroup('g', [ValueError(1)])\", \"ExceptionGroup('g', [TypeError(2)])\")",
    );
    check(
        "def f():\n    raise ValueError(1)\ntry: f()\nexcept ValueError as e:\n    tb = e.__traceback__\n    result = tb.tb_lineno, tb.tb_next.tb_lineno, tb.tb_next.tb_frame.f_code.co_name",
        "(3, 2, 'f')",
    );
}

#[test]
fn generators() {
    check(
        "def g(n):\n    for i in range(n):\n        yield i * i\nresult = list(g(5)), sum(g(10))",
        "([0, 1, 4, 9, 16], 285)",
    );
    check(
        "def g():\n    x = yield 1\n    y = yield x + 1\n    return y\ng1 = g()\nresult = [next(g1), g1.send(10)]\ntry: g1.send(7)\nexcept StopIteration as e: result.append(e.value)",
        "[1, 11, 7]",
    );
    check(
        "def inner():\n    yield 1\n    yield 2\n    return 3\ndef outer():\n    r = yield from inner()\n    yield r\nresult = [x for x in outer()]",
        "[1, 2, 3]",
    );
    check(
        "def g():\n    try:\n        yield 1\n    except ValueError as e:\n        yield 'caught'\ng1 = g()\nnext(g1)\nresult = g1.throw(ValueError(1))",
        "'caught'",
    );
    check("result = sum(x * x for x in range(100) if x % 2)", "166650");
    check(
        "def g():\n    raise StopIteration(1)\n    yield\nlist(g())",
        "RuntimeError('generator raised StopIteration')",
    );
    check(
        "async def f(): return 5\nasync def h(): return await f() + 1\nc = h()\ntry: c.send(None)\nexcept StopIteration as e: result = e.value",
        "6",
    );
    check(
        "def g():\n    for i in range(3):\n        for j in range(3): yield (i, j)\nt = 0\nfor _ in range(50):\n    for a, b in g(): t += a * b\nresult = t",
        "450",
    );
}

#[test]
fn classes() {
    check(
        "class P:\n    def __init__(self, x, y): self.x = x; self.y = y\n    def len2(self): return self.x * self.x + self.y * self.y\nt = 0\nfor i in range(100):\n    p = P(i, i + 1)\n    t += p.len2()\nresult = t",
        "666700",
    );
    check(
        "class A:\n    def f(self): return 'A'\nclass B(A):\n    def f(self): return 'B' + super().f()\nresult = [B().f() for _ in range(10)][-1]",
        "'BA'",
    );
    check(
        "class A:\n    def f(self): return 1\na = A()\nr = []\nfor i in range(30):\n    if i == 20: A.f = lambda self: 2\n    r.append(a.f())\nresult = r[0], r[19], r[20], r[29]",
        "(1, 1, 2, 2)",
    );
    check(
        "class A:\n    x = 1\na = A()\nr = []\nfor i in range(30):\n    if i == 20: a.x = 5\n    r.append(a.x)\nresult = r[0], r[19], r[20]",
        "(1, 1, 5)",
    );
    check("class A:\n    @property\n    def v(self): return 7\na = A()\nresult = [a.v for _ in range(20)][-1]", "7");
    check("class A:\n    __slots__ = ('q',)\na = A()\nfor i in range(30): a.q = i\nresult = a.q", "29");
    check(
        "class A:\n    def __init__(self): return 5\nr = 0\nfor _ in range(10):\n    try: A()\n    except TypeError as e: r = str(e)\nresult = r",
        "\"__init__() should return None, not 'int'\"",
    );
}

#[test]
fn containers() {
    check("a, (b, *c), d = 1, (2, 3, 4), 5\nresult = a, b, c, d", "(1, 2, [3, 4], 5)");
    check("d = {}\nfor i in range(100): d[i % 7] = d.get(i % 7, 0) + i\nresult = d[3]", "679");
    check(
        "l = list(range(20))\nt = 0\nfor i in range(20): t += l[i]; l[i] = 0\nresult = t, sum(l), l[2:4], [*l[:1], 9]",
        "(190, 0, [0, 0], [0, 9])",
    );
    check("s = ''\nfor i in range(50): s += str(i)\nresult = len(s), s[3], s[-1], '7' in s", "(90, '3', '9', True)");
    check(
        "result = {1, 2, *[3]} == {3, 2, 1}, {**{'a': 1}, 'b': 2}, f'{1}-{2!r:>3}'",
        "(True, {'a': 1, 'b': 2}, '1-  2')",
    );
    check(
        "def f(p):\n    match p:\n        case [x, y]: return x + y\n        case {'k': v}: return v\n        case str(): return 's'\n        case _: return None\nresult = f([1, 2]), f({'k': 5}), f('x'), f(3)",
        "(3, 5, 's', None)",
    );
}
