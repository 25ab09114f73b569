"""Whether columns hold other values than they did: how it is asked for, and how it is said."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lolpop_graph.component.report import Bound, Check, shown
from lolpop_graph.component.settings import Settings
from lolpop_graph.component.statistics import BOOLEAN, NUMBER, TEXT, kind_of
from lolpop_graph.text import counted, shortened

if TYPE_CHECKING:
    import pandas as pd

AUTO, PSI, TEST = "auto", "psi", "test"
THRESHOLDS = {PSI: 0.2, TEST: 0.05}
DEFAULTS = {
    "drift_method": AUTO,
    "drift_threshold": None,
    "drift_columns": None,
    "ignored_columns": None,
    "min_drift_rows": 30,
}
"""The config keys of what measures drift, and what they are where nobody sets them."""

_FEW_ROWS = 1000
_MOST_DISTINCT_SHARE = 0.5
_FEW_VALUES = 50
_LONGEST_LIST = 200
_SHARE = "share of drifted columns"


@dataclass(frozen=True)
class Comparison:
    """How one column is compared; `is_number` columns by their order, others by their counts."""

    column: str
    is_number: bool
    method: str
    threshold: float

    @property
    def measure(self) -> str:
        """What is measured, for eyes."""
        if self.method == PSI:
            return "population stability index"
        return f"p-value of the {'Kolmogorov-Smirnov' if self.is_number else 'chi-square'} test"

    def check(self, value: float) -> Check:
        """The check of one column, which informs: what counts is the share of all columns."""
        # A test has nothing to tell apart where both tables have one and the same value alone.
        known = 1.0 if self.method == TEST and math.isnan(value) else value
        if self.method == PSI:
            has_drifted, limit = not known < self.threshold, Bound(high=self.threshold)
        else:
            has_drifted, limit = known < self.threshold, Bound(low=self.threshold)
        said = f"{self.measure} {shown(float(known))}, unchanged is {limit}"
        name = f"drift of {self.column}"
        return Check(name, not has_drifted, float(known), self.threshold, said, counts=False)


@dataclass(frozen=True)
class DriftSettings:
    """What the config says of drift: the method, its threshold, and which columns count."""

    method: str
    threshold: float | None
    columns: list[str]
    ignored: list[str]
    min_rows: int

    @classmethod
    def read(cls, settings: Settings) -> DriftSettings:
        """Read the keys of `DEFAULTS`."""
        method = settings.choice("drift_method", (AUTO, PSI, TEST)) or AUTO
        threshold = settings.number("drift_threshold", low=0)
        if threshold is not None and method == AUTO:
            settings.fault(
                "`drift_threshold` means another thing for each method: set `drift_method` to"
                f" `{PSI}` or `{TEST}` beside it"
            )
        if threshold is not None and method == TEST and threshold > 1:
            settings.fault("`drift_threshold` of a test is a probability, from 0 to 1")
        return cls(
            method,
            threshold,
            settings.names("drift_columns"),
            settings.names("ignored_columns"),
            settings.whole("min_drift_rows", low=1) or 1,
        )

    def wanted(self, reference: pd.DataFrame) -> list[str]:
        """The columns of the reference to look at, in its order unless the config has one."""
        ignored = {*self.ignored}
        names = self.columns or [str(name) for name in reference.columns]
        return [name for name in dict.fromkeys(names) if name not in ignored]


@dataclass(frozen=True)
class DriftPlan:
    """What two tables allow to be compared, and the checks that can be made without measuring."""

    comparisons: tuple[Comparison, ...]
    checks: tuple[Check, ...]
    skipped: tuple[str, ...]


def plan_drift(
    settings: DriftSettings, current: pd.DataFrame, reference: pd.DataFrame
) -> DriftPlan:
    """How each wanted column is compared; those that cannot be are checks that fail, or skipped.

    Skipped are dates, which move on by themselves, texts of which most rows have one of their
    own, such as names, and columns that the reference has no values in.
    """
    rows = min(len(current), len(reference))
    if rows < settings.min_rows:
        said = f"{counted(rows, 'row')} in the smaller table, too few to tell what has drifted"
        return DriftPlan((), (_rows_check(settings, rows, said),), ())
    comparisons, checks, skipped = [], [], []
    for name in settings.wanted(reference):
        absent = _absence(name, current, reference)
        if absent:
            checks.append(
                Check(f"drift of {name}", passed=False, value=None, threshold=None, message=absent)
            )
        elif comparison := _comparison(settings, name, current[name], reference[name]):
            comparisons.append(comparison)
        else:
            skipped.append(name)
    said = f"{counted(rows, 'row')} in the smaller table"
    return DriftPlan(
        tuple(comparisons), (_rows_check(settings, rows, said), *checks), tuple(skipped)
    )


def _rows_check(settings: DriftSettings, rows: int, said: str) -> Check:
    limit = Bound(low=settings.min_rows)
    return Check(
        "rows to compare", limit.admits(rows), rows, settings.min_rows, f"{said}, asked for {limit}"
    )


def _absence(name: str, current: pd.DataFrame, reference: pd.DataFrame) -> str:
    """Why a column cannot be compared although it should be; empty where it can."""
    for table, title in ((reference, "reference"), (current, "current table")):
        if name not in table.columns:
            return f"the {title} has no such column"
    if current[name].isna().all() and reference[name].notna().any():
        return "the current table has no values in this column"
    kinds = kind_of(current[name]), kind_of(reference[name])
    if (
        reference[name].notna().any()
        and NUMBER in kinds
        and kinds[0] != kinds[1]
        and BOOLEAN not in kinds
    ):
        return f"it holds values of kind {kinds[0]}, and {kinds[1]} in the reference"
    return ""


def _comparison(
    settings: DriftSettings, name: str, current: pd.Series, reference: pd.Series
) -> Comparison | None:
    if not reference.notna().any():
        return None
    kinds = {kind_of(current), kind_of(reference)}
    is_number = kinds == {NUMBER}
    if not is_number and (not kinds <= {NUMBER, TEXT, BOOLEAN} or _is_identifying(reference)):
        return None
    method = settings.method
    if method == AUTO:
        method = TEST if len(reference) <= _FEW_ROWS else PSI
    threshold = THRESHOLDS[method] if settings.threshold is None else settings.threshold
    return Comparison(name, is_number, method, threshold)


def _is_identifying(column: pd.Series) -> bool:
    """Whether most rows have a value of their own, so that counts of values say nothing."""
    distinct = column.nunique()
    return bool(distinct > _FEW_VALUES and distinct > _MOST_DISTINCT_SHARE * column.count())


def drift_checks(
    plan: DriftPlan | None, values: Iterable[float], max_share: float
) -> Iterator[Check]:
    """The checks of a plan and of the values that its comparisons found, the share of all last.

    Nothing where there is no plan, because nobody asks for drift.
    """
    if plan is None:
        return
    checks = [one.check(value) for one, value in zip(plan.comparisons, values, strict=True)]
    yield from plan.checks
    yield from checks
    if checks:
        yield _share_check(checks, max_share)
    elif all(check.passed for check in plan.checks):
        said = "the tables have no columns that can be compared"
        yield Check(_SHARE, False, None, max_share, said)  # noqa: FBT003
    if plan.skipped:
        said = f"dates, texts that identify rows, or empty: {', '.join(plan.skipped)}"
        said = shortened(said, _LONGEST_LIST)
        yield Check("columns not compared", True, len(plan.skipped), None, said, counts=False)  # noqa: FBT003


def _share_check(checks: list[Check], max_share: float) -> Check:
    """The check that counts: how many of the columns compared have drifted, and which."""
    drifted = [check.name.removeprefix("drift of ") for check in checks if not check.passed]
    share, limit = len(drifted) / len(checks), Bound(high=max_share)
    names = f": {shortened(', '.join(drifted), _LONGEST_LIST)}" if drifted else ""
    said = (
        f"{len(drifted)} of {counted(len(checks), 'column')} drifted{names}; "
        f"a share of {shown(share)}, asked for {limit}"
    )
    return Check(_SHARE, limit.admits(share), share, max_share, said)
