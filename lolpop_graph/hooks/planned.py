"""What workflow tests need of a plan, and of what is built from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, Self

from lolpop_graph.document import Document
from lolpop_graph.errors import Fault
from lolpop_graph.framework import Framework
from lolpop_graph.model import Integration, Place
from lolpop_graph.planning import Options

if TYPE_CHECKING:
    import networkx as nx

    from lolpop_graph.casting import Casting
    from lolpop_graph.instantiate import Progress
    from lolpop_graph.questions.selection import Selection


class Built(Protocol):
    """A workflow that is built: a mapping from path to object, closed by `with`."""

    @property
    def root(self) -> Any:
        """The root's object."""

    def __getitem__(self, path: str, /) -> Any:
        """The object at a path."""

    def __enter__(self) -> Self:
        """Itself."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: object, /
    ) -> None:
        """Close."""


class Planned(Protocol):
    """A plan, which `lolpop_graph.workflow` has on top of this."""

    document: Document
    framework: Framework
    integrations: Sequence[Integration]
    options: Options

    @property
    def order(self) -> list[str]:
        """The paths of all integrations, in build order."""

    @property
    def graph(self) -> nx.DiGraph[str]:
        """The workflow as a graph."""

    def integration(self, path: str) -> Integration:
        """The integration at a path."""

    def select(self, text: str) -> Selection:
        """The integrations that a text selects."""

    def place(self, integration: Integration) -> Place:
        """Where an integration is declared."""

    def shown(self, fault: Fault) -> Fault:
        """A fault as it may be shown."""

    def without_secrets(self, text: str) -> str:
        """A text as it may be shown."""

    def find_classes(self, replace: Mapping[str, Any] | None = None) -> Casting:
        """Find every class and check what it requires."""

    def casting(self) -> Casting:
        """The classes as far as they are found; nothing is raised."""

    def build_around(
        self,
        called: None,
        *,
        replace: Mapping[str, Any],
        progress: Progress | None = None,
        wired: Callable[[Any], None] | None = None,
    ) -> Built:
        """Build, and call `wired` before the first `setup`."""
