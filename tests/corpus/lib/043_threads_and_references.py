# Locks, names and signals of threads, weak references with keywords, and what `anext` with a default gives.
import _thread
import asyncio
import inspect
import operator
import os
import signal
import threading
import warnings
import weakref

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    for args, keywords in (((1,), {}), ((), {"a": 1}), ((1, 2), {"a": 1})):
        print(type(threading.RLock(*args, **keywords)).__name__)
print({str(warning.message) for warning in caught}, {warning.filename == __file__ for warning in caught})
try:
    threading.Lock().acquire(timeout=float("nan"))
except ValueError as error:
    print(error)

for name in ("nam\xe9\u20ac", "embed\0null", "x" * 14 + "\xe9\u20ac", "x" + "\U0001f40d" * 9):
    _thread.set_name(name)
    print(ascii(_thread._get_name()))


def failing(*args):
    1 / 0


for handler in (lambda *args: print("handled"), signal.default_int_handler, failing):
    signal.signal(signal.SIGINT, handler)
    for interrupt in (_thread.interrupt_main, lambda: signal.raise_signal(signal.SIGINT)):
        try:
            interrupt()
            print("went on")
        except (KeyboardInterrupt, ZeroDivisionError) as error:
            print(repr(error))


class Power:
    def __pow__(self, *args):
        return "pow", len(args)

    def __rpow__(self, *args):
        return "rpow", len(args)

    def __repr__(self):
        return "Power()"


power = Power()
proxy = weakref.proxy(power)
for call in (lambda: pow(proxy, 2, 3), lambda: pow(2, proxy), lambda: proxy**2, lambda: pow(proxy, 2, proxy)):
    print(call())
try:
    pow(5, 6, proxy)
except TypeError as error:
    print(error)


class Target:
    pass


class Reference(weakref.ref):
    def __init__(self, target, callback=None, value=42):
        self.value = value
        super().__init__(target, callback)


class Slotted(weakref.ref):
    __slots__ = "first", "second"

    def __new__(cls, target, callback, first, second):
        return weakref.ref.__new__(cls, target, callback)

    def __init__(self, target, callback, first, second):
        self.first, self.second = first, second


class Config(dict):
    def __getattr__(self, name):
        return self[name]


target = Target()
reference, slotted = Reference(target, value=24), Slotted(target, None, "abc", "def")
print(reference.value, reference() is target, slotted.first, slotted.second, hasattr(slotted, "__dict__"))
config = Config()
print("Config" in repr(weakref.ref(config)), "(failing)" in repr(weakref.ref(failing)))
for call in (
    lambda: weakref.ref(),
    lambda: weakref.ref(target, 1, 2),
    lambda: weakref.ref(target, callback=None),
    lambda: weakref.ref(1),
):
    try:
        print(call())
    except TypeError as error:
        print(error)


class Numbers:
    def __init__(self):
        self.given = 0

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.given == 2:
            raise StopAsyncIteration
        self.given += 1
        return self.given


async def generated():
    yield 1
    yield 2


async def ask():
    for numbers in (Numbers(), generated()):
        print(await anext(numbers), await anext(numbers, "none"), await anext(numbers, "none"))


asyncio.run(ask())

for getter in (operator.itemgetter(1), operator.attrgetter("a"), operator.methodcaller("a")):
    print(inspect.signature(getter), getter.__text_signature__)

one, other = weakref.ref(target, print), weakref.ref(target)
shared, again = weakref.proxy(target), Reference(target)
print(weakref.getweakrefs(target)[:2] == [other, shared], len(weakref.getweakrefs(target)))


async def unawaited():
    pass


coroutine = unawaited()
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    coroutine.cr_frame.clear()
print([str(warning.message) for warning in caught])
coroutine.close()

# In the child of a fork no other thread lives.
warnings.simplefilter("ignore")
stop = threading.Event()
threads = [threading.Thread(target=stop.wait) for _ in range(3)]
for thread in threads:
    thread.start()
child = os.fork()
if child == 0:
    os._exit(10 + sum(thread.is_alive() for thread in threads))
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), all(thread.is_alive() for thread in threads))
stop.set()
for thread in threads:
    thread.join()
