"""What programs about programs do: parse, compile, inspect, copy, log, format, check types, run tests."""
import abc
import argparse
import ast
import copy
import inspect
import io
import logging
import pprint
import tokenize
import typing
import unittest

SOURCE = '''
class Stack:
    """A stack."""
    limit = 10
    def __init__(self, items=()):
        self.items = list(items)
    def push(self, item, *rest, check=True):
        if check and len(self.items) >= self.limit:
            raise OverflowError(f"more than {self.limit} items: {item!r}")
        self.items.append(item)
        for other in rest:
            self.push(other, check=check)
    def pop(self):
        return self.items.pop() if self.items else None
def use(n):
    stack = Stack(i for i in range(n) if i % 2)
    total = 0
    while (item := stack.pop()) is not None:
        total += item ** 2 - (item << 1)
    return {"total": total, "list": [x for x in (1, 2, 3)], **{}}
'''


class Renamer(ast.NodeTransformer):
    def visit_Name(self, node):
        return ast.copy_location(ast.Name("v_" + node.id, node.ctx), node) if len(node.id) > 4 else node


@typing.runtime_checkable
class Sized(typing.Protocol):
    def __len__(self) -> int: ...


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self): ...

    def __repr__(self):
        return f"{type(self).__name__}({self.area()})"


class Square(Shape):
    def __init__(self, side: float, *, tags: list[str] | None = None):
        self.side = side
        self.tags = tags or []
        self.parent = None

    def area(self):
        return self.side**2


def compiling():
    total = 0
    for _ in range(12):
        tree = Renamer().visit(ast.parse(SOURCE))
        names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
        total += len(names) + len(ast.unparse(tree)) + len(ast.dump(tree))
        space = {}
        exec(compile(SOURCE, "source", "exec"), space)
        total += space["use"](30)["total"]
    total += sum(1 for _ in tokenize.generate_tokens(io.StringIO(SOURCE).readline))
    return total


def copying():
    shapes = [Square(i, tags=[str(i), "x"]) for i in range(40)]
    for a, b in zip(shapes, shapes[1:]):
        b.parent = a
    data = {"shapes": shapes, "nested": [{"k": (i, [i] * 3, {i: "v" * 5})} for i in range(60)], "text": "abc" * 10}
    again = copy.deepcopy(data)
    assert again["shapes"][5].parent is again["shapes"][4]
    shallow = copy.copy(shapes[3])
    return len(pprint.pformat(again, width=60)), shallow.tags is shapes[3].tags


def checking():
    things = [[], {}, 1, "s", Square(2), None, (1,), range(3), 2.5, b"x"] * 40
    n = sum(isinstance(thing, Sized) for thing in things)
    n += sum(isinstance(thing, Shape) for thing in things)
    n += sum(hasattr(thing, "__iter__") + callable(getattr(thing, "area", None)) for thing in things)
    for f in (Square, copying, inspect.signature, pprint.pformat, argparse.ArgumentParser.add_argument):
        n += len(inspect.signature(f).parameters)
    return n, len(typing.get_type_hints(Square.__init__))


def logging_about():
    out = io.StringIO()
    logger = logging.getLogger("training")
    logger.propagate = False
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-8s %(name)s: %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    for i in range(700):
        logger.info("step %d of %s", i, "many")
        logger.debug("not shown %r", i)
        if i % 100 == 0:
            try:
                1 // 0
            except ZeroDivisionError:
                logger.exception("failed at %d", i)
    logger.removeHandler(handler)
    return len(out.getvalue().splitlines())


def arguments():
    n = 0
    for i in range(25):
        parser = argparse.ArgumentParser(prog="tool")
        parser.add_argument("files", nargs="*")
        parser.add_argument("-n", "--number", type=int, default=3, help="how many")
        parser.add_argument("--mode", choices=["fast", "slow"])
        parser.add_argument("-v", action="store_true")
        options = parser.parse_args(["a", "b", "-n", str(i), "--mode=slow", "-v"])
        n += options.number + len(options.files) + options.v
    return n, len(parser.format_help()) > 0


class Tests(unittest.TestCase):
    def test_sum(self):
        for i in range(40):
            with self.subTest(i=i):
                self.assertEqual(sum(range(i)), i * (i - 1) // 2)

    def test_raises(self):
        for _ in range(40):
            with self.assertRaisesRegex(ValueError, "invalid literal"):
                int("z")


def testing():
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Tests)
    return unittest.TextTestRunner(stream=io.StringIO()).run(suite).wasSuccessful()


for part in 10 * (compiling, copying, checking, logging_about, arguments, testing):
    print(part.__name__, part())
