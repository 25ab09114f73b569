"""The values that a workflow has for the `class Config` of its integrations' classes, checked.

Each field has the value that a look-up of its key ends at; its own default comes where those of
the class do. What is wrong is told where it is written.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError

from lolpop_graph import faults as f
from lolpop_graph.block import Block, plain
from lolpop_graph.checks.requirements import Cast
from lolpop_graph.config import CONFIG_CLASS, SETTINGS, class_defaults
from lolpop_graph.declarations import ClassInfo
from lolpop_graph.decorated import is_setting
from lolpop_graph.document import Document
from lolpop_graph.errors import Fault, Severity, WorkflowError
from lolpop_graph.expand import LAYER_FLAGS
from lolpop_graph.fields import ConfigType, Error, are_secret, errors_of
from lolpop_graph.kinds import Steps, surprise, typed_values
from lolpop_graph.model import Group, Integration
from lolpop_graph.references import named_keys
from lolpop_graph.typed.refusals import Refusal, refusal, surprising
from lolpop_graph.typed.wrong_values import Spot, at_steps, by_value, fault_of, surprises

_MISSING: Final = ("missing", "missing_argument")
_NOT_FIELDS: Final = frozenset((*SETTINGS, *LAYER_FLAGS))


class TypedConfig:
    """The config of one object: an instance of its class's `Config`."""

    __slots__ = ("_class_name", "_declared", "_is_checked", "_path", "instance")

    def __init__(
        self, instance: Any, owner: tuple[str, str], declared: ConfigType, *, is_checked: bool
    ) -> None:
        """Hold an `instance`; `owner` is the path of the integration, and its class's name."""
        self.instance = instance
        self._path, self._class_name = owner
        self._declared = declared
        self._is_checked = is_checked

    def field(self, key: str) -> str | None:
        """The attribute that a config key fills, without regard to case, or None."""
        field = self._declared.field(key)
        return field.name if field else None

    def set(self, key: str, value: Any) -> None:
        """Set a field; WorkflowError, and nothing is set, where the value is wrong."""
        field = self._declared.field(key)
        if field is None:
            return
        if not self._is_checked:
            object.__setattr__(self.instance, field.name, value)
            return
        wrong = [
            (steps, surprising(must))
            for steps, must in surprises(self._declared, {field.key: value})
        ]
        try:
            if not wrong:
                self.instance = self._declared.changed(self.instance, field, value)
        except ValidationError as error:
            wrong = [(each["loc"], refusal(each, value)) for each in errors_of(error)]
        if wrong:
            spots = {field.key: Spot(value, origin="given")}
            told = {"path": self._path, "class_name": self._class_name, "has_default": False}
            raise WorkflowError(
                fault_of(at, reasons, spots[field.key], field).changed(**told)
                for at, reasons in by_value(wrong, spots, None)
            )


def configure(
    cast: Cast, document: Document, *, is_checked: bool
) -> tuple[dict[Integration, TypedConfig], list[Fault]]:
    """The typed configs of a workflow's integrations, and all that is wrong with values.

    Where they are not `is_checked`, values are taken as they are written.
    """
    reader = _Reader(cast, document, is_checked=is_checked)
    for integration in cast.order:
        info = cast.info(integration)
        if info is not None and info.config is not None:
            reader.read(integration, info, info.config)
    return reader.made, reader.found()


