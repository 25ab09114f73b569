"""What a module imports, read from its text, and which of it cannot be met here."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from lolpop_graph.classes.names import within
from lolpop_graph.classes.places import is_inner
from lolpop_graph.classes.plugins import PREFIX
from lolpop_graph.classes.sources import locate
from lolpop_graph.classes.texts import ModuleText, TextFinder
from lolpop_graph.classes.trust import OWN

_CAUGHT = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Need(NamedTuple):
    """A module that is imported, and whether that is done at once or when it is used."""

    module: str
    is_at_import: bool


class NeedsReader:
    """Finds what modules need and is not here; each text is read once, and nothing imported."""

    def __init__(self, texts: TextFinder) -> None:
        """Read texts from `texts`."""
        self._texts = texts
        self._imports = cache(self._imports_of)
        self._is_here = cache(_is_here)

    def missing(self, module: str) -> list[Need]:
        """What is not here of what a module imports, itself and through its own package.

        What an `except ImportError` catches is not needed. An import within a function is met
        when the function is called.
        """
        found: dict[str, bool] = {}
        waiting = [Need(module, is_at_import=True)]
        seen: dict[str, int] = {}
        while waiting:
            here = waiting.pop()
            if seen.get(here.module, -1) >= here.is_at_import:
                continue
            seen[here.module] = here.is_at_import
            above = here.module.rpartition(".")[0]
            for need in (Need(above, is_at_import=True), *self._imports(here.module)):
                at_once = here.is_at_import and need.is_at_import
                if _is_beside(need.module, module):
                    waiting.append(Need(need.module, at_once))
                elif need.module and not self._is_here(need.module):
                    name = _shown(need.module)
                    found[name] = found.get(name, False) or at_once
        return [Need(name, found[name]) for name in sorted(found)]

    def _imports_of(self, module: str) -> tuple[Need, ...]:
        text = self._texts.text(module)
        if text is None:
            return ()
        return tuple(_needs_in(text.tree.body, text, self._texts))


def _is_beside(module: str, other: str) -> bool:
    """Whether a module is of the same package as another one, or a part that comes with this one.

    What this project is made of needs what is always installed, and is not read.
    """
    if within(module, OWN):
        return locate(module) is not None and not is_inner(module)
    return within(module, other.partition(".")[0]) and locate(module) is not None


def _shown(module: str) -> str:
    """The name under which a module is missing: what another project has comes as a whole."""
    return module if within(module, OWN) else module.partition(".")[0]


def _is_here(module: str) -> bool:
    top = module.partition(".")[0]
    if within(module, OWN):
        return locate(module) is not None
    return top in sys.stdlib_module_names or top.startswith(PREFIX) or locate(top) is not None


def _needs_in(
    body: list[ast.stmt], text: ModuleText, texts: TextFinder, *, is_at_import: bool = True
) -> Iterator[Need]:
    for node in body:
        if isinstance(node, ast.Import):
            yield from (Need(alias.name, is_at_import) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = text.absolute(node)
            yield Need(module, is_at_import)
            if _is_beside(module, text.name):
                names = (f"{module}.{alias.name}" for alias in node.names)
                yield from (Need(name, is_at_import) for name in names if texts.text(name))
        elif isinstance(node, ast.Try) and _catches_imports(node):
            continue
        elif not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)):
            at_once = is_at_import and not isinstance(node, _Function)
            for below in _bodies(node):
                yield from _needs_in(below, text, texts, is_at_import=at_once)


def _bodies(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of statements in a statement."""
    for name in ("body", "orelse", "finalbody"):
        if found := getattr(node, name, None):
            yield found
    for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield part.body


def _catches_imports(node: ast.Try) -> bool:
    """Whether what fails to import in there does not matter."""
    inside = [each for handler in node.handlers for each in ast.walk(handler)]
    names = {each.id for each in inside if isinstance(each, ast.Name)}
    catches = names & _CAUGHT or any(handler.type is None for handler in node.handlers)
    return bool(catches) and not any(isinstance(each, ast.Raise) for each in inside)
