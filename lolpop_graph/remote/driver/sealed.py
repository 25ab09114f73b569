"""A config that workers read as well, and that therefore stays as it is."""

from __future__ import annotations

from typing import Any, NoReturn

from lolpop_graph import faults as f
from lolpop_graph.errors import ElsewhereError
from lolpop_graph.remote.dataflow.call_sites import place_of_caller


class Sealed(dict[str, Any]):
    """A dictionary that refuses to be changed; a copy of it does not."""

    def __init__(self, config: dict[str, Any], path: str) -> None:
        """Take over the config of the integration at a path."""
        super().__init__(config)
        self._path = path

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        fault = f.UnseenByWorkers(place=place_of_caller(), path=self._path, what="the config")
        raise ElsewhereError([fault])

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type, tuple[dict[str, Any]]]:
        """Travel as a plain dictionary."""
        return dict, ({**self},)
