class It:
    def __iter__(self): return self
    def __next__(self): return 1
    def close(self): print("custom close")
def d():
    yield from It()
x = d()
next(x)
