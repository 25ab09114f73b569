"""The fields of a `class Config` as their text has them, as JSON Schema: nothing is imported.

What an annotation leaves to the run of code says nothing, and so allows everything.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from lolpop_graph.classes.literals import constant
from lolpop_graph.classes.texts import ModuleText, dotted
from lolpop_graph.config import CONFIG_CLASS
from lolpop_graph.kinds import SHAPERS

Schema = dict[str, Any]

_TEXT: Final = {"type": "string"}
_NAMED: Final[dict[str, Schema]] = {
    **dict.fromkeys(("str", "Path", "PosixPath", "SecretStr", "date", "datetime", "time"), _TEXT),
    "int": {"type": "integer"},
    "PositiveInt": {"type": "integer", "exclusiveMinimum": 0},
    "NonNegativeInt": {"type": "integer", "minimum": 0},
    "float": {"type": "number"},
    "PositiveFloat": {"type": "number", "exclusiveMinimum": 0},
    "NonNegativeFloat": {"type": "number", "minimum": 0},
    "bool": {"type": "boolean"},
    "None": {"type": "null"},
}
_LISTS: Final = frozenset(("frozenset", "list", "set", "Sequence", "List", "Set", "FrozenSet"))
_TUPLES: Final = frozenset(("tuple", "Tuple"))
_MAPPINGS: Final = frozenset(("dict", "Mapping", "Dict"))
_BOUNDS: Final = {
    "gt": "exclusiveMinimum",
    "ge": "minimum",
    "lt": "exclusiveMaximum",
    "le": "maximum",
    "multiple_of": "multipleOf",
}
_SECRETS: Final = frozenset(("SecretStr", "SecretBytes", "Secret"))
_FIELD_CALLS: Final = ("Field", "field")
_DEEPEST: Final = 4


@dataclass
class FieldText:
    """One field: the key that fills it, its schema, and what is said of it.

    `default` is the expression of its default, None where it has none.
    """

    key: str
    schema: Schema
    default: ast.expr | None = None
    description: str = ""
    is_secret: bool = False


def config_fields(definitions: Iterable[tuple[ModuleText, ast.ClassDef]]) -> list[FieldText]:
    """The fields of the `Config` of a class, from what defines it and what it inherits, in order.

    The nearest definition of a field counts; a `Config` that inherits no other one ends it.
    """
    found: dict[str, FieldText] = {}
    for text, owner in definitions:
        inner = (each for each in owner.body if isinstance(each, ast.ClassDef))
        node = next((each for each in inner if each.name == CONFIG_CLASS), None)
        if node is None:
            continue
        for each in written_fields(text, node):
            found.setdefault(each.key, each)
        if not any(dotted(base)[-1:] == [CONFIG_CLASS] for base in node.bases):
            break
    return list(found.values())


def written_fields(text: ModuleText, node: ast.ClassDef, depth: int = 0) -> Iterator[FieldText]:
    """The fields that one class writes, and those of bases in the same module."""
    shaped = {name for method in node.body for name in _shaped(method)}
    for number, statement in enumerate(node.body):
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        if not statement.target.id.startswith("_") and _last(statement.annotation) != "ClassVar":
            made = _field(text, statement, depth)
            after = node.body[number + 1] if number + 1 < len(node.body) else None
            said = constant(after.value) if isinstance(after, ast.Expr) else None
            if not shaped.isdisjoint((statement.target.id, "*")):
                made.schema = {}
            made.description = " ".join((made.description or said or "").split())
            yield made
    for base in node.bases:
        steps = dotted(base)
        if steps[-1:] != [CONFIG_CLASS]:
            for inherited in text.classes.get(".".join(steps), [])[-1:]:
                yield from written_fields(text, inherited, depth)


def _shaped(method: ast.stmt) -> Iterator[str]:
    """The fields that a method reads before their types do; `*` for all of them."""
    for call in method.decorator_list if isinstance(method, ast.FunctionDef) else ():
        name = _last(call.func) if isinstance(call, ast.Call) else ""
        if isinstance(call, ast.Call) and name in {"field_validator", "model_validator"}:
            mode = next((constant(each.value) for each in call.keywords if each.arg == "mode"), "")
            if mode in {"before", "plain", "wrap"}:
                yield from filter(None, map(constant, call.args))
                yield from ["*"] if name == "model_validator" else []


def _field(text: ModuleText, statement: ast.AnnAssign, depth: int) -> FieldText:
    """A field from its annotation and its default, each of which may have bounds."""
    assert isinstance(statement.target, ast.Name)  # noqa: S101 - the caller has looked
    annotation = _unquoted(statement.annotation)
    made = FieldText(statement.target.id, _Types(text, depth).schema(annotation))
    if any(_last(call.func) in SHAPERS for call in _calls(annotation)):
        made.schema = {}
    made.is_secret = any(
        isinstance(each, ast.Name | ast.Attribute) and _last(each) in _SECRETS
        for each in ast.walk(annotation)
    )
    for call in _calls(annotation):
        _note(made, call)
    value = statement.value
    if isinstance(value, ast.Call) and _last(value.func) in _FIELD_CALLS:
        made.default = value.args[0] if value.args else None
        _note(made, value)
    else:
        made.default = value
    if isinstance(made.default, ast.Constant) and made.default.value is Ellipsis:
        made.default = None
    return made


def _calls(annotation: ast.expr) -> Iterator[ast.Call]:
    """What `Annotated[...]` says beside the type."""
    if isinstance(annotation, ast.Subscript) and _last(annotation.value) == "Annotated":
        yield from (each for each in _items(annotation.slice) if isinstance(each, ast.Call))


def _note(made: FieldText, call: ast.Call) -> None:
    """Note the bounds, the default, the alias and the description that a call has."""
    given: dict[str, ast.expr] = {each.arg: each.value for each in call.keywords if each.arg}
    name = _last(call.func).casefold()
    if name in _BOUNDS and call.args:
        given[name] = call.args[0]
    for bound, keyword in _BOUNDS.items():
        value = _number(given.get(bound))
        if value is not None:
            made.schema = {**made.schema, keyword: value}
    factory = given.get("default_factory")
    made.default = given.get("default", ast.Call(factory, [], []) if factory else made.default)
    made.key = constant(given.get("validation_alias", given.get("alias"))) or made.key
    made.description = constant(given.get("description")) or made.description


class _Types:
    """Annotations as JSON Schema, in the text of one module."""

    def __init__(self, text: ModuleText, depth: int) -> None:
        self.text = text
        self.depth = depth

    def schema(self, node: ast.expr) -> Schema:
        node = _unquoted(node)
        if isinstance(node, ast.Constant) and node.value is None:
            return dict(_NAMED["None"])
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return _any_of([self.schema(node.left), self.schema(node.right)])
        if isinstance(node, ast.Subscript):
            return self._of_subscript(_last(node.value), _items(node.slice))
        return self._named(node)

    def _of_subscript(self, name: str, items: list[ast.expr]) -> Schema:
        if name == "Literal":
            values = [each.value for each in items if isinstance(each, ast.Constant)]
            return {"enum": values} if len(values) == len(items) else {}
        inside = {"Annotated": items[:1], "Final": items[:1], "Optional": items, "Union": items}
        if name in inside:
            nothing = [dict(_NAMED["None"])] if name == "Optional" else []
            return _any_of([*map(self.schema, inside[name]), *nothing])
        if name in _LISTS:
            return {"type": "array", "items": self.schema(items[0])}
        if name in _MAPPINGS:
            return {"type": "object", "additionalProperties": self.schema(items[-1])}
        return {"type": "array"} if name in _TUPLES else {}

    def _named(self, node: ast.expr) -> Schema:
        name = _last(node)
        defined = self.text.classes.get(".".join(dotted(node)), [])
        if defined and self.depth < _DEEPEST:
            return self._of_class(defined[-1])
        if name in _LISTS | _TUPLES:
            return {"type": "array"}
        return {"type": "object"} if name in _MAPPINGS else dict(_NAMED.get(name, {}))

    def _of_class(self, node: ast.ClassDef) -> Schema:
        """An enumeration's values, or a mapping with the fields of a dataclass or model."""
        bases = [_last(base) for base in node.bases]
        if any(base.endswith("Enum") for base in bases):
            given = [each.value for each in node.body if isinstance(each, ast.Assign)]
            values = [each.value for each in given if isinstance(each, ast.Constant)]
            return {"enum": values} if values and len(values) == len(given) else {}
        called = (each.func if isinstance(each, ast.Call) else each for each in node.decorator_list)
        if "BaseModel" in bases or "dataclass" in map(_last, called):
            fields = written_fields(self.text, node, self.depth + 1)
            return {"type": "object", "properties": {each.key: _told(each) for each in fields}}
        return {}


def _told(each: FieldText) -> Schema:
    return {**each.schema, **({"description": each.description} if each.description else {})}


def _any_of(schemas: list[Schema]) -> Schema:
    """One of several; where one allows everything, all of them do."""
    if len(schemas) == 1:
        return schemas[0]
    flat = [inner for each in schemas for inner in each.get("anyOf", [each])]
    return {"anyOf": flat} if all(flat) else {}


def _unquoted(node: ast.expr) -> ast.expr:
    """An annotation that is written as a text, read."""
    written = constant(node)
    if written is None:
        return node
    try:
        return ast.parse(written, mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return node


def _items(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


def _last(node: ast.expr) -> str:
    while isinstance(node, ast.Subscript):
        node = node.value
    return (dotted(node) or [""])[-1]


def _number(node: ast.expr | None) -> int | float | None:
    try:
        value = ast.literal_eval(node) if node is not None else None
    except (ValueError, TypeError, SyntaxError):
        return None
    return value if isinstance(value, int | float) else None
