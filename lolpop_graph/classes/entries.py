"""The entry points by which installed distributions offer their classes."""

from __future__ import annotations

import sys
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

_GROUPS = "lolpop_graph."
COMMANDS = f"{_GROUPS}commands"
"""The group of commands: what it names is no class, and no package that workflows may name."""


class EntryPoints:
    """The entry points of the groups `lolpop_graph.<layer>`, read when first asked for."""

    def values(self, layer: str, name: str) -> list[str]:
        """What the entry points called `name` for a layer say, each once."""
        here = (point.value for point in self.of(layer) if point.name == name)
        return list(dict.fromkeys(here))

    def names(self, layer: str) -> list[str]:
        """The names of a layer's entry points."""
        return [point.name for point in self.of(layer)]

    @cached_property
    def layers(self) -> list[str]:
        """The layers that some entry point is for, sorted."""
        return sorted({point.group.removeprefix(_GROUPS) for point in self._points})

    @cached_property
    def packages(self) -> frozenset[str]:
        """The top-level packages that entry points lead to, but for Python's own.

        Who registers a class of those would let workflows name all that stands beside it.
        """
        packages = {
            point.value.partition(":")[0].partition(".")[0].strip() for point in self._points
        }
        return frozenset(packages) - sys.stdlib_module_names

    def of(self, layer: str) -> list[EntryPoint]:
        """The entry points for a layer."""
        return [point for point in self._points if point.group == f"{_GROUPS}{layer}"]

    @cached_property
    def _points(self) -> list[EntryPoint]:
        # Costs more than all the rest here, and most workflows never need it.
        from importlib.metadata import entry_points  # noqa: PLC0415

        points = entry_points()
        named = points.groups - {COMMANDS}
        groups = sorted(group for group in named if group.startswith(_GROUPS))
        return [point for group in groups for point in points.select(group=group)]
