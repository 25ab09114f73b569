"""What a plan can be asked, and how an integration is named in a question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, Any

from lolpop_graph import faults as f
from lolpop_graph.document import Document
from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.framework import Framework
from lolpop_graph.model import Group, Integration, groups_in
from lolpop_graph.planning import Options

if TYPE_CHECKING:
    from lolpop_graph.casting import Casting
    from lolpop_graph.classes.installed import InstalledPart
    from lolpop_graph.display import Picture
    from lolpop_graph.graph import WorkflowGraph
    from lolpop_graph.questions.diff.answer import Difference
    from lolpop_graph.questions.explain.answer import Explanation
    from lolpop_graph.questions.lint.layers import Swap
    from lolpop_graph.questions.masked import Masked
    from lolpop_graph.questions.selection import Selection
    from lolpop_graph.questions.why import Why
    from lolpop_graph.questions.why.groups import GroupRule
    from visualize import View


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
            raise WorkflowError([f.NoSuchIntegration(path=str(path), known=tuple(self._by_path))])
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

    def picture(self, **view: Any) -> Picture:
        """A picture for notebooks; `view` are the fields of `visualize.View`.

        `only` may be a selection as a text. TypeError for an unknown field, ValueError for what
        one cannot be, WorkflowError for a selection that is at fault.
        """
        from lolpop_graph.display import picture_of  # noqa: PLC0415 - few draw

        return picture_of(self.graph, repr(self), self.view(view))

    def draw(self, path: str | PathLike[str], **view: Any) -> None:
        """Draw into a file whose ending says the format, whole or not at all.

        `view` is that of `picture`. WorkflowError with LG801 where it cannot be drawn or written.
        """
        from lolpop_graph.display import write_picture  # noqa: PLC0415 - few draw

        write_picture(self.graph, path, self.view(view))

    def view(self, fields: Mapping[str, Any], *, source: str = "only") -> View:
        """The view of this plan that the fields of a `visualize.View` describe.

        `only` may be a selection as a text, which is called `source` in messages. WorkflowError
        for one that is at fault, and for paths that the plan does not have.
        """
        from visualize import View  # noqa: PLC0415 - few draw

        only = fields.get("only")
        if isinstance(only, str):
            only = self.select(only, source=source).paths
        view = View(**{**fields, "only": only})
        groups = {each.group.id for each in self.integrations}
        for path in sorted({*(view.only or ()), *view.collapse} - groups):
            if "/" in path:
                raise WorkflowError([f.NoSuchIntegration(path=path, known=tuple(sorted(groups)))])
            self.integration(path)
        return view

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """The picture and the text that a notebook shows."""
        return self.picture().bundle(include, exclude)

    def diff(self, other: Questions) -> Difference:
        """What is different in meaning in `other`, a later plan; false where nothing is."""
        from lolpop_graph.questions.diff import diff  # noqa: PLC0415 - few ask

        return diff(self, other)

    def lint(
        self,
        *,
        select: str | Iterable[str] = (),
        ignore: str | Iterable[str] = (),
        remote: bool = False,
    ) -> list[Fault]:
        """What is of no use in the workflow or likely meant otherwise, in the order of the file.

        Warnings and notes alone, those of `notes` among them; no class is imported, and what is
        said of code is a heuristic. `select` and `ignore` are codes or beginnings of some, such
        as `["LG901", "LG3"]` or `"LG901,LG3"`; ValueError for what is none. With `remote`, what
        `notes_for_remote` says of the layers that live on workers by default is there as well.
        """
        from lolpop_graph.questions.lint import lint  # noqa: PLC0415 - reads the classes' code

        return lint(self, select=select, ignore=ignore, remote=remote)

    def notes_for_remote(self, layer: str | None = None, *, classes: bool = True) -> list[Fault]:
        """What goes wrong or is lost where a part of the workflow lives on workers: warnings.

        That is what a method leaves in its object, and code reads that runs elsewhere (LG325). The
        code of the classes is read and not run; they are found for it, which imports their modules,
        or their texts are read alone. `layer` is what `remote_layer` is for `build`. Raises
        WorkflowError (LG823) where there is no such layer.
        """
        from lolpop_graph.placement import remote_integrations  # noqa: PLC0415 - few ask
        from lolpop_graph.questions.lint.remote import notes_for_remote  # noqa: PLC0415

        remote = remote_integrations(self.integrations, layer)
        return notes_for_remote(self, remote, self.casting() if classes else None)

    def swaps(self) -> list[Swap]:
        """What it would do to swap layers that stand one after the other in the framework."""
        from lolpop_graph.questions.lint.layers import swaps  # noqa: PLC0415 - few ask this

        return swaps(self.framework, self.integrations)

    def explain(self, path: str, key: str, *, classes: bool = True) -> Explanation:
        """Every value that a config key could have for an integration, and the one that it has.

        The classes are found for it, which imports their modules; without `classes` their
        defaults are left out. WorkflowError where no integration is at the path.
        """
        from lolpop_graph.questions.explain import explain  # noqa: PLC0415 - few ask

        return explain(self, path, key, classes=classes)

    def explain_keys(self, path: str, *, classes: bool = True) -> tuple[Explanation, ...]:
        """What `explain` says of each key that an integration reaches or its class requires."""
        from lolpop_graph.questions.explain import explain_keys  # noqa: PLC0415 - few ask

        return explain_keys(self, path, classes=classes)

    def schema(self, *, closed: bool = False, classes: bool = False) -> dict[str, Any]:
        """A JSON Schema (draft 7) of the document, for editors; no class is imported for it.

        But with `classes`: then pydantic says of typed configs what their texts leave open.

        Blocks of names that the workflow does not declare may be any of their layer's, or are
        refused where it is `closed`.
        """
        from lolpop_graph.questions.schema import schema_of  # noqa: PLC0415 - reads many texts

        return schema_of(self, closed=closed, classes=classes)

    def installed(self, layer: str | None = None) -> tuple[InstalledPart, ...]:
        """Every class that this workflow could name in the sections of a layer, or of all.

        That is what `lolpop_graph.installed` lists, and what its plug-ins and search paths have;
        nothing is imported.
        """
        from lolpop_graph.questions.installed import installed  # noqa: PLC0415 - few ask

        return installed(self, layer)

    def casting(self) -> Casting:
        """The classes as far as they are found, whose modules are imported; nothing is raised."""
        return self._casting

    @cached_property
    def masked(self) -> Masked:
        """What masks the secrets of the document."""
        from lolpop_graph.questions.masked import Masked  # noqa: PLC0415 - few ask

        return Masked(self.document)

    @cached_property
    def masked_values(self) -> Masked:
        """The same, for which the texts of the classes are read: they may call keys secret."""
        from lolpop_graph.questions.masked import learn_from_classes  # noqa: PLC0415

        learn_from_classes(self)
        return self.masked

    @cached_property
    def secret_keys(self) -> dict[str, frozenset[str]]:
        """The config keys that classes call secret, as their texts say, by integration's path."""
        from lolpop_graph.questions.schema.classes import secret_keys  # noqa: PLC0415 - few ask

        return secret_keys(self)

    @cached_property
    def _casting(self) -> Casting:
        return self._cast({})[0]

    def _cast(
        self, replace: Mapping[str, Any], *, is_called: bool = False
    ) -> tuple[Casting, list[Fault]]:
        raise NotImplementedError

    def why(self, path: str, name: str) -> Why:
        """Why the integration at a path has the one of a name, or at another path, or does not.

        Raises WorkflowError for a path or a name that the workflow does not have.
        """
        from lolpop_graph.questions.why import why  # noqa: PLC0415 - when it is asked

        return why(self, path, name)

    def why_groups(self, source: str, target: str, kind: str) -> GroupRule:
        """By which rule two groups are linked, as `graph.graph["group_links"]` has it.

        KeyError for the id of a group that there is none of.
        """
        from lolpop_graph.questions.why.groups import group_rule  # noqa: PLC0415

        return group_rule(self, self._groups, source, target, kind)

    @cached_property
    def _groups(self) -> dict[str, Group]:
        return {group.id: group for group in groups_in(self.integrations)}
