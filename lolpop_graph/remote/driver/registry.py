"""The integrations of one process by their paths, which stand for them on the way to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lolpop_graph.model import Integration
from lolpop_graph.remote.call import integration_at


class Registry:
    """The integrations of a workflow in this process, by object and by path.

    `words` are the names by which they reach each other.
    """

    def __init__(self, order: Sequence[Integration], instances: Sequence[Any]) -> None:
        """Know the objects in build order, as far as they are built."""
        self._order = order
        self._instances = instances
        self._paths: dict[int, str] = {}
        self._known = 0
        self.words = frozenset(each.name for each in order)

    def stand_in(self, value: Any) -> tuple[str, str] | None:
        """What stands for an integration of this process; None for every other object."""
        while self._known < len(self._instances):
            self._paths[id(self._instances[self._known])] = self._order[self._known].path
            self._known += 1
        return integration_at(self._paths.get(id(value)))

    def instance(self, path: str) -> Any:
        """The integration of a path."""
        indices = {each.path: each.index for each in self._order}
        return self._instances[indices[path]]
