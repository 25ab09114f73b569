"""What a class uses, with all that it inherits: what it declares, and what its code reads."""

from __future__ import annotations

import ast

from lolpop_graph.classes.code import CodeReader, Scope
from lolpop_graph.classes.config_texts import written_fields
from lolpop_graph.classes.literals import assigned, constant, constants, listed, statements_in
from lolpop_graph.classes.texts import Definition, Lineage, ModuleText, dotted
from lolpop_graph.classes.uses import Uses
from lolpop_graph.config import CONFIG_CLASS

_REQUIRED = "__REQUIRED_CONF__"
_LISTS = ("__OPTIONAL_CONF__", "__SECRET_CONF__", "__FUNCTION_CONF__")
_DECLARATIONS = (_REQUIRED, "__DEFAULT_CONF__", *_LISTS)
_LIFE = frozenset(("setup", "close", "main"))
_CONSTRUCTORS = ("__init__", "__new__", "__post_init__")
_NO_ACTS = frozenset(("__init__", "__post_init__", "log", "notify"))
_CONFIG_BASES = (["object"], ["BaseModel"], ["pydantic", "BaseModel"])
_WRAPPERS = frozenset(("property", "staticmethod", "classmethod"))

_Function = ast.FunctionDef | ast.AsyncFunctionDef


class UsesReader:
    """Reads what classes use, each definition once."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._read: dict[tuple[int, str], Uses] = {}

    def of(self, lineage: Lineage) -> Uses:
        """What a class uses with all that it inherits."""
        uses = Uses(is_known=lineage.is_whole, is_wired=lineage.is_wired)
        for definition in lineage.definitions:
            uses.add(self._of(definition))
        return uses

    def _of(self, definition: Definition) -> Uses:
        key = (id(definition.text), definition.qualname)
        if key not in self._read:
            found = Uses(has_code=True)
            for node in definition.nodes:
                _ClassReader(definition.text, node, found).read()
            self._read[key] = found
        return self._read[key]


class _ClassReader:
    """Reads one statement that defines a class."""

    def __init__(self, text: ModuleText, node: ast.ClassDef, uses: Uses) -> None:
        self.text = text
        self.node = node
        self.uses = uses
        known = dict(constants(text.tree))
        bases = [dotted(base) for base in node.bases]
        self.scope = Scope(text, uses, frozenset(known), bases)
        for texts in known.values():
            uses.texts |= texts

    def read(self) -> None:
        for statement in statements_in(self.node.body):
            itself = self._method(statement) if isinstance(statement, _Function) else ""
            self._fields(statement)
            CodeReader(self.scope, statement, itself).read()
        for decorator in self.node.decorator_list:
            self._decorator(decorator)
        done: set[str] = set()
        while waiting := self.scope.functions - done:
            done |= waiting
            for name in waiting:
                CodeReader(self.scope, self.text.functions[name], "").read()

    def _fields(self, statement: ast.stmt) -> None:
        """Note what a statement defines and declares for the class."""
        uses = self.uses
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            uses.annotated.add(statement.target.id)
        if isinstance(statement, ast.ClassDef):
            uses.defined.add(statement.name)
            if statement.name == CONFIG_CLASS:
                self._config_class(statement)
        for name, value in assigned([statement]):
            uses.defined.add(name)
            if name == CONFIG_CLASS:
                self._config_base(value)
            self._declaration(name, value)

    def _config_class(self, node: ast.ClassDef) -> None:
        """Note the fields of the class that the config is an instance of: these keys are read."""
        self.uses.keys |= {each.key for each in written_fields(self.text, node)}
        for base in node.bases:
            self._config_base(base)

    def _config_base(self, base: ast.expr) -> None:
        """Follow what such a class inherits: `Base.Config` is read with `Base`."""
        steps = dotted(base)
        known = self.text.classes.get(".".join(steps), [])
        if steps[-1:] == [CONFIG_CLASS] or steps in _CONFIG_BASES:
            return
        for node in known:
            self._config_class(node)
        self.uses.reads_any_key |= not known

    def _method(self, function: _Function) -> str:
        """Note a method; the name under which it knows its object, empty for none."""
        uses = self.uses
        uses.defined.add(function.name)
        uses.acts |= function.name in _LIFE
        arguments = [*function.args.posonlyargs, *function.args.args]
        if function.name in _CONSTRUCTORS:
            named = (*arguments[1:], *function.args.kwonlyargs)
            uses.parameters |= {argument.arg for argument in named}
            uses.acts |= any(map(_is_act, function.body))
        is_bare = False
        for decorator in function.decorator_list:
            is_bare |= dotted(decorator) in (["staticmethod"], ["classmethod"])
            self._decorator(decorator)
        return arguments[0].arg if arguments and not is_bare and function.name != "__new__" else ""

    def _decorator(self, decorator: ast.expr) -> None:
        """What is put around a method or class may read anything, unless it is known or read."""
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        first = (dotted(called) or [""])[0]
        if first in self.text.functions:
            self.scope.functions.add(first)
        elif not (
            first in _WRAPPERS or first in self.uses.defined or self.text.is_of_python(first)
        ):
            self.uses.reads_anything = self.uses.reads_any_key = True

    def _declaration(self, name: str, value: ast.expr) -> None:
        """What a class says that it requires, reads, or has defaults for."""
        if name not in _DECLARATIONS:
            return
        uses = self.uses
        lists: list[tuple[str | None, ast.expr]] = [("config", value)]
        if isinstance(value, ast.Dict):
            keys = map(constant, value.keys)
            lists = list(zip(keys, value.values, strict=True))
        for layer, written in lists:
            names = listed(written)
            uses.reads_any_key |= layer is None or names is None
            if layer == "config":
                uses.keys |= set(names or ())
            elif name == _REQUIRED:
                uses.reads_anything |= names is None
                uses.required |= {text.partition("|")[0].strip() for text in names or ()}


def _is_act(statement: ast.stmt) -> bool:
    """Whether a statement of a constructor does something to the world, as far as one can see."""
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return False
    called = statement.value.func
    name = called.attr if isinstance(called, ast.Attribute) else ""
    return name not in _NO_ACTS
