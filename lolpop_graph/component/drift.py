"""Whether columns hold other values than they did: how it is asked for, measured and said.

Sources: the population stability index after N. Siddiqi, "Credit Risk Scorecards" (2006), whose
rule of thumb calls more than 0.25 a shift and 0.1 to 0.25 a small one; the two-sample
Kolmogorov-Smirnov test with the approximation of M. A. Stephens (1970) as "Numerical Recipes" has
it (section 14.3); Pearson's chi-square test of homogeneity.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lolpop_graph.component.report import Bound, Check, shown
from lolpop_graph.component.settings import Settings
from lolpop_graph.component.statistics import BOOLEAN, NUMBER, TEXT, kind_of, numbers, plain_values
from lolpop_graph.text import counted, shortened

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
_BINS = 10
_SMALLEST_SHARE = 1e-4
_MOST_DISTINCT_SHARE = 0.5
_FEW_VALUES = 50
_LONGEST_LIST = 200


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
        drifted = [
            one.removeprefix("drift of ") for one in (c.name for c in checks if not c.passed)
        ]
        share, limit = len(drifted) / len(checks), Bound(high=max_share)
        names = f": {shortened(', '.join(drifted), _LONGEST_LIST)}" if drifted else ""
        said = f"{len(drifted)} of {counted(len(checks), 'column')} drifted{names}"
        yield Check(
            "share of drifted columns",
            limit.admits(share),
            share,
            max_share,
            f"{said}; a share of {shown(share)}, asked for {limit}",
        )
    elif all(check.passed for check in plan.checks):
        said = "the tables have no columns that can be compared"
        yield Check("share of drifted columns", False, None, max_share, said)  # noqa: FBT003
    if plan.skipped:
        said = f"dates, texts that identify rows, or empty: {', '.join(plan.skipped)}"
        yield Check(
            "columns not compared",
            True,  # noqa: FBT003
            len(plan.skipped),
            None,
            shortened(said, _LONGEST_LIST),
            counts=False,
        )


def measure(one: Comparison, current: pd.DataFrame, reference: pd.DataFrame) -> float:
    """How far a column has drifted: its population stability index, or the p-value of a test."""
    new, old = current[one.column], reference[one.column]
    if one.is_number and one.method == TEST:
        return ks_p_value(numbers(new).to_numpy(), numbers(old).to_numpy())
    counts = _binned(new, old) if one.is_number else _counted(new, old)
    return psi(*counts) if one.method == PSI else chi_square_p_value(*counts)


Counts = NDArray[np.float64]


def _counted(new: pd.Series, old: pd.Series) -> tuple[Counts, Counts]:
    """How often each value stands in either column."""
    found = [plain_values(column).map(str).value_counts() for column in (new, old)]
    both = pd.concat(found, axis=1).fillna(0.0).to_numpy(dtype=np.float64)
    return both[:, 0], both[:, 1]


def _binned(new: pd.Series, old: pd.Series) -> tuple[Counts, Counts]:
    """How many values of either column lie in each tenth of the old one."""
    values = numbers(old).to_numpy()
    if len(np.unique(values)) <= _BINS:
        return _counted(numbers(new), numbers(old))
    edges = np.unique(np.quantile(values, np.linspace(0, 1, _BINS + 1)[1:-1]))
    n_bins = len(edges) + 1
    places = (np.searchsorted(edges, numbers(each).to_numpy(), side="right") for each in (new, old))
    first, second = (np.bincount(place, minlength=n_bins).astype(np.float64) for place in places)
    return first, second


def psi(new: Counts, old: Counts) -> float:
    """The population stability index of two counts (n_bins,): sum of (p - q) ln(p / q).

    An empty bin counts as a share of 0.0001, since the logarithm of nothing is infinite.
    """
    p, q = (np.maximum(counts / counts.sum(), _SMALLEST_SHARE) for counts in (new, old))
    return float(np.sum((p - q) * np.log(p / q)))


def ks_p_value(new: Counts, old: Counts) -> float:
    """The p-value of the two-sample Kolmogorov-Smirnov test of two samples of numbers."""
    new, old = np.sort(new), np.sort(old)
    both = np.concatenate([new, old])
    shares = [np.searchsorted(each, both, side="right") / len(each) for each in (new, old)]
    distance = float(np.abs(shares[0] - shares[1]).max())
    size = math.sqrt(len(new) * len(old) / (len(new) + len(old)))
    return _kolmogorov((size + 0.12 + 0.11 / size) * distance)


def _kolmogorov(value: float) -> float:
    """The chance that Kolmogorov's distribution exceeds a value: 2 sum (-1)^(k-1) e^(-2 k² x²)."""
    if value < 0.2:  # noqa: PLR2004 - below, the chance is 1 to twelve digits, the series slow
        return 1.0
    terms = ((-1) ** (k - 1) * math.exp(-2 * (k * value) ** 2) for k in range(1, 101))
    return min(1.0, max(0.0, 2 * math.fsum(terms)))


def chi_square_p_value(new: Counts, old: Counts) -> float:
    """The p-value of Pearson's test that two counts (n_values,) come of the same shares."""
    observed = np.stack([new, old])
    expected = observed.sum(axis=1, keepdims=True) * observed.sum(axis=0) / observed.sum()
    statistic = float(((observed - expected) ** 2 / expected).sum())
    return _chi_square_tail(statistic, observed.shape[1] - 1)


def _chi_square_tail(value: float, freedom: int) -> float:
    """The chance that a chi-square variable exceeds a value.

    Q(a, x) of the incomplete gamma function by its recurrence Q(a + 1, x) = Q(a, x) +
    x^a e^-x / gamma(a + 1), from Q(1, x) = e^-x or Q(1/2, x) = erfc(sqrt x) (DLMF 8.8.6).
    """
    if freedom <= 0 or value <= 0:
        return 1.0
    half = value / 2
    a, chance = (0.5, math.erfc(math.sqrt(half))) if freedom % 2 else (1.0, math.exp(-half))
    while a < freedom / 2:
        chance += math.exp(a * math.log(half) - half - math.lgamma(a + 1))
        a += 1
    return min(1.0, chance)
