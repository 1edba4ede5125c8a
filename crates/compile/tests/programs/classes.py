"""A module."""

from __future__ import annotations
import os.path as path


@decorate(1)
class Point[T](Base, metaclass=Meta):
    """A point."""

    x: int = 0
    __hidden = path

    def __init__(self, x, *, y: T = 1, **more):
        super().__init__(x, **more)
        self.x, self.__y = x, y

    @property
    def area(self) -> float:
        return lambda: __class__
