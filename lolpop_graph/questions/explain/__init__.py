"""Why a config key has the value that it has: every place that is looked in, in order."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from lolpop_graph.block import Block, find_key, plain
from lolpop_graph.config import (
    CONFIG_CLASS,
    ENVIRONMENT,
    PROBLEM_KEY,
    class_defaults,
    configs_of,
    written,
)
from lolpop_graph.decorated import is_setting
from lolpop_graph.document import Document
from lolpop_graph.errors import Fault
from lolpop_graph.expand import class_mark
from lolpop_graph.model import Group, Integration, find_given
from lolpop_graph.questions.explain.answer import (
    Candidate,
    Explanation,
    Kind,
    LayerValue,
    Reference,
    Vacancy,
)
from lolpop_graph.questions.explain.classes import ClassPlaces
from lolpop_graph.questions.explain.layers import layers_at
from lolpop_graph.questions.reference_steps import (
    Step,
    from_environment,
    place_of,
    steps_to,
    walk,
)
from lolpop_graph.references import FOLDER
from lolpop_graph.secrecy import MASK
from lolpop_graph.text import suggestion

if TYPE_CHECKING:
    from lolpop_graph.casting import Casting
    from lolpop_graph.declarations import ClassInfo
    from lolpop_graph.fields import ConfigField
    from lolpop_graph.questions.asked import Questions

_LEFT_OUT = "the defaults of classes are left out, and what they call secret is read from texts"
_UNKNOWN = "the defaults of its class are not known, nor what that calls secret"


class _Spot(NamedTuple):
    """A place that is looked in: of the document where it has `keys`, else of a class."""

    kind: Kind
    where: str
    config: Mapping[str, Any]
    keys: tuple[str, ...] = ()
    cls: type | None = None


def explain(questions: Questions, path: str, key: str, *, classes: bool) -> Explanation:
    """Every value that `key` could have for the integration at `path`, in look-up order.

    WorkflowError where there is no such integration; with `classes` they are found, which
    imports their modules.
    """
    return _Explainer(questions, path, classes=classes).explanation(key)


def explain_keys(questions: Questions, path: str, *, classes: bool) -> tuple[Explanation, ...]:
    """An explanation for each key in reach of an integration: set, required, or read if set.

    Those that nothing sets are there if the class requires them.
    """
    explainer = _Explainer(questions, path, classes=classes)
    found = map(explainer.explanation, explainer.keys())
    return tuple(each for each in found if each.winner or each.required)


class _Explainer:
    """Explains the config of one integration."""

    def __init__(self, questions: Questions, path: str, *, classes: bool) -> None:
        self.integration = questions.integration(path)
        self.document: Document = questions.document
        casting = questions.casting() if classes else None
        self.info: ClassInfo | None = casting.info(self.integration) if casting else None
        self.fault = self._class_fault(casting) if casting and not self.info else None
        self.has_classes = classes
        knows_all = casting and not casting.faults
        self.masked = questions.masked if knows_all else questions.masked_values
        self.class_places = ClassPlaces()

    @cached_property
    def spots(self) -> list[_Spot]:
        """The configs that a key is looked for in, in order."""
        spots = [*self._document_spots()]
        for ancestor in self.info.cls.__mro__ if self.info else ():
            config = self._defaults(ancestor)
            if config or not (spots[-1].cls or ancestor is object):
                spots.append(_Spot("class", ancestor.__qualname__, config, cls=ancestor))
        return spots

    def _defaults(self, ancestor: type) -> Mapping[str, Any]:
        """What one class itself has for config keys, fields of its `Config` among them."""
        defaults = class_defaults(ancestor)
        if self.info and self.info.config and CONFIG_CLASS in vars(ancestor):
            from lolpop_graph.fields import own_defaults  # noqa: PLC0415 - it imports pydantic

            return {**own_defaults(ancestor, self.info.config), **defaults}
        return defaults

    def _field(self, key: str) -> ConfigField | None:
        config = self.info.config if self.info else None
        return config.field(key) if config else None

    def _document_spots(self) -> Iterator[_Spot]:
        for holder, config in configs_of(self.integration, written):
            if isinstance(holder, Integration):
                kind: Kind = "own" if holder is self.integration else "inherited"
                yield _Spot(kind, holder.path, config, (*holder.block_keys(), "config"))
            elif self._can_have_config(holder):
                above = holder.parent.block_keys() if holder.parent else ()
                yield _Spot("layer", holder.id, config, (*above, holder.layer.name, "config"))

    def _can_have_config(self, group: Group) -> bool:
        """Whether a section declares a group; of a root, it may be a class alone that does."""
        declared = self.document.root.get(group.layer.name)
        return group.parent is not None or declared is None or type(declared) is Block

    def keys(self) -> list[str]:
        """The keys in reach, as the nearest place writes them, and those that the class reads."""
        declared = (
            (*self.info.keys, *self.info.optional_keys, *self._parameters) if self.info else ()
        )
        found = (key for spot in self.spots for key in spot.config)
        keys: dict[str, str] = {}
        for key in (*found, *declared):
            keys.setdefault(key.casefold(), key)
        return list(keys.values())

    @property
    def _parameters(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.info.parameters) if self.info else ()

    def explanation(self, key: str) -> Explanation:
        """What every place has for one key."""
        is_near = is_setting(self.integration, key)
        # What a decorator wraps is asked of its own config and its section's alone.
        spots = self.spots[:2] if is_near else self.spots
        hits = [(spot, find_key(spot.config, key) if spot.config else None) for spot in spots]
        candidates = [self._candidate(spot, found) for spot, found in hits if found is not None]
        empty = [self._vacancy(spot, key) for spot, found in hits if found is None]
        candidates += () if is_near else self._environment(key)
        is_from_environment = bool(candidates) and candidates[-1].kind == ENVIRONMENT
        if self._reads_environment and not (is_near or is_from_environment):
            empty.append(Vacancy(ENVIRONMENT, ENVIRONMENT, self.masked.name(key.upper())))
        return Explanation(
            path=self.integration.path,
            key=self.masked.name(key),
            class_name=self.masked.name(self._class_name),
            candidates=tuple(
                replace(each, wins=number == 0) for number, each in enumerate(candidates)
            ),
            empty=tuple(empty),
            required=self._is_required(key),
            type=field.type_text if (field := self._field(key)) else "",
            close=None if candidates else self._close(key),
            unknown=self._unknown,
            fault=self.fault,
            notes=tuple(self._notes(key, candidates)),
        )

    @property
    def _class_name(self) -> str:
        return self.info.cls.__qualname__ if self.info else self.integration.class_name or ""

    def _candidate(self, spot: _Spot, key: str) -> Candidate:
        value = spot.config[key]
        if spot.cls:
            return Candidate(
                kind="class",
                where=spot.where,
                key=key,
                value=self.masked.value(plain(value), key),
                place=self.class_places.of_default(spot.cls, key),
                setting="",
                wins=False,
            )
        keys = (*spot.keys, key)
        steps = steps_to(self.document, keys)
        block = spot.config
        assert isinstance(block, Block)  # noqa: S101 - configs of a document are blocks
        shown = self.masked.value(plain(value), key, steps)
        return Candidate(
            kind=spot.kind,
            where=spot.where,
            key=self.masked.name(key),
            value=shown,
            place=self.masked.place(self.document.place(block.key_mark(key))),
            setting=self.masked.name(".".join(keys)),
            wins=False,
            references=tuple(self._reference(step) for step in steps),
            layers=tuple(self._layers(keys, is_secret=shown == MASK)),
        )

    def _reference(self, step: Step) -> Reference:
        if step.to == FOLDER:
            folder = self.document.file_folder(step.at.mark)
            shown = self.masked.value(folder, step.at.keys[-1])
            return Reference(step.at.path, self.masked.written(step), step.to, shown, None)
        if step.target is None:
            name, is_set, default = from_environment(step.to)
            to = f"env:{name}"
            value = f"${{{to}}}" if is_set else self.masked.value(default, step.at.keys[-1])
            return Reference(step.at.path, self.masked.written(step), to, value, None)
        value = self.masked.target(step.target)
        place = self.masked.place(place_of(self.document, step.target))
        return Reference(step.at.path, self.masked.written(step), step.to, value, place)

    def _layers(self, keys: Sequence[str], *, is_secret: bool) -> Iterator[LayerValue]:
        ways = [*walk(self.document, keys)]
        if any((id(hop.container), hop.key) in self.document.written for hop in ways[:-1]):
            return
        laid = layers_at(self.document, keys)
        for layer in laid if len(laid) > 1 else ():
            yield LayerValue(
                value=MASK if is_secret else self.masked.value(plain(layer.value), keys[-1]),
                place=self.masked.place(self.document.place(layer.mark)),
                counts=layer.counts,
            )

    def _vacancy(self, spot: _Spot, key: str) -> Vacancy:
        keys = (*spot.keys, key) if spot.keys else ("__DEFAULT_CONF__", "config", key)
        return Vacancy(spot.kind, spot.where, self.masked.name(".".join(keys)))

    def _environment(self, key: str) -> Iterator[Candidate]:
        name = key.upper()
        if self._reads_environment and name in os.environ:
            shown = f"${{env:{name}}}"
            yield Candidate(ENVIRONMENT, ENVIRONMENT, name, shown, None, name, wins=False)

    @property
    def _reads_environment(self) -> bool:
        """Whether its class may be one of ours; what others need, the environment never gives."""
        return self.info is None or self.info.is_wired

    def _is_required(self, key: str) -> bool:
        required = self.info.keys if self.info else ()
        return key.casefold() in {name.casefold() for name in required}

    def _close(self, key: str) -> str | None:
        close = suggestion(key, [each for each in self.keys() if each.casefold() != key.casefold()])
        return self.masked.name(close) if close else None

    @property
    def _unknown(self) -> str:
        if self.info:
            return ""
        if not self.has_classes:
            return _LEFT_OUT
        why = f": {self.fault.sentence} ({self.fault.code})" if self.fault else ""
        return f"{_UNKNOWN}{why}"

    def _class_fault(self, casting: Casting) -> Fault | None:
        """What kept the class from being found; several of one class are told once, elsewhere."""
        at = self.document.place(class_mark(self.document, self.integration))
        name = self.integration.class_name
        found = [fault for fault in casting.faults if fault.place == at] or [
            fault for fault in casting.faults if name and vars(fault).get("class_name") == name
        ]
        return self.document.showing.fault(found[0]) if found else None

    def _notes(self, key: str, candidates: Sequence[Candidate]) -> Iterator[str]:
        """What else decides on what the object gets."""
        field = self._field(key)
        if field:
            said = f": {field.info.description}" if field.info.description else ""
            yield f"it is a field of the class's `Config`, of the type `{field.type_text}`{said}"
        name = key.casefold()
        parameter = next((each for each in self._parameters if each.casefold() == name), None)
        if parameter is not None:
            given = find_given(self.integration.group.given, parameter)
            if given:
                yield f"the constructor's parameter `{parameter}` is the integration `{given.path}`"
            elif candidates and candidates[0].kind == ENVIRONMENT:
                yield f"the constructor's parameter `{parameter}` is not read from the environment"
            elif not candidates:
                yield f"the constructor's parameter `{parameter}` has its own default, if any"
        elif not self._reads_environment:
            shown = self.masked.name(key)
            yield f"the constructor of `{self._class_name}` has no parameter `{shown}`"
        if name == PROBLEM_KEY:
            yield "the attribute `problem_type` looks in the class before it asks the parent"
