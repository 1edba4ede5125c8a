import sys


def record(function, *args):
    events = []

    def tracer(frame, event, arg):
        code = frame.f_code
        shown = arg[0].__name__ if event == "exception" else arg
        events.append((code.co_name, frame.f_lineno - code.co_firstlineno, event, shown))
        return tracer

    sys.settrace(tracer)
    try:
        function(*args)
    except Exception as error:
        events.append(type(error).__name__)
    finally:
        sys.settrace(None)
    for event in events:
        print(event)


def numbers():
    received = yield 1
    yield received


def loops(n):
    total = 0
    for i in range(n):
        total += i
    while total: total -= 1
    return [x
            for x in numbers()]


def failing():
    try:
        1 / 0
    except ZeroDivisionError:
        pass
    finally:
        raise KeyError("out")


class Held:
    def __enter__(self):
        return 7

    def __exit__(self, *error):
        return None


def resources():
    with Held() as held:
        if held:
            value = 1
        else:
            value = 2
    match value:
        case 2:
            value = 3
        case 1 if value:
            value = 4
    del value


for function, args in [(loops, (3,)), (failing, ()), (resources, ())]:
    print("==", function.__name__)
    record(function, *args)

print("== opcodes and no lines")
seen = set()


def by_opcode(frame, event, arg):
    frame.f_trace_lines = False
    frame.f_trace_opcodes = True
    seen.add(event)
    return by_opcode


sys.settrace(by_opcode)
loops(1)
sys.settrace(None)
print(sorted(seen))

print("== profile")
calls = []
sys.setprofile(lambda frame, event, arg: calls.append((frame.f_code.co_name, event, getattr(arg, "__name__", arg))))
loops(1)
len([1])
[].append(3)
try:
    int("x")
except ValueError:
    pass
try:
    [].remove(1)
except ValueError:
    pass
sys.setprofile(None)
for call in calls:
    print(call)

print("== jumps")


def jumping(source, at, to):
    lines = []

    def tracer(frame, event, arg):
        if frame.f_code.co_name != source.__name__:
            return None
        line = frame.f_lineno - frame.f_code.co_firstlineno
        if event == "line" and line == at and not lines.count("jumped"):
            lines.append("jumped")
            try:
                frame.f_lineno = frame.f_code.co_firstlineno + to
            except ValueError as error:
                lines.append(str(error))
        return tracer

    sys.settrace(tracer)
    source(lines)
    sys.settrace(None)
    print(lines)


def steps(out):
    out.append(1)
    out.append(2)
    for i in (3, 4):
        out.append(i)
    try:
        out.append(5)
    except ValueError:
        out.append(6)
    out.append(7)


for at, to in [(1, 9), (4, 1), (1, 4), (2, 8), (9, 2), (1, -5), (1, 50), (3, 5)]:
    jumping(steps, at, to)


print("== errors")


def bad(frame, event, arg):
    raise RuntimeError(event)


sys.settrace(bad)
try:
    steps([])
except RuntimeError as error:
    print(error, sys.gettrace())
