"""What the checks of a workflow look at, before any class is found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from lolpop_graph.decorated import has_decorators
from lolpop_graph.document import Document
from lolpop_graph.errors import Fault
from lolpop_graph.framework import DOCUMENT_KEY, RESERVED_KEYS, Framework
from lolpop_graph.model import Integration, groups_in
from lolpop_graph.wired import PUBLIC_NAMES


@dataclass
class Draft:
    """What the checks look at: a document, its framework, and what they were expanded to."""

    document: Document
    framework: Framework
    order: Sequence[Integration]

    def without_caused(self, found: Iterable[Fault]) -> Iterator[Fault]:
        """The faults but for those at a reference that leads nowhere, which is one already."""
        unresolved = {self.document.place(mark) for mark in self.document.unresolved}
        yield from (fault for fault in found if fault.place not in unresolved)

    @cached_property
    def has_decorators(self) -> bool:
        """Whether anything in it is wrapped."""
        return has_decorators(self.order)

    @cached_property
    def layer_names(self) -> frozenset[str]:
        """The names of all layers."""
        return self.framework.names()

    @cached_property
    def unused_layers(self) -> frozenset[str]:
        """The names of the layers that no section of the document declares anything of."""
        return self.layer_names - {group.layer.name for group in groups_in(self.order)}

    @cached_property
    def taken(self) -> dict[str, str]:
        """The names that no integration can have, each with what has it."""
        taken = dict.fromkeys(PUBLIC_NAMES, "a public name of every integration")
        taken |= dict.fromkeys(self.layer_names, "a layer of the framework")
        taken |= dict.fromkeys(RESERVED_KEYS, DOCUMENT_KEY)
        return taken
