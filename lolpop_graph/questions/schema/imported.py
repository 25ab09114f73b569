"""The fields of a `class Config` as pydantic says them, and what may stand for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lolpop_graph.kinds import fields_of

if TYPE_CHECKING:
    from lolpop_graph.fields import ConfigType

Schema = dict[str, Any]

_UNSAID: Final = frozenset(("title", "default", "required", "discriminator", "uniqueItems"))
"""What pydantic says beside types, and a workflow file need not have."""
_DEEPEST: Final = 4
_REFERENCE: Final = r"\$"
_AS_TEXT: Final[dict[str, str]] = {
    "integer": r"\$|^\s*[-+]?[0-9][0-9_]*(\.0*)?\s*$",
    "number": r"\$|^\s*[-+]?([0-9._eE+-]+|[iI]nf(inity)?|[nN]a[nN])\s*$",
    "boolean": r"\$|^\s*([tT]|[tT][rR][uU][eE]|[fF]|[fF][aA][lL][sS][eE]|[yY]|[yY][eE][sS]|[nN]|[nN][oO]|[oO][nN]|[oO][fF][fF]|0|1)\s*$",  # noqa: E501 - one pattern
    "array": _REFERENCE,
    "object": _REFERENCE,
    "null": _REFERENCE,
}
"""By JSON's type: the texts that are taken for it, references among them."""
_BELOW: Final = ("items", "additionalProperties")


def imported_fields(declared: ConfigType) -> dict[str, Schema]:
    """The schemas of the fields of a class, by key; none where pydantic can make no schema."""
    try:
        whole = declared.json_schema()
    except Exception:  # noqa: BLE001 - types of an author may have code for this, which may break
        return {}
    definitions = whole.get("$defs", {})
    properties = whole.get("properties", {})
    known = fields_of(declared.cls)
    return {
        key: _inlined(each, definitions, 0) if key in known else {}
        for key, each in properties.items()
    }


def _inlined(value: Any, definitions: Schema, depth: int) -> Any:
    """A schema with definitions in the place of references to them, and no titles or defaults."""
    if isinstance(value, list):
        return [_inlined(each, definitions, depth) for each in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        named = definitions.get(value["$ref"].rpartition("/")[2], {})
        return _inlined(named, definitions, depth + 1) if depth < _DEEPEST else {}
    if "prefixItems" in value:
        return {"type": "array"}
    return {
        key: {name: _inlined(each, definitions, depth) for name, each in item.items()}
        if key == "properties"
        else _inlined(item, definitions, depth)
        for key, item in value.items()
        if key not in _UNSAID and not (key == "additionalProperties" and item is False)
    }


def with_references(schema: Schema) -> Schema:
    """A schema that allows, at each value, a reference, and a text that is read as the type."""
    made = {key: _below(key, value) for key, value in schema.items()}
    kind = made.get("type")
    if made.get("format") == "duration":
        return {}
    if "enum" in made or "const" in made:
        kept = {key: made.pop(key) for key in ("enum", "const", "type") if key in made}
        made["anyOf"] = [kept, {"type": "string", "pattern": _REFERENCE}]
    elif "$ref" in made:
        made["anyOf"] = [{"$ref": made.pop("$ref")}, {"type": "string", "pattern": _REFERENCE}]
    elif kind == "string":
        for bound in ("pattern", "minLength", "maxLength", "format"):
            made.pop(bound, None)
    elif isinstance(kind, str) and kind in _AS_TEXT:
        made |= {"type": [kind, "string"], "pattern": _AS_TEXT[kind]}
    return made


def _below(key: str, value: Any) -> Any:
    if key in _BELOW and isinstance(value, dict):
        return with_references(value)
    if key in {"properties", "patternProperties"}:
        return {name: with_references(each) for name, each in value.items()}
    if key in {"anyOf", "oneOf", "allOf", "prefixItems"}:
        return [with_references(each) for each in value]
    return value
