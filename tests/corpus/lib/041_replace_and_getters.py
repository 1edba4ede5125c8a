# `__replace__` of dates and times, what they share, and how operator's getters show themselves inside of themselves.
import copy
import datetime as d
import operator
import pickle


class Zone(d.tzinfo):
    def utcoffset(self, moment):
        return d.timedelta(hours=1 if moment is None else 2)

    def dst(self, moment):
        return None

    def __repr__(self):
        return "Zone()"

    def tzname(self, moment):
        return repr(moment)


class Moment(d.datetime):
    def replace(self, **changes):
        return "not asked"


date, moment, time = d.date(2024, 2, 29), d.datetime(2024, 2, 29, 1, 2, 3, 4, Zone(), fold=1), d.time(1, 2, 3, 4, fold=1)
for value in (date, moment, time):
    cls = type(value)
    print(cls.__replace__.__doc__, cls.__replace__.__text_signature__)
    for arguments in ({"bad": 1}, {"year": "x"}, {"hour": 99}):
        try:
            print(value.__replace__(**arguments))
        except (TypeError, ValueError) as error:
            print(type(error).__name__, error)
print(copy.replace(date, day=1), copy.replace(moment, hour=5, fold=0), copy.replace(time, second=9))
print(Moment(2024, 1, 1).__replace__(year=7))

zoned = d.time(1, 2, tzinfo=Zone())
for value in (moment, zoned):
    print(value.utcoffset(), value.dst(), value.tzname())
    print([getattr(value, name) for name in ("hour", "minute", "second", "microsecond", "fold")])
print(type(time).hour, d.datetime.__reduce_ex__, d.time.utcoffset)
for value in (moment.replace(tzinfo=None), time):
    print(value.__reduce__(), value.__reduce_ex__(3), value.__reduce_ex__(4))
    print(pickle.loads(pickle.dumps(value, 4)).fold, pickle.loads(pickle.dumps(value, 2)).fold)
try:
    d.datetime.hour.__get__(date)
except TypeError as error:
    print(error)
try:
    d.time.utcoffset(moment)
except TypeError as error:
    print(error)


class Shown:
    def __repr__(self):
        return repr(self.getter)


shown = Shown()
for make in (
    lambda: operator.methodcaller("name", shown, key=shown),
    lambda: operator.methodcaller("name"),
    lambda: operator.methodcaller("name", key=1),
    lambda: operator.itemgetter(shown, 1),
    lambda: operator.attrgetter("a.b", "c"),
):
    shown.getter = make()
    print(shown.getter, type(shown.getter).__reduce__.__doc__)
for getter in (operator.itemgetter(1, 2), operator.attrgetter("a", "b.c"), operator.methodcaller("n", 1, k=2)):
    print(getter.__reduce__(), pickle.loads(pickle.dumps(getter)))
print(operator.methodcaller("split", sep=",")("a,b"), operator.methodcaller("format", 1, k=2)("{0} {k}"))
