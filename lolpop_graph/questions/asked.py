"""What a plan can be asked, and how an integration is named in a question."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from lolpop_graph import faults as f
from lolpop_graph.document import Document
from lolpop_graph.errors import WorkflowError
from lolpop_graph.framework import Framework
from lolpop_graph.model import Integration


class Questions:
    """The questions about a workflow that is read and expanded; answers are plain dataclasses.

    `document` is what was read, `framework` its tree of layers, and `integrations` are in build
    order.
    """

    document: Document
    framework: Framework
    integrations: Sequence[Integration]

    @cached_property
    def _by_path(self) -> dict[str, Integration]:
        return {integration.path: integration for integration in self.integrations}

    def integration(self, path: str) -> Integration:
        """The integration at a path; WorkflowError with the paths that are like it if none is."""
        found = self._by_path.get(path)
        if found is None:
            raise WorkflowError([f.NoSuchIntegration(path=path, known=tuple(self._by_path))])
        return found
