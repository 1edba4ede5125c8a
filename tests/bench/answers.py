"""Computes small answers with the functions of pyperformance's programs, to be compared between implementations.

    answers.py FOLDER PROGRAM...      FOLDER holds bm_*/, tests/bench/shim is on PYTHONPATH

Prints one line a program. `cargo xtask bench --check` compares the lines with answers.txt, which CPython 3.14 made.
Sizes are small: this looks for wrong results, not for speed.
"""
import asyncio
import contextlib
import copy
import hashlib
import importlib.util
import io
import logging
import os
import pathlib
import re
import sys
import types


def digest(value):
    text = value if isinstance(value, str) else repr(value)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Recorder:
    """Stands in for pyperf.Runner where a script builds its input in `main(runner)`."""

    def __init__(self):
        self.metadata, self.calls = {}, []

    def bench_func(self, name, func, *args, **kwargs):
        self.calls.append((func, args))

    bench_time_func = bench_func


def nbody(m):
    m.offset_momentum(m.BODIES["sun"])
    before = m.report_energy()
    m.advance(0.01, 200)
    return before, m.report_energy()


def fannkuch(m):
    return [m.fannkuch(n) for n in range(3, 8)]


def deltablue(m):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        m.delta_blue(20)
    return out.getvalue()


def richards(m):
    return m.Richards().run(1), m.taskWorkArea.holdCount, m.taskWorkArea.qpktCount


def spectral_norm(m):
    u = [1] * 20
    for _ in range(3):
        u = m.eval_AtA_times_u(u)
    return u[0], u[-1], sum(u)


def chaos(m):
    runner = Recorder()
    m.main(runner, types.SimpleNamespace(thickness=0.25, width=64, height=64, iterations=500, filename=None, rng_seed=1234))
    func, _ = runner.calls[0]
    game = func.__self__
    m.random.seed(1234)
    point = m.GVector(2, 4, 0)
    for _ in range(100):
        point = game.transform_point(point)
    return game.num_trafos, repr(point), point.x, point.y


def go(m):
    m.GAMES = 20
    return m.versus_cpu(), m.MOVES, m.TIMESTAMP


def hexiom(m):
    texts = []
    for level in (2, 10, 25, 30):
        out = io.StringIO()
        m.solve_file(m.LEVELS[level][0].strip(), m.Done.FIRST_STRATEGY, m.DESCENDING, out)
        texts.append(out.getvalue())
    return digest("".join(texts)), texts[0]


def pyflate(m):
    return m.bench_pyflake(1, str(m.folder / "data" / "interpreter.tar.bz2")) > 0, m.reverse_bits(0b1011, 7)


def raytrace(m):
    canvas = None

    class Canvas(m.Canvas):
        def __init__(self, width, height):
            nonlocal canvas
            super().__init__(width, height)
            canvas = self

    m.Canvas = Canvas
    m.bench_raytrace(1, 20, 20, None)
    return digest(bytes(canvas.bytes))


def float_(m):
    return repr(m.benchmark(500))


def nqueens(m):
    return list(m.n_queens(6))


def generators(m):
    return list(m.tree(range(50)))


def comprehensions(m):
    tray = m.WidgetTray(1, m.make_some_widgets())
    return [w.widget_id for w in tray.sorted_widgets], repr(tray.sorted_widgets[3])


def coroutines(m):
    return asyncio.run(m.fibonacci(12))


def async_generators(m):
    async def collect():
        return [i async for i in m.tree(range(50))]

    return asyncio.run(collect())


def scimark(m):
    grid = m.Array2D(10, 10)
    for x, y in grid.indexes():
        grid[x, y] = x * 0.5 + y
    m.SOR_execute(1.25, grid, 3, m.Array2D)
    matrix = m.Random(7).RandomMatrix(m.ArrayList(8, 8))
    lu, pivot = m.ArrayList(8, 8), m.array("i", [0]) * 8
    m.LU(lu, matrix, pivot)
    data = m.Random(7).RandomVector(64)
    spectrum = m.copy_vector(data)
    m.FFT_transform(64, spectrum)
    back = m.copy_vector(spectrum)
    m.FFT_inverse(64, back)
    return (m.MonteCarlo(1000), list(pivot), digest(grid.data.tolist()), digest([list(r) for r in lu.data]),
            digest(list(spectrum)), digest(list(back)))


