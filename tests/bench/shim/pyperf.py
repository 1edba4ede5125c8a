"""Stands in for pyperf, so that pyperformance's scripts run unmodified in one process on any Python.

`cargo xtask bench` puts this folder on PYTHONPATH. Each benchmark that a script registers prints one line of JSON:

    {"name": …, "first_s": …, "steady_s": …, "peak_kb": …}

first_s is the very first round, cold; steady_s the fastest sample after the warm-up; both in seconds for one round.
peak_kb is the most memory the process ever held. BENCH_WARMUP_S and BENCH_SAMPLE_S give the two phases' lengths.
Only what those scripts use of pyperf is here.
"""
import os
import sys
from time import perf_counter

VERSION = (2, 10, 0)
__version__ = "2.10.0"

WARMUP = float(os.environ.get("BENCH_WARMUP_S", "2"))
SAMPLE = float(os.environ.get("BENCH_SAMPLE_S", "2"))
SHORTEST_SAMPLE = 0.05


def python_implementation():
    return sys.implementation.name


def peak_kb():
    try:
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def measure(name, rounds, inner):
    """`rounds(n)` does n rounds of `inner` units each and answers how long they took."""
    begin = perf_counter()
    first = rounds(1) / inner
    n = 1
    while perf_counter() - begin < WARMUP:
        if rounds(n) < SHORTEST_SAMPLE:
            n *= 2
    samples = []
    begin = perf_counter()
    while len(samples) < 3 or perf_counter() - begin < SAMPLE:
        samples.append(rounds(n) / (n * inner))
    print('{"name": "%s", "first_s": %.9f, "steady_s": %.9f, "peak_kb": %d}' % (name, first, min(samples), peak_kb()))
    sys.stdout.flush()


class Runner:
    def __init__(self, *args, **kwargs):
        self.metadata = {}
        self.args = None
        self.parser = None

    @property
    def argparser(self):
        if self.parser is None:
            from argparse import ArgumentParser
            self.parser = ArgumentParser()
        return self.parser

    def parse_args(self, argv=None):
        self.args = self.argparser.parse_args(argv)
        return self.args

    def bench_time_func(self, name, func, *args, inner_loops=None, metadata=None):
        measure(name, lambda n: func(n, *args), inner_loops or 1)

    def bench_func(self, name, func, *args, inner_loops=None, metadata=None):
        def rounds(n):
            begin = perf_counter()
            for _ in range(n):
                func(*args)
            return perf_counter() - begin
        measure(name, rounds, inner_loops or 1)

    def bench_async_func(self, name, func, *args, inner_loops=None, metadata=None, loop_factory=None):
        import asyncio

        async def timed(n):
            begin = perf_counter()
            for _ in range(n):
                await func(*args)
            return perf_counter() - begin
        measure(name, lambda n: asyncio.run(timed(n)), inner_loops or 1)
