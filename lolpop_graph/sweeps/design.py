"""From rows, a grid and templates to runs: what each of them sets, one after the other."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import product
from typing import Any, Final

from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.faults import ColumnUnknown, ColumnUnused, SweepUndone, ValueUnfit
from lolpop_graph.secrecy import MASK, Secret, looks_secret
from lolpop_graph.sweeps.rows import Row, Rows
from lolpop_graph.sweeps.task import Run
from lolpop_graph.sweeps.templates import Template, as_data, unfit_within

_MOST_ROWS: Final = 5
_GRID: Final = "the grid"

Grid = Mapping[str, Sequence[Any]]
"""The values of each axis, by dotted path, or by a name that templates use."""


@dataclass(frozen=True)
class Design:
    """Which runs there are, and what each sets.

    `direct` are the columns and axes that set the path that they are called by, and `templates`
    the values in which columns are named; `constant` is what all runs set. `notes` are warnings.
    """

    rows: Rows | None
    grid: Grid
    direct: tuple[str, ...]
    templates: Mapping[str, Template]
    constant: Mapping[str, Any]
    used: tuple[str, ...]
    notes: Sequence[Fault] = ()
    _secret: frozenset[str] = field(default=frozenset(), repr=False)

    def __len__(self) -> int:
        """How many runs there are."""
        return (1 if self.rows is None else len(self.rows)) * math.prod(
            map(len, self.grid.values())
        )

    @property
    def source(self) -> str:
        """What the runs are made of, in words: `stores.csv x train.config.depth`."""
        names = [] if self.rows is None else [self.rows.name]
        return " x ".join([*names, *self.grid])

    def runs(self, salt: bytes = b"") -> Iterator[Run]:
        """The runs, in the order of the rows, and for each in that of the grid.

        Keys are made with a `salt`, so that they tell nothing of secret values.
        """
        seen: Counter[int] = Counter()
        number = 0
        axes = [[(axis, value) for value in values] for axis, values in self.grid.items()]
        for row in self.rows or [{}]:
            for chosen in product(*axes):
                yield self._run(number, {**row, **dict(chosen)}, seen, salt)
                number += 1

    def _run(self, number: int, values: Row, seen: Counter[int], salt: bytes) -> Run:
        given = {name: _bare(value) for name, value in values.items()}
        used = [[name, given[name]] for name in self.used if name in given]
        digest = blake2b(_text(used), digest_size=16, key=salt)
        # A number of eight bytes for each run is what is kept of the million that there may be.
        short = int.from_bytes(digest.digest()[:8], "big")
        seen[short] += 1
        again = f"-{seen[short]}" if seen[short] > 1 else ""
        hidden = {name for name in given if self._hides(name, values[name])}
        return Run(
            number=number,
            key=f"{digest.hexdigest()}{again}",
            overrides=self._overrides(given, hidden),
            parameters={name: MASK if name in hidden else given[name] for name in given},
        )

    def _overrides(self, given: Row, hidden: set[str]) -> dict[str, Any]:
        """What a run sets; a value with something secret in it is secret as a whole."""
        found: dict[str, Any] = {}
        for name in self.direct:
            if name in given:
                # A grid is written by who writes the workflow, and may have references.
                value = given[name] if name in self.grid else as_data(given[name])
                found[name] = Secret(value) if name in hidden else value
        for path, template in self.templates.items():
            value = template.filled(given)
            is_hidden = any(name in hidden for name in template.columns)
            found[path] = Secret(_bare(value)) if is_hidden else value
        return found

    def _hides(self, name: str, value: object) -> bool:
        return isinstance(value, Secret) or name in self._secret


def design(
    rows: Rows | None, grid: Grid, settings: Mapping[str, Any], leads: Callable[[str], bool]
) -> Design:
    """Find out what sets what; `leads` says whether a dotted path leads into the workflow.

    Raises WorkflowError with all that is wrong: columns that are not there (LG832), values that
    cannot stand where they should (LG833), and what sets nothing (LG834).
    """
    columns = () if rows is None else rows.columns
    templates = {path: Template(value) for path, value in settings.items()}
    filled = {path: template for path, template in templates.items() if template.columns}
    named = {name for template in filled.values() for name in template.columns}
    is_path = {name: "." in name and (name in grid or leads(name)) for name in (*columns, *grid)}
    direct = [name for name, can in is_path.items() if can and name not in settings]
    used = [name for name in is_path if name in direct or name in named]
    idle = tuple(name for name in columns if name not in used)
    # A misspelt column leaves the one that is meant without use.
    unknown = [*_unknown(filled, is_path)]
    idle_axes = [] if unknown else [axis for axis in grid if axis not in used]
    found = [
        *unknown,
        *_impossible(rows, grid),
        *_idle(idle_axes, settings),
        *([] if unknown else _without_use(rows, grid, used)),
    ]
    if found:
        raise WorkflowError(found)
    made = Design(
        rows=rows,
        grid=grid,
        direct=tuple(direct),
        templates=filled,
        # Templates make `{` of `{{`, and so do constants.
        constant={p: each.filled({}) for p, each in templates.items() if not each.columns},
        used=tuple(used),
        notes=[ColumnUnused(source=rows.name, columns=idle)] if idle and rows else [],
        _secret=frozenset(_secret_names(is_path, filled)),
    )
    if found := [*_unfit(made)]:
        raise WorkflowError(found)
    return made


def _secret_names(names: Mapping[str, bool], templates: Mapping[str, Template]) -> Iterator[str]:
    """The columns whose names, or the names of what they set as a whole, look secret."""
    yield from (name for name in names if looks_secret(name.rpartition(".")[2]))
    for path, template in templates.items():
        if looks_secret(path.rpartition(".")[2]):
            yield from template.columns


def _unknown(templates: Mapping[str, Template], known: Mapping[str, bool]) -> Iterator[Fault]:
    for path, template in templates.items():
        for column in template.columns:
            if column not in known:
                yield ColumnUnknown(path=path, column=column, known=tuple(known))


def _impossible(rows: Rows | None, grid: Grid) -> Iterator[Fault]:
    """What is wrong with the axes of a grid."""
    for axis, values in grid.items():
        if rows is not None and axis in rows.columns:
            reason = f"`{axis}` is an axis of the grid, and a column of `{rows.name}` as well"
            yield SweepUndone(reason=reason, remedy="rename or take away one of the two")
        if not values:
            yield SweepUndone(reason=f"the axis `{axis}` of the grid has no value")


def _idle(axes: Iterable[str], settings: Mapping[str, Any]) -> Iterator[Fault]:
    """The axes of a grid that change nothing."""
    for axis in axes:
        if axis in settings:
            problem = "is set beside it as well"
            remedy = f"take away one of the two, or write `{{{axis}}}` in the value that is set"
        else:
            problem = "sets nothing"
            remedy = (
                "call it by the path that it sets, such as `train.config.depth`, or write "
                f"`{{{axis}}}` in a value of --set"
            )
        yield SweepUndone(reason=f"the axis `{axis}` of the grid {problem}", remedy=remedy)


def _without_use(rows: Rows | None, grid: Grid, used: Sequence[str]) -> Iterator[Fault]:
    if rows is None and not grid:
        remedy = "give a table by --over, or a grid by --grid train.config.depth=4,8,16"
        yield SweepUndone(reason="there is nothing to sweep over", remedy=remedy)
    elif rows is not None and not any(name in rows.columns for name in used):
        first = rows.columns[0] if rows.columns else "column"
        remedy = (
            f"write `{{{first}}}` in a value of --set, or call columns by the paths that they set, "
            "such as `train.config.depth`"
        )
        reason = f"no column of `{rows.name}` sets anything, so that all its runs would be the same"
        yield SweepUndone(reason=reason, remedy=remedy)


def _unfit(made: Design) -> Iterator[Fault]:
    """The values that cannot stand where a template has them; all rows are looked at."""
    needed = {name for template in made.templates.values() for name in template.columns}
    inner = {name for template in made.templates.values() for name in template.inner}
    found: dict[tuple[str, str], list[int]] = {}
    for axis in inner & made.grid.keys():
        for number, value in enumerate(made.grid[axis], start=1):
            if reason := unfit_within(_bare(value)):
                found.setdefault((axis, reason), []).append(number)
    yield from _told(found, _GRID)
    found.clear()
    if made.rows is None or not needed - made.grid.keys():
        return
    for number, row in enumerate(made.rows, start=1):
        for column in needed - made.grid.keys():
            reason = "is missing"
            if column in row:
                reason = unfit_within(_bare(row[column])) if column in inner else ""
            if reason:
                found.setdefault((column, reason), []).append(number)
    yield from _told(found, made.rows.name)


def _told(found: Mapping[tuple[str, str], list[int]], source: str) -> Iterator[Fault]:
    for (column, reason), rows in sorted(found.items()):
        yield ValueUnfit(
            source=source,
            column=column,
            rows=tuple(rows[:_MOST_ROWS]),
            count=len(rows),
            reason=f"{reason}, and is to stand within a text," if column else reason,
            remedy="fill it in, or take these rows away",
        )


def _bare(value: Any) -> Any:
    return value.value if isinstance(value, Secret) else value


def _text(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
