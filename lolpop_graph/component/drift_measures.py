"""How far a column has drifted, measured with pandas and NumPy.

Sources: the population stability index after N. Siddiqi, "Credit Risk Scorecards" (2006), whose
rule of thumb calls more than 0.25 a shift and 0.1 to 0.25 a small one; the two-sample
Kolmogorov-Smirnov test with the approximation of M. A. Stephens (1970) as "Numerical Recipes" has
it (section 14.3); Pearson's chi-square test of homogeneity.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lolpop_graph.component.drift import PSI, TEST, Comparison
from lolpop_graph.component.statistics import numbers, plain_values

_BINS = 10
_SMALLEST_SHARE = 1e-4

Counts: TypeAlias = NDArray[np.float64]
"""How many values lie in each bin, of shape (n_bins,)."""


def measure(one: Comparison, current: pd.DataFrame, reference: pd.DataFrame) -> float:
    """How far a column has drifted: its population stability index, or the p-value of a test."""
    new, old = current[one.column], reference[one.column]
    if one.is_number and one.method == TEST:
        return ks_p_value(numbers(new).to_numpy(), numbers(old).to_numpy())
    counts = _binned(new, old) if one.is_number else _counted(new, old)
    return psi(*counts) if one.method == PSI else chi_square_p_value(*counts)


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
