def t(x):
    print("t", x)
    return x


print(t(1) and t(2), t(0) and t(2), t(0) or t(3), t(1) or t(3))
print(t([]) or t("") or t(None))
print(not t(0))
print(1 and 2 and 3, 1 and 0 and 3, 0 or 0 or 5)
print(t(1) if t(0) else t(2))


class B:
    def __init__(self, v):
        self.v = v

    def __bool__(self):
        print("bool", self.v)
        return self.v

    def __repr__(self):
        return f"B{self.v}"


print(B(True) and B(False), B(False) or B(True))
if B(True) and not B(False):
    print("yes")


class L:
    def __len__(self):
        return 0


print(bool(L()), not L())


class Bad:
    def __bool__(self):
        return 5


try:
    bool(Bad())
except TypeError as e:
    print(e)
print(True + True, True * 3, -True, ~True if False else "skip", True & False, True | False, True ^ True)
print(isinstance(True, int), type(True & 1).__name__, type(True & True).__name__)
