"""What an export asks of a plan, which stands above it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from lolpop_graph.document import Document
from lolpop_graph.errors import Fault
from lolpop_graph.model import Integration, Place
from lolpop_graph.planning import Options

if TYPE_CHECKING:
    from lolpop_graph.casting import Casting
    from lolpop_graph.questions.masked import Masked


class Planned(Protocol):
    """As much of a plan as is exported."""

    document: Document
    integrations: Sequence[Integration]
    options: Options

    @property
    def masked_values(self) -> Masked:
        """What masks secrets, those that classes tell of among them."""

    def place(self, integration: Integration) -> Place:
        """Where an integration is declared."""

    def shown(self, fault: Fault) -> Fault:
        """A fault with its line, and without secrets."""

    def find_classes(self, replace: Mapping[str, Any] | None = None) -> Casting:
        """Find every class and check what it requires."""
