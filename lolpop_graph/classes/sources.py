"""Which classes the modules of a package define, read from their text: nothing is imported."""

# Paths are joined and tested several times for each module of a package.
# ruff: noqa: PTH112, PTH113, PTH118, PTH208

from __future__ import annotations

import ast
import os
import re
import sys
import threading
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

_CLASS = re.compile(r"^[ \t]*class[ \t]+(\w+)", re.MULTILINE)
_PARSING = threading.Lock()
"""Python 3.11 counts the depth of all trees that threads make at once in one place, and fails."""
_NO_MODULES = frozenset({"__init__", "__main__", "__pycache__"})


class Located(NamedTuple):
    """Where a module lies: the file of its code, and the folders of the modules below it."""

    name: str
    file: str | None
    folders: tuple[str, ...] = ()


class Source(NamedTuple):
    """A module whose text is there to be read."""

    module: str
    file: str

    def read(self) -> bytes:
        """Its text; empty where it cannot be read."""
        try:
            return Path(self.file).read_bytes()
        except OSError:
            return b""


class Index:
    """The classes that modules define, by their names."""

    def __init__(self, sources: Iterable[Source]) -> None:
        """Read the text of `sources` for whatever may define a class."""
        self.sources = tuple(sources)
        self._sources: dict[str, list[Source]] = {}
        self._defined: dict[Source, frozenset[str] | None] = {}
        for source in self.sources:
            text = source.read().decode(errors="replace")
            for name in dict.fromkeys(_CLASS.findall(text)):
                self._sources.setdefault(name, []).append(source)

    def modules(self, class_name: str) -> list[Source]:
        """The modules that define a class of this name at their top level.

        One that cannot be parsed counts, so that importing it will say what is wrong with it.
        """
        maybe = self._sources.get(class_name, [])
        return [source for source in maybe if self._defines(source, class_name)]

    def names(self) -> list[str]:
        """All names that may be a class's."""
        return list(self._sources)

    def _defines(self, source: Source, class_name: str) -> bool:
        if source not in self._defined:
            # A module may define hundreds of classes, and is parsed once for all of them.
            tree = parsed(source.read())
            names = (node.name for node in top_level_classes(tree)) if tree else None
            self._defined[source] = None if names is None else frozenset(names)
        defined = self._defined[source]
        return defined is None or class_name in defined


def locate(name: str) -> Located | None:
    """Find a module without importing it or a package above it; None where there is none.

    `importlib.util.find_spec("a.b")` would import `a`; only for a top-level name is it safe.
    """
    top, *rest = name.split(".")
    found = _locate_top(top)
    for part in rest:
        if found is None:
            return None
        found = _locate_below(found, part)
    return found


def walk(start: Located) -> Iterator[Source]:
    """The modules with a text in `start` and at any depth below it, sorted within a package."""
    waiting, seen = [start], set[str]()
    while waiting:
        here = waiting.pop()
        if here.file and here.file.endswith(".py"):
            yield Source(here.name, here.file)
        # A link may lead back to a folder above it.
        new = [path for path in here.folders if os.path.realpath(path) not in seen]
        seen.update(os.path.realpath(path) for path in new)
        below = (_locate_below(here, part) for part in reversed(children(new)))
        waiting.extend(found for found in below if found)


def children(folders: Iterable[str]) -> list[str]:
    """The names of the modules and packages that lie directly in `folders`, sorted."""
    names = set()
    for folder in folders:
        for entry in _listed(folder):
            stem, dot, suffix = entry.partition(".")
            if suffix == "py" or (not dot and stem.isidentifier()):
                names.add(stem)
    return sorted(names - _NO_MODULES)


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        # Import hooks put entries on a package's path that are no folders.
        return []


def _locate_top(name: str) -> Located | None:
    if loaded := sys.modules.get(name):
        return _where(name, loaded)
    try:
        spec = find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return None
    if spec is None:
        return None
    folders = tuple(spec.submodule_search_locations or ())
    return Located(name, spec.origin if spec.has_location else None, folders)


def _locate_below(package: Located, part: str) -> Located | None:
    """The module `part` of `package`, by the order in which Python itself would look."""
    name = f"{package.name}.{part}"
    if loaded := sys.modules.get(name):
        return _where(name, loaded)
    portions = []
    for folder in package.folders:
        path = os.path.join(folder, part)
        init = os.path.join(path, "__init__.py")
        if os.path.isfile(init):
            return Located(name, init, (path,))
        if os.path.isfile(f"{path}.py"):
            return Located(name, f"{path}.py")
        if os.path.isdir(path):
            portions.append(path)
    return Located(name, None, tuple(portions)) if portions else None


def _where(name: str, module: ModuleType) -> Located:
    """Where a module lies that is imported already, which may have changed its own path."""
    known = getattr(module, "__dict__", {})
    return Located(name, known.get("__file__"), tuple(known.get("__path__") or ()))


def parsed(text: bytes) -> ast.Module | None:
    """The syntax tree of a module's text; None where it has none."""
    try:
        with _PARSING:
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def syntax_error(text: bytes) -> str:
    """Why a module's text has no syntax tree: `invalid syntax, line 3`; empty where it has one."""
    try:
        with _PARSING:
            ast.parse(text)
    except SyntaxError as error:
        return f"{error.msg}, line {error.lineno}" if error.lineno else error.msg
    except (ValueError, RecursionError, MemoryError) as error:
        return str(error) or type(error).__name__
    return ""


def top_level_classes(tree: ast.AST) -> Iterator[ast.ClassDef]:
    """The classes of a module, also those below an `if`, `try` or `with`."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.ClassDef):
            yield node
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.expr):
            waiting.extend(ast.iter_child_nodes(node))
