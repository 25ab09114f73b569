"""Which class each integration of a plan has: found once for each name and place to search."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lolpop_graph import faults as f
from lolpop_graph.classes import ClassFinder
from lolpop_graph.declarations import ClassInfo, class_info
from lolpop_graph.document import Document
from lolpop_graph.errors import Fault
from lolpop_graph.expand import class_mark
from lolpop_graph.model import Integration
from lolpop_graph.searches import Search, Searches
from lolpop_graph.secrecy import Secrets
from lolpop_graph.showing import Showing

if TYPE_CHECKING:
    from lolpop_graph.typed import TypedConfig

_BASE_OF_LAYER = {"runner": "BaseRunner", "pipeline": "BasePipeline", "component": "BaseComponent"}


class Casting:
    """The classes of a plan's integrations; `faults` has what kept some from being found.

    `typed` has the configs of those with a `Config`, once they are made.
    """

    def __init__(
        self,
        order: Sequence[Integration],
        document: Document,
        finder: ClassFinder,
        replaced: Mapping[str, Any],
        plugin_paths: Sequence[Path] = (),
    ) -> None:
        """Find the class of every integration but the replaced ones."""
        self._document = document
        self._finder = finder
        searches = Searches(document, plugin_paths)
        self.faults: list[Fault] = searches.faults
        self.typed: dict[Integration, TypedConfig] = {}
        self._found: dict[tuple[str, Search], ClassInfo | None] = {}
        self._infos: list[ClassInfo | None] = [None] * len(order)
        self._failed: set[str] = set()
        for member, search in searches.of_members(order):
            if member.path not in replaced:
                self._infos[member.index] = self._info(member, search)

    @property
    def has_decorators(self) -> bool:
        """Whether a class that was found is a decorator, wherever it stands."""
        return any(
            info is not None and hasattr(info.cls, "_lg_is_decorator")
            for info in self._found.values()
        )

    def info(self, integration: Integration) -> ClassInfo | None:
        """What is known of an integration's class; None if it is replaced or was not found."""
        return self._infos[integration.index]

    def known(self, name: str, search: Search) -> ClassInfo | None:
        """What is known of the class that a section searched so names, if any names it."""
        return self._found.get((name, search))

    @property
    def kinds(self) -> list[ClassInfo]:
        """What is known of each class that was found."""
        return [info for info in self._found.values() if info is not None]

    def names_functions(self) -> bool:
        """Whether there is a class with config keys that name functions."""
        return any(info and info.function_keys for info in self._found.values())

    def _info(self, integration: Integration, search: Search) -> ClassInfo | None:
        name = integration.class_name or base_class(integration)
        key = (name, search)
        if key not in self._found:
            self._found[key] = self._look_for(name, integration, search)
        return self._found[key]

    def _look_for(self, name: str, integration: Integration, search: Search) -> ClassInfo | None:
        found: object = self._finder.find(name, search.layer, **search.paths)
        if isinstance(found, type):
            found = class_info(found)
        if isinstance(found, Fault) and not self._is_caused(found, search):
            place = self._document.place(class_mark(self._document, integration))
            self.faults.append(self._without_parts(found, name).changed(place=place))
        return found if isinstance(found, ClassInfo) else None

    def _without_parts(self, fault: Fault, class_name: str) -> Fault:
        """A fault without the modules and names in a class name that is secret."""
        shown = self._document.showing.secrets.scrub(class_name)
        if shown == class_name:
            return fault
        secrets, parts = Secrets(), re.split("[.:]", class_name)
        for count in range(1, len(parts) + 1):
            secrets.add([".".join(parts[:count]), *parts[-count:]], shown)
        secrets.add(class_name, shown)
        return Showing([], secrets).fault(fault)

    def _is_caused(self, fault: Fault, search: Search) -> bool:
        """Whether a fault follows from one that is reported already."""
        if isinstance(fault, f.ImportFailed):
            is_known = fault.module in self._failed
            self._failed.add(fault.module)
            return is_known
        return isinstance(fault, f.ClassMissing) and search.is_broken and not fault.absent


def base_class(integration: Integration) -> str:
    """The class of a root for which nobody names one."""
    base = _BASE_OF_LAYER.get(integration.layer.name, "BaseIntegration")
    return f"lolpop_graph.integration:{base}"
