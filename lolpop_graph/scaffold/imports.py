"""The import lines of a module, sorted and wrapped as ruff and isort have them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

_WIDEST = 100
"""The length of lines in the projects that are made."""


class Import(NamedTuple):
    """`from module import name as alias`, or without a name `import module as alias`."""

    module: str
    name: str = ""
    alias: str = ""
    is_typing: bool = False
    """Whether it is for annotations alone."""


def import_lines(imports: Iterable[Import], package: str) -> str:
    """The lines of a module in `package` below its docstring; none end in a blank line."""
    found = set(imports)
    typing = {each for each in found if each.is_typing}
    at_once = found - typing
    if typing:
        at_once.add(Import("typing", "TYPE_CHECKING"))
    blocks = [_block(at_once, package)]
    if typing:
        below = _block(typing, package, indent="    ")
        blocks.append(f"if TYPE_CHECKING:\n{below}")
    return "\n\n".join(filter(None, blocks))


def _block(imports: Iterable[Import], package: str, indent: str = "") -> str:
    """Sections of Python's own modules, of others' and of the project's."""
    ranked = sorted(imports, key=lambda each: (_section(each, package), bool(each.name), each))
    sections = (
        "\n".join(line for line in _lines(list(group), indent))
        for _, group in groupby(ranked, key=lambda each: _section(each, package))
    )
    return "\n\n".join(sections)


def _section(each: Import, package: str) -> int:
    top = each.module.partition(".")[0]
    if top in sys.stdlib_module_names:
        return 0
    return 2 if top == package else 1


def _lines(section: list[Import], indent: str) -> Iterator[str]:
    for (module, has_name), group in groupby(
        section, key=lambda each: (each.module, bool(each.name))
    ):
        if has_name:
            names = sorted({(_rank(each.name), _written(each.name, each.alias)) for each in group})
            yield from _from(module, [name for _, name in names], indent)
        else:
            yield from (f"{indent}import {_written(module, each.alias)}" for each in group)


def _written(name: str, alias: str) -> str:
    return f"{name} as {alias}" if alias and alias != name else name


def _rank(name: str) -> int:
    """Constants come before classes, and these before the rest."""
    if name.isupper() and len(name) > 1:
        return 0
    return 1 if name[0].isupper() else 2


def _from(module: str, names: list[str], indent: str) -> Iterator[str]:
    line = f"{indent}from {module} import {', '.join(names)}"
    if len(line) <= _WIDEST:
        yield line
        return
    opening = f"{indent}from {module} import ("
    # A module's name cannot be broken into lines.
    yield opening if len(opening) <= _WIDEST else f"{opening}  # noqa: E501"
    yield from (f"{indent}    {name}," for name in names)
    yield f"{indent})"
