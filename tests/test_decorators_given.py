"""The decorators that come with the package: timing, logging, caching, retry."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import joblib
import pandas as pd
import pytest
import tenacity

import lolpop_graph as lg
from lolpop_graph.classes.installed import installed
from lolpop_graph.cli import main


class Worker(lg.BaseComponent):
    """Works in every way in which a method can."""

    def __init__(self) -> None:
        """Begin with nothing done."""
        self.done = 0
        self.calls: list[str] = []

    def work(self, amount: int, *, table: Any = None) -> int:
        """Do some work."""
        return amount

    def fail(self) -> None:
        """Raise."""
        raise ValueError("the secret is 12345")

    async def wait(self) -> int:
        """Take a moment."""
        await asyncio.sleep(0.02)
        return 1

    def items(self) -> Iterator[int]:
        """Two items."""
        yield 1
        yield 2

    async def stream(self) -> AsyncIterator[int]:
        """One item."""
        yield 1

    @contextmanager
    def opened(self) -> Iterator[str]:
        """A context."""
        yield "open"


class Unsteady(lg.BaseComponent):
    """Fails a few times before it answers."""

    def __init__(self) -> None:
        """Begin with no attempts."""
        self.attempts = 0

    def fetch(self) -> int:
        """Answer at the third attempt."""
        self.attempts += 1
        if self.attempts < 3:
            raise ConnectionResetError("come again")
        return self.attempts

    async def fetch_later(self) -> int:
        """Do the same when awaited."""
        return self.fetch()

    def reject(self) -> None:
        """Raise what is not worth another attempt."""
        self.attempts += 1
        raise KeyError("never")

    def items(self) -> Iterator[int]:
        """Raise while it yields."""
        self.attempts += 1
        yield self.fetch()


class Model(lg.BaseComponent):
    """Has state that its answers depend on."""

    runs = 0

    def fit(self, value: int) -> str:
        """Change the object."""
        self.value = value
        return "fitted"

    def predict(self, table: Any) -> Any:
        """Answer from state, config and argument."""
        Model.runs += 1
        return getattr(self, "value", 0) + self._get_config("shift", 0) + len(table)

    def explain(self, table: Any) -> Callable[[], int]:
        """Give what cannot be pickled."""
        Model.runs += 1
        return lambda: len(table)


class Tracker(lg.BaseComponent):
    """Takes numbers while it has a run."""

    def __init__(self) -> None:
        """Begin without a run."""
        self.run_id: str | None = None
        self.metrics: list[tuple[str, float, int]] = []

    def log_metric(self, name: str, value: float, step: int = 0) -> None:
        """Take one."""
        self.metrics.append((name, value, step))


def build(decorator: str, component: dict[str, str], **config: Any) -> lg.Workflow:
    """A workflow of some components and one decorator called `it`."""
    conf = {"decorator": {"it": decorator}, "component": component, "it": {"config": config}}
    return lg.build(conf, classes=[Worker, Unsteady, Model, Tracker])


async def drained(items: AsyncIterator[int]) -> list[int]:
    """All items."""
    return [item async for item in items]


def test_timing_records_every_kind_of_method() -> None:
    """What runs after its call is timed while it runs, and what raises is counted."""
    with build("TimingDecorator", {"worker": "Worker"}) as workflow:
        worker, timings = workflow["runner.worker"], workflow.root.it.timings
        worker.work(1)
        worker.work(2)
        with pytest.raises(ValueError, match="secret"):
            worker.fail()
        assert asyncio.run(worker.wait()) == 1
        items = worker.items()
        assert "runner.worker.items" not in timings
        assert list(items) == [1, 2]
        assert asyncio.run(drained(worker.stream())) == [1]
        with worker.opened() as state:
            assert state == "open"
            assert "runner.worker.opened" not in timings
        assert {name: (each.calls, each.failed) for name, each in timings.items()} == {
            "runner.worker.work": (2, 0),
            "runner.worker.fail": (1, 1),
            "runner.worker.wait": (1, 0),
            "runner.worker.items": (1, 0),
            "runner.worker.stream": (1, 0),
            "runner.worker.opened": (1, 0),
        }
        assert timings["runner.worker.wait"].seconds >= 0.02
        first, second, *_ = workflow.root.it.summary().splitlines()
        assert first.split() == ["method", "calls", "failed", "seconds", "longest"]
        assert second.split()[:3] == ["runner.worker.wait", "1", "0"]


def test_timing_gives_metrics_while_there_is_a_run(tmp_path: Path) -> None:
    """Durations go to the tracker, without timing that itself; the table goes to a file."""
    file = tmp_path / "new" / "timings.txt"
    parts = {"worker": "Worker", "metadata_tracker": "Tracker", "metrics_tracker": "Tracker"}
    with build("TimingDecorator", parts, timing_metrics=True, timing_file=str(file)) as workflow:
        worker = workflow["runner.worker"]
        worker.work(1)
        assert workflow.root.metrics_tracker.metrics == []
        workflow.root.metadata_tracker.run_id = "a1"
        worker.work(1)
        ((name, value, step),) = workflow.root.metrics_tracker.metrics
        assert (name, step) == ("seconds.runner.worker.work", 2)
        assert 0 <= value < 10
    written = file.read_text(encoding="utf-8")
    assert "runner.worker.work" in written
    assert "log_metric" not in written


def test_timing_refuses_a_file_that_is_none() -> None:
    """A dash is a list to YAML, and no file."""
    with pytest.raises(lg.WorkflowError, match="`timing_file` must be a text, and is list"):
        build("TimingDecorator", {"worker": "Worker"}, timing_file=[None])


def test_they_are_listed_and_lack_what_they_lack() -> None:
    """Each is found by its name without being imported, with its type."""
    found = {part.name: part.type for part in installed("decorator")}
    assert found == {
        "CachingDecorator": "caching",
        "LoggingDecorator": "logging",
        "RetryDecorator": "retry",
        "TimingDecorator": "timing",
    }


def test_logging_tells_shapes_and_no_values(caplog: pytest.LogCaptureFixture) -> None:
    """Arguments are there by name, type and shape; an error by its kind."""
    caplog.set_level("INFO")
    with build("LoggingDecorator", {"worker": "Worker"}) as workflow:
        worker = workflow["runner.worker"]
        worker.work(12345, table=pd.DataFrame({"a": [1, 2], "b": [3, 4]}))
        with pytest.raises(ValueError, match="12345"):
            worker.fail()
    begins, ends, fails, raised = caplog.messages
    assert begins == "runner.worker.work(amount=int, table=DataFrame 2x2) begins"
    assert ends.startswith("runner.worker.work ended after 0.")
    assert ends.endswith(" s and returned int")
    assert fails == "runner.worker.fail() begins"
    assert raised.startswith("runner.worker.fail raised ValueError after")
    assert "12345" not in caplog.text
    assert caplog.records[-1].levelno == logging.ERROR


def test_logging_tells_values_where_it_is_asked(caplog: pytest.LogCaptureFixture) -> None:
    """Short ones, and the beginning of long ones."""
    caplog.set_level("INFO")
    with build("LoggingDecorator", {"worker": "Worker"}, call_values=True) as workflow:
        workflow["runner.worker"].work(7, table="long" * 100)
    assert "amount=7, table='long" in caplog.messages[0]
    assert len(caplog.messages[0]) < 200
    assert caplog.messages[1].endswith("and returned 7")


def test_logging_does_not_log_the_logger() -> None:
    """A logger that is wrapped as well is not called without an end."""
    parts = {"worker": "Worker", "logger": "StandardLogger"}
    with build("LoggingDecorator", parts, select="worker or logger") as workflow:
        assert workflow["runner.worker"].work(1) == 1


@pytest.mark.parametrize("method", ["fetch", "fetch_later"])
def test_retry_calls_again(method: str, caplog: pytest.LogCaptureFixture) -> None:
    """Until there is an answer, with a line for each attempt that failed."""
    with build("RetryDecorator", {"part": "Unsteady"}, wait=0, methods=method) as workflow:
        found = getattr(workflow["runner.part"], method)()
        assert (asyncio.run(found) if method == "fetch_later" else found) == 3
    wanted = f"runner.part.{method} raised ConnectionResetError in call 1, and is called again"
    assert wanted in caplog.text


def test_retry_raises_the_error_itself() -> None:
    """The last one, with the steps of the caller and the method alone."""
    with build("RetryDecorator", {"part": "Unsteady"}, wait=0, attempts=2) as workflow:
        with pytest.raises(ConnectionResetError, match="come again") as raised:
            workflow["runner.part"].fetch()
        assert workflow["runner.part"].attempts == 2
    assert not any(Path(tenacity.__file__) == entry.path for entry in raised.traceback)
    assert raised.traceback[-1].name == "fetch"


@pytest.mark.parametrize(
    ("exceptions", "attempts"),
    [("KeyError", 3), (["builtins.LookupError"], 3), (["OSError"], 1), ([], 1)],
)
def test_retry_knows_errors_by_name(exceptions: Any, attempts: int) -> None:
    """Bare or in full, with what inherits from them; nothing is imported for it."""
    config = {"wait": 0, "exceptions": exceptions}
    with build("RetryDecorator", {"part": "Unsteady"}, **config) as workflow:
        with pytest.raises(KeyError):
            workflow["runner.part"].reject()
        assert workflow["runner.part"].attempts == attempts


def test_retry_leaves_what_yields(caplog: pytest.LogCaptureFixture) -> None:
    """A generator is as it was, and that is said."""
    with (
        build("RetryDecorator", {"part": "Unsteady"}, wait=0, methods="items") as workflow,
        pytest.raises(ConnectionResetError),
    ):
        list(workflow["runner.part"].items())
    assert "runner.part.items yields, and cannot be tried again" in caplog.text


@pytest.mark.parametrize(
    "config", [{"attempts": 0}, {"attempts": True}, {"wait": "1"}, {"backoff": -1}]
)
def test_retry_refuses_what_cannot_be(config: dict[str, Any]) -> None:
    """With the decorator's name and place, before anything runs."""
    with pytest.raises(lg.WorkflowError, match="must be a"):
        build("RetryDecorator", {"part": "Unsteady"}, **config)


