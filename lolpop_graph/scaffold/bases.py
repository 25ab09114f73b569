"""What a new part inherits: its base class, read from its text, and the methods to fill in."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lolpop_graph.classes.literals import assigned, is_described
from lolpop_graph.classes.sources import Source, children, locate, top_level_classes
from lolpop_graph.classes.texts import Definition, ModuleText, TextFinder
from lolpop_graph.classes.trust import OWN
from lolpop_graph.errors import WorkflowError
from lolpop_graph.faults import TypeMissing
from lolpop_graph.scaffold.imports import Import
from lolpop_graph.text import misspelling

_DECORATOR = "decorator"
_SUITES = f"{OWN}.testing.conformance"


@dataclass(frozen=True)
class Base:
    """A base class: how it is written in the class line, and what is left to those who inherit it.

    `methods` are texts of methods that raise NotImplementedError; `imports` what they and the
    class line need.
    """

    name: str
    methods: tuple[str, ...] = ()
    imports: frozenset[Import] = frozenset()


@dataclass(frozen=True)
class Suite:
    """The conformance suite of a type: the module, and the class in there."""

    module: str
    name: str


def base_of(layer: str, kind: str) -> Base:
    """What a part of a layer and a type inherits; an empty type is none.

    A type that we do not know is one of the user's own, unless it looks like a misspelling:
    WorkflowError then.
    """
    found = _described(f"{OWN}.{layer}.{kind}.base" if kind else f"{OWN}.{layer}.base")
    if found is not None:
        return found
    if kind:
        known = tuple(types(layer))
        if misspelling(kind, known):
            raise WorkflowError([TypeMissing(layer=layer, kind=kind, known=known)])
    own = f"Base{layer.title()}"
    known = tuple(each.classes if (each := TextFinder().text(f"{OWN}.integration")) else ())
    imports = {Import(OWN, alias="lg")}
    if layer == _DECORATOR and own in known:
        imports |= {Import("collections.abc", "Callable"), Import("functools")}
        imports |= {Import("typing", "Any")}
    name = own if own in known else "BaseIntegration"
    return Base(f"lg.{name}", imports=frozenset(imports))


def types(layer: str) -> list[str]:
    """The types of parts of a layer that have a base class."""
    package = locate(f"{OWN}.{layer}")
    names = children(package.folders) if package else []
    return [name for name in names if locate(f"{OWN}.{layer}.{name}.base")]


def suite_of(kind: str) -> Suite | None:
    """The conformance suite of a type of components; None where there is none."""
    text = TextFinder().text(f"{_SUITES}.{kind}") if kind else None
    if text is None:
        return None
    names = [
        node.name for node in top_level_classes(text.tree) if node.name.endswith("Conformance")
    ]
    return Suite(text.name, names[0]) if len(names) == 1 else None


def _described(module: str) -> Base | None:
    """The base class that a module defines; None where it has none."""
    finder = TextFinder()
    text = finder.text(module)
    names = [node.name for node in top_level_classes(text.tree)] if text else []
    name = next((name for name in names if name.startswith("Base")), None)
    if text is None or name is None:
        return None
    methods, imports = [], {Import(module, name)}
    seen = set[str]()
    for definition in finder.lineage(module, name).definitions:
        for node in _to_fill(definition):
            if node.name not in seen:
                seen.add(node.name)
                methods.append(_copied(node, definition.text))
                imports |= set(_needed(node, definition.text))
    return Base(name, tuple(methods), frozenset(imports))


def _to_fill(definition: Definition) -> Iterator[ast.FunctionDef]:
    """The methods that a class only describes."""
    for node in (each for cls in definition.nodes for each in cls.body):
        if isinstance(node, ast.FunctionDef) and is_described(node):
            yield node


def _copied(node: ast.FunctionDef, text: ModuleText) -> str:
    """A method as it is described, to the end of its docstring."""
    lines = _lines(text.name)
    first = min([node.lineno, *(mark.lineno for mark in node.decorator_list)])
    documented = ast.get_docstring(node) is not None
    last = node.body[0].end_lineno if documented else node.body[0].lineno - 1
    kept = [line for line in lines[first - 1 : last] if line.strip() != "@abstractmethod"]
    return "\n".join([*kept, "        raise NotImplementedError"])


def _lines(module: str) -> list[str]:
    located = locate(module)
    return Source(module, located.file or "").read().decode().splitlines() if located else []


def _needed(node: ast.FunctionDef, text: ModuleText) -> Iterator[Import]:
    """The imports of the names that stand in a method's decorators and signature."""
    defaults = [*node.args.defaults, *(each for each in node.args.kw_defaults if each)]
    hints = [*_annotations(node.args), *([node.returns] if node.returns else [])]
    at_once = _names([*node.decorator_list, *defaults]) - {"abstractmethod"}
    for name in at_once | _names(hints):
        yield from _import_of(name, text)


def _annotations(arguments: ast.arguments) -> Iterator[ast.expr]:
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [each for each in (arguments.vararg, arguments.kwarg) if each]
    return (each.annotation for each in every if each.annotation)


def _names(nodes: Iterable[ast.AST]) -> set[str]:
    return {each.id for node in nodes for each in ast.walk(node) if isinstance(each, ast.Name)}


def _import_of(name: str, text: ModuleText) -> Iterator[Import]:
    """How the module itself comes by a name; nothing for names of Python's own."""
    for node, is_typing in _statements(text.tree.body, is_typing=False):
        for alias in node.names:
            if (alias.asname or alias.name) != name:
                continue
            if isinstance(node, ast.Import):
                yield Import(alias.name, alias=alias.asname or "", is_typing=is_typing)
            else:
                yield Import(
                    text.absolute(node), alias.name, alias.asname or "", is_typing=is_typing
                )
            return
    if name in text.classes or name in dict(assigned(text.tree.body)):
        yield Import(text.name, name)


def _statements(
    body: list[ast.stmt], *, is_typing: bool
) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node, is_typing
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            yield from _statements(node.body, is_typing=True)
