"""The code of a class: its methods and what they call, read until nothing new is known of it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from lolpop_graph.classes.asked import Asked, asked_in
from lolpop_graph.classes.effects import Effects, EffectsReader
from lolpop_graph.classes.literals import assigned, statements_in
from lolpop_graph.classes.roots import ITSELF, NOTHING, Function, Roots
from lolpop_graph.classes.texts import Definition, Lineage, ModuleText, dotted

MAKERS: Final = frozenset(("__init__", "__post_init__", "setup"))
"""The methods that make an object ready."""
ENDERS: Final = frozenset(("close",))
"""The methods that end it."""
_PROPERTIES: Final = frozenset(("property", "cached_property", "getter", "setter", "deleter"))
_KNOWN_MARKS: Final = _PROPERTIES | {
    *("staticmethod", "classmethod", "abstractmethod", "override", "overload", "final"),
    *("contextmanager", "asynccontextmanager", "wraps", "cache", "lru_cache", "dataclass"),
}


@dataclass(eq=False)
class Code:
    """A function that is read: a method of a class of the lineage, or one of a module."""

    key: str
    name: str
    node: Function
    text: ModuleText
    level: int
    """The number of its class in the lineage; -1 for a function of a module."""
    owner: str = ""
    given: dict[str, Roots] = field(default_factory=dict)
    effects: Effects = field(default_factory=Effects)
    reader: EffectsReader | None = None
    known: tuple[dict[str, Roots], dict[str, Roots]] | None = None

    def is_outdated(self, codes: Mapping[str, Code]) -> bool:
        """Whether more is known than when it was read of what it is given, and what it calls."""
        if self.known is None:
            return True
        given, returns = self.known
        return given != self.given or any(
            codes[key].effects.returned != roots for key, roots in returns.items()
        )

    @cached_property
    def asked(self) -> frozenset[Asked]:
        """What it asks of what the object's attributes hold."""
        return asked_in(self.reader) if self.reader else frozenset()

    @property
    def parameters(self) -> list[str]:
        """The names of its parameters, those of any number last."""
        args = self.node.args
        rest = [args.vararg, args.kwarg]
        named = [*args.posonlyargs, *args.args, *args.kwonlyargs]
        return [each.arg for each in (*named, *filter(None, rest))]

    @cached_property
    def marks(self) -> set[str]:
        """The last words of its decorators."""
        return {*_last_words(self.node.decorator_list)}


class _View:
    """What the code of one function can call."""

    def __init__(self, reader: Methods, code: Code) -> None:
        self.reader = reader
        self.code = code
        self.returns: dict[str, Roots] = {}

    def method(self, name: str, *, above: bool) -> Iterable[str]:
        levels = self.reader.by_name.get(name, {})
        if above:
            return [
                key for level, keys in levels.items() if level > self.code.level for key in keys
            ]
        return levels[min(levels)] if levels else []

    def function(self, name: str) -> str | None:
        if name not in self.code.text.functions:
            return None
        return self.reader.add_function(self.code.text, name)

    def returned(self, key: str) -> Roots:
        found = self.returns[key] = self.reader.codes[key].effects.returned
        return found

    def parameters(self, key: str) -> list[str]:
        return self.reader.codes[key].parameters


