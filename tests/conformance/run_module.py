"""Run one module of CPython's test package and record a line for every case.

    run_module.py MODULE RECORD [--skip FILE | --only FILE] [--list] [--verbose]

Started by `cargo xtask conformance` with the interpreter under test, in an empty folder, with the folder that holds
`test/` on PYTHONPATH. RECORD gets, flushed line by line so that a crash loses nothing but the case it happened in:

    start ID                    a case begins
    ok|fail|error|skip ID\tWHY  how it ended; subtests are folded into their case, an expected failure is ok
    module-error WHY            the module cannot be loaded
    module-skip WHY             the module skips itself
    case ID                     with --list: a case that would run
    done                        the last line of a run that came to its end

FILE holds the ids of cases to leave out, or to run alone. A second case of the same id is called ID#2.
Needs no more of the interpreter than unittest does.
"""
import os
import sys
import unittest

RANK = {"ok": 0, "skip": 1, "fail": 2, "error": 3}


def reason(kind, value):
    try:
        text = str(value).strip().split("\n")[0]
    except Exception as error:
        text = f"(str() raised {type(error).__name__})"
    name = kind.__name__ if kind else "?"
    return f"{name}: {text}"[:300].replace("\t", " ").replace("\r", " ")


class Record:
    """The open file of results. Keeps its own methods: tests patch what they find in modules."""

    def __init__(self, path):
        self.file = open(path, "a", encoding="utf-8", errors="backslashreplace")
        self.owner = os.getpid()

    def write(self, word, case, why="", getpid=os.getpid):
        if getpid() != self.owner:
            return
        self.file.write(f"{word} {case}\t{why}\n" if why else f"{word} {case}\n")
        self.file.flush()


class Result(unittest.TestResult):
    """Writes one line a case; keeps no tracebacks."""

    def __init__(self, record, names, verbose):
        super().__init__()
        self.record, self.names, self.verbose = record, names, verbose
        self.reported = set()
        self.outcome = self.why = None

    def startTest(self, test):
        self.testsRun += 1
        self.outcome, self.why = "error", "no outcome reported"
        self.rank = -1
        self.record.write("start", self.names[test])

    def stopTest(self, test):
        self.report(test, self.outcome, self.why)

    def report(self, test, outcome, why):
        name = self.names[test]
        if name not in self.reported:
            self.reported.add(name)
            self.record.write(outcome, name, why)

    def note(self, outcome, why=""):
        if RANK[outcome] > self.rank:
            self.rank, self.outcome, self.why = RANK[outcome], outcome, why

    def failed(self, test, outcome, err):
        if self.verbose:
            import traceback
            print(f"\n== {outcome}: {test}", file=sys.stderr)
            traceback.print_exception(*err)
        if not isinstance(test, unittest.TestCase):
            self.fixture(test, outcome, reason(*err[:2]))
        else:
            self.note(outcome, reason(*err[:2]))

    def fixture(self, holder, outcome, why):
        """A class's or module's set-up ended early: its cases do not run and end as the set-up did."""
        place = holder.id().partition("(")[2].rstrip(")")
        if not holder.id().startswith("setUp"):
            return
        for test in self.names:
            kind = type(test)
            if place in (f"{kind.__module__}.{kind.__qualname__}", kind.__module__):
                self.report(test, outcome, why)

    def addSuccess(self, test):
        self.note("ok")

    def addFailure(self, test, err):
        self.failed(test, "fail", err)

    def addError(self, test, err):
        self.failed(test, "error", err)

    def addSkip(self, test, why):
        why = str(why).split("\n")[0].replace("\t", " ")
        if isinstance(test, unittest.TestCase):
            self.note("skip", why)
        else:
            self.fixture(test, "skip", why)

    def addExpectedFailure(self, test, err):
        self.note("ok")

    def addUnexpectedSuccess(self, test):
        self.note("fail", "unexpected success")

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.failed(test, "fail" if issubclass(err[0], test.failureException) else "error", err)


def cases(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from cases(test)
        else:
            yield test


def named(tests, record):
    """Each case with its id, made unique, in the order in which they run."""
    names, seen = [], {}
    for test in tests:
        if type(test).__name__ == "_FailedTest":
            record.write("module-error", reason(type(test._exception), test._exception))
            continue
        name = test.id().replace("\n", " ").replace("\t", " ")
        seen[name] = seen.get(name, 0) + 1
        names.append((test, name if seen[name] == 1 else f"{name}#{seen[name]}"))
    return names


class ByIdentity(dict):
    """Cases may compare equal to each other; as keys they must not."""

    def __init__(self, names):
        super().__init__((id(test), name) for test, name in names)
        self.tests = [test for test, _ in names]

    def __getitem__(self, test):
        return super().__getitem__(id(test))

    def __iter__(self):
        return iter(self.tests)


def load(module):
    import importlib
    loader = unittest.TestLoader()
    return list(cases(loader.loadTestsFromModule(importlib.import_module(module))))


def prepare(module):
    """What regrtest sets before it runs a test: only the optional resources that cost little, and a fixed seed.

    Cases that the tests call details of CPython's implementation run as well: bytecode, messages, names and sizes are to
    be CPython's here, and where they are not, the case says so.
    """
    stand_ins = os.path.join(os.path.dirname(os.path.abspath(__file__)), "stand_ins")
    sys.path += [stand_ins, os.path.join(stand_ins, module)]
    from test import support
    support.use_resources = ("tzdata", "decimal", "subprocess")
    support.verbose = 0

    def check_impl_detail(**guards):
        guards, default = support._parse_guards(guards)
        return guards.get("cpython", default)

    support.check_impl_detail = check_impl_detail
    try:
        import random
        random.seed(0)
    except ImportError:
        pass


def left_out():
    """The starts of the ids of cases that are not run: left_out.txt says why."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "left_out.txt")
    with open(path, encoding="utf-8") as file:
        return tuple(line.split(" ")[0] for line in file if line.strip() and not line.startswith("#"))


def selected(names, words):
    for option, keep in (("--skip", False), ("--only", True)):
        if option in words:
            with open(words[words.index(option) + 1], encoding="utf-8", errors="backslashreplace") as file:
                wanted = set(file.read().splitlines())
            return [(test, name) for test, name in names if (name in wanted) == keep]
    return names


def main():
    module, path, *words = sys.argv[1:]
    del sys.argv[1:]
    record = Record(path)
    try:
        prepare(module)
        # The tests' own files are not cached in their folder: it may outlive a compiler.
        sys.pycache_prefix = os.path.join(os.getcwd(), "pycache")
        sys.dont_write_bytecode = False
        tests = load("test." + module)
        sys.pycache_prefix = None
    except unittest.SkipTest as skip:
        record.write("module-skip", reason(None, skip)[3:])
        tests = []
    except BaseException as error:
        if "--verbose" in words:
            import traceback
            traceback.print_exc()
        record.write("module-error", reason(type(error), error))
        tests = []
    names = named(tests, record)
    if "--list" not in words:
        out = left_out()
        names = [(test, name) for test, name in names if not name.startswith(out)]
    names = selected(names, words)
    if "--list" in words:
        for _, name in names:
            record.write("case", name)
    else:
        suite = unittest.TestSuite(test for test, _ in names)
        suite.run(Result(record, ByIdentity(names), "--verbose" in words))
    record.write("done", "")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
