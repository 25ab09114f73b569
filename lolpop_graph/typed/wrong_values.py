"""Values of configs that are wrong: where they are written, and the fault of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from lolpop_graph import faults as f
from lolpop_graph.block import Block
from lolpop_graph.document import Document
from lolpop_graph.fields import ConfigField, ConfigType
from lolpop_graph.kinds import Steps, surprise, typed_values
from lolpop_graph.scalars import describe
from lolpop_graph.typed.refusals import Refusal


class Spot(NamedTuple):
    """Where a value is from: a config of the document, or the words for another origin."""

    value: Any
    config: Block | None = None
    key: str = ""
    origin: str = ""


class At(NamedTuple):
    """A value in the document: its mark, None for what is from elsewhere, and the keys to it."""

    mark: int | None
    value: Any
    keys: tuple[str, ...]


def surprises(declared: ConfigType, values: Mapping[str, Any]) -> Iterator[tuple[Steps, str]]:
    """The values that pydantic would convert, and that hardly mean their type."""
    for typed in typed_values(declared.cls, values):
        must = surprise(typed)
        if must:
            yield typed.steps, must


def fault_of(at: At, reasons: list[Refusal], spot: Spot, field: ConfigField | None) -> f.ValueWrong:
    """What is wrong with one value, as yet without whose it is."""
    is_told = any(each.is_told for each in reasons)
    said = [each.message for each in reasons if each.message]
    must = tuple(dict.fromkeys(each.must for each in reasons if each.must))
    is_part = isinstance(at.value, float) and must == ("be an integer",)
    found = "a number with a fraction" if is_part else describe(at.value)
    fault = f.ValueWrong(
        path="",
        class_name="",
        key=".".join(at.keys),
        must=must,
        found=found if is_told else "",
        origin=spot.origin,
        close=next((each.close for each in reasons if each.close), ""),
        remedy=reasons[0].remedy if len(reasons) == 1 else "",
        has_default=field is not None and not field.is_required and len(at.keys) == 1,
    )
    # Where a value is secret, what is said of it is not shown, and no words are no secret.
    return fault.changed(message=said[0]) if said else fault


def by_value(
    wrong: Iterable[tuple[Steps, Refusal]], spots: Mapping[str, Spot], document: Document | None
) -> Iterable[tuple[At, list[Refusal]]]:
    """Each value that is wrong, with all that is said of it."""
    found: dict[tuple[str, ...], tuple[At, list[Refusal]]] = {}
    for steps, why in wrong:
        at = at_steps(spots, steps, document)
        found.setdefault(at.keys, (at, []))[1].append(why)
    return found.values()


def at_steps(spots: Mapping[str, Spot], steps: Steps, document: Document | None) -> At:
    """What steps lead to; those that name a type of a union, or nothing, lead nowhere."""
    spot = spots[str(steps[0])]
    value, keys = spot.value, [str(steps[0])]
    mark = spot.config.value_mark(spot.key) if document and spot.config is not None else None
    for step in steps[1:]:
        key = _key_at(value, step)
        if key is None:
            continue
        if document is not None and mark is not None:
            is_block = isinstance(value, Block)
            mark = value.value_mark(key) if is_block else document.value_marks(value, mark)[key]
        value = value[key]
        keys.append(str(step))
    return At(mark, value, tuple(keys))


def _key_at(value: Any, step: Any) -> Any:
    """The key or index that a step of pydantic's names in a value, or None."""
    if isinstance(value, Mapping):
        typed = getattr(value, "typed", None) or {}
        return next((key for key in value if typed.get(key, key) == step), None)
    is_index = isinstance(value, list) and isinstance(step, int) and step < len(value)
    return step if is_index else None
