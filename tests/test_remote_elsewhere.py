"""Workers that somebody else has started: what goes there, what comes back, what stays secret."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask
import pytest

import lolpop_graph as lg
from lolpop_graph import faults as f
from tests.clusters import Elsewhere, certificate, elsewhere, free_port
from tests.test_remote_cluster import build

CANARY = "kanarienvogel"


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    """A scheduler with TLS, with a worker that has SOURCE and one of two threads that has SINK."""
    folder = tmp_path_factory.mktemp("cluster")
    with elsewhere(folder, PLACE="there", ELSEWHERE_TOKEN=f"{CANARY} env") as machines:
        machines.start_worker("SOURCE")
        machines.start_worker("SINK", threads=2)
        yield machines


@pytest.fixture
def cluster(machines: Elsewhere) -> str:
    """The address of the scheduler."""
    return machines.address


PLACED = {"source": {"resources": {"SOURCE": 1}}, "sink": {"resources": {"SINK": 1}}}


def _moved(dask_worker: Any) -> tuple[str, int, int]:
    received = sum(each["total"] for each in dask_worker.transfer_incoming_log)
    return dask_worker.name, dask_worker.transfer_outgoing_bytes_total, received


def test_data_does_not_pass_through_the_driver(cluster: str) -> None:
    """50 MB go from one worker to another, and these are all that the first has sent."""
    size = 50_000_000
    with build(cluster, PLACED, workers=2) as workflow:
        client = workflow._builder.session.client  # type: ignore[attr-defined]
        before = {name: moved for name, *moved in client.run(_moved).values()}
        counted, pid = workflow.root.carry(size)
        assert counted == size
        assert pid != workflow.root.source.pid()
        after = {name: moved for name, *moved in client.run(_moved).values()}
    sent, received = after["SOURCE"][0] - before["SOURCE"][0], after["SINK"][1] - before["SINK"][1]
    assert size <= received <= size * 1.01
    assert sent <= size * 1.01


def test_faults_of_workers_are_told_before_anything_runs(
    cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable that the driver alone has, and resources that nobody has."""
    monkeypatch.setenv("ONLY_HERE", "1")
    with pytest.raises(lg.WorkflowError, match="ONLY_HERE"):
        build(cluster, {"config": {"place": "${env:ONLY_HERE}"}})
    with pytest.raises(lg.WorkflowError, match="SINK=2") as caught:
        build(cluster, {"sink": {"resources": {"SINK": 2}}})
    assert [type(fault) for fault in caught.value.faults] == [f.NoResource]


