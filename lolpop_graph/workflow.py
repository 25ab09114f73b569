"""The story in a few calls: plan a workflow, build it, close it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, Unpack

from lolpop_graph import faults as f
from lolpop_graph.checks import Draft
from lolpop_graph.checks.causes import without_classes_caused, without_told_keys
from lolpop_graph.errors import Fault, WorkflowError, errors_in, in_order
from lolpop_graph.expand import has_tests
from lolpop_graph.links import Links, kinds_of
from lolpop_graph.model import Integration, Place
from lolpop_graph.planning import (
    BuildOptions,
    CallOptions,
    Confs,
    Given,
    Options,
    Where,
    apart,
    checked,
    flat,
    make_draft,
    plugin_folders,
    trusted,
)
from lolpop_graph.questions import Questions
from lolpop_graph.text import counted, quoted

if TYPE_CHECKING:
    import networkx as nx

    from lolpop_graph.casting import Casting
    from lolpop_graph.export.exporting import Export
    from lolpop_graph.export.request import Division
    from lolpop_graph.functions import ConfigFunctions
    from lolpop_graph.graph import WorkflowGraph
    from lolpop_graph.hooks import HookReport
    from lolpop_graph.instantiate import Builder, Called, Progress
    from lolpop_graph.shipment import Shipment


class Plan(Questions):
    """A workflow that is read, expanded and checked, and of which nothing is built.

    `framework` is its tree of layers.
    """

    def __init__(
        self, draft: Draft, found: list[Fault], options: Options, given: Given | None = None
    ) -> None:
        """Hold a draft and what was found in it; raises WorkflowError with the errors therein.

        `given` is what the draft was made of.
        """
        self.document = draft.document
        self.framework = draft.framework
        self.integrations = draft.order
        self.options = options
        self._given = given
        self._found = found
        self._has_decorators = draft.has_decorators
        self._raise_errors(found)

    @cached_property
    def notes(self) -> list[Fault]:
        """Warnings and notes, such as names that hide others: worth knowing, and no error."""
        return self.document.showing.faults(self._found)

    def shown(self, fault: Fault) -> Fault:
        """A fault with its line, and without secrets, as it may be shown."""
        return self.document.showing.fault(fault)

    def without_secrets(self, text: str) -> str:
        """A text with every secret value of the workflow that is in it replaced by `***`."""
        return self.document.showing.secrets.scrub(text)

    def _raise_errors(self, found: Iterable[Fault]) -> None:
        if errors := errors_in(found):
            raise WorkflowError(self.document.showing.faults(errors))

    @property
    def order(self) -> list[str]:
        """The paths of all integrations, in build order."""
        return [integration.path for integration in self.integrations]

    @cached_property
    def graph(self) -> WorkflowGraph:
        """The workflow as a read-only networkx.DiGraph; see `lolpop_graph.graph.node_data`."""
        return self._graph(None)

    @cached_property
    def build_graph(self) -> nx.DiGraph[str]:
        """The graph with the edges alone that order the build, of kind `child` and `sibling`.

        What an integration needs are its ancestors there, and what needs it are its descendants.
        """
        from lolpop_graph.graph import ordering  # noqa: PLC0415 - it imports networkx

        return ordering(self.graph)

    def _graph(self, instance: Callable[[Integration], Any] | None) -> WorkflowGraph:
        from lolpop_graph import graph  # noqa: PLC0415 - it imports networkx

        document, order = self.document, self.integrations
        is_wrapped = self._has_decorators
        kinds = kinds_of(has_decorators=is_wrapped)

        def data(integration: Integration) -> dict[str, Any]:
            attributes = graph.node_data(integration, document.place, document.showing.secrets)
            if is_wrapped:
                attributes |= graph.decoration(integration)
            if instance is not None:
                attributes["instance"] = instance(integration)
            return attributes

        def layer_source() -> dict[str, Any]:
            return graph.layer_config_source(order, document.place, document.showing.secrets)

        links = tuple(graph.group_links(order, kinds))
        attributes = {
            "name": document.name,
            "group_links": links,
            # Secrets are looked for in the whole document, and few ask for what may show some.
            "layer_config_source": graph.Lazy(layer_source),
            "link_rules": graph.Lazy(lambda: {link: self._rule(*link) for link in links}),
        }
        return graph.workflow_graph(Links(order, kinds), data, attributes)

    def _rule(self, *link: str) -> tuple[str, Place | None]:
        rule = self.why_groups(*link)
        return rule.sentence, rule.place

    def place(self, integration: Integration) -> Place:
        """Where an integration is declared."""
        return self.document.place(integration.mark)

    def find_classes(self, replace: Mapping[str, Any] | None = None) -> Casting:
        """Find every class and check what it requires; raises WorkflowError with all faults.

        `replace` names the integrations that need no class. The modules of the classes are
        imported.
        """
        casting, found = self._cast(replace or {})
        self._raise_errors(without_classes_caused(self._found, found))
        return casting

    @cached_property
    def functions(self) -> ConfigFunctions:
        """What finds the functions that config keys name."""
        from lolpop_graph.functions import ConfigFunctions, Functions  # noqa: PLC0415 - few ask

        return ConfigFunctions(self.document, Functions(self.options.get("trust", ())))

    def _cast(
        self, replace: Mapping[str, Any], *, is_called: bool = False
    ) -> tuple[Casting, list[Fault]]:
        from lolpop_graph.casting import Casting  # noqa: PLC0415 - a plan alone needs none of it
        from lolpop_graph.checks.misspelt import misspelt_keys  # noqa: PLC0415
        from lolpop_graph.checks.requirements import (  # noqa: PLC0415
            Cast,
            check_cast,
            function_keys,
            secret_values,
        )
        from lolpop_graph.classes import ClassFinder  # noqa: PLC0415
        from lolpop_graph.decorate import check_decorators  # noqa: PLC0415

        finder = ClassFinder(**trusted(self.options))
        folders = plugin_folders(self.options)
        casting = Casting(self.integrations, self.document, finder, replace, folders)
        cast = Cast(self.integrations, casting.info, self.place, is_called)
        requirements = not self.options.get("skip_config_validation")
        found = [*casting.faults, *check_cast(cast, requirements=requirements)]
        if casting.names_functions():
            found += self.functions.faults(function_keys(cast))
        if casting.has_decorators or self._has_decorators:
            names = self.framework.names()
            found += check_decorators(self.integrations, casting.info, self.document, names)
        if requirements:
            found += misspelt_keys(
                self.integrations,
                casting.info,
                self.document.place,
                found,
                is_layered=self.document.is_layered,
            )
        for value in secret_values(cast):
            self.document.showing.secrets.add(value)
        if any(info.config for info in casting.kinds):
            from lolpop_graph.typed import configure  # noqa: PLC0415 - it imports pydantic

            casting.typed, wrong = configure(cast, self.document, is_checked=requirements)
            found = without_told_keys([*found, *wrong])
        return casting, found

    def build(
        self,
        *,
        replace: Mapping[str, Any] | None = None,
        progress: Progress | None = None,
        parallel: int = 1,
        on: Any = None,
        **where: Unpack[Where],
    ) -> Workflow:
        """Build and wire every object, the ones in `replace` (by path) taken as they are.

        `progress` is called with (built, of how many) after each. Up to `parallel` constructors
        run at the same time, each in a thread, where none is given what another one makes; with
        more than one see `docs/workflow-file.md`. With `on`, a part of the
        workflow lives on workers: "dask" starts processes on this machine for that, an address
        such as "tls://scheduler:8786", a `distributed.Client` or a cluster of Dask's names workers
        that are there; `where` are the fields of `Where`. Raises WorkflowError before
        anything is built for classes that are missing, not trusted or lack what they require,
        and for a constructor or `setup` that raises, after all that was built is closed.
        """
        kind = self._kind(on, where, parallel)
        return self.build_around(None, replace=replace or {}, progress=progress, kind=kind)

    def build_around(
        self,
        called: Called | None,
        *,
        replace: Mapping[str, Any],
        progress: Progress | None = None,
        wired: Callable[[Workflow], None] | None = None,
        kind: Callable[..., Builder] | None = None,
    ) -> Workflow:
        """Do what `build` does, around a root whose class a user called.

        `wired` is called with the workflow when all is wired, before the first `setup`; `kind`
        makes what builds.
        """
        known = tuple(self.order)
        unknown = {*replace} - {*known}
        self._raise_errors(f.NoSuchIntegration(path=path, known=known) for path in sorted(unknown))
        casting, found = self._cast(replace, is_called=called is not None)
        self._raise_errors(without_classes_caused(self._found, found))
        builder = (kind or self._kind())(
            self.integrations,
            framework=self.framework,
            info=casting.info,
            place=self.place,
            shown=self.shown,
            replaced=replace,
            functions=lambda: self.functions,
            problem_type=self.options.get("problem_type"),
            typed=casting.typed,
            progress=progress,
        )
        # First, so that no code runs between the end of the build and the `with` that closes it.
        workflow = Workflow(self, builder)
        builder.build(called, wired and partial(wired, workflow))
        return workflow

    def build_after(
        self, previous: Workflow | None, *, progress: Progress | None = None
    ) -> Workflow:
        """Build, and take over from `previous` the objects that would be made alike.

        `previous` is a workflow of the same documents with other overrides, which is closed by
        this, or None. An object serves on where its class, what it can read of the config, and all
        that its constructor and `setup` can have used are the same; neither is called again. What
        is not taken over is closed, in reverse build order, before anything new is built. What is
        taken over is wired anew, and closed when the new workflow is.

        A class decides by `__SHARED__`: False, never; True, also where its methods leave something
        behind in the object, which later runs see then; without it, where its code, which is read
        for that, neither does so nor may do so, nor asks for what differs each time.

        `progress` and what is raised are those of `build`, and LG702 where what is not taken over
        cannot be closed; after an error nothing of either workflow is open.
        """
        from lolpop_graph.takeover import TakingBuilder  # noqa: PLC0415 - few build in a row

        kind: Callable[..., Builder] = partial(TakingBuilder, previous=None)
        if previous is not None:
            is_alike = previous.plan.document.origins == self.document.origins
            kind = partial(TakingBuilder, previous=previous._builder, is_comparable=is_alike)  # noqa: SLF001 - one module's own
        try:
            return self.build_around(None, replace={}, progress=progress, kind=kind)
        except BaseException as error:
            if previous is not None:
                previous.__exit__(type(error), error, None)
            raise

    def _kind(
        self, on: Any = None, where: Where | None = None, parallel: int = 1
    ) -> Callable[..., Builder]:
        """What builds this plan in one process, or in several where the call says so."""
        from lolpop_graph.instantiate import Builder  # noqa: PLC0415 - a plan needs none of it

        kind: type[Builder] = Builder
        given: dict[str, Any] = {}
        if on is not None:
            from lolpop_graph.remote.driver.builder import RemoteBuilder  # noqa: PLC0415 - of an extra

            kind, given = RemoteBuilder, {"shipment": self.shipment, "on": on, **(where or {})}
        elif idle := sorted(name for name, value in (where or {}).items() if value):
            message = f"{quoted(idle, 'and')} says something of workers, which `on` has to name"
            raise TypeError(message)
        if parallel != 1:
            from lolpop_graph.parallel import in_threads  # noqa: PLC0415 - few need threads

            kind = in_threads(kind, parallel)
        return partial(kind, **given) if given else kind

    @cached_property
    def shipment(self) -> Shipment:
        """What another process needs to make the same plan.

        Raises WorkflowError (LG822) for what was given from Python and does not pickle, and
        TypeError where the plan is that of an object whose class was called.
        """
        from lolpop_graph.shipment import Shipment  # noqa: PLC0415 - most stay in their process

        if self._given is None:
            raise TypeError("the workflow around an object that is there stays where that is")
        return Shipment.of(self, self._given, plan)

    def export(  # noqa: PLR0913 - each says one thing about the file, by keyword
        self,
        *,
        to: str,
        method: str = "main",
        arguments: Sequence[Any] = (),
        steps: Division = "auto",
        name: str = "",
        path: str | PathLike[str] = "flow.py",
    ) -> str:
        """The text of a Python file that runs a method of the root in another system.

        `to` is "prefect" or "airflow". Where the method is nothing but calls of integrations
        below the root, one after the other, each of them is a task, unless one would look for
        what another leaves on an object; else the whole method is. `steps` may be "calls" to
        have tasks of calls in any case, or "one". `arguments` are what the method is given, and
        become parameters of the flow, whose name is `name`, by default that of the workflow and
        the method. `path` is where the file is to lie, since it looks for the workflow from
        there; nothing is written.

        The classes are found for it, which imports their modules. Raises WorkflowError: see
        `lolpop_graph.export`.
        """
        return self.exported(
            to=to, method=method, arguments=arguments, steps=steps, name=name, path=Path(path)
        ).text

    def exported(self, **asked: Any) -> Export:
        """Do what `export` does; with the text, what is to be known of it."""
        from lolpop_graph.export.exporting import export  # noqa: PLC0415 - few export
        from lolpop_graph.export.request import Request  # noqa: PLC0415

        if self._given is None:
            raise TypeError("the workflow around an object that is there stays where that is")
        return export(self, self._given, Request(**asked))

    @property
    def has_tests(self) -> bool:
        """Whether the document has a section `tests`."""
        return has_tests(self.document, self.framework, self.integrations[0])

    def test(  # noqa: PLR0913 - each says one thing about the run, by keyword
        self,
        *tests: Confs,
        method: str = "main",
        arguments: Sequence[Any] = (),
        keep_going: bool = False,
        allow_unreached: bool = False,
        replace: Mapping[str, Any] | None = None,
        progress: Progress | None = None,
    ) -> HookReport:
        """Build, call a method of the root with `arguments`, close, and report what hooks say.

        The hooks are those of the document's section `tests` and of `tests`, files or mappings
        with the same content. One that fails ends the run, unless it is to `keep_going`; one
        that was not reached counts as missed, unless `allow_unreached` says otherwise. `replace`
        is that of `build`.

        Raises WorkflowError, before anything is built, for what is wrong with the tests or the
        classes, or where the root has no such method.
        """
        from lolpop_graph.hooks import Choices, run_hooks  # noqa: PLC0415 - few test

        choices = Choices(
            method=method,
            arguments=arguments,
            keep_going=keep_going,
            allow_unreached=allow_unreached,
            replace=replace or {},
            progress=progress,
        )
        return run_hooks(self, flat(tests), choices)

    def __repr__(self) -> str:
        """`<Plan workflow.yaml: 12 integrations>`."""
        return f"<Plan {self.document.name}: {counted(len(self.integrations), 'integration')}>"


class Workflow(Mapping[str, Any]):
    """A built workflow: a mapping from path to object, in build order; closed by `with`."""

    def __init__(self, plan: Plan, builder: Builder) -> None:
        """Hold what a builder builds for a plan."""
        self.plan = plan
        self._builder = builder
        self._instances = builder.instances

    @property
    def root(self) -> Any:
        """The root's object, with everything wired."""
        return self._instances[0]

    @cached_property
    def _index(self) -> dict[str, int]:
        return {integration.path: integration.index for integration in self.plan.integrations}

    @cached_property
    def graph(self) -> WorkflowGraph:
        """The plan's graph, each node with its object as the attribute `instance`."""
        return self.plan._graph(self._builder.instance)  # noqa: SLF001 - the plan's other half

    def close(self) -> None:
        """Call `close` of all that was built, in reverse order; a second call does nothing.

        Raises WorkflowError with a fault for each that raised, after all were called.
        """
        self._builder.close()

    def retire(self, name: str) -> bool:
        """Close all that `build_after` can surely not take over; whether anything is left open.

        Where taking over would save nothing, all is closed. Raises what `close` does, after all
        was closed. What is left open is of `name` where its `close` raises later, if it is not
        taken over. It is for what `build_after` has built.
        """
        retire: Callable[[str], bool] = self._builder.retire  # type: ignore[attr-defined]  # see above
        return retire(name)

    def __getitem__(self, path: str) -> Any:
        """The object at a path; KeyError if there is none."""
        return self._instances[self._index[path]]

    def __iter__(self) -> Iterator[str]:
        """The paths, in build order."""
        return iter(self._index)

    def __len__(self) -> int:
        """How many integrations there are."""
        return len(self._instances)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: object
    ) -> None:
        """Close; what a `close` raises is a note on the error that is under way, if one is."""
        self._builder.close(error)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """The picture and the text that a notebook shows."""
        from lolpop_graph.display import picture_of  # noqa: PLC0415 - few draw
        from visualize import View  # noqa: PLC0415

        return picture_of(self.plan.graph, repr(self), View()).bundle(include, exclude)

    def __repr__(self) -> str:
        """`<Workflow workflow.yaml: 12 integrations>`."""
        return f"<Workflow {self.plan.document.name}: {counted(len(self), 'integration')}>"


