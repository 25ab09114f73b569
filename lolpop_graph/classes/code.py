"""What one piece of code reads of an integration, and whether it may read what it does not name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from lolpop_graph.classes.literals import constant, texts_in
from lolpop_graph.classes.texts import ModuleText, dotted
from lolpop_graph.classes.uses import Uses

_GETTERS = ("get", "pop", "setdefault")
_READERS = ("getattr", "hasattr")
_KEY_READERS = ("_get_config", "_get_function")
_OF_OBJECTS = ("vars", "dir", "getmembers")
_RUNNERS = ("eval", "exec")
_INSIDES = frozenset(("__dict__", "_lg_node", "_lg_assembly"))
_HARMLESS = frozenset(
    ("isinstance", "type", "id", "repr", "str", "hash", "print", "super", "len", "iter", "next",
     "bool", "callable", "setattr", "delattr", *_READERS, *_OF_OBJECTS)
)  # fmt: skip


@dataclass
class Scope:
    """Where code stands: its module, what is found out, the names of constants, and the bases.

    `functions` are those of the module that the code names, which are to be read as well.
    """

    text: ModuleText
    uses: Uses
    constants: frozenset[str]
    bases: list[list[str]]
    functions: set[str] = field(default_factory=set)


class CodeReader:
    """Reads a piece of code, in which `itself` is the name of the object; empty for none."""

    def __init__(self, scope: Scope, node: ast.AST, itself: str) -> None:
        """Prepare to read `node` into what `scope` holds."""
        self.scope = scope
        self.text = scope.text
        self.uses = scope.uses
        self.node = node
        self.itself = itself
        self.parents: dict[ast.AST, ast.AST] = {}
        self.named = set(scope.constants)

    def read(self) -> None:
        """Note all that the code reads."""
        nodes = list(ast.walk(self.node))
        for node in nodes:
            self.parents |= dict.fromkeys(ast.iter_child_nodes(node), node)
            if isinstance(node, ast.For | ast.comprehension) and self._is_named(node.iter):
                self.named |= {
                    each.id for each in ast.walk(node.target) if isinstance(each, ast.Name)
                }
        for node in nodes:
            if isinstance(node, ast.Attribute):
                self._attribute(node)
            elif isinstance(node, ast.Call):
                self._call(node)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                self.uses.texts.add(node.value)
            elif isinstance(node, ast.Name):
                self._name(node)

    def _attribute(self, node: ast.Attribute) -> None:
        uses, name = self.uses, node.attr
        is_own = self._is_itself(node.value)
        if not isinstance(node.ctx, ast.Load):
            if is_own:
                uses.defined.add(name)
            return
        (uses.own if is_own else uses.far).add(name)
        if name in _INSIDES and self._is_from_object(node.value):
            self._names(self._asked(node))
        if name == "config" and (is_own or self._is_from_object(node.value)):
            self._config(node, is_own=is_own)
        elif name in _KEY_READERS:
            call = self.parents.get(node)
            key = call.args[0] if isinstance(call, ast.Call) and call.args else None
            self._key(key, is_own=is_own)

    def _asked(self, node: ast.expr) -> ast.expr | None:
        """What a mapping is asked for at once: `m[key]`, `m.get(key)`, `key in m`."""
        user = self.parents.get(node)
        if isinstance(user, ast.Subscript) and user.value is node:
            return user.slice
        if isinstance(user, ast.Attribute) and user.attr in _GETTERS:
            call = self.parents.get(user)
            return call.args[0] if isinstance(call, ast.Call) and call.args else None
        if isinstance(user, ast.Compare) and node in user.comparators:
            return user.left
        return None

    def _names(self, asked: ast.expr | None) -> None:
        """A name of the object that is given as a text, or all of them where it is not known."""
        if not self._is_written(asked):
            self.uses.reads_anything = self.uses.reads_any_key = True

    def _config(self, node: ast.Attribute, *, is_own: bool) -> None:
        """A config, of which a key is asked for at once or which is taken as a whole."""
        key = self._asked(node)
        if self._is_written(key):
            self.uses.keys |= self._keys(key)
            self.uses.reads_far_keys |= not is_own
        elif is_own:
            self.uses.reads_own_config = True
        else:
            self.uses.reads_any_far_key = True

    def _key(self, key: ast.expr | None, *, is_own: bool) -> None:
        """A key that is looked up, from here on upwards."""
        uses = self.uses
        uses.reads_far_keys |= not is_own
        if self._is_written(key):
            uses.keys |= self._keys(key)
        else:
            uses.reads_any_key |= is_own
            uses.reads_any_far_key |= not is_own

    def _keys(self, key: ast.expr | None) -> set[str]:
        """The whole texts that an expression can be, as far as they stand there."""
        return texts_in(key) if key and not isinstance(key, ast.JoinedStr | ast.BinOp) else set()

    def _is_written(self, key: ast.expr | None) -> bool:
        """Whether a text stands in the code, in whole or its beginning or end, which are noted."""
        if key is None or self._is_named(key):
            return key is not None
        start, end = _ends(key)
        self.uses.patterns |= {(start, end)} if start or end else set()
        return bool(start or end)

    def _call(self, node: ast.Call) -> None:
        name = [*dotted(node.func), ""]
        called = name[-2] if len(name) > 1 else ""
        of = node.args[0] if node.args else None
        if called in _READERS and len(name) == 2:  # noqa: PLR2004 - one step, and the last text
            if of is None or self._is_from_object(of):
                asked = node.args[1] if len(node.args) > 1 else None
                self.uses.reads_anything |= not self._is_written(asked)
        elif called in _RUNNERS:
            self._names(None)
        elif called in _OF_OBJECTS and (of is None or self._is_itself(of)):
            self._names(self._asked(node))
        elif called == "attrgetter":
            self.uses.texts |= {step for text in texts_in(node) for step in text.split(".")}

    def _name(self, node: ast.Name) -> None:
        if node.id in self.text.functions:
            self.scope.functions.add(node.id)
        if self._is_itself(node) and self._escapes(node):
            self.uses.reads_anything = self.uses.reads_any_key = True
            self.uses.reads_own_config = True

    def _escapes(self, node: ast.Name) -> bool:
        """Whether the object is handed to code that is not read here."""
        user = self.parents.get(node)
        if isinstance(user, ast.keyword | ast.Starred):
            return True
        if isinstance(user, ast.Call) and node is not user.func:
            return not self._is_harmless(user.func)
        if isinstance(user, ast.Assign | ast.AnnAssign):
            targets = user.targets if isinstance(user, ast.Assign) else [user.target]
            return not all(map(_is_name, targets))
        return isinstance(user, ast.Tuple | ast.List | ast.Set | ast.Dict)

    def _is_harmless(self, called: ast.expr) -> bool:
        """Whether what is called reads no names, or is read here as well."""
        steps = dotted(called)
        if not steps:
            return False
        if len(steps) == 1:
            first = steps[0]
            if first in _HARMLESS or first in self.text.functions:
                return True
        elif [*steps[:-1]] in self.scope.bases:
            return True
        return self.text.is_of_python(steps[0])

    def _is_itself(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and bool(self.itself) and node.id == self.itself

    def _is_from_object(self, node: ast.expr) -> bool:
        """Whether something may be an integration: the object, what it has, a local name.

        What is kept under a private name is none.
        """
        steps = list(_chain(node))
        if any(isinstance(each, ast.Attribute) and each.attr.startswith("_") for each in steps):
            return False
        first = next((each for each in steps if isinstance(each, ast.Name)), None)
        return first is None or first.id not in self.text.imports

    def _is_named(self, node: ast.expr) -> bool:
        """Whether an expression can only be texts that stand in the code."""
        if isinstance(node, ast.Constant):
            return isinstance(node.value, str)
        if isinstance(node, ast.Name):
            return node.id in self.named
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            return all(map(self._is_named, node.elts))
        return isinstance(node, ast.IfExp) and all(map(self._is_named, (node.body, node.orelse)))


def _is_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Name)


def _chain(node: ast.AST) -> Iterator[ast.AST]:
    """An expression, and what it is an attribute, item or result of."""
    while True:
        yield node
        if isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return


def _ends(node: ast.expr) -> tuple[str, str]:
    """The beginning and the end of a text that is put together, as far as they are written."""
    parts: list[ast.expr] = []
    if isinstance(node, ast.JoinedStr):
        parts = node.values
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [node.left, node.right]
    if not parts:
        return "", ""
    return constant(parts[0]) or "", constant(parts[-1]) or ""
