"""A sweep that is carried out: what is missing is performed, and recorded as it comes."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from lolpop_graph.errors import Fault, Severity, WorkflowError
from lolpop_graph.faults import SweepChanged, SweepThere
from lolpop_graph.sweeps.design import Design
from lolpop_graph.sweeps.engines import engine_for
from lolpop_graph.sweeps.facts import differences, facts_of, whole
from lolpop_graph.sweeps.manifest import Manifest
from lolpop_graph.sweeps.report import SweepReport
from lolpop_graph.sweeps.task import Engine, Event, Outcome, Run, Task, Watch
from lolpop_graph.workflow import Plan


@dataclass(frozen=True)
class Sweep:
    """A sweep that is planned and checked, and of which nothing is run yet.

    `plan` is the workflow with what all runs have in common.
    """

    plan: Plan
    design: Design
    method: str
    arguments: Sequence[Any] = ()
    share: bool = True

    @property
    def notes(self) -> Sequence[Fault]:
        """Warnings: of the workflow, and of columns that nothing uses."""
        warnings = (each for each in self.plan.notes if each.severity is Severity.WARNING)
        return [*warnings, *self.design.notes]

    def runs(self) -> Iterator[Run]:
        """All runs, one after the other."""
        return self.design.runs()

    def carry_out(  # noqa: PLR0913 - each says one thing about the call, by keyword
        self,
        out: str | os.PathLike[str],
        *,
        on: Any = "processes",
        workers: int | None = None,
        insecure: bool = False,
        resume: bool = False,
        accept_changes: bool = False,
        first: int | None = None,
        watch: Watch | None = None,
    ) -> SweepReport:
        """Perform the runs and record them in the folder `out`; the arguments are those of `sweep`.

        Raises WorkflowError (LG836 to LG839), before anything runs, where nothing can be recorded
        there, or something else is.
        """
        start = time.perf_counter()
        engine = engine_for(on, workers=workers, insecure=insecure)
        with Manifest(Path(out)) as manifest:
            salt = manifest.salt()
            digest = self._agree(manifest, salt, resume=resume, accept_changes=accept_changes)
            recording = _Recording(manifest, digest, watch or _Nobody())
            try:
                self._perform(engine, recording, self.design.runs(salt), first)
            except BaseException as error:
                # The user is told what is on the disk, and no sooner than it is there.
                manifest.close()
                if note := _how_to_go_on(manifest.path, len(self.design)):
                    error.add_note(note)
                raise
        seconds = time.perf_counter() - start
        return SweepReport(
            manifest.path, performed=recording.performed, seconds=seconds, notes=self.notes
        )

    def _perform(
        self, engine: Engine, recording: _Recording, runs: Iterator[Run], first: int | None
    ) -> None:
        task = Task(self.plan.shipment, self.method, self.arguments, self.share)
        before = recording.manifest.counts()["done"]
        left = len(self.design) - before
        watch = recording.watch
        watch.begin(left if first is None else min(left, first), before)
        try:
            outcomes = engine.perform(task, islice(recording.missing(runs), first), recording.tell)
            with closing(outcomes):
                for outcome in outcomes:
                    recording.keep(outcome)
        finally:
            watch.end()

    def _agree(self, manifest: Manifest, salt: bytes, *, resume: bool, accept_changes: bool) -> str:
        """Let a manifest be of this sweep, or say why it cannot be; a hash of the workflow."""
        facts = facts_of(self.plan, self.design, self.method, self.arguments, salt)
        counts = manifest.counts()
        folder = str(manifest.path.parent)
        if any(counts.values()):
            done = counts["done"]
            if not resume:
                raise WorkflowError([SweepThere(folder=folder, done=done, failed=counts["failed"])])
            changed = differences(json.loads(manifest.about().get("facts", "{}")), facts)
            if changed and not accept_changes:
                fault = SweepChanged(folder=folder, what=changed, done=done)
                raise WorkflowError([self.plan.shown(fault)])
            manifest.list_again(self.design.runs(salt))
        manifest.describe(
            {
                "workflow": self.plan.document.name,
                "method": self.method,
                "source": self.design.source,
                "total": str(len(self.design)),
                "facts": json.dumps(facts),
            }
        )
        return whole(facts)


class _Recording:
    """The runs that are under way, and what becomes of them."""

    def __init__(self, manifest: Manifest, digest: str, watch: Watch) -> None:
        self.manifest = manifest
        self.watch = watch
        self.performed = 0
        self._digest = digest
        self._open: dict[int, Run] = {}

    def missing(self, runs: Iterable[Run]) -> Iterator[Run]:
        """Those of the runs that are not done."""
        for run in runs:
            if self.manifest.status(run.key) != "done":
                self._open[run.number] = run
                yield run

    def tell(self, event: Event) -> None:
        """Let the watch know which run a worker begins."""
        self.watch.begun(
            event.worker, None if event.number is None else self._open.get(event.number)
        )

    def keep(self, outcome: Outcome) -> None:
        """Record what came of a run."""
        run = self._open.pop(outcome.number)
        self.manifest.record(run, outcome, self._digest)
        self.performed += 1
        self.watch.ended(run, outcome)


class _Nobody:
    """A watch that does not look."""

    def begin(self, total: int, before: int) -> None:
        pass

    def begun(self, worker: str, run: Run | None) -> None:
        pass

    def ended(self, run: Run, outcome: Outcome) -> None:
        pass

    def end(self) -> None:
        pass


def _how_to_go_on(path: Path, total: int) -> str:
    """What is recorded, and how to go on with it; nothing where nothing is."""
    report = SweepReport(path)
    known = report.done + report.failed
    if not known:
        return ""
    recorded = f"{known:,} of {total:,} runs are recorded in {path.parent}"
    return f"{recorded}; the same call with --resume (`resume=True`) goes on"
