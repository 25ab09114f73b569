"""What the call gave that planned a workflow, as the file needs it; nothing that is secret."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from lolpop_graph import faults as f
from lolpop_graph.block import plain
from lolpop_graph.classes.plugins import PREFIX
from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.export.names import Names
from lolpop_graph.export.planned import Planned
from lolpop_graph.export.printing import Bracketed, Printed, call, prefixed, text, value
from lolpop_graph.limits import Limits
from lolpop_graph.planning import Given, plugin_folders
from lolpop_graph.secrecy import Secret, secret_step

_FROM_ENVIRONMENT = re.compile(r"\$\{env:[^{},]+\}")
_SECRET = "it is secret"  # noqa: S105 - what is said of one
_CURE = "write `${env:NAME}` in its place: the file's tasks look it up where they run"


@dataclass(frozen=True)
class Sources:
    """What a file builds its workflow of.

    `confs` are the documents, `options` the keywords of `build`, `imports` the lines for what
    these name, and `names` what they import. `folder` is where relative paths in the workflow's
    config start from.
    """

    confs: tuple[Printed, ...]
    options: Bracketed
    imports: tuple[str, ...]
    folder: Printed
    names: tuple[str, ...] = ()


def sources_of(plan: Planned, given: Given, folder: Path, names: Names) -> Sources:
    """What a file in `folder` needs of the call; its paths are relative to the file.

    Classes get other names where one is not among those that `names` still has.

    Raises WorkflowError with LG843 for each thing that a script cannot have, or must not.
    """
    reader = _Reader(plan, folder.resolve(), names)
    confs, options = tuple(reader.confs(given)), tuple(reader.options(given))
    if reader.faults:
        raise WorkflowError(map(plan.shown, reader.faults))
    return Sources(
        confs=confs,
        options=Bracketed("{", options, "}"),
        imports=tuple(sorted(reader.imports)),
        folder=reader.path(Path.cwd()),
        names=tuple(reader.imports.values()),
    )


def check_argument(plan: Planned, what: str, given: object) -> None:
    """Raise WorkflowError with LG843 where `what` is given is a secret, or cannot be written."""
    reason = _SECRET if _has_secret(plan, given) else _unwritable(given)
    if reason:
        raise WorkflowError([f.NotInScript(what=what, reason=reason, remedy="")])


class _Reader:
    """Reads a call, and notes what is wrong with it."""

    def __init__(self, plan: Planned, folder: Path, names: Names) -> None:
        self.plan = plan
        self.names = names
        self.folder = folder
        self.faults: list[Fault] = []
        self.imports: dict[str, str] = {}

    def confs(self, given: Given) -> Iterator[Printed]:
        sources = self.plan.document.sources
        for conf, source in zip(given.confs, sources, strict=False):
            if isinstance(conf, str | Path):
                yield self.path(Path(source.folder, Path(source.name).name))
            else:
                self._refuse("a document", "it is no file", "write it into a file")

    def path(self, path: Path) -> Printed:
        """A path as the file finds it."""
        real = path.parent.resolve() / path.name
        try:
            below = Path(os.path.relpath(real, self.folder)).as_posix()
        except ValueError:  # on another drive
            return call("Path", value(str(real)))
        return "HERE" if below == "." else f"HERE / {text(below)}"

    def options(self, given: Given) -> Iterator[Printed]:
        if given.overrides:
            items = (self._override(key, given.overrides[key]) for key in given.overrides)
            yield prefixed('"overrides": ', Bracketed("{", tuple(items), "}"))
        for name, option in self.plan.options.items():
            printed = self._option(name, option)
            if printed is not None:
                yield prefixed(f"{text(name)}: ", printed)

    def _option(self, name: str, option: Any) -> Printed | None:
        if option is None or option is False or option == ():
            return None
        if name == "plugin_paths":
            folders = plugin_folders(self.plan.options)
            return Bracketed("[", tuple(self.path(each.absolute()) for each in folders), "]")
        if name == "classes":
            return Bracketed("[", tuple(map(self._class, option)), "]")
        if isinstance(option, type):
            return self._class(option)
        if isinstance(option, Limits):
            own = {field.name: getattr(option, field.name) for field in fields(option)}
            changed = {key: value(own[key]) for key in own if own[key] != getattr(Limits, key)}
            return call("lg.Limits", **changed)
        if name == "trust":
            option = [option] if isinstance(option, str) else list(option)
        return self._value(f"the option `{name}`", option)

    def _class(self, cls: type) -> Printed:
        """A class by its name, which is imported."""
        module, name = cls.__module__, cls.__qualname__
        top = name.partition(".")[0]
        is_found = getattr(sys.modules.get(module), top, None) is not None
        if module == "__main__" or module.startswith(PREFIX) or "<" in name or not is_found:
            reason = "a script cannot import it"
            self._refuse(f"the class `{name}`", reason, "define it at the top of a module")
        line = f"from {module} import {top}"
        known = {text.removesuffix(f" as {own}"): own for text, own in self.imports.items()}
        own = known.get(line) or self.names.new(top)
        self.imports[line if own == top else f"{line} as {own}"] = own
        return own + name.removeprefix(top)

    def _override(self, path: str, given: Any) -> Printed:
        what, steps = f"the value for `{path}`", path.split(".")
        if _is_secret(self.plan, steps, given):
            self._refuse(what, _SECRET, _CURE)
            return ""
        return prefixed(f"{text(path)}: ", self._value(what, given))

    def _value(self, what: str, given: Any) -> Printed:
        if reason := _unwritable(given):
            remedy = "write it into the workflow, or give numbers and texts"
            self._refuse(what, reason, remedy)
            return ""
        return value(plain(given))

    def _refuse(self, what: str, reason: str, remedy: str) -> None:
        self.faults.append(f.NotInScript(what=what, reason=reason, remedy=remedy))


def _is_secret(plan: Planned, steps: Sequence[str], given: Any) -> bool:
    """Whether what is set at a path is secret, or some of it is; a reference to one is none."""
    if isinstance(given, Mapping):
        return any(_is_secret(plan, [*steps, str(key)], item) for key, item in given.items())
    if isinstance(given, list | tuple):
        return any(_is_secret(plan, steps, item) for item in given)
    if isinstance(given, str) and _FROM_ENVIRONMENT.fullmatch(given):
        return False
    return secret_step(steps, plan.document.showing.layers) is not None or _has_secret(plan, given)


def _has_secret(plan: Planned, given: Any) -> bool:
    if isinstance(given, Mapping):
        return any(_has_secret(plan, each) for item in given.items() for each in item)
    if isinstance(given, list | tuple):
        return any(_has_secret(plan, item) for item in given)
    if isinstance(given, Secret):
        return True
    if given is None or isinstance(given, bool):
        return False
    return bool(plan.masked_values.value(given, "") != given)


def _unwritable(given: Any) -> str:
    """Why a value cannot be written as Python; empty where it can."""
    try:
        value(plain(given))
    except TypeError as error:
        return f"it is of the type `{error}`, which cannot be written down"
    return ""