@pytest.fixture
def kept(tmp_path: Path) -> Callable[..., lg.Workflow]:
    """Builds a workflow whose model keeps results in one folder."""
    Model.runs = 0

    def made(*methods: str, **config: Any) -> lg.Workflow:
        conf = {
            "decorator": {"it": "CachingDecorator"},
            "component": {"model": "Model"},
            "it": {"config": {"methods": [*methods], "cache_folder": str(tmp_path)}},
            "config": config,
        }
        return lg.build(conf, classes=[Model])

    return made


def test_caching_keeps_results_between_workflows(kept: Callable[..., lg.Workflow]) -> None:
    """Equal arguments, of the same state and config, are not worked on again."""
    table = pd.DataFrame({"a": [1.0, 2.0]})
    for _ in range(2):
        with kept("predict") as workflow:
            assert workflow["runner.model"].predict(table) == 2
            assert workflow["runner.model"].predict(table.copy()) == 2
    assert Model.runs == 1
    with kept("predict", shift=5) as workflow:
        assert workflow["runner.model"].predict(table) == 7
        workflow["runner.model"].fit(100)
        assert workflow["runner.model"].predict(table) == 107
        assert workflow["runner.model"].predict(table.head(1)) == 106
    assert Model.runs == 4


def test_caching_passes_through_what_changes_the_object(
    kept: Callable[..., lg.Workflow], caplog: pytest.LogCaptureFixture
) -> None:
    """`fit` does its work each time, and that is said once."""
    for value in (1, 2, 2):
        with kept("fit", "predict") as workflow:
            assert workflow["runner.model"].fit(value) == "fitted"
            assert workflow["runner.model"].fit(value + 1) == "fitted"
            assert workflow["runner.model"].predict([]) == value + 1
    assert (
        caplog.text.count("runner.model.fit changes its object, so its results are not kept") == 3
    )