class _Reader:
    """Reads the configs of one workflow."""

    def __init__(self, cast: Cast, document: Document, *, is_checked: bool) -> None:
        self.made: dict[Integration, TypedConfig] = {}
        self._cast = cast
        self._document = document
        self._is_checked = is_checked
        self._inherited: dict[Group, dict[str, tuple[Block, str]]] = {}
        self._defaults: dict[type, dict[str, Spot]] = {}
        self._values: dict[tuple[Any, ...], f.ValueWrong] = {}
        self._others: list[Fault] = []

    def found(self) -> list[Fault]:
        """What is wrong: a value that is wrong for several integrations is told once."""
        return [*self._values.values(), *self._others]

    def read(self, integration: Integration, info: ClassInfo, declared: ConfigType) -> None:
        """Make the config of one integration, or note what is wrong with it."""
        spots = dict(self._spots(integration, info, declared))
        if declared.extra == "allow":
            extra = _extra(integration, declared)
            spots |= {key: Spot(integration.config[key], integration.config, key) for key in extra}
        values = {key: plain(spot.value) for key, spot in spots.items()}
        if not self._is_checked:
            self._make(integration, info, declared, declared.make_unchecked(values))
            return
        self._others += self._unknown(integration, info, declared)
        wrong: list[tuple[Steps, Refusal]] = [
            (steps, surprising(must)) for steps, must in self._look(declared, values)
        ]
        try:
            made = declared.make(values)
        except ValidationError as error:
            for each in errors_of(error):
                self._refuse(integration, info, spots, each, wrong)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - validators are the user's code
            self._refuse_all(integration, info, f"{type(error).__name__}: {error}")
        else:
            if not wrong:
                self._make(integration, info, declared, made)
        self._tell(integration, info, declared, spots, wrong)

    def _look(self, declared: ConfigType, values: Mapping[str, Any]) -> Iterator[tuple[Steps, str]]:
        """Take for secret what its type says is one; what would surprise, with what it must be."""
        for typed in typed_values(declared.cls, values):
            if are_secret(typed.kinds):
                self._document.showing.secrets.add(typed.value)
            must = surprise(typed)
            if must:
                yield typed.steps, must

    def _make(
        self, integration: Integration, info: ClassInfo, declared: ConfigType, made: Any
    ) -> None:
        owner = integration.path, info.cls.__name__
        self.made[integration] = TypedConfig(made, owner, declared, is_checked=self._is_checked)

    def _spots(
        self, integration: Integration, info: ClassInfo, declared: ConfigType
    ) -> Iterator[tuple[str, Spot]]:
        """Where the value of each field is from; those that have their own default are left out."""
        own = {key.casefold(): key for key in reversed(integration.config)}
        inherited = self._above(integration.group)
        defaults = self._of_class(info, declared)
        for folded, field in declared.fields.items():
            # What a decorator wraps is asked of its own config and its section's alone.
            is_near = is_setting(integration, folded)
            config, key = inherited.get(folded, (None, ""))
            if folded in own:
                key = own[folded]
                yield field.key, Spot(integration.config[key], integration.config, key)
            elif config is not None and (not is_near or config is integration.group.config):
                yield field.key, Spot(config[key], config, key)
            elif is_near:
                continue
            elif folded in defaults:
                yield field.key, defaults[folded]
            elif field.is_required and (name := field.key.upper()) in os.environ:
                origin = f"in the environment variable `{name}`"
                yield field.key, Spot(os.environ[name], origin=origin)

    def _above(self, group: Group) -> dict[str, tuple[Block, str]]:
        """What the members of a group inherit, by key without regard to case."""
        known = self._inherited.get(group)
        if known is None:
            known = {}
            parent = group.parent
            configs = [parent.config, group.config] if parent else [group.config]
            if parent:
                known.update(self._above(parent.group))
            for config in configs:
                known.update((key.casefold(), (config, key)) for key in reversed(config))
            self._inherited[group] = known
        return known

    def _of_class(self, info: ClassInfo, declared: ConfigType) -> dict[str, Spot]:
        """What `__DEFAULT_CONF__` has for fields that no nearer class has a default for."""
        known = self._defaults.get(info.cls)
        if known is None:
            known = self._defaults[info.cls] = {}
            passed: set[str] = set()
            for ancestor in info.cls.__mro__:
                for key, value in class_defaults(ancestor).items():
                    if key.casefold() not in passed:
                        origin = f"the default of `{ancestor.__name__}`"
                        known.setdefault(key.casefold(), Spot(value, origin=origin))
                if vars(ancestor).get(CONFIG_CLASS) is declared.cls:
                    passed |= {key for key, each in declared.fields.items() if not each.is_required}
        return known

    def _refuse(
        self,
        integration: Integration,
        info: ClassInfo,
        spots: Mapping[str, Spot],
        error: Error,
        wrong: list[tuple[Steps, Refusal]],
    ) -> None:
        """Note what pydantic says of a field; of a field that is missing, others tell."""
        steps: Steps = error["loc"]
        if steps and str(steps[0]) in spots:
            value = at_steps(spots, steps, None).value
            wrong.append((steps, refusal(error, value)))
        elif not (error["type"] in _MISSING and len(steps) == 1):
            why = refusal(error, None)
            self._refuse_all(integration, info, why.message or f"it must {why.must}")

    def _refuse_all(self, integration: Integration, info: ClassInfo, message: str) -> None:
        """Note what the code of a class says of a config as a whole."""
        block = integration.block
        mark = block.key_mark("config") if integration.config else integration.mark
        self._others.append(
            f.ConfigRefused(
                place=self._document.place(mark),
                path=integration.path,
                class_name=info.cls.__name__,
                message=" ".join(message.split()),
            )
        )

    def _tell(
        self,
        integration: Integration,
        info: ClassInfo,
        declared: ConfigType,
        spots: Mapping[str, Spot],
        wrong: Iterable[tuple[Steps, Refusal]],
    ) -> None:
        """Make faults of what is wrong, one for each value."""
        for at, reasons in by_value(wrong, spots, self._document):
            spot = spots[at.keys[0]]
            fault = fault_of(at, reasons, spot, declared.field(at.keys[0]))
            key = (spot.origin or at.mark, at.keys, fault.must, fault.message)
            known = self._values.get(key)
            if known is not None:
                self._values[key] = known.changed(others=known.others + 1)
                continue
            place = self._document.place(integration.mark if at.mark is None else at.mark)
            told = {"path": integration.path, "class_name": info.cls.__name__}
            self._values[key] = fault.changed(place=place, **told)

    def _unknown(
        self, integration: Integration, info: ClassInfo, declared: ConfigType
    ) -> Iterator[Fault]:
        """Find keys of its own config that no field has, and nothing below can read either."""
        keys = [key for key in _extra(integration, declared) if declared.extra != "allow"]
        if not keys:
            return
        known = {key.casefold() for key in info.declared_keys}
        for below in self._cast.order[integration.index + 1 : integration.end]:
            inside = self._cast.info(below)
            if inside is None or inside.config is None:
                return
            known |= {key.casefold() for key in inside.declared_keys}
        is_named = named_keys(self._document)
        for key in keys:
            if key.casefold() not in known and not is_named(integration.config, key):
                fault = f.KeyUnknown(
                    place=self._document.place(integration.config.key_mark(key)),
                    path=integration.path,
                    class_name=info.cls.__name__,
                    key=key,
                    known=tuple(field.key for field in declared.fields.values()),
                )
                is_error = declared.extra == "forbid"
                yield fault.changed(severity=Severity.ERROR) if is_error else fault


def _extra(integration: Integration, declared: ConfigType) -> list[str]:
    """The keys of its own config that are no fields, and not read whatever the class."""
    folded = declared.fields.keys() | _NOT_FIELDS
    return [key for key in integration.config if key.casefold() not in folded]
