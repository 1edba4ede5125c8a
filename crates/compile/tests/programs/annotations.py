x: int = 1
if x:
    y: list[x]
type Pair[T, *Ts] = tuple[T, *Ts]


def f[T: int = bool](a: T, /, *args: *T) -> None: ...
