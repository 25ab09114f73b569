"""What checkers and monitors answer: a verdict, and every check that it comes of."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, such as the share of missing values in a column.

    `value` is what was found and `threshold` what was asked for, both as JSON can hold them;
    `message` says it in one sentence. `counts` is False for a check that informs and on which
    the verdict of the whole report does not depend.
    """

    name: str
    passed: bool
    value: Any
    threshold: Any
    message: str
    counts: bool = True


@dataclass(frozen=True)
class Bound:
    """The least and the greatest value that will do; None where there is no such limit."""

    low: float | None = None
    high: float | None = None

    def admits(self, value: float) -> bool:
        """Whether a value lies within, the ends included; nan never does."""
        if math.isnan(value):
            return False
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    @property
    def threshold(self) -> float | dict[str, float] | None:
        """The limit as a check has it: one number, or `{min: ..., max: ...}` for two."""
        if self.low is not None and self.high is not None:
            return {"min": self.low, "max": self.high}
        return self.high if self.low is None else self.low

    def __str__(self) -> str:
        """`at least 0.8`, `at most 3`, `0.8 to 1`."""
        if self.low is not None and self.high is not None:
            return f"{shown(self.low)} to {shown(self.high)}"
        if self.low is not None:
            return f"at least {shown(self.low)}"
        return "anything" if self.high is None else f"at most {shown(self.high)}"


def shown(value: float) -> str:
    """A number for eyes: `12`, `0.123`, `1.2e-05`; counts with all their digits."""
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"


@dataclass(frozen=True)
class Report:
    """The verdict of a checker or a monitor; it is true in a condition if it `passed`.

    `checks` are all that were made, and `path` is the file that shows them, if one was written.
    """

    passed: bool
    checks: tuple[Check, ...] = ()
    path: Path | None = None

    @classmethod
    def of(cls, checks: Iterable[Check]) -> Self:
        """The report of some checks: it passed if each one did that counts."""
        made = tuple(checks)
        return cls(all(check.passed for check in made if check.counts), made)

    def at(self, path: Path) -> Self:
        """The same report, with the file that shows it."""
        return replace(self, path=path)

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that count and did not pass."""
        return tuple(check for check in self.checks if check.counts and not check.passed)

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON holds it; what is no number there (nan, infinity) is a text."""
        checks = [as_json(asdict(check)) for check in self.checks]
        written = {} if self.path is None else {"path": str(self.path)}
        return {"passed": self.passed, "checks": checks, **written}

    def to_json(self) -> str:
        """The same as a text of JSON."""
        return json.dumps(self.as_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    def __bool__(self) -> bool:
        return self.passed

    def __str__(self) -> str:
        """A line for the verdict, and one for each check, those that failed first."""
        lines = [self.verdict, *(_line(check) for check in sorted(self.checks, key=_rank))]
        return "\n".join([*lines, f"  report: {self.path}"] if self.path else lines)

    @property
    def verdict(self) -> str:
        """One line: `failed: 2 of 5 checks failed`."""
        counted = sum(check.counts for check in self.checks)
        if not counted:
            return "passed: nothing was asked for" if self.passed else "failed"
        failed = f"{len(self.failed)} of {counted} checks failed"
        return f"failed: {failed}" if self.failed else f"passed: all of {counted} checks"


_MARKS = ("failed", "note", "passed")


def _rank(check: Check) -> int:
    """How far down a check is listed: what failed comes first, then what is worth knowing."""
    if check.passed:
        return 2
    return 0 if check.counts else 1


def _line(check: Check) -> str:
    message = " ".join(check.message.split())
    return f"  {_MARKS[_rank(check)]:<6}  {check.name}: {message}"


def as_json(value: Any) -> Any:
    """A value as JSON can hold it: numbers of NumPy as numbers, dates and the like as text."""
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_json(item) for item in value]
    if hasattr(value, "tolist") and hasattr(value, "dtype"):
        return as_json(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return value if value is None or isinstance(value, bool | int | str) else str(value)
