"""Values on their way between processes: pickled, with something in the place of what stays."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from typing import Any

import cloudpickle

StandIn = Callable[[Any], Any]
"""What stands for an object on the way; None where the object itself travels."""

_PROTOCOL = 5


class _Packer(cloudpickle.Pickler):  # type: ignore[misc]  # of a package without types
    """Pickles all but what something stands for."""

    def __init__(self, file: io.BytesIO, stand_in: StandIn) -> None:
        super().__init__(file, protocol=_PROTOCOL)
        self._stand_in = stand_in

    def persistent_id(self, obj: Any) -> Any:
        return self._stand_in(obj)


class _Unpacker(pickle.Unpickler):
    """Puts back what something stood for."""

    def __init__(self, file: io.BytesIO, original: Callable[[Any], Any]) -> None:
        super().__init__(file)
        self._original = original

    def persistent_load(self, pid: Any) -> Any:
        return self._original(pid)


def packed(value: Any, stand_in: StandIn) -> bytes:
    """A value as bytes; what is found anywhere in it is replaced by what `stand_in` says.

    Objects that occur twice are the same one when they are unpacked. Raises whatever an object
    raises that refuses to pickle.
    """
    file = io.BytesIO()
    _Packer(file, stand_in).dump(value)
    return file.getvalue()


def unpacked(content: Any, original: Callable[[Any], Any]) -> Any:
    """The value of `content`, a new one each time; `original` answers for what stood for objects.

    Raises whatever an object raises that cannot be made here.
    """
    return _Unpacker(io.BytesIO(content), original).load()
