"""The engine for Dask: each run comes to one outcome, whatever dies, on workers that are shared."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import lolpop_graph as lg
from lolpop_graph.remote.cluster.connection import connected
from lolpop_graph.remote.worker.control import owners_here
from lolpop_graph.sweeps.dask import OnDask
from lolpop_graph.sweeps.task import Event, Outcome, Run, Task
from tests.pool_toys import Doer


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Two workers of this machine, for all tests."""
    with connected("dask", workers=2) as client:
        yield client


def task(log: Path) -> Task:
    """A task whose runs are noted in a file."""
    conf = {"runner": "Doer", "config": {"log": str(log)}}
    return Task(lg.plan(conf, classes=[Doer]).shipment)


def runs(deeds: list[str]) -> Iterator[Run]:
    """A run for each deed."""
    for number, what in enumerate(deeds):
        overrides = {"config.n": number, "config.what": what}
        yield Run(number, str(number), overrides, {"n": number})


def tries(log: Path) -> Counter[int]:
    """How often each run was begun."""
    return Counter(int(line.split()[0]) for line in log.read_text().splitlines())


def performed(on: Any, task: Task, runs: Iterator[Run], events: list[Event]) -> dict[int, Outcome]:
    """The outcomes by number, of which each comes once."""
    found = [*OnDask(on, 2).perform(task, runs, events.append)]
    assert len({each.number for each in found}) == len(found)
    return {each.number: each for each in sorted(found, key=lambda each: each.number)}


def test_each_run_comes_to_one_outcome(client: Any, tmp_path: Path) -> None:
    """Several hundred runs: each is done once, by workers that are told of."""
    events: list[Event] = []
    found = performed(client, task(tmp_path / "log"), runs(["nothing"] * 300), events)
    assert [*found] == [*range(300)]
    assert all(one.status == "done" and one.metrics["n"] == n for n, one in found.items())
    assert tries(tmp_path / "log") == Counter(range(300))
    workers = {one.worker for one in found.values()}
    assert workers == set(client.nthreads()) == {event.worker for event in events}


def test_runs_that_fail_harm_no_other(client: Any, tmp_path: Path) -> None:
    """An error is an outcome like others, and is not tried again."""
    found = performed(client, task(tmp_path / "log"), runs(["nothing", "fail", "nothing"]), [])
    assert [one.status for one in found.values()] == ["done", "failed", "done"]
    assert found[1].failure
    assert found[1].failure.kind == "ValueError"
    assert tries(tmp_path / "log")[1] == 1


def test_a_run_that_dies_is_tried_three_times(tmp_path: Path) -> None:
    """A run that kills its worker each time fails at the third, and harms no other."""
    deeds = ["nothing", "nothing", "kill", "nothing", "fail", "nothing"]
    found = performed("dask", task(tmp_path / "log"), runs(deeds), [])
    statuses = [one.status for one in found.values()]
    assert statuses == ["done", "done", "failed", "done", "failed", "done"]
    assert found[2].failure
    assert found[2].failure.kind == "WorkerDied"
    assert tries(tmp_path / "log")[2] == 3


def test_a_sweep_takes_a_client(client: Any, tmp_path: Path) -> None:
    """`lg.sweep` runs on workers that are there, by a client of theirs."""
    conf = {"runner": "Doer", "config": {"what": "nothing", "log": str(tmp_path / "log")}}
    grid = {"config.n": [1, 2, 3]}
    report = lg.sweep(conf, "main", grid=grid, out=tmp_path / "runs", on=client, classes=[Doer])
    assert sorted(tries(tmp_path / "log")) == [1, 2, 3]
    assert report.done == 3


def test_what_runs_is_interrupted_and_closed(client: Any, tmp_path: Path) -> None:
    """A sweep that ends before its time leaves nothing behind on workers that go on."""
    closed = tmp_path / "closed"
    conf = {"runner": "Doer", "config": {"log": str(tmp_path / "log"), "closed": str(closed)}}
    task = Task(lg.plan(conf, classes=[Doer]).shipment)
    events: list[Event] = []

    def told(event: Event) -> None:
        events.append(event)
        if event.number == 1:
            raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        list(OnDask(client).perform(task, runs(["work"] * 2), told))
    while not closed.exists() or sorted(closed.read_text().split()) != ["0", "1"]:
        assert time.monotonic() - began < 30
        time.sleep(0.05)
    assert client.run(owners_here) == {worker: set() for worker in client.nthreads()}


def test_an_interrupt_of_a_run_is_its_failure(client: Any, tmp_path: Path) -> None:
    """A run that raises KeyboardInterrupt itself ends neither its worker nor others."""
    found = performed(client, task(tmp_path / "log"), runs(["interrupt", "nothing"]), [])
    assert [one.status for one in found.values()] == ["failed", "done"]
    assert found[0].failure
    assert found[0].failure.kind == "KeyboardInterrupt"
    assert tries(tmp_path / "log")[0] == 1


class Greedy(lg.BasePipeline):
    """A pipeline of which the document asks for what few workers have."""


def test_a_run_waits_for_what_its_pipelines_need(client: Any, tmp_path: Path) -> None:
    """Workers without a resource are refused at once; those of this machine have it."""
    block = {"resources": {"GPU": 1}}
    conf = {"runner": "Doer", "pipeline": {"one": "Greedy"}, "one": block}
    plan = lg.plan({**conf, "config": {"log": str(tmp_path / "log")}}, classes=[Doer, Greedy])
    with pytest.raises(lg.WorkflowError, match="LG829") as error:
        performed(client, Task(plan.shipment), runs(["nothing"]), [])
    assert len(error.value.faults) == 1
    assert performed("dask", Task(plan.shipment), runs(["nothing"]), [])[0].status == "done"


def test_what_does_not_pickle_is_refused(client: Any, tmp_path: Path) -> None:
    """An argument that cannot be sent is told before anything runs."""
    conf = {"runner": "Doer", "config": {"log": str(tmp_path / "log")}}
    sent = Task(lg.plan(conf, classes=[Doer]).shipment, arguments=[threading.Lock()])
    with pytest.raises(lg.WorkflowError, match="LG822"):
        performed(client, sent, runs(["nothing"]), [])


class Clinging(lg.BaseComponent):
    """Is the same for all runs, and does not let go."""

    def setup(self) -> None:
        """Take long."""

    def close(self) -> None:
        """Fail."""
        raise OSError("stuck")


class Idle(lg.BaseRunner):
    """Does nothing."""

    def main(self) -> None:
        """Nothing."""


def test_what_closes_last_is_told(client: Any, caplog: pytest.LogCaptureFixture) -> None:
    """What raises when workers close what their last runs have shared is a line in the log."""
    conf = {"runner": "Idle", "component": {"clinging": "Clinging"}}
    task = Task(lg.plan(conf, classes=[Idle, Clinging]).shipment)
    found = performed(client, task, runs(["nothing"] * 3), [])
    assert [one.status for one in found.values()] == ["done"] * 3
    told = [record.getMessage() for record in caplog.records if "stuck" in record.getMessage()]
    assert 1 <= len(told) <= 2
    assert all("left open to be shared, raised while it was closed" in line for line in told)
