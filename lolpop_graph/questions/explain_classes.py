"""Where the defaults of a class are written: its file is read, and nothing is run."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from lolpop_graph.classes.sources import parsed, top_level_classes
from lolpop_graph.model import Place

_DEFAULTS = "__DEFAULT_CONF__"


class ClassPlaces:
    """Finds the lines of classes' defaults; a file is read once."""

    def __init__(self) -> None:
        """Begin with no file read."""
        self._trees: dict[str, ast.Module | None] = {}

    def of_default(self, cls: type, key: str) -> Place | None:
        """Where a class's default for `key` is written, else the class; None for no file."""
        file = getattr(sys.modules.get(cls.__module__), "__file__", None)
        if not isinstance(file, str):
            return None
        node = self._class(file, cls.__qualname__)
        if node is None:
            return Place(_near(file))
        at = next(_keys(node, key), node)
        return Place(_near(file), at.lineno, at.col_offset + 1)

    def _class(self, file: str, qualname: str) -> ast.ClassDef | None:
        """The class of that name, which may lead through others; None for one in a function."""
        if file not in self._trees:
            self._trees[file] = _tree(Path(file))
        tree, found = self._trees[file], None
        for name in qualname.split("."):
            named = (node for node in top_level_classes(tree) if node.name == name) if tree else ()
            found = next(iter(named), None)
            tree = ast.Module(found.body, []) if found else None
        return found


def _tree(file: Path) -> ast.Module | None:
    try:
        return parsed(file.read_bytes())
    except OSError:
        return None


def _keys(node: ast.ClassDef, key: str) -> Iterator[ast.expr]:
    """The key in a class's `__DEFAULT_CONF__ = {"config": {key: ...}}`, if that is a literal."""
    for defaults in _literals(node):
        for config in _values(defaults, "config"):
            if isinstance(config, ast.Dict):
                yield from (at for at in config.keys if at and _text(at) == key)


def _literals(node: ast.ClassDef) -> Iterable[ast.Dict]:
    for statement in node.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        value = getattr(statement, "value", None)
        if isinstance(value, ast.Dict) and any(
            isinstance(target, ast.Name) and target.id == _DEFAULTS for target in targets
        ):
            yield value


def _values(literal: ast.Dict, key: str) -> Iterator[ast.expr]:
    pairs = zip(literal.keys, literal.values, strict=True)
    yield from (value for at, value in pairs if at and _text(at) == key)


def _text(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _near(file: str) -> str:
    """A file's name as seen from the current folder, if it lies below that."""
    try:
        here = Path.cwd()
    except OSError:
        return file
    path = Path(file)
    return str(path.relative_to(here)) if path.is_relative_to(here) else file
