"""What is asked of a table: rules read from the config, and what is said of what they find."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lolpop_graph.component.drift import DriftSettings
from lolpop_graph.component.report import Bound, Check, shown
from lolpop_graph.component.settings import Settings, is_number, word_for
from lolpop_graph.component.statistics import BOOLEAN, NUMBER, kind_of
from lolpop_graph.text import counted, quoted

if TYPE_CHECKING:
    import pandas as pd

DEFAULTS = {
    "min_rows": 1,
    "max_missing_share": None,
    "required_columns": None,
    "unique_columns": None,
    "allowed_values": None,
    "ranges": None,
    "same_columns": True,
    "max_drifted_share": None,
}

ROWS, MISSING, DUPLICATES, NOT_ALLOWED, OUT_OF_RANGE = (
    "rows",
    "missing",
    "duplicates",
    "not_allowed",
    "out_of_range",
)


@dataclass(frozen=True)
class Rule:
    """One figure of a table, and the limits that it must keep.

    `kind` tells what is counted: rows of the table, or of a column the share of values that are
    missing, the values that stand there already, those that are none of `allowed`, and those that
    are outside of `limits`. Missing values count as missing, and as nothing else.
    """

    kind: str
    bound: Bound
    column: str = ""
    allowed: tuple[Any, ...] = ()
    limits: Bound = field(default=Bound())

    @property
    def name(self) -> str:
        """What the check is called."""
        names = {
            ROWS: "rows",
            MISSING: "missing values",
            DUPLICATES: "unique values",
            NOT_ALLOWED: "allowed values",
            OUT_OF_RANGE: "range",
        }
        return f"{names[self.kind]} of {self.column}" if self.column else names[self.kind]

    @property
    def interval(self) -> tuple[float, float]:
        """The ends of the range, infinite where there is no end."""
        low, high = self.limits.low, self.limits.high
        return (-math.inf if low is None else low), (math.inf if high is None else high)

    def check(self, value: float) -> Check:
        """The verdict on what was measured."""
        passed = self.bound.admits(value)
        return Check(self.name, passed, value, self.bound.threshold, self._sentence(value))

    def _sentence(self, value: float) -> str:
        if self.kind == ROWS:
            return f"{counted(int(value), 'row')}, asked for {self.bound}"
        if self.kind == MISSING:
            return f"a share of {shown(value)} is missing, asked for {self.bound}"
        number = f"{counted(int(value), 'value')}" if value else "no value"
        if self.kind == DUPLICATES:
            return f"{number} repeating an earlier one"
        if self.kind == NOT_ALLOWED:
            return f"{number} other than the {len(self.allowed):,} allowed"
        return f"{number} outside of the range, asked for {self.limits}"


@dataclass(frozen=True)
class DataSettings:
    """What the config asks of tables."""

    min_rows: int | None
    missing: float | dict[str, float | None] | None
    required: list[str]
    unique: list[str]
    allowed: dict[str, tuple[Any, ...]]
    ranges: dict[str, Bound]
    same_columns: bool
    max_drifted_share: float | None
    drift: DriftSettings

    @classmethod
    def read(cls, settings: Settings) -> DataSettings:
        """Read the keys of `DEFAULTS` and those of drift."""
        return cls(
            settings.whole("min_rows"),
            _missing(settings),
            settings.names("required_columns"),
            settings.names("unique_columns"),
            _allowed(settings),
            _ranges(settings),
            settings.flag("same_columns"),
            settings.number("max_drifted_share", low=0, high=1),
            DriftSettings.read(settings),
        )

    def rules(self, table: pd.DataFrame) -> tuple[list[Rule], list[Check]]:
        """The rules that can be measured on a table, and checks of those that cannot be."""
        rules, checks = [], []
        for rule in self._all_rules(table):
            problem = _problem(rule, table)
            if problem:
                value, threshold = None, rule.bound.threshold
                checks.append(Check(rule.name, False, value, threshold, problem))  # noqa: FBT003
            else:
                rules.append(rule)
        return rules, checks

    def _all_rules(self, table: pd.DataFrame) -> Iterator[Rule]:
        if self.min_rows is not None:
            yield Rule(ROWS, Bound(low=self.min_rows))
        shares = self.missing
        if not isinstance(shares, dict):
            shares = dict.fromkeys(table.columns if shares is not None else (), shares)
        for column, share in shares.items():
            if share is not None:
                yield Rule(MISSING, Bound(high=share), column)
        nothing = Bound(high=0)
        for column in self.unique:
            yield Rule(DUPLICATES, nothing, column)
        for column, values in self.allowed.items():
            yield Rule(NOT_ALLOWED, nothing, column, values)
        for column, limits in self.ranges.items():
            yield Rule(OUT_OF_RANGE, nothing, column, limits=limits)

    def structure(self, table: pd.DataFrame, reference: pd.DataFrame | None) -> Iterator[Check]:
        """Checks of which columns there are, and of what kind they are in the reference."""
        if self.required:
            yield _presence("required columns", self.required, table)
        if self.same_columns and reference is not None:
            yield _presence("columns of the reference", list(reference.columns), table)
            yield _kinds(table, reference)


def _presence(name: str, wanted: list[str], table: pd.DataFrame) -> Check:
    absent = [column for column in wanted if column not in table.columns]
    said = f"{quoted(absent, 'and')} not there" if absent else "all there"
    return Check(name, not absent, len(absent), 0, f"{said}, of {counted(len(wanted), 'column')}")


def _kinds(table: pd.DataFrame, reference: pd.DataFrame) -> Check:
    """Whether columns hold what they hold in the reference; one without values holds anything."""
    changed = []
    for column in reference.columns:
        if (
            column in table.columns
            and table[column].notna().any()
            and reference[column].notna().any()
        ):
            kind, known = kind_of(table[column]), kind_of(reference[column])
            if kind != known:
                changed.append(f"`{column}` is {kind} and was {known}")
    said = ", ".join(changed) if changed else "each column holds what it holds in the reference"
    return Check("kinds of columns", not changed, len(changed), 0, said)


def _problem(rule: Rule, table: pd.DataFrame) -> str:
    """Why a rule cannot be measured on a table; empty where it can."""
    if not rule.column:
        return ""
    if rule.column not in table.columns:
        return "there is no such column"
    if rule.kind == OUT_OF_RANGE and table[rule.column].notna().any():
        kind = kind_of(table[rule.column])
        if kind not in {NUMBER, BOOLEAN}:
            return f"a range needs numbers, and the column holds values of kind {kind}"
    return ""


def _missing(settings: Settings) -> float | dict[str, float | None] | None:
    """One share for all columns, or one for each of some."""
    key = "max_missing_share"
    value = settings.raw(key)
    if not isinstance(value, dict):
        return settings.number(key, low=0, high=1)
    return {
        str(name): settings.number_in(share, f"`{name}` of `{key}`", 0, 1)
        for name, share in value.items()
    }


def _allowed(settings: Settings) -> dict[str, tuple[Any, ...]]:
    key = "allowed_values"
    found = {}
    for name, values in settings.mapping(key, "{colour: [red, blue]}").items():
        if not isinstance(values, list | tuple) or not values:
            settings.fault(f"`{name}` of `{key}` must be a list of values, not {word_for(values)}")
        else:
            found[str(name)] = tuple(values)
    return found


def _ranges(settings: Settings) -> dict[str, Bound]:
    found = {}
    for name, value in settings.mapping("ranges", "{age: {min: 0, max: 120}}").items():
        pair = isinstance(value, list | tuple) and len(value) == 2 and all(map(is_number, value))  # noqa: PLR2004
        limits = dict(zip(("min", "max"), value, strict=True)) if pair else value
        bound = settings.bound(limits, f"`{name}` of `ranges`")
        if bound is not None:
            found[str(name)] = bound
    return found
