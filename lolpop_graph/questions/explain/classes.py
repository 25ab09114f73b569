"""Where the defaults of a class are written: its file is read, and nothing is run."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from lolpop_graph.classes.literals import assigned, constant, under_config
from lolpop_graph.classes.sources import Source, parsed
from lolpop_graph.classes.texts import ModuleText
from lolpop_graph.config import CONFIG_CLASS
from lolpop_graph.model import Place

_DEFAULTS = "__DEFAULT_CONF__"


class ClassPlaces:
    """Finds the lines of classes' defaults; a file is read once."""

    def __init__(self) -> None:
        """Begin with no file read."""
        self._texts: dict[str, ModuleText | None] = {}

    def of_default(self, cls: type, key: str) -> Place | None:
        """Where a class's default for `key` is written, else the class; None for no file."""
        file = getattr(sys.modules.get(cls.__module__), "__file__", None)
        if not isinstance(file, str):
            return None
        if file not in self._texts:
            tree = parsed(Source(cls.__module__, file).read())
            self._texts[file] = ModuleText(cls.__module__, tree) if tree else None
        text = self._texts[file]
        nodes = text.classes.get(cls.__qualname__) if text else None
        if not nodes:
            return Place(_near(file))
        # Of several definitions of one name, the last is likely the one that holds.
        at = next(_keys(nodes[-1], key), nodes[-1])
        return Place(_near(file), at.lineno, at.col_offset + 1)


def _keys(node: ast.ClassDef, key: str) -> Iterator[ast.expr]:
    """The key in a class's `__DEFAULT_CONF__ = {"config": {key: ...}}`, or a field of its `Config`.

    The former if it is a literal.
    """
    for name, value in assigned(node.body):
        config = under_config(value) if name == _DEFAULTS else None
        if isinstance(config, ast.Dict):
            yield from (at for at in config.keys if at and constant(at) == key)
    inner = (each for each in node.body if isinstance(each, ast.ClassDef))
    for statement in (each for one in inner if one.name == CONFIG_CLASS for each in one.body):
        target = statement.target if isinstance(statement, ast.AnnAssign) else None
        if isinstance(target, ast.Name) and target.id == key:
            yield target


def _near(file: str) -> str:
    """A file's name as seen from the current folder, if it lies below that."""
    try:
        here = Path.cwd()
    except OSError:
        return file
    path = Path(file)
    return str(path.relative_to(here)) if path.is_relative_to(here) else file
