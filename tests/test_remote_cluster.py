"""Workers of this machine and of a scheduler with TLS: who reaches them, how they live and die."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

import lolpop_graph as lg
from lolpop_graph import faults as f

CANARY = "kanarienvogel"
ROOT = Path(__file__).parent.parent


class Source(lg.BasePipeline):
    """Makes bytes, and does what processes should not."""

    def make(self, size: int) -> bytes:
        """So many bytes."""
        return bytes(size)

    def pid(self) -> int:
        """The process that does this."""
        return os.getpid()

    def talk(self, word: str) -> None:
        """Say a word, in two ways."""
        print(f"printed {word}")  # noqa: T201 - what users do
        logging.getLogger("mine").warning("logged %s", word)

    def tell(self) -> str:
        """Something secret, which no exception should tell."""
        raise ValueError(self._get_config("token"))

    def die(self) -> None:
        """End the process."""
        os._exit(3)

    def environment(self) -> str:
        """What the process finds in its environment."""
        return str(self._get_config("place"))


class Sink(lg.BasePipeline):
    """Takes bytes."""

    def setup(self) -> None:
        """Remember where to tell of the end."""
        self.told = self._get_config("told")

    def size(self, content: bytes) -> tuple[int, int]:
        """How many bytes they are, and the process that counts them."""
        return len(content), os.getpid()

    def close(self) -> None:
        """Tell of the end."""
        if self.told:
            with Path(self.told).open("a", encoding="utf-8") as file:
                file.write(f"{os.getpid()}\n")


class Runner(lg.BaseRunner):
    """Has the two."""

    def carry(self, size: int) -> tuple[int, int]:
        """Give to one what the other makes."""
        content = self.source.make(size)
        return self.sink.size(content)


CLASSES = [Runner, Source, Sink]
CONF: dict[str, Any] = {
    "runner": "Runner",
    "pipeline": {"source": "Source", "sink": "Sink"},
    "config": {"token": CANARY, "told": None},
}


def build(on: Any, conf: dict[str, Any] | None = None, **options: Any) -> lg.Workflow:
    """The workflow of this page, with more config."""
    return lg.build({**CONF, **(conf or {})}, classes=CLASSES, on=on, **options)


@pytest.fixture(scope="module")
def local() -> Iterator[lg.Workflow]:
    """The workflow on two processes of this machine."""
    with build("dask", workers=2) as workflow:
        yield workflow


def workers_here() -> list[psutil.Process]:
    """The worker processes that this one has started."""
    return [
        each
        for each in psutil.Process().children()
        if "remote.worker.process" in str(each.cmdline())
    ]


def test_nobody_listens_off_loopback(local: lg.Workflow) -> None:
    """No socket of the driver or of a worker could be reached from another machine."""
    int(local.root.source.pid())
    found = [
        connection
        for process in (psutil.Process(), *workers_here())
        for connection in process.net_connections(kind="inet")
    ]
    listening = {each.laddr.ip for each in found if each.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}
    assert {each.raddr.ip for each in found if each.raddr} == {"127.0.0.1"}
    assert [each for each in found if each.type == socket.SOCK_DGRAM] == []


def test_no_http_server_and_no_plain_listener_is_there(local: lg.Workflow) -> None:
    """Each port hangs up on who has not the certificate of this run."""
    int(local.root.source.pid())
    ports = [
        connection.laddr.port
        for process in (psutil.Process(), *workers_here())
        for connection in process.net_connections(kind="tcp")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(ports) == 3  # of the scheduler and the workers, and no more
    for port in ports:
        assert answer(("127.0.0.1", port), b"GET / HTTP/1.0\r\n\r\n") == b""


def answer(address: tuple[str, int], said: bytes) -> bytes:
    """What is answered to somebody who speaks no TLS."""
    with socket.create_connection(address) as plain, contextlib.suppress(ConnectionResetError):
        plain.sendall(said)
        return plain.recv(100)
    return b""


def test_prints_and_logging_arrive(local: lg.Workflow, capsys: pytest.CaptureFixture[str]) -> None:
    """What a pipeline prints and logs is on standard error, without Dask's own words."""
    local.root.source.talk("spring")
    deadline = time.monotonic() + 10
    said = ""
    while "logged spring" not in said and time.monotonic() < deadline:
        time.sleep(0.01)
        said += capsys.readouterr().err
    # Records are worded as the driver's are, which pytest has set up here.
    lines = sorted(line.split()[-2:] for line in said.splitlines())
    assert lines == [["logged", "spring"], ["printed", "spring"]]


