"""An object that has lived through collections gets a class that has not."""
import gc
import sys
import types


class Plain:
    pass


def fresh_class(base, number):
    return type(f"Fresh{number}", (base,), {"answer": property(lambda self: number), "describe": lambda self: repr(type(self).__name__)})


def churn():
    kept = [[i] for i in range(40_000)]
    return len(kept)


objects = [Plain() for _ in range(50)]
for number, each in enumerate(objects):
    each.number = number
module = types.ModuleType("changed")
module.value = 7
sys.modules["changed"] = module
gc.collect()
churn()

for number, each in enumerate(objects):
    each.__class__ = fresh_class(Plain, number)
module.__class__ = fresh_class(types.ModuleType, 99)
for _ in range(5):
    churn()
print(all(each.answer == each.number for each in objects))
print(objects[3].describe(), objects[49].describe(), module.answer, module.describe(), module.value)

# Classes come and go; instances that change between them have slots of several sizes.
total = 0
for number in range(300):
    one, other = fresh_class(Plain, number), fresh_class(Plain, -number)
    instance = one()
    for i in range(number % 9):
        setattr(instance, f"a{i}", i)
    instance.__class__ = other
    total += 3 * instance.answer
    instance.late = number
    total += instance.late
    del one, other, instance
    if number % 50 == 0:
        gc.collect()
print(total)
