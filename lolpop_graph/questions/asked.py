"""What a plan can be asked, and how an integration is named in a question."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from lolpop_graph import faults as f
from lolpop_graph.document import Document
from lolpop_graph.errors import WorkflowError
from lolpop_graph.framework import Framework
from lolpop_graph.model import Integration

if TYPE_CHECKING:
    from lolpop_graph.graph import WorkflowGraph
    from lolpop_graph.questions.selection import Selection


class Questions:
    """The questions about a workflow that is read and expanded; answers are plain dataclasses.

    `document` is what was read, `framework` its tree of layers, and `integrations` are in build
    order.
    """

    document: Document
    framework: Framework
    integrations: Sequence[Integration]

    if TYPE_CHECKING:

        @cached_property
        def graph(self) -> WorkflowGraph:
            """The workflow as a graph, which a plan makes when it is asked for."""

    @cached_property
    def _by_path(self) -> dict[str, Integration]:
        return {integration.path: integration for integration in self.integrations}

    def integration(self, path: str) -> Integration:
        """The integration at a path; WorkflowError with the paths that are like it if none is."""
        found = self._by_path.get(path)
        if found is None:
            raise WorkflowError([f.NoSuchIntegration(path=path, known=tuple(self._by_path))])
        return found

    def shown_class(self, integration: Integration) -> str | None:
        """The class of an integration as it may be shown; None where the base class is meant."""
        name = integration.class_name
        return None if name is None else self.document.showing.secrets.scrub(name)

    def select(self, text: str, *, source: str = "selection") -> Selection:
        """The integrations that a text such as `layer:component and not *_tracker` selects.

        Raises WorkflowError with what is wrong with the text, which is called `source` there.
        """
        from lolpop_graph.questions.selection import select  # noqa: PLC0415 - when it is asked

        return select(self, text, source)