def test_a_secret_is_in_nothing_that_is_named_or_said(
    local: lg.Workflow, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Not in keys, events and logs of scheduler and workers, nor in what standard error got."""
    with pytest.raises(ValueError, match=CANARY):
        bool(local.root.source.tell())
    len(local.root.source.make(len(CANARY)))
    bool(local.root.sink.size(CANARY.encode()))
    client = local._builder.session.client  # type: ignore[attr-defined]
    seen = [
        client.get_events(), client.get_scheduler_logs(), client.get_worker_logs(),
        client.run_on_scheduler(lambda dask_scheduler: [*map(repr, dask_scheduler.tasks.values())]),
        client.run(_task_names), caplog.text, *capsys.readouterr(),
    ]  # fmt: skip
    assert "source.tell" in str(seen)
    assert CANARY not in str(seen)
    (folder,) = {*client.run(_folder).values()}
    assert not [path for path in Path(folder).rglob("*") if _has(path, CANARY)]


def _task_names(dask_worker: Any) -> list[str]:
    return [*map(repr, dask_worker.state.tasks.values())]


def _folder(dask_worker: Any) -> str:
    return str(Path(dask_worker.local_directory).parent)


def _has(path: Path, text: str) -> bool:
    return path.is_file() and text.encode() in path.read_bytes()


def test_a_killed_worker_costs_nothing(local: lg.Workflow) -> None:
    """Results that it had are made again, and another process takes its place."""
    source, sink = local.root.source, local.root.sink
    for _ in range(3):
        content = source.make(1000)
        workers_here()[-1].kill()
        size, _ = sink.size(content)
        assert size == 1000


def test_a_call_that_always_kills_is_given_up(local: lg.Workflow) -> None:
    """After three processes, with a fault that names the method; the others go on."""
    with pytest.raises(lg.WorkflowError, match=r"source\.die` ended .* 3 times") as caught:
        bool(local.root.source.die())
    assert [type(fault) for fault in caught.value.faults] == [f.ClusterLost]
    assert local.root.source.make(3) == bytes(3)


def test_blocks_get_the_resources_that_they_ask_for() -> None:
    """Workers of this machine have what the workflow names."""
    with build("dask", {"source": {"resources": {"GPU": 2}, "retries": 1}}, workers=1) as workflow:
        assert workflow.root.source.make(3) == bytes(3)


SCRIPT = """
import os, sys, time
import lolpop_graph as lg

class Report(lg.BasePipeline):
    def write(self, week):
        print("begun", flush=True)
        for _ in range(int(os.environ["NAP"])):
            time.sleep(0.01)
        return week, os.getcwd(), os.environ["NAP"], sys.path[-1]

class Weekly(lg.BaseRunner):
    def main(self):
        return self.report.write(7)

sys.path.append("/nowhere")
CONF = {"runner": "Weekly", "pipeline": {"report": "Report"}}
with lg.build(CONF, classes=[Weekly, Report], on="dask", workers=1) as workflow:
    print(*workflow.root.main())
"""


CARELESS = SCRIPT.replace("with lg", "workflow = lg").replace(" as workflow:\n    ", "\n")
"""The same, which never closes its workflow."""


def script(folder: Path, nap: int, text: str = SCRIPT) -> subprocess.Popen[str]:
    """A script without `if __name__ == "__main__"`, whose pipeline naps."""
    path = folder / "script.py"
    path.write_text(text, encoding="utf-8")
    environment = {**os.environ, "NAP": str(nap), "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)}
    return subprocess.Popen(
        [sys.executable, str(path)], cwd=folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def test_a_script_needs_no_main_guard(tmp_path: Path) -> None:
    """Its classes travel, with its search path, folder and environment; nor has it to close."""
    done = script(tmp_path, 0, CARELESS)
    said = done.communicate()
    assert said == (f"7 {tmp_path} 0 /nowhere\n", "begun\n")
    assert [path.name for path in tmp_path.iterdir()] == ["script.py"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_behind(tmp_path: Path, number: int) -> None:
    """When the driver is interrupted or killed in a call, its workers end and their folder goes."""
    driver = script(tmp_path, 60_000)
    assert driver.stderr is not None
    assert driver.stderr.readline() == "begun\n"
    workers = psutil.Process(driver.pid).children(recursive=True)
    driver.send_signal(number)
    driver.wait(20)
    _, alive = psutil.wait_procs(workers, timeout=20)
    assert workers
    assert not alive
    deadline = time.monotonic() + 5
    while len([*tmp_path.iterdir()]) > 1 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [path.name for path in tmp_path.iterdir()] == ["script.py"]
    driver.communicate()
