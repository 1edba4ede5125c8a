# What the native classes do about changes while they are at work.
from collections import OrderedDict
import heapq


def attempt(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


def walk(change):
    od = OrderedDict.fromkeys("abcd")
    seen = []
    for key in od:
        seen.append(key)
        change(od, key)
    return seen


attempt(lambda: walk(lambda od, key: od.pop("d", None)))
attempt(lambda: walk(lambda od, key: od.update(x=1)))
attempt(lambda: walk(lambda od, key: od.clear()))


class Key:
    count = 0
    change = None

    def __hash__(self):
        return 1

    def __eq__(self, other):
        self.__class__.count += 1
        if Key.change and self.__class__.count == 2:
            Key.change()
        return self.__class__ is other.__class__


def compare(change):
    Key.count, Key.change = 0, None
    first = OrderedDict.fromkeys((0, Key(), 4.2))
    second = OrderedDict.fromkeys((0, Key(), 4.2))
    Key.change = lambda: change(first)
    attempt(lambda: first == second)
    Key.change = None
    print(len(first), len(second))


compare(lambda od: od.clear())
compare(lambda od: od.update(a=1))
compare(lambda od: od.move_to_end(0))
compare(lambda od: None)
print(OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1), OrderedDict(a=1, b=2) == dict(b=2, a=1))
print(OrderedDict(a=1) != OrderedDict(a=2), OrderedDict(a=1) != {"a": 1})


class Clearing(OrderedDict):
    def __getitem__(self, key):
        self.clear()
        return "v"


attempt(Clearing([(1, 2), (3, 4)]).copy)


class Plain(OrderedDict):
    pass


print(type(Plain(a=1).copy()).__name__, Plain(a=1).copy())


class Lt(int):
    def __lt__(self, other):
        heap.clear()
        return NotImplemented


heap = [Lt(0)]
attempt(lambda: heapq.heappush(heap, Lt(1)))
heap = [Lt(i) for i in range(5)]
attempt(lambda: heapq.heappop(heap))
