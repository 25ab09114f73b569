"""What a tuner may choose from: one form in YAML for every tuner."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from lolpop_graph.component.problems import known

_KEYS = ("choices", "low", "high", "log", "step", "type")
_TYPES = ("int", "float")


@dataclass(frozen=True)
class Choices:
    """A parameter that takes one of some values, of any type."""

    values: tuple[Any, ...]

    def points(self, _: int) -> list[Any]:
        """Every value, in the order written."""
        return list(self.values)

    @property
    def labels(self) -> list[str]:
        """A text for each value, different for different ones."""
        return [json.dumps(value, default=str) for value in self.values]


@dataclass(frozen=True)
class Range:
    """A parameter that takes a number from `low` to `high`, both of them included.

    With `step` only those that are so far apart; with `log` the small ones are as well covered
    as the large ones: 0.01 to 0.1 as 0.1 to 1.
    """

    low: float
    high: float
    step: float | None
    is_log: bool
    is_int: bool

    def points(self, most: int) -> list[Any]:
        """Every step, or without one at most `most` numbers, evenly spaced; ascending."""
        if self.step is not None:
            count = int((self.high - self.low) / self.step + 1e-9) + 1
            spaced = [self.low + number * self.step for number in range(count)]
        else:
            space = np.geomspace if self.is_log else np.linspace
            spaced = space(self.low, self.high, most).tolist()
        if self.is_int:
            return sorted({round(point) for point in spaced})
        # Steps of 0.1 add up to 0.30000000000000004.
        return sorted({float(f"{point:.12g}") for point in spaced})


def read_search_space(space: object) -> dict[str, Choices | Range]:
    """The parameters of the config key `search_space`; ValueError says what is wrong where."""
    if not isinstance(space, Mapping) or not space:
        message = "`search_space` names parameters, each with `choices`, or with `low` and `high`"
        raise ValueError(message)
    return {str(name): _read(str(name), given) for name, given in space.items()}


def _read(name: str, given: Any) -> Choices | Range:
    if isinstance(given, list):
        given = {"choices": given}
    if not isinstance(given, Mapping):
        _refuse(name, "has `choices`, or `low` and `high`")
    for key in given:
        known(key, _KEYS, f"key of `{name}` in search_space")
    if "choices" in given:
        return _choices(name, given)
    if "low" not in given or "high" not in given:
        _refuse(name, "has `choices`, or both `low` and `high`")
    return _range(name, given)


def _choices(name: str, given: Mapping[str, Any]) -> Choices:
    values = given["choices"]
    if len(given) > 1:
        _refuse(name, "has `choices`, and nothing beside them")
    if not isinstance(values, list) or not values:
        _refuse(name, "has a list with one choice or more")
    found = Choices(tuple(values))
    if len(set(found.labels)) < len(values):
        _refuse(name, "has each choice once")
    return found


def _range(name: str, given: Mapping[str, Any]) -> Range:
    numbers = {key: given[key] for key in ("low", "high", "step") if given.get(key) is not None}
    for key, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            _refuse(name, f"has a number as `{key}`")
    is_whole = all(isinstance(value, int) for value in numbers.values())
    kind = known(given.get("type", "int" if is_whole else "float"), _TYPES, f"type of `{name}`")
    if kind == "int" and any(value != int(value) for value in numbers.values()):
        _refuse(name, "has the type int, and so whole numbers")
    found = Range(
        low=numbers["low"],
        high=numbers["high"],
        step=numbers.get("step"),
        is_log=given.get("log", False),
        is_int=kind == "int",
    )
    _check_range(name, found)
    return found


def _check_range(name: str, found: Range) -> None:
    if not isinstance(found.is_log, bool):
        _refuse(name, "has true or false as `log`")
    if found.low > found.high:
        _refuse(name, "has a `low` that is not above its `high`")
    if found.step is not None and found.step <= 0:
        _refuse(name, "has a `step` above 0")
    if found.is_log and found.low <= 0:
        _refuse(name, "has a `low` above 0, since `log` is true")
    if found.is_log and found.step is not None:
        _refuse(name, "has either `log: true` or a `step`")


def _refuse(name: str, rule: str) -> NoReturn:
    message = f"search_space: the parameter `{name}` {rule}"
    raise ValueError(message)