def test_the_environment_is_that_of_the_worker(
    cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reference to the environment travels as it is written."""
    monkeypatch.setenv("PLACE", "here")
    conf = {"config": {"place": "${env:PLACE}"}}
    with build(cluster, conf, workers=2) as workflow:
        assert workflow.root.source.environment() == "there"


def test_workflows_are_closed_at_the_end_of_a_run(cluster: str, tmp_path: Path) -> None:
    """Each worker that has built it closes it once."""
    told = tmp_path / "told"
    with build(cluster, {**PLACED, "config": {"told": str(told)}}) as workflow:
        pids = {int(workflow.root.source.pid()), workflow.root.sink.size(b"")[1]}
        assert not told.exists()
    assert sorted(told.read_text().split()) == sorted(map(str, pids))


def test_strangers_are_not_spoken_to(cluster: str, tmp_path: Path) -> None:
    """Other certificates, none at all, another port, and a plain address of another machine."""
    reasons = {}
    with dask.config.set(certificate(tmp_path / "others")):
        reasons["others"] = refusal(cluster)
    with dask.config.set({"distributed.comm.tls.ca-file": None}):
        reasons["none"] = refusal(cluster)
    with dask.config.set({"distributed.comm.timeouts.connect": "300ms"}):
        reasons["silent"] = refusal(f"tls://127.0.0.1:{free_port()}")
    assert {name: fault.reason for name, fault in reasons.items()} == {
        "others": "certificates", "none": "no certificates", "silent": "silent",
    }  # fmt: skip
    assert isinstance(refusal("tcp://10.1.2.3:8786"), f.Unencrypted)


def refusal(address: str) -> Any:
    """The fault of a build on a scheduler."""
    with pytest.raises(lg.WorkflowError) as caught:
        build(address)
    (fault,) = caught.value.faults
    assert fault.cure
    return fault


WORK = """
import os
import time
from pathlib import Path

import lolpop_graph as lg


class Flow(lg.BaseRunner):
    pass


class Work(lg.BasePipeline):
    __SECRET_CONF__ = ["phrase"]

    def pid(self):
        return os.getpid()

    def flaky(self, notes, times):
        with open(notes, "a") as file:
            file.write("called ")
        count = len(Path(notes).read_text().split())
        if count <= times:
            raise ConnectionError("not yet")
        return count

    def nap(self, seconds):
        begin = time.time()
        time.sleep(seconds)
        return begin, time.time(), os.getpid()

    def mark(self, notes, seconds):
        for _ in range(round(seconds * 100)):
            time.sleep(0.01)
        Path(notes).write_text("done")

    def fail(self, what):
        raise LookupError(what)

    def rows(self, count):
        return list(range(count))

    def tell(self, key):
        raise ValueError(f"it is {self._get_config(key)}")

    def close(self):
        with open(self._get_config("told"), "a") as file:
            file.write(f"{os.getpid()} ")


class Broken(Work):
    def setup(self):
        self.tell("phrase")
"""


def written(folder: Path, blocks: dict[str, Any], **config: Any) -> str:
    """A file with a workflow of the plug-in of this page, with what its blocks say."""
    (folder / "work.py").write_text(WORK, encoding="utf-8")
    path = folder / f"workflow_{len([*folder.glob('*.yaml')])}.yaml"
    config = {"plugin_paths": ["work.py"], "told": str(folder / "told"), **config}
    conf = {"runner": "Flow", "pipeline": dict.fromkeys(blocks, "Work"), "config": config}
    path.write_text(json.dumps({**conf, **blocks}), encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def many(machines: Elsewhere, tmp_path_factory: pytest.TempPathFactory) -> Iterator[lg.Workflow]:
    """A workflow whose pipelines run on whichever worker."""
    path = written(tmp_path_factory.mktemp("many"), {"work": {"retries": 2}, "other": {}})
    with lg.build(path, on=machines.address, workers=2) as workflow:
        yield workflow


def test_a_worker_that_differs_later_refuses(cluster: str, tmp_path: Path) -> None:
    """What was the same before the run, and is not at the first call there, is not run."""
    path = written(tmp_path, PLACED)
    with lg.build(path, on=cluster, workers=2) as workflow:
        first = workflow.root.source.pid()
        assert first == workflow.root.source.pid()
        (tmp_path / "work.py").write_text(f"{WORK}\n# another one\n", encoding="utf-8")
        with pytest.raises(lg.WorkflowError, match=r"LG821.*work\.py"):
            int(workflow.root.sink.pid())
        assert first == workflow.root.source.pid()


def test_calls_are_tried_again_as_often_as_the_block_says(
    many: lg.Workflow, tmp_path: Path
) -> None:
    """Two retries are for a call that raises twice, and for none that raises three times."""
    work, other = many.root.work, many.root.other
    assert work.flaky(str(tmp_path / "twice"), 2) == 3
    with pytest.raises(ConnectionError):
        int(work.flaky(str(tmp_path / "always"), 3))
    with pytest.raises(ConnectionError):
        int(other.flaky(str(tmp_path / "once"), 1))


@pytest.mark.parametrize(("amount", "is_together"), [(1, False), (0.5, True)])
def test_calls_wait_for_the_resources_of_their_worker(
    cluster: str, tmp_path: Path, amount: float, *, is_together: bool
) -> None:
    """A worker of two threads does two calls at once if it has what both of them need."""
    paths = [written(tmp_path, {"work": {"resources": {"SINK": amount}}}, n=n) for n in range(2)]
    with (
        lg.build(paths[0], on=cluster, workers=2) as one,
        lg.build(paths[1], on=cluster, workers=2) as two,
    ):
        naps = [each.root.work.nap(0) for each in (one, two)]
        assert len({pid for _, _, pid in naps}) == 1
        naps = [each.root.work.nap(0.15) for each in (one, two)]
        (_, first_end, _), (second_begin, _, _) = sorted(tuple(each) for each in naps)
        assert (second_begin < first_end) is is_together


def test_independent_calls_overlap(many: lg.Workflow) -> None:
    """Twenty calls on two workers take the time of about ten."""
    naps = [many.root.work.nap(0.04) for _ in range(20)]
    spans = sorted((begin, end, pid) for begin, end, pid in naps)
    assert len({pid for _, _, pid in spans}) == 2
    done_at_once = [sum(begin < other < end for other, *_ in spans) for begin, end, _ in spans[:-1]]
    assert sum(map(bool, done_at_once)) >= 7


def test_the_first_failure_ends_the_rest(cluster: str, tmp_path: Path) -> None:
    """The first one of all is raised; calls that have not ended by then never do."""
    path = written(tmp_path, {"work": {"resources": {"SINK": 0.5}}})
    workflow = lg.build(path, on=cluster, workers=2)
    work = workflow.root.work
    failing = [work.fail("first"), work.fail("second")]
    kept = [work.mark(str(tmp_path / f"{number}.txt"), 0.4) for number in range(8)]
    with pytest.raises(LookupError, match="first"), workflow:
        len(failing[1])
    assert len(kept) == 8
    time.sleep(0.5)
    assert not [*tmp_path.glob("*.txt")]


def test_nothing_is_left_of_calls_that_nobody_asks_for(many: lg.Workflow) -> None:
    """Neither of results nor of failures, in the driver, the scheduler and the workers."""
    work, client = many.root.work, many._builder.session.client  # type: ignore[attr-defined]
    for _ in range(20):
        len(work.rows(3))
        one, two = many.root.other.rows(2)
        with pytest.raises(LookupError):
            work.fail("caught")
    assert [one, two] == [0, 1]
    del one, two
    gc.collect()
    many.root.other.rows(1)
    left: Any = 1
    for _ in range(100):
        left = client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))
        left += sum(client.run(lambda dask_worker: len(dask_worker.state.tasks)).values())
        if not left:
            break
    assert left == 0
    assert not client.futures


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A workflow with secrets of each kind, by the keys `env`, `tag` and `phrase`."""
    monkeypatch.setenv("ELSEWHERE_TOKEN", f"{CANARY} env")
    path = Path(written(tmp_path, {"work": {}}, phrase=f"{CANARY} key"))
    text = path.read_text(encoding="utf-8").replace(
        '"told"', f'"env": "${{env:ELSEWHERE_TOKEN}}", "tag": !secret "{CANARY} tag", "told"'
    )
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_secrets_are_in_no_log_of_workers(machines: Elsewhere, secrets: str) -> None:
    """Not in what scheduler and workers log or know of tasks, and in no note of a failure."""
    with lg.build(secrets, on=machines.address, workers=2) as workflow:
        client = workflow._builder.session.client  # type: ignore[attr-defined]
        kept = []
        for key in ("env", "tag", "phrase"):
            failing = workflow.root.work.tell(key)
            with pytest.raises(ValueError, match=CANARY) as caught:
                len(failing)
            kept += [failing, caught.value.__notes__]
        known = client.run_on_scheduler(_all_of_tasks), client.run(_all_of_worker_tasks)
        said = [known, kept[1::2], client.get_events(), client.get_worker_logs()]
    assert "work.tell" in str(known)
    assert CANARY not in str(said)
    log = machines.log.read_text(encoding="utf-8")
    assert "distributed" in log
    assert CANARY not in log


def _all_of_tasks(dask_scheduler: Any) -> list[str]:
    tasks = dask_scheduler.tasks.values()
    return [str((task, task.exception_text, task.traceback_text)) for task in tasks]


def _all_of_worker_tasks(dask_worker: Any) -> list[str]:
    tasks = dask_worker.state.tasks.values()
    return [str((task, task.exception_text, task.traceback_text)) for task in tasks]


def test_a_setup_that_fails_there_tells_no_secret(cluster: str, secrets: str) -> None:
    """Its traceback is a note of the error, without the values of secrets."""
    with (
        pytest.raises(lg.WorkflowError, match="LG701") as caught,
        lg.build([secrets, {"pipeline": {"work": "Broken"}}], on=cluster) as workflow,
    ):
        int(workflow.root.work.pid())
    notes = str(caught.value.__notes__)
    assert "in tell" in notes
    assert CANARY not in f"{caught.value} {notes}"


def test_a_worker_that_came_late_closes_what_it_keeps(machines: Elsewhere, tmp_path: Path) -> None:
    """It was not there when the run began, and is shut down in an orderly way within it."""
    path = written(tmp_path, {"work": {}})
    with lg.build(path, on=machines.address, workers=2) as workflow:
        late = machines.start_worker("LATE")
        seen: set[int] = set()
        while late.pid not in seen:
            seen |= {pid for _, _, pid in [workflow.root.work.nap(0.02) for _ in range(6)]}
        late.terminate()
        late.wait()
        assert (tmp_path / "told").read_text().split() == [str(late.pid)]
