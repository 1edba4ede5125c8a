class Thing:
    colour = 1

    def method(self):
        return self.coluor


def f():
    lenght = 5
    return length


for g in (lambda: Thing().color, lambda: Thing().method(), f, lambda: "x".uppr(), lambda: [].appendd, lambda: pritn("x"), lambda: int.bit_lenght, lambda: __import__("sys").versoin, lambda: (1).reel):
    try:
        g()
    except (AttributeError, NameError) as e:
        print(type(e).__name__, e, e.name)
try:
    Thing().x.y.z
except AttributeError as e:
    print(e, type(e.obj).__name__)
