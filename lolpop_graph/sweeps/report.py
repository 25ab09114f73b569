"""What came of a sweep, read from its manifest when it is asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from lolpop_graph.errors import Fault
from lolpop_graph.sweeps.causes import Cause, causes_of
from lolpop_graph.sweeps.recorded import FILE, Recorded, counts_in, read_runs, reading

if TYPE_CHECKING:
    import pandas as pd

_LISTED: Final = "WHERE listed"
_OWN: Final = ("number", "status", "seconds", "started", "worker", "error_kind", "error")


class SweepReport:
    """What came of a sweep: how many runs are done and failed, why, and what they gave.

    It reads the manifest at `path`, a table in SQLite, and holds no runs. `performed` is how many
    runs the call did that made the report, in so many `seconds`; both are 0 for one that is read.
    `notes` are warnings that it had.
    """

    def __init__(
        self,
        path: Path,
        *,
        performed: int = 0,
        seconds: float = 0.0,
        notes: Sequence[Fault] = (),
    ) -> None:
        """Report what a manifest has; WorkflowError (LG839) where there is none."""
        self.path = path
        self.notes = notes
        self.performed = performed
        self.seconds = seconds
        with closing(reading(path)) as base:
            self.about = dict(base.execute("SELECT name, value FROM sweep"))
            counts = counts_in(base)
        self.done, self.failed, self.gone = counts["done"], counts["failed"], counts["gone"]

    @classmethod
    def read(cls, out: str | os.PathLike[str]) -> Self:
        """The report of the sweep that is recorded in a folder, which may still be running."""
        return cls(Path(out) / FILE)

    @property
    def total(self) -> int:
        """How many runs the sweep has."""
        return int(self.about.get("total", self.done + self.failed))

    @property
    def left(self) -> int:
        """How many runs are not recorded yet: an interruption or a limit came before them."""
        return max(0, self.total - self.done - self.failed)

    @property
    def passed(self) -> bool:
        """Whether no run failed, and none is left."""
        return not self.failed and not self.left

    def runs(self, status: str | None = None) -> Iterator[Recorded]:
        """The runs of the sweep as they are recorded, in the order of the rows, one by one.

        `status` leaves only those that are `done` or `failed`. Runs that are `gone`, since their
        rows were taken away, are in the manifest alone.
        """
        if status is None:
            return read_runs(self.path, _LISTED)
        return read_runs(self.path, f"{_LISTED} AND status = ?", (status,))

    @cached_property
    def causes(self) -> list[Cause]:
        """Why runs failed, grouped, the commonest cause first."""
        return causes_of(self.runs("failed"))

    def best(self, metric: str, *, largest: bool = True) -> Recorded | None:
        """The run that is done with the largest, or the smallest, value of a metric.

        Of several, the first. KeyError, with the names that there are, where no run has a number
        of that name; None where no run is done.
        """
        known: dict[str, None] = {}
        found: tuple[float, Recorded] | None = None
        for run in self.runs("done"):
            value = run.metrics.get(metric)
            known.update(dict.fromkeys(run.metrics))
            if isinstance(value, int | float):
                rank = float(value) if largest else -float(value)
                found = found if found is not None and found[0] >= rank else (rank, run)
        if found is None and self.done:
            message = (
                f"no run gave a number called {metric!r}; there are {', '.join(known) or 'none'}"
            )
            raise KeyError(message)
        return found[1] if found else None

    def table(self) -> Iterator[dict[str, Any]]:
        """A row for each run: its number and status, parameters, metrics, and how it went.

        A metric with the name of another column is called `metrics.` and its name, and a parameter
        `parameters.` and its name.
        """
        for run in self.runs():
            data = run._asdict()
            row = {name: data[name] for name in _OWN[:2]}
            for kind in ("parameters", "metrics"):
                taken = {*row, *_OWN}
                for name, value in data[kind].items():
                    row[f"{kind}.{name}" if name in taken else name] = value
            yield row | {name: data[name] for name in _OWN[2:]}

    def to_frame(self) -> pd.DataFrame:
        """The table as a pandas DataFrame, which the extra `local` brings."""
        import pandas as pd  # noqa: PLC0415 - an extra brings it

        return pd.DataFrame(list(self.table()))

    def as_dict(self) -> dict[str, Any]:
        """The report for programs, without the runs."""
        return {
            "workflow": self.about.get("workflow"),
            "method": self.about.get("method"),
            "source": self.about.get("source"),
            "manifest": str(self.path),
            "runs": self.total,
            "done": self.done,
            "failed": self.failed,
            "left": self.left,
            "gone": self.gone,
            "performed": self.performed,
            "seconds": round(self.seconds, 3),
            "causes": [cause.as_dict() for cause in self.causes],
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """The text, and as a table in HTML what a notebook shows."""
        from lolpop_graph.sweeps.text import page  # noqa: PLC0415 - few look

        del include, exclude
        return {"text/plain": str(self), "text/html": page(self)}

    def __str__(self) -> str:
        """The report in lines, as the command writes it."""
        from lolpop_graph.sweeps.text import lines  # noqa: PLC0415 - few look

        return "\n".join("".join(text for text, _ in line) for line in lines(self))

    def __repr__(self) -> str:
        """`<SweepReport runs/manifest.sqlite: 8 done, 1 failed>`."""
        left = f", {self.left:,} left" * bool(self.left)
        return f"<SweepReport {self.path}: {self.done:,} done, {self.failed:,} failed{left}>"