def _draft(
    confs: Iterable[Confs],
    overrides: Mapping[str, Any] | None,
    options: Options,
    called: type | None = None,
    *,
    is_standalone: bool = False,
) -> tuple[Draft, list[Fault]]:
    """A draft in which it is known what decorators wrap, and what is wrong with it."""
    draft, found = make_draft(confs, overrides, options, called, is_standalone=is_standalone)
    if draft.has_decorators:
        from lolpop_graph.questions.selection import decorators  # noqa: PLC0415 - few have some

        chosen = decorators.choose(draft.document, draft.framework, draft.order)
        found = in_order([*found, *draft.without_caused(chosen)])
    return draft, found


def plan(
    *confs: Confs,
    overrides: Mapping[str, Any] | None = None,
    **options: Unpack[Options],
) -> Plan:
    """Read, expand and check a workflow; nothing of the user's is imported.

    `confs` are paths of YAML files or mappings, later ones layered over earlier ones;
    `overrides` sets single values by dotted path; `options` are the fields of `Options`.
    Raises WorkflowError with every fault that can be found together.
    """
    known = checked(options)
    given = Given(flat(confs), overrides or {})
    return Plan(*_draft(given.confs, overrides, known), known, given)


def build(
    *confs: Confs,
    overrides: Mapping[str, Any] | None = None,
    replace: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    parallel: int = 1,
    on: Any = None,
    **options: Unpack[BuildOptions],
) -> Workflow:
    """Plan a workflow and build it: `plan(...)` and `Plan.build(...)` in one.

    Where a part of it is to live on workers, what `Plan.notes_for_remote` says is a warning of
    Python, a UserWarning.
    """
    known, where = apart(options)
    planned = plan(*confs, overrides=overrides, **known)
    if on is not None:
        for note in planned.notes_for_remote(where.get("remote_layer")):
            warnings.warn(str(note), stacklevel=2)
    return planned.build(replace=replace, progress=progress, parallel=parallel, on=on, **where)


