"""What the driver and a worker process say to each other, and how that is put into bytes."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from lolpop_graph.sweeps.task import Outcome

_LENGTH: Final = struct.Struct("!Q")


class Begin(NamedTuple):
    """To a worker: what it is called, and the pickled task."""

    name: str
    task: bytes


class Parcel(NamedTuple):
    """A pickled run, with its number."""

    number: int
    run: bytes


class Do(NamedTuple):
    """To a worker: runs to perform after those that it has."""

    parcels: Sequence[Parcel]


class GiveBack(NamedTuple):
    """To a worker: give back the runs that are not begun."""


class End(NamedTuple):
    """To a worker: there are no more runs."""


class Ready(NamedTuple):
    """From a worker: it has the task."""


class Refused(NamedTuple):
    """From a worker: it cannot begin, and ends. `error` is a WorkflowError, or says why."""

    error: Any


class Ran(NamedTuple):
    """From a worker: what came of a run, and which one begins now, in one message."""

    outcome: Outcome | None
    begun: int | None


class Returned(NamedTuple):
    """From a worker: the runs that it will not begin."""

    numbers: Sequence[int]


class Closed(NamedTuple):
    """From a worker: all is closed, and the process is about to end."""


def framed(message: object) -> bytes:
    """A message as bytes, its length first."""
    content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(content)) + content


class Frames:
    """Bytes as they come, and the messages in them."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[Any]:
        """The messages that are whole with these bytes; the rest is kept."""
        self._rest += data
        begin = 0
        while len(self._rest) - begin >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._rest, begin)
            end = begin + _LENGTH.size + length
            if len(self._rest) < end:
                break
            content = bytes(self._rest[begin + _LENGTH.size : end])
            begin = end
            yield pickle.loads(content)  # noqa: S301 - of a process that we started
        del self._rest[:begin]
