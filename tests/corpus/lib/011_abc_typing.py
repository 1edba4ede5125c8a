from abc import *
from collections.abc import *
import typing
from typing import *


class Shape(ABC):
    @abstractmethod
    def area(self): ...

    @property
    @abstractmethod
    def name(self): ...


class Sq(Shape):
    name = "sq"

    def area(self):
        return 4


print(Sq().area(), isinstance(Sq(), Shape), Shape.__abstractmethods__ == {"area", "name"})
try:
    Shape()
except TypeError as e:
    print(e)
print(isinstance([], Sequence), isinstance({}, Mapping), isinstance((i for i in ()), Generator), isinstance(5, Hashable), isinstance([], Hashable), isinstance("", Iterable), isinstance(len, Callable), issubclass(dict, MutableMapping), issubclass(str, Sequence))
Shape.register(int)
print(isinstance(5, Shape), issubclass(bool, Shape))


class M(MutableMapping):
    def __init__(self):
        self.d = {}

    def __getitem__(self, k):
        return self.d[k]

    def __setitem__(self, k, v):
        self.d[k] = v

    def __delitem__(self, k):
        del self.d[k]

    def __iter__(self):
        return iter(self.d)

    def __len__(self):
        return len(self.d)


m = M()
m.update(a=1, b=2)
print(m.pop("a"), dict(m), m.get("z", 0), "b" in m, list(m.items()), m == {"b": 2}, m.setdefault("c", 3))


class NT(NamedTuple):
    x: int
    y: str = "d"


class TD(TypedDict, total=False):
    k: int


T = TypeVar("T")


class G(Generic[T]):
    pass


@runtime_checkable
class HasArea(Protocol):
    def area(self) -> int: ...


print(NT(1), NT(1)._asdict(), TD(k=1), Optional[int], Union[int, str], List[int], Dict[str, int], G[int], Literal["a", 1], get_args(Dict[str, int]), get_origin(List[int]), get_type_hints(NT), isinstance(Sq(), HasArea), isinstance(5, HasArea), cast(int, "x"), T, Callable[[int], str], Any, ClassVar[int], Annotated[int, "meta"], Final)
