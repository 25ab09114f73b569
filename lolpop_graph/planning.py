"""From documents and options to a draft: read, layered, resolved, expanded and checked."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict, cast

from lolpop_graph.checks import Draft, check
from lolpop_graph.checks.causes import without_misread
from lolpop_graph.document import Conf, Document, read_document
from lolpop_graph.errors import Fault, WorkflowError, in_order
from lolpop_graph.expand import alone, expand
from lolpop_graph.framework import Framework, framework_of
from lolpop_graph.limits import Limits
from lolpop_graph.references import resolve_references
from lolpop_graph.text import did_you_mean

if TYPE_CHECKING:
    import networkx as nx

Confs = Conf | Sequence[Conf]


class Options(TypedDict, total=False):
    """What the caller can say beside the document, as keywords of `plan`, `build`, `validate`.

    `root_class` names the root's class or is it; `classes` are offered by name; `trust` names
    packages whose classes may be built; `plugin_paths` are searched for classes as well;
    `skip_config_validation` leaves out what classes require; `framework` replaces the
    document's, and is a Framework, nested mappings or a networkx.DiGraph; `lenient` makes
    warnings of unknown sections and blocks; `limits` bounds what a document may hold.
    """

    skip_config_validation: bool
    problem_type: str | None
    root_class: str | type | None
    trust: Sequence[str]
    classes: Sequence[type]
    plugin_paths: Sequence[str | Path]
    framework: Framework | Mapping[str, Any] | nx.DiGraph[Any] | None
    lenient: bool
    limits: Limits | None


class Where(TypedDict, total=False):
    """What a call can say of the workers on which a part of a workflow lives.

    `workers` is how many processes of this machine there are to be, by default one for each core;
    `remote_layer` names the layer below the root that lives there, by default each that is no leaf;
    `eager` fetches each result at once; `insecure` allows connections to other machines that are
    neither encrypted nor authenticated.
    """

    workers: int | None
    remote_layer: str | None
    eager: bool
    insecure: bool


class CallOptions(Options, total=False):
    """What the call of a class can say: `overrides` and `replace` are those of `build`."""

    overrides: Mapping[str, Any] | None
    replace: Mapping[str, Any] | None


class Given(NamedTuple):
    """What a plan is made of: files and mappings, the lowest first, and values laid on top."""

    confs: Sequence[Conf]
    overrides: Mapping[str, Any]


def make_draft(
    confs: Iterable[Confs],
    overrides: Mapping[str, Any] | None,
    options: Options,
    called: type | None = None,
    *,
    is_standalone: bool = False,
) -> tuple[Draft, list[Fault]]:
    """Make the draft of a workflow, and find all that is wrong with it or worth a note.

    `called` is the class that a user called, whose layer the draft begins at; `is_standalone`
    leaves out what is below its root. Raises WorkflowError where there is no framework, and so
    nothing to draft.
    """
    with _no_garbage_collection():
        document = read_document(_at_least_one(flat(confs)), overrides, options.get("limits"))
        unresolved = [*document.faults, *resolve_references(document)]
        try:
            framework = _framework(document, options)
        except WorkflowError as error:
            raise WorkflowError(document.showing.faults([*unresolved, *error.faults])) from None
        document.layers.update(framework.names())
        if called is not None:
            framework = _part(framework, called)
        order = expand(document.root, framework, _root_class_name(options.get("root_class")))
        draft = Draft(document, framework, order)
        checked_faults = check(draft, lenient=options.get("lenient", False))
        faults = without_misread([*unresolved, *checked_faults])
    if is_standalone:
        draft = Draft(document, framework, alone(order[0]))
    return draft, in_order(faults)


class BuildOptions(Options, Where, total=False):
    """What the caller of `build` can say beside the document."""


def apart(options: BuildOptions) -> tuple[Options, Where]:
    """The options of a plan, and those of where it is built."""
    where = {name: options[name] for name in Where.__annotations__ if name in options}  # type: ignore[literal-required]  # mypy takes literal names alone
    rest = {name: value for name, value in options.items() if name not in where}
    return checked(rest), cast("Where", where)


def checked(options: Any) -> Options:
    """The options, or TypeError for a keyword that none of them has."""
    unknown = sorted(options.keys() - Options.__annotations__.keys())
    if unknown:
        message = f"unknown keywords {unknown}: {did_you_mean(unknown[0], Options.__annotations__)}"
        raise TypeError(message)
    return cast("Options", options)


class Trusted(TypedDict):
    """What the caller trusts: packages, and classes that are found before all others."""

    trust: Sequence[str]
    classes: Sequence[type]


def trusted(options: Options) -> Trusted:
    """What finders of classes are told of the caller's, as their keywords."""
    root_class = options.get("root_class")
    root = [root_class] if isinstance(root_class, type) else []
    return {"trust": options.get("trust", ()), "classes": [*options.get("classes", ()), *root]}


def plugin_folders(options: Options) -> list[Path]:
    """The files and folders in which the caller has classes looked for."""
    given = options.get("plugin_paths", ())
    return [Path(path) for path in ([given] if isinstance(given, str | Path) else given)]


def flat(confs: Iterable[Confs]) -> list[Conf]:
    """Files and mappings one by one, as they may be given in lists as well."""
    found: list[Conf] = []
    for conf in confs:
        if isinstance(conf, str | os.PathLike | Mapping):
            found.append(conf)
        else:
            found += conf
    return found


def _at_least_one(confs: list[Conf]) -> list[Conf]:
    if not confs:
        raise TypeError("a workflow needs at least one file or mapping")
    return confs


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Planning makes many containers and no cycle; looking for some would take half as long."""
    was_enabled = gc.isenabled()
    try:
        gc.disable()
        yield
    finally:
        if was_enabled:
            gc.enable()


def _framework(document: Document, options: Options) -> Framework:
    given = options.get("framework")
    if given is None:
        return framework_of(document.root, document.place)
    if isinstance(given, Framework):
        return given
    if isinstance(given, Mapping):
        return Framework.from_tree(given)
    return Framework.from_graph(given)


def _part(framework: Framework, called: type) -> Framework:
    """The part of a framework below the layer that a called class belongs to."""
    name = getattr(called, "__LAYER__", None)
    layer = framework.find(name) if name else framework.root
    return framework.below(layer) if layer else Framework.from_tree({name: None})


def _root_class_name(root_class: str | type | None) -> str | None:
    if isinstance(root_class, type):
        return f"{root_class.__module__}:{root_class.__qualname__}"
    return root_class