def validate(
    *confs: Confs,
    overrides: Mapping[str, Any] | None = None,
    find_classes: bool = False,
    **options: Unpack[Options],
) -> list[Fault]:
    """All faults and notes of a workflow, in the order of the file; raises nothing for them.

    With `find_classes`, classes are found, which imports their modules, and checked too.
    """
    known = checked(options)
    try:
        draft, found = _draft(confs, overrides, known)
    except WorkflowError as error:
        return list(error.faults)
    is_sound = not errors_in(found)
    if find_classes:
        of_classes = _class_faults(draft, known, is_sound=is_sound)
        found = without_classes_caused(found, of_classes)
    if has_tests(draft.document, draft.framework, draft.order[0]):
        found += _test_faults(draft, known, is_sound=is_sound, find_classes=find_classes)
    return draft.document.showing.faults(in_order(found))


def _class_faults(draft: Draft, options: Options, *, is_sound: bool) -> list[Fault]:
    """What is wrong with the classes of a draft.

    Where the draft itself is not sound, what classes lack may come of that and is left out.
    """
    casting, found = Plan(draft, [], options)._cast({})  # noqa: SLF001 - one module's own
    if not is_sound:
        kinds = f.KeyMisspelt | f.ValueWrong | f.KeyUnknown
        found = [*casting.faults, *(each for each in found if isinstance(each, kinds))]
    return list(draft.without_caused(found))


def _test_faults(
    draft: Draft, options: Options, *, is_sound: bool, find_classes: bool
) -> list[Fault]:
    """What is wrong with the section `tests` of a draft.

    Where the draft itself is not sound, its form alone is looked at.
    """
    from lolpop_graph.hooks.faults import test_faults  # noqa: PLC0415 - few have tests

    plan = Plan(draft, [], options) if is_sound else None
    return test_faults(draft, plan, find_classes=find_classes)


def build_called(
    cls: type,
    called: Called,
    conf: Confs | None,
    *,
    is_standalone: bool,
    **options: Unpack[CallOptions],
) -> Workflow:
    """Build the part of the framework whose root is of the layer of `cls`, around one object."""
    overrides, replace = options.pop("overrides", None), options.pop("replace", None)
    confs = [{} if conf is None else conf]
    known = checked({**options, "root_class": cls})
    made = _draft(confs, overrides, known, cls, is_standalone=is_standalone)
    if made[0].order[0].path in (replace or {}):
        raise TypeError("the object of a class that is called is the root, and cannot be replaced")
    return Plan(*made, known).build_around(called, replace=replace or {})
