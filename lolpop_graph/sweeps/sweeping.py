"""The story of a sweep: what is given is planned, the first run is checked, all are carried out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final, Unpack

from lolpop_graph.errors import WorkflowError
from lolpop_graph.faults import SweepUndone
from lolpop_graph.methods import class_with
from lolpop_graph.planning import Confs, Options
from lolpop_graph.sweeps.carrying import Sweep
from lolpop_graph.sweeps.design import Design, design
from lolpop_graph.sweeps.over import Over, read_rows
from lolpop_graph.sweeps.plain import UnfitError, plain_value
from lolpop_graph.sweeps.report import SweepReport
from lolpop_graph.sweeps.section import leads, section_of
from lolpop_graph.sweeps.task import Watch
from lolpop_graph.sweeps.templates import Template
from lolpop_graph.workflow import Plan
from lolpop_graph.workflow import plan as make_plan

_TRIES: Final = 20
"""How many runs are planned at most to find one that is in order, before any is performed."""


def prepare(  # noqa: PLR0913 - each says one thing about the sweep, by keyword
    confs: Confs,
    method: str | None = None,
    *,
    over: Over | None = None,
    grid: Mapping[str, Iterable[Any]] | None = None,
    overrides: Mapping[str, Any] | None = None,
    arguments: Sequence[Any] = (),
    share: bool = True,
    **options: Unpack[Options],
) -> Sweep:
    """Plan a sweep and check it, as `sweep` does, and run nothing.

    What the call says wins over the workflow's own section `sweep`: `over` and `method` replace
    what stands there, `grid` and `overrides` are laid over it path by path.
    """
    given = dict(overrides or {})
    first = make_plan(confs, overrides=_constant(given), **options)
    made = _designed(first, over, grid or {}, given)
    plan = make_plan(confs, overrides=made.constant, **options)
    called = method or section_of(first).method or "main"
    swept = Sweep(plan, made, called, tuple(arguments), share)
    _fail_unless_sound(swept)
    return swept


def sweep(  # noqa: PLR0913 - each says one thing about the sweep, by keyword
    confs: Confs,
    method: str | None = None,
    *,
    out: str | os.PathLike[str],
    over: Over | None = None,
    grid: Mapping[str, Iterable[Any]] | None = None,
    overrides: Mapping[str, Any] | None = None,
    arguments: Sequence[Any] = (),
    on: Any = "processes",
    workers: int | None = None,
    insecure: bool = False,
    resume: bool = False,
    accept_changes: bool = False,
    share: bool = True,
    first: int | None = None,
    watch: Watch | None = None,
    **options: Unpack[Options],
) -> SweepReport:
    """Run a workflow many times, record each run in the folder `out`, and report what came of it.

    `confs` are files and mappings as `plan` takes them, and `method` (main) is called on the root
    of each run's workflow, with `arguments`. `over` is a CSV, Parquet or JSON-lines file, mappings
    or a pandas DataFrame, with a run in each row; `grid` has lists of values by dotted path, of
    which all combinations are run, for each row where there are rows too. `overrides` are values by
    dotted path, in whose texts `{column}` stands for what a row or the grid has. A column that is
    called by a dotted path sets that path. The workflow's own section `sweep` may say all of these.

    `on` is `processes` of this machine (`workers` of them, or one a core), `none` for this process
    itself, `dask` for workers of Dask's on this machine, or a scheduler of Dask's: its address, a
    client, a cluster. What does not differ from one run to the next is built once in each worker,
    unless `share` is false. Where `out` has a sweep already, `resume` runs what is missing or
    failed; a workflow that has changed since is refused, unless the call is to
    `accept_changes`. No more runs are performed than `first`.

    A run that fails stops nothing and is in the report. Raises WorkflowError, before anything runs,
    for what is wrong with the table, the grid, the workflow or the folder.
    """
    swept = prepare(
        confs,
        method,
        over=over,
        grid=grid,
        overrides=overrides,
        arguments=arguments,
        share=share,
        **options,
    )
    return swept.carry_out(
        out,
        on=on,
        workers=workers,
        insecure=insecure,
        resume=resume,
        accept_changes=accept_changes,
        first=first,
        watch=watch,
    )


def _constant(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What settings lay on top of all runs alike."""
    templates = {path: Template(value) for path, value in settings.items()}
    return {path: each.filled({}) for path, each in templates.items() if not each.columns}


def _designed(
    plan: Plan, over: Over | None, grid: Mapping[str, Iterable[Any]], settings: Mapping[str, Any]
) -> Design:
    """Which runs there are: what the call says, over what the workflow says."""
    said = section_of(plan)
    source = said.over if over is None else over
    rows = None if source is None else read_rows(source)
    axes = {axis: _values(axis, values) for axis, values in {**said.grid, **grid}.items()}
    root = plan.integrations[0]
    return design(rows, axes, {**said.settings, **settings}, lambda path: leads(root, path))


def _values(axis: str, values: Any) -> list[Any]:
    """The values of an axis; WorkflowError (LG834) for what is no list of plain values."""
    reason = ""
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        reason = f"the axis `{axis}` of the grid is no list of values"
    else:
        try:
            return [plain_value(value) for value in values]
        except UnfitError as error:
            reason = f"the axis `{axis}` of the grid has {error} in it"
    raise WorkflowError([SweepUndone(reason=reason)])


def _fail_unless_sound(swept: Sweep) -> None:
    """Raise what is wrong with the first run, unless one of the next is in order.

    What is wrong with all is told once and before anything runs; what is wrong with some rows is
    a failure of theirs.
    """
    first: WorkflowError | None = None
    shipment = swept.plan.shipment
    for run in islice(swept.runs(), _TRIES):
        try:
            class_with(shipment.plan(run.overrides), swept.method)
        except WorkflowError as error:
            first = first or error
        else:
            return
    if first is not None:
        raise first
