"""What another process needs to build the same workflow: its documents, unresolved."""

from __future__ import annotations

import pickle
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

from lolpop_graph import faults as f
from lolpop_graph.classes.plugins import Plugin
from lolpop_graph.document import Conf, Content, Document
from lolpop_graph.errors import WorkflowError
from lolpop_graph.model import Integration, groups_in
from lolpop_graph.pickles import packed
from lolpop_graph.planning import Given, Options, plugin_folders
from lolpop_graph.searches import Searches

Rebuild = Callable[..., Any]
"""What plans a workflow: `lolpop_graph.plan`."""

Facts = tuple[tuple[str, str], ...]
"""What has to be the same in two processes, by name."""


class Planned(Protocol):
    """As much of a plan as is shipped."""

    document: Document
    integrations: Sequence[Integration]
    options: Options


@dataclass(frozen=True)
class Shipment:
    """A workflow on its way to other processes, which pickles and shows nothing of its content.

    `digest` tells two apart; it covers the documents as they are written, with their references,
    what the call said beside them, the versions of this package and of Python, and the texts of
    plug-ins. `name` is that of the documents.
    """

    digest: str
    name: str
    content: bytes = field(repr=False)
    facts: Facts = field(repr=False)

    @classmethod
    def of(cls, plan: Planned, given: Given, rebuild: Rebuild) -> Shipment:
        """Pack the workflow of a plan, which was made of `given` by `rebuild`.

        Raises WorkflowError (LG822) for what was given from Python and does not pickle.
        """
        facts = (*_versions(), *_plugins(plan))
        content = shipped((rebuild, _confs(plan, given), dict(given.overrides), _options(plan)))
        digest = blake2b(repr(facts).encode(errors="surrogateescape"), digest_size=16)
        digest.update(content)
        return cls(digest.hexdigest(), plan.document.name, content, facts)

    def plan(self, overrides: Mapping[str, Any] | None = None) -> Any:
        """Make the plan of the workflow in this process, with further `overrides` by dotted path.

        The environment that its references read is this process's own. Raises WorkflowError for
        what is wrong with the workflow here, and (LG821) where this process is another one than
        the workflow was packed for: nothing is read or imported then.
        """
        _check(self.facts)
        rebuild, packed_confs, own, options = pickle.loads(self.content)  # noqa: S301 - by `of`
        confs = [_known(conf) if isinstance(conf, Content) else conf for conf in packed_confs]
        return rebuild(*confs, overrides={**own, **(overrides or {})}, **options)


@lru_cache(maxsize=16)
def _known(content: Content) -> Content:
    """The same content as before, which has been read: a sweep has it for each of its runs."""
    return content


def shipped(value: object) -> bytes:
    """Pickle a value, with classes by value that no other process can import, where that works.

    Raises WorkflowError (LG822) for what does not pickle.
    """
    try:
        return packed(value)
    except Exception as error:  # what refuses to pickle raises what it likes
        raise WorkflowError([f.NotShippable(reason=str(error) or type(error).__name__)]) from error


def differing(facts: Facts) -> dict[str, tuple[str, str]]:
    """What of the facts is different in this process: by name, what was packed and what is here."""
    here = {name: _here(name) for name, _ in facts}
    return {name: (there, here[name]) for name, there in facts if here[name] != there}


def _check(facts: Facts) -> None:
    """Raise WorkflowError in a process in which a fact is another one."""
    if found := differing(facts):
        raise WorkflowError(
            [
                f.ProcessDiffers(what=name, sent=both[0], here=both[1])
                for name, both in found.items()
            ]
        )


def _versions() -> Facts:
    return tuple((name, _here(name)) for name in ("Python", "lolpop-graph"))


def _plugins(plan: Planned) -> Facts:
    """The plug-ins in which the classes of a plan are looked for, with a hash of each."""
    searches = Searches(plan.document, plugin_folders(plan.options))
    found = {
        str(path): None for group in groups_in(plan.integrations)
        for path in searches.of(group).plugin_paths
    }  # fmt: skip
    return tuple((path, _here(path)) for path in found)


def _here(name: str) -> str:
    """What is the case in this process: a version, or the hash of a plug-in's path and texts."""
    if name == "Python":
        return platform.python_version()
    if name == "lolpop-graph":
        return _own_version()
    try:
        return Plugin(Path(name)).package
    except (OSError, ValueError):
        return "missing"


@lru_cache(maxsize=1)
def _own_version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - takes a while

    try:
        return version("lolpop-graph")
    except PackageNotFoundError:
        return "not installed"


def _confs(plan: Planned, given: Given) -> list[Conf]:
    """The files of a plan, with what they held when it was made, and the mappings."""
    sources = plan.document.sources
    return [
        conf
        if isinstance(conf, Mapping)
        else Content(source.name, (source.text or "").encode(), source.folder)
        for conf, source in zip(given.confs, sources, strict=False)
    ]


def _options(plan: Planned) -> dict[str, Any]:
    """The options of a plan, with plug-in paths that mean the same from any folder."""
    options: dict[str, Any] = {**plan.options}
    if "plugin_paths" in options:
        options["plugin_paths"] = [path.resolve() for path in plugin_folders(plan.options)]
    return options
