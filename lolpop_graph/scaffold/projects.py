"""The project that a part is added to: its package, and its entry points."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from lolpop_graph.classes.loading import pip_install
from lolpop_graph.errors import WorkflowError
from lolpop_graph.faults import ProjectUnreadable
from lolpop_graph.scaffold.names import Names

FILE = "pyproject.toml"
_OWN = "lolpop-graph"


class Entry(NamedTuple):
    """An entry point: its group, its name and the object that it leads to."""

    group: str
    name: str
    target: str


@dataclass(frozen=True)
class Project:
    """A folder with a `pyproject.toml`, the name of the distribution, and where its package is.

    `source` is the folder of the package, relative to the project's.
    """

    folder: Path
    distribution: str
    package: str
    source: Path


def find_project(start: Path) -> Project | None:
    """The nearest project from a folder upwards, if it is made for this package; None if not.

    Raises WorkflowError for one whose `pyproject.toml` cannot be read, or whose package is not
    to be found.
    """
    for folder in (start, *start.parents):
        file = folder / FILE
        if file.is_file():
            document = _read(file)
            return _project(folder, document) if _is_for_us(document) else None
    return None


def project_of(names: Names, folder: Path) -> Project:
    """A project that is still to be made."""
    return Project(folder, names.kebab, names.snake, Path("src", names.snake))


def register(text: str, entries: Iterable[Entry], file: Path) -> str:
    """A `pyproject.toml` with entry points more, and all else as it was written.

    One of the same name is replaced. Raises WorkflowError where it cannot be.
    """
    try:
        import tomlkit  # noqa: PLC0415 - other commands need none of it
    except ImportError:
        remedy = f"run: {pip_install('scaffold')}"
        raise _unreadable(file, "the package tomlkit is missing", remedy) from None
    try:
        document = tomlkit.parse(text)
        for entry in entries:
            project = document["project"]
            groups = project.setdefault("entry-points", tomlkit.table(is_super_table=True))
            if entry.group in groups:
                groups[entry.group][entry.name] = entry.target
            else:
                group = groups[entry.group] = tomlkit.table()
                group.add(entry.name, entry.target)
                group.add(tomlkit.nl())
        return f"{tomlkit.dumps(document).rstrip()}\n"
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(file, f"{type(error).__name__}: {error}") from None


def _read(file: Path) -> Mapping[str, Any]:
    import tomllib  # noqa: PLC0415 - other commands need none of it

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _unreadable(file, str(error), "mend it, or call this from another folder") from None


def _is_for_us(document: Mapping[str, Any]) -> bool:
    """Whether a project needs this package, offers something to it, or configures it."""
    project = _table(document, "project")
    needed = project.get("dependencies", [])
    names = [re.split(r"[^A-Za-z0-9._-]", str(each))[0] for each in needed] if needed else []
    offered = _table(project, "entry-points")
    return (
        _OWN in {re.sub("[-_.]+", "-", name).lower() for name in names}
        or any(group.startswith("lolpop_graph.") for group in offered)
        or "lolpop_graph" in _table(document, "tool")
    )


def _project(folder: Path, document: Mapping[str, Any]) -> Project:
    distribution = str(_table(document, "project").get("name", ""))
    package = re.sub(r"[-_.]+", "_", distribution).lower()
    for source in (Path("src", package), Path(package)):
        if package and (folder / source).is_dir():
            return Project(folder, distribution, package, source)
    remedy = "give the folder of the package the name of the project"
    raise _unreadable(folder / FILE, f"there is no package `{package}` beside it or in src", remedy)


def _table(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = document.get(key)
    return value if isinstance(value, dict) else {}


def _unreadable(file: Path, reason: str, remedy: str = "") -> WorkflowError:
    return WorkflowError([ProjectUnreadable(file=str(file), reason=reason, remedy=remedy)])
