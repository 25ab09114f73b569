"""The texts of modules, and in them the classes that a workflow names: nothing is imported."""

from __future__ import annotations

import ast
import builtins
import linecache
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from lolpop_graph.classes.entries import EntryPoints
from lolpop_graph.classes.names import is_full, parse, within
from lolpop_graph.classes.places import Places, PluginRefusedError, Request
from lolpop_graph.classes.plugins import PREFIX, Plugin
from lolpop_graph.classes.sources import Source, locate, parsed
from lolpop_graph.classes.trust import OWN, Trust

BASES = (f"{OWN}.integration", f"{OWN}.wired")
"""The modules of the base classes: what they do is known, and not read."""

_FARTHEST = 20
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(eq=False)
class ModuleText:
    """A module as it is written; `classes` has those with each qualified name."""

    name: str
    tree: ast.Module
    is_package: bool = False
    file: str = ""
    classes: dict[str, list[ast.ClassDef]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Note the classes."""
        for qualname, node in _classes_in(self.tree, ""):
            self.classes.setdefault(qualname, []).append(node)

    @cached_property
    def functions(self) -> dict[str, _Function]:
        """The functions at the top level."""
        return {node.name: node for node in self.tree.body if isinstance(node, _Function)}

    @cached_property
    def imports(self) -> dict[str, str]:
        """What names stand for that are imported anywhere in the module, as dotted paths."""
        return dict(self._imports())

    def is_of_python(self, name: str) -> bool:
        """Whether a name at the top of the module is imported from Python's own library."""
        path = self.imports.get(name, "")
        return path.partition(".")[0] in sys.stdlib_module_names

    def _imports(self) -> Iterator[tuple[str, str]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    top = alias.name.partition(".")[0]
                    yield (alias.asname, alias.name) if alias.asname else (top, top)
            elif isinstance(node, ast.ImportFrom):
                module = self.absolute(node)
                for alias in node.names:
                    yield alias.asname or alias.name, f"{module}.{alias.name}"

    def absolute(self, node: ast.ImportFrom) -> str:
        """The module that a `from` names, without dots before it."""
        if not node.level:
            return node.module or ""
        parts = self.name.split(".")
        above = parts[: len(parts) - node.level + self.is_package]
        return ".".join([*above, *([node.module] if node.module else [])])


class Definition(NamedTuple):
    """A class as it is written: its module's text, its name in there, and what defines it."""

    text: ModuleText
    qualname: str

    @property
    def nodes(self) -> list[ast.ClassDef]:
        """The statements that define it; several where one of them is chosen at run time."""
        return self.text.classes[self.qualname]


class Lineage(NamedTuple):
    """A class and all that it inherits from, as far as their texts are there to be read.

    `is_whole` says whether that is all, `is_wired` whether one of our base classes is among them.
    """

    definitions: tuple[Definition, ...]
    is_whole: bool
    is_wired: bool


UNREAD = Lineage((), is_whole=False, is_wired=False)
"""A class of which no text is found."""


class TextFinder:
    """Finds classes in the texts of modules, by the names that a workflow gives them.

    The places are those of `ClassFinder`, and only classes that it would allow are found.
    """

    def __init__(self, *, trust: Iterable[str] = (), classes: Iterable[type] = ()) -> None:
        """Trust the packages `trust`; `classes` are trusted and found before all others."""
        entries = EntryPoints()
        self._trust = Trust(trust, entries)
        self._places = Places(entries)
        self._given = tuple(classes)
        self._files: dict[str, str] = {}
        self._texts: dict[str, ModuleText | None] = {}

    def find(
        self,
        class_name: str,
        layer: str,
        *,
        plugin_paths: Sequence[Path] = (),
        search_paths: Sequence[str] = (),
    ) -> Lineage:
        """What is written of the class that a workflow calls so in a section of `layer`."""
        given = self.given(class_name)
        if given:
            return self.lineage_of(given[0]) if len(given) == 1 else UNREAD
        named = self._target(Request(class_name, layer, tuple(plugin_paths), tuple(search_paths)))
        return self.lineage(*named) if named else UNREAD

    def given(self, class_name: str) -> list[type]:
        """The classes that the caller gave under a name."""
        return [cls for cls in self._given if class_name in _names_of(cls)]

    def _target(self, asked: Request) -> tuple[str, str] | None:
        """The module and the qualified name of a class; None where there is none, or several."""
        if is_full(asked.class_name):
            target = asked.class_name
        else:
            try:
                hits = self._places.look_up(asked)
            except PluginRefusedError:
                return None
            if len(hits) != 1:
                return None
            target = hits[0].target.partition("[")[0].strip()
            if hits[0].plugin:
                self.know(hits[0].plugin)
        named = parse(target)
        if named is None or not (named.module in self._files or self._trust.allows(named.module)):
            return None
        return named.module, named.qualname

    def know(self, plugin: Plugin) -> None:
        """Let the modules of a plug-in be found."""
        self._files |= {each.module: each.file for each in plugin.sources}

    def lineage(self, module: str, qualname: str) -> Lineage:
        """What is written of a class of a module; its bases are followed from text to text."""
        found: dict[tuple[str, str], Definition] = {}
        is_whole, is_wired = True, False
        waiting = [f"{module}.{qualname}"]
        seen: set[str] = set()
        while waiting:
            path = waiting.pop()
            if path in seen:
                continue
            seen.add(path)
            if within_any(path, BASES):
                is_wired = True
                continue
            if path.partition(".")[0] in sys.stdlib_module_names:
                continue
            definition = self._definition(path)
            if definition is None:
                is_whole = False
                continue
            if definition.text.name in BASES:
                is_wired = True
                continue
            found[definition.text.name, definition.qualname] = definition
            bases = [base for node in definition.nodes for base in node.bases]
            paths = [self._base_path(base, definition) for base in bases]
            is_whole &= all(paths)
            waiting += [base for base in reversed(paths) if base]
        return Lineage(tuple(found.values()), is_whole, is_wired)

    def _base_path(self, base: ast.expr, definition: Definition) -> str:
        """The dotted path that an expression of a base names; empty where it does more."""
        while isinstance(base, ast.Subscript):
            base = base.value
        steps = dotted(base)
        if not steps:
            return ""
        text, scope = definition.text, definition.qualname
        while scope:
            scope = scope.rpartition(".")[0]
            local = ".".join([*([scope] if scope else []), *steps])
            if local in text.classes and local != definition.qualname:
                return f"{text.name}.{local}"
        if steps[0] in text.imports:
            return ".".join([text.imports[steps[0]], *steps[1:]])
        return f"builtins.{steps[0]}" if hasattr(builtins, steps[0]) else ""

    def _definition(self, path: str) -> Definition | None:
        """Where a dotted path defines a class; modules that only import it are followed."""
        for _ in range(_FARTHEST):
            text, qualname = self._split(path)
            if text is None or not qualname:
                return None
            if qualname in text.classes:
                return Definition(text, qualname)
            first, _, rest = qualname.partition(".")
            if first not in text.imports:
                return None
            path = ".".join([text.imports[first], *([rest] if rest else [])])
        return None

    def _split(self, path: str) -> tuple[ModuleText | None, str]:
        """The longest beginning of a path that is a module, and the rest."""
        parts = path.split(".")
        for count in range(len(parts) - 1, 0, -1):
            text = self.text(".".join(parts[:count]))
            if text is not None:
                return text, ".".join(parts[count:])
        return None, path

    def text(self, module: str) -> ModuleText | None:
        """The text of a module; None where it has none, or none that can be read."""
        if module not in self._texts:
            self._texts[module] = self._read(module)
        return self._texts[module]

    def _read(self, module: str) -> ModuleText | None:
        file = self._files.get(module)
        if file is None and all(map(str.isidentifier, module.split("."))):
            # What a plug-in's module was loaded from may be an older text of it.
            located = None if module.startswith(PREFIX) else locate(module)
            file = located.file if located else None
        if file is None or not file.endswith(".py"):
            return None
        tree = parsed(Source(module, file).read())
        return ModuleText(module, tree, Path(file).name == "__init__.py", file) if tree else None

    def lineage_of(self, cls: type) -> Lineage:
        """The same for a class that is there as an object, whose bases are known.

        Its definitions are in the order in which Python looks for what they define.
        """
        found: list[Definition] = []
        is_whole, is_wired = True, False
        for ancestor in cls.__mro__[:-1]:
            module = ancestor.__module__
            if within_any(module, BASES):
                is_wired = True
            elif module.partition(".")[0] not in sys.stdlib_module_names - {"__main__"}:
                text = self.text(module) or _text_of_functions(ancestor) or _loaded(module)
                if text and ancestor.__qualname__ in text.classes:
                    found.append(Definition(text, ancestor.__qualname__))
                else:
                    is_whole = False
        return Lineage(tuple(found), is_whole, is_wired)


def within_any(module: str, packages: Iterable[str]) -> bool:
    """Whether a module is one of `packages` or lies below one."""
    return any(within(module, package) for package in packages)


def dotted(node: ast.AST) -> list[str]:
    """The steps of `a.b.c`; none for any other expression."""
    steps: list[str] = []
    while isinstance(node, ast.Attribute):
        steps.append(node.attr)
        node = node.value
    return [node.id, *reversed(steps)] if isinstance(node, ast.Name) else []


def _names_of(cls: type) -> tuple[str, str, str]:
    module, qualname = cls.__module__, cls.__qualname__
    return cls.__name__, f"{module}:{qualname}", f"{module}.{qualname}"


def _text_of_functions(cls: type) -> ModuleText | None:
    """The text that a class of no file was made from, such as the cell of a notebook."""
    for value in vars(cls).values():
        code = getattr(value, "__code__", None)
        if code is not None:
            tree = parsed("".join(linecache.getlines(code.co_filename)).encode())
            return ModuleText(cls.__module__, tree, file=code.co_filename) if tree else None
    return None


def _loaded(module: str) -> ModuleText | None:
    """The text of the file that a module was imported from, for classes without functions."""
    file = getattr(sys.modules.get(module), "__file__", None)
    tree = parsed(Source(module, file).read()) if file and file.endswith(".py") else None
    return ModuleText(module, tree, file=file or "") if tree else None


def _classes_in(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.ClassDef]]:
    """All classes below a node, with the names that Python calls `__qualname__`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield f"{prefix}{child.name}", child
            yield from _classes_in(child, f"{prefix}{child.name}.")
        elif isinstance(child, _Function):
            yield from _classes_in(child, f"{prefix}{child.name}.<locals>.")
        elif not isinstance(child, ast.expr):
            yield from _classes_in(child, prefix)
