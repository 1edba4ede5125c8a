class A:
    __private = "A private"

    def __init__(self):
        self.__x = 1
        self.__y__ = 2
        self._z = 3

    def show(self):
        return self.__x, self.__private, self.__y__

    def __hidden(self):
        return "hidden"

    def call(self):
        return self.__hidden()


class B(A):
    __private = "B private"

    def __init__(self):
        super().__init__()
        self.__x = 100


b = B()
print(b.show(), b.call(), sorted(b.__dict__), b._A__hidden())
try:
    b.__x
except AttributeError as e:
    print(e)


class _Under:
    def f(self):
        self.__v = 1
        return self.__dict__


print(_Under().f())


class C:
    def f(self, __arg=5):
        __local = __arg
        return locals().keys()


print(list(C().f())[1:])
