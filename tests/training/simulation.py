"""Objects that act on each other: inheritance, properties, slots, data classes, enumerations, a queue of events."""
import enum
import heapq
import random
from dataclasses import dataclass, field


class State(enum.Enum):
    WAITING = "waiting"
    MOVING = "moving"
    DONE = "done"


class Vector:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor)

    def __eq__(self, other):
        return isinstance(other, Vector) and self.x == other.x and self.y == other.y

    def __hash__(self):
        return hash((self.x, self.y))

    @property
    def length(self):
        return (self.x * self.x + self.y * self.y) ** 0.5


@dataclass(order=True)
class Event:
    time: float
    number: int
    kind: str = field(compare=False)
    subject: object = field(compare=False, default=None)


class Actor:
    count = 0

    def __init__(self, world, place):
        Actor.count += 1
        self.number = Actor.count
        self.world = world
        self.place = place
        self.state = State.WAITING
        self.seen = []

    def act(self, time):
        raise NotImplementedError

    def note(self, what):
        self.seen.append(what)
        if len(self.seen) > 20:
            del self.seen[:10]


class Walker(Actor):
    def __init__(self, world, place, speed):
        super().__init__(world, place)
        self.speed = speed

    def act(self, time):
        step = Vector(self.world.random.uniform(-1, 1), self.world.random.uniform(-1, 1))
        self.place = self.place + step * self.speed
        self.state = State.MOVING if step.length > 0.5 else State.WAITING
        if self.state is State.MOVING:
            self.note(("walked", time))
        return 1.0 + self.speed


class Runner(Walker):
    def act(self, time):
        delay = super().act(time) / 2
        for other in self.world.near(self):
            other.note(("met", self.number))
            self.note(("met", other.number))
        return delay


class Stone(Actor):
    def act(self, time):
        self.state = State.DONE
        return None


class World:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.actors = []
        self.queue = []
        self.n_events = 0
        self.grid = {}

    def add(self, actor):
        self.actors.append(actor)
        self.schedule(0.0, "act", actor)

    def schedule(self, time, kind, subject):
        self.n_events += 1
        heapq.heappush(self.queue, Event(time, self.n_events, kind, subject))

    def cell(self, place):
        return int(place.x // 4), int(place.y // 4)

    def near(self, actor):
        cell = self.cell(actor.place)
        members = self.grid.setdefault(cell, [])
        if actor not in members:
            members.append(actor)
        if len(members) > 4:
            members.pop(0)
        return [other for other in members if other is not actor and other.state is not State.DONE]

    def run(self, until):
        while self.queue:
            event = heapq.heappop(self.queue)
            if event.time > until:
                break
            if event.kind == "act":
                delay = event.subject.act(event.time)
                if delay is not None:
                    self.schedule(event.time + delay, "act", event.subject)
        return self.n_events


def main():
    world = World(5)
    for i in range(300):
        place = Vector(world.random.uniform(0, 40), world.random.uniform(0, 40))
        if i % 7 == 0:
            world.add(Stone(world, place))
        elif i % 3 == 0:
            world.add(Runner(world, place, 1 + i % 4))
        else:
            world.add(Walker(world, place, 2 + i % 3))
    print(world.run(120), len({actor.place for actor in world.actors}))
    print(sum(actor.state is State.MOVING for actor in world.actors), sum(len(a.seen) for a in world.actors))


for _ in range(20):
    main()
