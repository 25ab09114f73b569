"""One call of a method on a worker, and its result, as both travel between processes."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lolpop_graph import faults as f
from lolpop_graph.errors import ElsewhereError
from lolpop_graph.remote.packing import unpacked
from lolpop_graph.shipment import Shipment

RESULT, INTEGRATION = "result", "integration"
"""What something in arguments or results stands for: the number of a result, or a path."""
_BUFFERS = 5
"""The protocol of pickle from which on it leaves buffers where they are."""


class Result:
    """What a method returned, as it was then: packed, and unpacked for each who takes it."""

    def __init__(self, content: Any) -> None:
        """Hold packed bytes."""
        self.content = content

    def value(self, instance: Callable[[str], Any]) -> Any:
        """The value, a new one each time; `instance` answers with the integration of a path."""
        return unpacked(self.content, lambda stand_in: instance(stand_in[1]))

    def __reduce_ex__(self, protocol: Any) -> tuple[type[Result], tuple[Any]]:
        """Travel without being copied where that is possible."""
        if protocol < _BUFFERS:
            return Result, (bytes(self.content),)
        return Result, (pickle.PickleBuffer(self.content),)

    def __sizeof__(self) -> int:
        """How many bytes it has, by which Dask finds a place for it."""
        return len(self.content)


@dataclass(frozen=True)
class Call:
    """A method of an integration, and what it is called with; shows neither arguments nor config.

    `owner` is the session that calls, `arguments` are packed. `contexts` has, by path, what
    components of the driver say that calls elsewhere must know.
    """

    shipment: Shipment = field(repr=False)
    owner: str = field(repr=False)
    path: str
    method: str
    key: str = field(repr=False)
    arguments: bytes = field(repr=False)
    contexts: Mapping[str, Any] = field(repr=False)
    is_attribute: bool = False

    @property
    def where(self) -> str:
        """The integration and its method."""
        return f"{self.path}.{self.method}"


def integration_at(path: str | None) -> tuple[str, str] | None:
    """What stands for the integration of a path."""
    return None if path is None else (INTEGRATION, path)


def cannot_travel(what: str, value: Any, error: Exception) -> ElsewhereError:
    """The error that says what does not pickle."""
    reason = str(error).partition("\n")[0] or type(error).__name__
    kind = f" ({type(value).__name__})" if value is not None else ""
    return ElsewhereError([f.CannotTravel(what=what, kind=kind, reason=reason)])