class Methods:
    """The methods of one class with all that it inherits, read together.

    `codes` are all functions that are read, by key; `by_name` has the keys of the methods of each
    name, by the number of the class in the lineage. `is_known` says whether all code was found,
    `is_marked` whether there are decorators of which nobody knows what they do.
    """

    def __init__(self, lineage: Lineage) -> None:
        """Read all that is there."""
        self.codes: dict[str, Code] = {}
        self.by_name: dict[str, dict[int, list[str]]] = {}
        self.is_known = lineage.is_whole
        self.is_marked = False
        for level, definition in enumerate(lineage.definitions):
            self._add_class(level, definition)
        self._read_all()

    def run_by(self, name: str) -> list[Code]:
        """What runs where a method is called on an object: its code, and all that this calls."""
        return [self.codes[key] for key in sorted(self.reached({*self._first(name)}))]

    def _first(self, name: str) -> list[str]:
        levels = self.by_name[name]
        return levels[min(levels)]

    def reached(self, start: set[str]) -> set[str]:
        """The keys of some functions and of all that they call."""
        return all_from(start, lambda key: self.codes[key].effects.calls)

    def _read_all(self) -> None:
        """Read every function, until nothing new is known of what they give each other."""
        while new := [code for code in self.codes.values() if code.is_outdated(self.codes)]:
            for code in new:
                view = _View(self, code)
                code.reader = EffectsReader(code.node, dict(code.given), view, code.owner)
                code.effects = code.reader.read()
                code.known = dict(code.given), view.returns
                for key, given in code.effects.calls.items():
                    into = self.codes[key].given
                    for name, roots in given.items():
                        into[name] = into.get(name, NOTHING) | roots

    def named(self, names: Iterable[str]) -> set[str]:
        """The keys of all methods of some names, also of those that are overridden."""
        return {
            key for name in names for keys in self.by_name.get(name, {}).values() for key in keys
        }

    def entries(self, made: set[str]) -> set[str]:
        """The methods that are called from outside: all but those that make and end objects."""
        apart = self.named(MAKERS | ENDERS)
        # What a subclass overrides is not called, unless that does it.
        first = {name: levels[min(levels)] for name, levels in self.by_name.items() if levels}
        private = {
            key for name, keys in first.items() for key in keys if _is_private(name) and key in made
        }
        return {key for keys in first.values() for key in keys} - apart - private

    def is_property(self, name: str) -> bool:
        """Whether a method is looked at as an attribute is."""
        return bool(self.marks(name) & _PROPERTIES)

    def marks(self, name: str) -> set[str]:
        """The last words of the decorators of a method."""
        return {mark for key in self._first(name) for mark in self.codes[key].marks}

    def _add_class(self, level: int, definition: Definition) -> None:
        for number, node in enumerate(definition.nodes):
            marks = _last_words(node.decorator_list)
            self.is_marked |= not _KNOWN_MARKS.issuperset(marks)
            for index, statement in enumerate(statements_in(node.body)):
                if isinstance(statement, Function):
                    name = statement.name
                    key = f"{level}.{number}.{index}.{name}"
                    code = Code(key, name, statement, definition.text, level, node.name)
                    self._add_method(code)
                for _, value in assigned([statement]):
                    is_function = isinstance(value, ast.Lambda) or (
                        isinstance(value, ast.Name) and value.id in definition.text.functions
                    )
                    self.is_known &= not is_function

    def _add_method(self, code: Code) -> None:
        self.codes[code.key] = code
        self.by_name.setdefault(code.name, {}).setdefault(code.level, []).append(code.key)
        self.is_marked |= not all(
            mark in _KNOWN_MARKS or code.text.is_of_python(mark) for mark in code.marks
        )
        if "staticmethod" not in code.marks and code.name != "__new__" and code.parameters:
            code.given[code.parameters[0]] = ITSELF

    def add_function(self, text: ModuleText, name: str) -> str:
        """Let a function of a module be read as well; its key."""
        key = f"{text.name}:{name}"
        if key not in self.codes:
            self.codes[key] = Code(key, name, text.functions[name], text, -1)
        return key


def all_from(start: set[str], after: Callable[[str], Iterable[str]]) -> set[str]:
    """Some names and all that follow them, in one step or several."""
    found, waiting = set(start), list(start)
    while waiting:
        new = {*after(waiting.pop())} - found
        found |= new
        waiting += new
    return found


def _last_words(marks: Iterable[ast.expr]) -> list[str]:
    """The last words of decorators, with what these are given or without."""
    called = (mark.func if isinstance(mark, ast.Call) else mark for mark in marks)
    return [(dotted(each) or ["?"])[-1] for each in called]


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")
