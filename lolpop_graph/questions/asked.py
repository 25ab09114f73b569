"""What a plan can be asked, and how an integration is named in a question."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from lolpop_graph import faults as f
from lolpop_graph.document import Document
from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.framework import Framework
from lolpop_graph.model import Integration
from lolpop_graph.planning import Options

if TYPE_CHECKING:
    from lolpop_graph.questions.lint_layers import Swap


class Questions:
    """The questions about a workflow that is read and expanded; answers are plain dataclasses.

    `document` is what was read, `framework` its tree of layers, and `integrations` are in build
    order.
    """

    document: Document
    framework: Framework
    integrations: Sequence[Integration]
    options: Options

    @property
    def notes(self) -> list[Fault]:
        """Warnings and notes of the plan itself."""
        raise NotImplementedError

    @cached_property
    def _by_path(self) -> dict[str, Integration]:
        return {integration.path: integration for integration in self.integrations}

    def integration(self, path: str) -> Integration:
        """The integration at a path; WorkflowError with the paths that are like it if none is."""
        found = self._by_path.get(path)
        if found is None:
            raise WorkflowError([f.NoSuchIntegration(path=path, known=tuple(self._by_path))])
        return found

    def lint(self, *, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> list[Fault]:
        """What is of no use in the workflow or likely meant otherwise, in the order of the file.

        Warnings and notes alone, those of `notes` among them; no class is imported, and what is
        said of code is a heuristic. `select` and `ignore` are codes or beginnings of some.
        """
        from lolpop_graph.questions.lint import lint  # noqa: PLC0415 - reads the classes' code

        return lint(self, select=select, ignore=ignore)

    def swaps(self) -> list[Swap]:
        """What it would do to swap layers that stand one after the other in the framework."""
        from lolpop_graph.questions.lint_layers import swaps  # noqa: PLC0415 - few ask this

        return swaps(self.framework, self.integrations)
