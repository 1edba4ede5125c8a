"""Frames of generators outlive them, and are found again while they live."""
import gc
import sys


def generator():
    number = 42
    yield locals(), sys._getframe().f_locals


namespace = {"generator": generator}
for _ in range(30):
    exec("snapshot, live = next(generator())", locals=namespace)
    for found in (namespace["snapshot"], namespace["live"]):
        garbage = [[] for _ in range(50)]
        assert "number" in found and found["number"] == 42, found


def counting(n):
    for i in range(n):
        yield i


# Frame objects made while their generators are suspended and old.
generators = [counting(5) for _ in range(200)]
for each in generators:
    next(each)
gc.collect()
for _ in range(3):
    numbers = []
    for each in generators:
        next(each)
        numbers.append(each.gi_frame.f_locals["i"])
        garbage = [[] for _ in range(50)]
        assert each.gi_frame is each.gi_frame
    print(sum(numbers), {each.gi_frame.f_code.co_name for each in generators})
frames = [each.gi_frame for each in generators]
assert all(frame.f_generator is each for frame, each in zip(frames, generators))
for each in generators:
    each.close()
print({each.gi_frame for each in generators}, {frame.f_generator for frame in frames}, sys.getsizeof(frames) > 0)
