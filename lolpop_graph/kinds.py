"""What annotations say: the alternatives of a type, its name, and values that do not mean it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from types import GenericAlias, NoneType
from typing import Any, NamedTuple

_NUMBERS = (int, float, complex)
_TIMES = {
    dt.datetime: "be a date and time",
    dt.date: "be a date",
    dt.time: "be a time",
}
SHAPERS = frozenset(("BeforeValidator", "PlainValidator", "WrapValidator"))
"""The marks of pydantic for code of an author that reads a value before its type does."""

Steps = tuple[Any, ...]


def alternatives(annotation: Any) -> tuple[Any, ...]:
    """The types that a value may have: what unions, aliases and annotated types are made of."""
    try:
        return _known_alternatives(annotation)
    except TypeError:
        # What an author annotates with need not have a hash.
        return tuple(_alternatives(annotation))


@lru_cache(maxsize=1024)
def _known_alternatives(annotation: Any) -> tuple[Any, ...]:
    return tuple(_alternatives(annotation))


def _alternatives(annotation: Any) -> Iterator[Any]:
    waiting = [annotation]
    while waiting:
        kind = waiting.pop(0)
        origin = typing.get_origin(kind)
        if origin in {typing.Union, types.UnionType}:
            waiting += typing.get_args(kind)
        elif origin is typing.Annotated:
            waiting.append(typing.get_args(kind)[0])
        elif hasattr(kind, "__supertype__"):
            waiting.append(kind.__supertype__)
        elif type(kind).__name__ == "TypeAliasType":
            waiting.append(kind.__value__)
        else:
            yield kind


def type_text(annotation: Any) -> str:
    """A type as code has it: `list[int] | None`, without the modules of names."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation is None or annotation is NoneType:
        return "None"
    if origin is typing.Annotated:
        return type_text(arguments[0])
    if origin in {typing.Union, types.UnionType}:
        return " | ".join(map(type_text, arguments))
    if origin is typing.Literal:
        return f"Literal[{', '.join(map(repr, arguments))}]"
    name = getattr(origin or annotation, "__name__", None) or str(annotation)
    if annotation is Ellipsis:
        return "..."
    return f"{name}[{', '.join(map(type_text, arguments))}]" if arguments else name


def fields_of(kind: Any) -> dict[str, Any]:
    """The annotations of a model or dataclass by the key of each field; empty for other types."""
    # What stands in the brackets of others need not have a hash.
    return _known_fields(kind) if type(kind) is not GenericAlias and isinstance(kind, type) else {}


@lru_cache(maxsize=1024)
def _known_fields(kind: type) -> dict[str, Any]:
    found: Mapping[str, Any] | None = getattr(kind, "model_fields", None)
    if isinstance(found, Mapping):
        shaped = _shaped(kind)
        return {
            str(info.validation_alias or info.alias or name): info.annotation
            for name, info in found.items()
            if name not in shaped and not _is_shaped(info.metadata)
        }
    if dataclasses.is_dataclass(kind):
        try:
            hints = typing.get_type_hints(kind, include_extras=True)
        except NameError:
            return {}
        return {
            name: hint
            for name, hint in hints.items()
            if not _is_shaped(getattr(hint, "__metadata__", ()))
        }
    return {}


def _shaped(kind: Any) -> set[str]:
    """The fields of a model that code of its author reads before their types do."""
    decorators = getattr(getattr(kind, "__pydantic_decorators__", None), "field_validators", {})
    return {
        name
        for each in decorators.values()
        if each.info.mode != "after"
        for name in each.info.fields
    }


def _is_shaped(metadata: Any) -> bool:
    return any(type(mark).__name__ in SHAPERS for mark in metadata)


class Typed(NamedTuple):
    """A value somewhere in another one: the steps to it, and the types that it may have."""

    steps: Steps
    kinds: tuple[Any, ...]
    value: Any


def typed_values(annotation: Any, value: Any, steps: Steps = ()) -> Iterator[Typed]:
    """A value and all that is in it, as far as one type alone says what that is.

    What code of an author reads before its type does is left out.
    """
    if typing.get_origin(annotation) is typing.Annotated and _is_shaped(annotation.__metadata__):
        return
    kinds = alternatives(annotation)
    yield Typed(steps, kinds, value)
    if isinstance(value, Mapping):
        inside = _in_mapping(kinds, value)
    elif isinstance(value, list):
        inside = _in_list(kinds, value)
    else:
        return
    for step, kind, item in inside:
        yield from typed_values(kind, item, (*steps, step))


def surprise(typed: Typed) -> str:
    """What a value must be that would be converted, and hardly means its type; empty for others.

    `true` is no number, and a number neither true nor a date.
    """
    if type(typed.value) is str and not typed.value[-1:].isdigit():
        return ""
    plain = [kind for kind in typed.kinds if isinstance(kind, type) and kind is not NoneType]
    if isinstance(typed.value, bool):
        if bool not in plain and any(kind in _NUMBERS for kind in plain):
            return "be an integer" if int in plain else "be a number"
    elif _is_number(typed.value) and plain and all(kind in _TIMES for kind in plain):
        return _TIMES[plain[0]]
    elif isinstance(typed.value, int | float) and bool in plain and not {*_NUMBERS} & {*plain}:
        return "be true or false"
    return ""


def _is_number(value: Any) -> bool:
    """Whether a value is a number, or a text that would be read as one of seconds."""
    text = value.removeprefix("-").replace(".", "", 1) if isinstance(value, str) else ""
    return isinstance(value, int | float) or (text.isascii() and text.isdigit())


Inside = Iterator[tuple[Any, Any, Any]]
"""Steps into a value, each with the annotation and the value that are there."""


def _in_mapping(kinds: tuple[Any, ...], value: Mapping[Any, Any]) -> Inside:
    shapes = [(fields_of(kind), _arguments(kind, Mapping)) for kind in kinds]
    shapes = [shape for shape in shapes if any(shape)]
    if len(shapes) == 1:
        fields, arguments = shapes[0]
        for key, item in value.items():
            if str(key) in fields:
                yield key, fields[str(key)], item
            elif arguments:
                yield key, arguments[-1], item


def _in_list(kinds: tuple[Any, ...], value: list[Any]) -> Inside:
    found = [arguments for kind in kinds if (arguments := _arguments(kind, Collection))]
    if len(found) == 1:
        *first, last = found[0]
        more = len(value) if last is Ellipsis or not first else 0
        inside = [*first, *([first[-1] if first else last] * more if more else [last])]
        yield from ((number, *pair) for number, pair in enumerate(zip(inside, value, strict=False)))


def _arguments(kind: Any, of: type) -> tuple[Any, ...]:
    """What stands in the brackets of a collection's type."""
    origin = typing.get_origin(kind)
    is_one = isinstance(origin, type) and issubclass(origin, of)
    return typing.get_args(kind) if is_one else ()
