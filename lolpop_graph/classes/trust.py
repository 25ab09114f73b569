"""Which modules a workflow may take classes from."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from lolpop_graph.classes.entries import EntryPoints
from lolpop_graph.classes.names import within

OWN = "lolpop_graph"


class ProjectTrust(NamedTuple):
    """What the project's `pyproject.toml` trusts, or why it could not be read."""

    packages: tuple[str, ...] = ()
    unread: str = ""


class Trust:
    """The packages that are trusted.

    They are this one, those that registered entry points for it, and those that the caller
    or the project's `pyproject.toml` names. A workflow file cannot add any.
    """

    def __init__(self, packages: Iterable[str], entries: EntryPoints) -> None:
        """Trust `packages` beside those that need not be named."""
        named = (packages,) if isinstance(packages, str) else tuple(packages)
        self.given = (OWN, *named)
        self._entries = entries

    def allows(self, module: str) -> bool:
        """Whether classes of this module may be used; the cheapest answer is asked for first."""
        return (
            _in_one_of(module, self.given)
            or _in_one_of(module, self.project.packages)
            or _in_one_of(module, self._entries.packages)
        )

    @cached_property
    def project(self) -> ProjectTrust:
        """What the nearest `pyproject.toml` says, from the current folder upwards."""
        try:
            here = Path.cwd()
        except OSError:
            return ProjectTrust()
        for folder in (here, *here.parents):
            file = folder / "pyproject.toml"
            if file.is_file():
                return _read_project(file)
        return ProjectTrust()


def defining_module(cls: type, found_in: str) -> tuple[str, bool]:
    """The module that a class says it comes from, and whether that module does hold it.

    `found_in` is the module that it was just taken from. What a class says is asked of
    `type` itself, since a metaclass could answer otherwise.
    """
    said = vars(type)["__module__"].__get__(cls)
    if not isinstance(said, str):
        return found_in, False
    name = vars(type)["__qualname__"].__get__(cls)
    return said, said == found_in or holds(sys.modules.get(said), name, cls)


def holds(module: object, qualname: str, held: object) -> bool:
    """Whether a module has an object under a name, which may lead through classes."""
    holder = module
    for part in qualname.split("."):
        holder = getattr(holder, "__dict__", {}).get(part)
    return holder is held


def _in_one_of(module: str, packages: Iterable[str]) -> bool:
    return any(within(module, package) for package in packages)


def _read_project(file: Path) -> ProjectTrust:
    import tomllib  # noqa: PLC0415 - a workflow of trusted classes alone never needs it

    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        return ProjectTrust(unread=f"{file} cannot be read: {error}")
    table: Any = document
    for key in ("tool", OWN, "trust"):
        table = table.get(key, {}) if isinstance(table, dict) else table
    if table == {}:
        return ProjectTrust()
    if isinstance(table, list) and all(isinstance(name, str) for name in table):
        return ProjectTrust(tuple(table))
    return ProjectTrust(unread=f"[tool.{OWN}] trust in {file} is no list of packages")
