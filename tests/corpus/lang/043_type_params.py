def first[T](xs: list[T]) -> T:
    return xs[0]


class Box[T]:
    def __init__(self, v: T):
        self.v = v

    def get(self) -> T:
        return self.v


type Pair[A, B] = tuple[A, B]
type Rec = list[Rec] | int
print(first([1, 2]), Box(3).get(), first.__type_params__, Box.__type_params__)
print(Pair, Pair.__type_params__, Pair.__value__, Rec.__value__)
print(Box[int](5).v)


def bounded[T: int, *Ts, **P](x: T, *a: *Ts) -> T:
    return x


T, Ts, P = bounded.__type_params__
print(T.__bound__, Ts.__name__, P.__name__, bounded(5))


def constrained[S: (int, str) = int](x: S): ...


S, = constrained.__type_params__
print(S.__constraints__, S.__default__)
print(T, Ts, P)


class Sub[K, V](dict[K, V]):
    pass


print(Sub({1: 2}), Sub.__orig_bases__[1:] != ())
print(list[int], dict[str, list[int]], tuple[int, ...], list[int] == list[int], list[int].__origin__, dict[str, int].__args__)
print(int | str, int | None, isinstance(5, int | str), isinstance(None, int | None), (int | str) == (str | int))