def mdp(m):
    badges = 1, 0, 0, 0
    star = m.halfstate_t(m.fixeddata_t(59, m.stats_t(40, 44, 56, 50), 11, m.NOMODS, 115), 59, 0, m.NOMODS,
                         m.stats_t(40, 44, 56, 50))
    char = m.halfstate_t(m.fixeddata_t(63, m.stats_t(39, 34, 46, 38), 26, badges, 65), 63, 0, m.NOMODS,
                         m.applyBadgeBoosts(badges, m.stats_t(39, 34, 46, 38)))
    battle, state = m.Battle(), (0, (char, star, 0))
    out = []
    for _ in range(12):
        successors = battle.getSuccessors(state)
        out.append(digest(successors))
        listed = battle.getSuccessorsList(state)
        if not listed:
            break
        state = listed[len(listed) // 2]
    return out, len(battle.successors), m.topoSort([3, 7], lambda n: [n // 2] if n > 1 else [])


def meteor_contest(m):
    board, cti, pieces = m.get_puzzle(m.WIDTH, m.HEIGHT)
    prints, neighbours = m.get_footprints(board, cti, pieces), m.get_senh(board, cti)
    solutions = []
    m.solve(2, 0, frozenset(range(len(board))), [-1] * len(board), list(range(len(pieces))), solutions, prints, neighbours)
    return sorted(solutions)


def pidigits(m):
    return "".join(map(str, m.calc_ndigits(120)))


def telco(m):
    lines = []

    class Lines(io.StringIO):
        def write(self, text):
            lines.append(text)
            return super().write(text)

    m.io = types.SimpleNamespace(StringIO=Lines, BytesIO=io.BytesIO)
    m.range = lambda n: range(min(n, 300))
    m.bench_telco(1, str(m.folder / "data" / "telco-bench.b"))
    return digest("".join(lines)), lines[:6]


def deepcopy(m):
    times = m.benchmark(1) > 0, m.benchmark_memo(1) > 0, m.benchmark_reduce(1) > 0
    shared = [1] * 5
    copied = copy.deepcopy({"a": (shared, shared), "b": [m.A("x", shared, True)]})
    return times, copied, copied["a"][0] is copied["b"][0].lst


def logging_(m):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream=stream)
    logger = logging.getLogger("answers")
    logger.propagate = False
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    ran = m.bench_silent(1, logger, stream) > 0, m.bench_simple_output(1, logger, stream) > 0
    handler.setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(lineno)d:%(funcName)s:%(message)s"))
    formatted = m.bench_formatted_output(1, logger, stream) > 0
    logger.warning("kept %s %5.2f %r", "a", 2.5, "b")
    return ran, formatted, stream.getvalue()[-60:].partition("WARNING")[2]


def json_dumps(m):
    texts = [m.json.dumps(getattr(m, case)[0]) for case in m.CASES]
    return [digest(text) for text in texts], texts[1]


def json_loads(m):
    objects = [m.json.dumps(o) for o in (m.DICT, m.TUPLE, m.DICT_GROUP)]
    return [digest(text) for text in objects], digest([m.json.loads(text) for text in objects])


def pickle_pure(m):
    import pickle

    out = []
    for protocol in range(2, 6):
        for value in (m.DICT, m.TUPLE, m.DICT_GROUP, m.LIST, m.MICRO_DICT):
            text = pickle._dumps(value, protocol)
            out.append(pickle._loads(text) == value)
            out.append(digest(text))
    return all(out), digest(out)


def regex_compile(m):
    found = [re.compile(r"(a|b)*c+?(?P<x>[^d-f]{2,3})").search("ababccxyzd").groupdict(),
             re.sub(r"(?i)\b(\w)(\w*)", lambda k: k[1].upper() + k[2], "the quick brown fox")]
    sys.path += [str(m.folder.parent / "bm_regex_effbot"), str(m.folder.parent / "bm_regex_v8")]
    effbot = load(m.folder.parent, "regex_effbot")
    patterns, texts = effbot.gen_regex_table(), effbot.gen_string_table(2)
    return found, digest([[r.span() for r in re.finditer(p, t)] for p in patterns for t in texts])


def typing_runtime_protocols(m):
    protocols = [m.HasX, m.HasManyAttributes, m.SupportsInt, m.SupportsManyMethods, m.SupportsIntAndX]
    classes = (m.Empty, m.PropertyX, m.HasIntMethod, m.HasManyMethods, m.PropertyXWithInt, m.ClassVarX, m.ClassVarXWithInt,
               m.InstanceVarX, m.ManyInstanceVars, m.InstanceVarXWithInt, m.NominalX, m.NominalSupportsInt, m.NominalXWithInt)
    return ["".join(str(int(isinstance(cls(), p))) for cls in classes) for p in protocols]


def barnes_hut(m):
    particles = m.create_deterministic_galaxy(20, 500, 400)
    before = m.calculate_system_energy(particles)
    for _ in range(5):
        m.advance_system(particles, 0.5, 0.1, 1000, 800)
    return before, m.calculate_system_energy(particles)


def pprint(m):
    text = m.p.pformat(m.printable[:40])
    return digest(text), text[:60], m.p._safe_repr(m.printable[:2], {}, None, 0)


def pathlib_(m):
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for name in m.generate_filenames(folder, 8):
            pathlib.Path(name).write_bytes(b"benchmark")
        base = pathlib.Path(folder)
        return (sorted((p.name, p.suffixes, p.stat().st_size) for p in base.iterdir()),
                sorted(p.name for p in base.glob("*.py")))


def unpack_sequence(m):
    return m.bench_all(2) > 0


def load(folder, name):
    folder = pathlib.Path(folder) / f"bm_{name}"
    spec = importlib.util.spec_from_file_location(f"bm_{name}", folder / "run_benchmark.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, str(folder))
    spec.loader.exec_module(module)
    module.folder = folder
    return module


SCRIPTS = {"pickle_pure": "pickle"}
SAME = {"richards_super": "richards", "float": "float_", "logging": "logging_", "pathlib": "pathlib_"}


def main():
    folder, *programs = sys.argv[1:]
    for program in programs:
        module = load(os.path.abspath(folder), SCRIPTS.get(program, program))
        print(program, globals()[SAME.get(program, program)](module), flush=True)


if __name__ == "__main__":
    main()