def test_caching_passes_through_what_cannot_be_kept(
    kept: Callable[..., lg.Workflow], caplog: pytest.LogCaptureFixture
) -> None:
    """Arguments that cannot be hashed, and results that cannot be pickled."""
    with kept("predict", "explain") as workflow:
        model = workflow["runner.model"]
        assert model.explain([1, 2])() == model.explain([1, 2])() == 2
        assert Model.runs == 2
        assert model.predict({"f": lambda: 1}) == 1
    assert "explain returns what cannot be pickled" in caplog.text
    assert "predict cannot be hashed" in caplog.text


def test_caching_wants_methods_named() -> None:
    """What is kept is not to be guessed."""
    with pytest.raises(lg.WorkflowError, match="methods"):
        build("CachingDecorator", {"worker": "Worker"})


def test_the_command_shows_the_users_frames_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """However many decorators lie between them."""
    (tmp_path / "parts.py").write_text(
        "import lolpop_graph as lg\n\n\nclass Runner(lg.BaseRunner):\n"
        "    def main(self):\n        return self.part.work()\n\n\n"
        "class Part(lg.BaseComponent):\n    def work(self):\n        raise OSError('gone')\n",
        encoding="utf-8",
    )
    (tmp_path / "workflow.yaml").write_text(
        "runner: Runner\nconfig: {plugin_paths: [parts.py], wait: 0, methods: [main, work]}\n"
        "decorator:\n  timing: TimingDecorator\n  retry: RetryDecorator\n  talk: LoggingDecorator\n"
        "  config: {layers: [runner, component]}\ncomponent: {part: Part}\n",
        encoding="utf-8",
    )
    assert main(["run", str(tmp_path / "workflow.yaml")]) == 1
    shown = capsys.readouterr().err
    files = {line.split('"')[1] for line in shown.splitlines() if line.strip().startswith("File ")}
    assert files == {str(tmp_path / "parts.py")}
    assert "OSError: gone" in shown


def test_a_kept_result_is_joblibs(kept: Callable[..., lg.Workflow], tmp_path: Path) -> None:
    """It can be cleared with joblib's own means."""
    with kept("predict") as workflow:
        workflow["runner.model"].predict([1])
        joblib.Memory(tmp_path, verbose=0).clear(warn=False)
        workflow["runner.model"].predict([1])
    assert Model.runs == 2
