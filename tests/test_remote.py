"""One run of which the pipelines live on workers: the same results, by the same runner."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

import lolpop_graph as lg
from lolpop_graph.cli import main
from lolpop_graph.tracebacks import users_traceback


class Tracker(lg.BaseComponent):
    """Remembers the types of what it is given."""

    def track(self, value: Any) -> type:
        """The type of a value."""
        return type(value)


class Process(lg.BasePipeline):
    """Makes rows."""

    def run(self, count: int) -> tuple[list[int], int]:
        """Some rows, and the process that made them."""
        return list(range(count)), os.getpid()

    def fail(self) -> None:
        """Raise what runners may want to catch."""
        raise LookupError("no such row")


class Train(lg.BasePipeline):
    """Makes a metric of rows."""

    def fit(self, rows: list[int]) -> dict[str, float]:
        """A metric that grows with the rows."""
        return {"auc": len(rows) / 10}


class Runner(lg.BaseRunner):
    """Knows nothing of where its pipelines live."""

    def main(self) -> dict[str, Any]:
        """What came of it."""
        rows, pid = self.process.run(9)
        metrics = self.train.fit(rows)
        try:
            self.process.fail()
            self.process.run(1)
            caught = ""
        except LookupError as error:
            caught = str(error)
        return {
            "pid": int(pid),
            "is_good": metrics["auc"] > 0.8,
            "tracked": self.tracker.track(metrics),
            "caught": caught,
        }

    def metrics(self) -> list[Any]:
        """What is not looked at here, made by way of another method."""
        return [self.fitted(), self.train.fit([1])]

    def fitted(self) -> Any:
        """The metric of two rows."""
        return self.train.fit([1, 2])

    def failed(self) -> list[Any]:
        """What fails is not looked at here."""
        return [self.process.fail(), self.train.fit([1])]


CONF = {
    "runner": "Runner",
    "component": {"tracker": "Tracker"},
    "pipeline": {"process": "Process", "train": "Train"},
}


def test_a_runner_does_the_same_with_pipelines_on_workers() -> None:
    """Branches are taken by values, components are given values, failures are caught."""
    classes = [Runner, Tracker, Process, Train]
    with lg.build(CONF, classes=classes) as workflow:
        here = workflow.root.main()
    with lg.build(CONF, classes=classes, on="dask", workers=1) as workflow:
        there = workflow.root.main()
    assert there.pop("pid") != here.pop("pid") == os.getpid()
    assert there == here == {"is_good": True, "tracked": dict, "caught": "no such row"}


def test_who_calls_the_root_gets_values() -> None:
    """Scripts can write what a runner returns as JSON; failures tell of the worker's code."""
    classes = [Runner, Tracker, Process, Train]
    with lg.build(CONF, classes=classes, on="dask", workers=1) as workflow:
        assert json.dumps(workflow.root.metrics()) == '[{"auc": 0.2}, {"auc": 0.1}]'
        with pytest.raises(LookupError) as caught:
            workflow.root.failed()
    assert "in fail" in users_traceback(caught.value.with_traceback(None))


def test_a_flat_workflow_has_nothing_to_put_on_workers() -> None:
    """The layer has to be named then."""
    with pytest.raises(lg.WorkflowError, match="LG823"):
        lg.build({"component": {"tracker": "Tracker"}}, classes=[Tracker], on="dask",
                 framework={"runner": {"component": None}})  # fmt: skip


@pytest.mark.parametrize("option", ["--workers=2", "--eager", "--remote-layer=pipeline"])
def test_words_on_workers_need_some(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is said of workers where there are none is refused, and not left out in silence."""
    assert main(["run", "workflow.yaml", option]) == 2
    assert "--on names where those are" in capsys.readouterr().err
    with pytest.raises(TypeError, match="`workers` says something of workers"):
        lg.build(CONF, classes=[Runner, Tracker, Process, Train], workers=2)
