"""Built at the same time: the same objects, in the same order, whatever takes how long."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextvars import ContextVar
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

import lolpop_graph as lg
from lolpop_graph.cli import lolpop_graph
from tests.oracle import wire
from tests.toys import Recorder, reachable
from tests.workflows import random_workflow

ROOT = Path(__file__).parent.parent
NAPS = 8
NAP = 0.1
DICE = Random(11)
ASKED: ContextVar[str] = ContextVar("asked", default="nobody")
DIARY: list[str] = []


@pytest.fixture(autouse=True)
def _empty_diary() -> None:
    DIARY.clear()


class Napping(lg.BaseComponent):
    """Takes its time."""

    def __init__(self) -> None:
        """Sleep, and remember who asked for it."""
        time.sleep(NAP)
        self.asked = ASKED.get()


class Dozing(Recorder):
    """Takes a random moment, and writes down what happens to it."""

    def __init__(self) -> None:
        """Look around."""
        time.sleep(DICE.choice([0, 0, 0.001, 0.002]))
        super().__init__()
        DIARY.append(f"make {self.path}")

    def setup(self) -> None:
        """Get ready."""
        DIARY.append(f"setup {self.path}")

    def close(self) -> None:
        """Be closed."""
        DIARY.append(f"close {self.path}")


class Failing(lg.BaseComponent):
    """Fails after a while."""

    def __init__(self, after: float) -> None:
        """Wait, and raise."""
        time.sleep(after)
        raise ValueError(self.name)


class Plain:
    """Inherits nothing."""

    def __init__(self, tracker: object) -> None:
        """Keep what it is given."""
        self.kept = tracker


class Logger(lg.BaseComponent):
    """Writes down what it is told."""

    def __init__(self) -> None:
        """Be slow."""
        time.sleep(0.02)

    def log(self, msg: object, level: str = "INFO") -> None:
        """Write it down."""
        DIARY.append(f"told {msg}")


class Telling(lg.BaseComponent):
    """Logs while it is made."""

    def __init__(self) -> None:
        """Log."""
        self.log(self.name)


def components(number: int, name: str) -> dict[str, Any]:
    """A workflow of so many components of a class."""
    return {"component": {f"c{count}": name for count in range(number)}}


def done(what: str) -> list[str]:
    """Who did something, in order."""
    return [line.partition(" ")[2] for line in DIARY if line.startswith(f"{what} ")]


def test_constructors_that_wait_wait_together() -> None:
    """Eight constructors of a tenth of a second each take little more than one of them."""
    begin = time.perf_counter()
    with lg.build(components(NAPS, "Napping"), classes=[Napping], parallel=NAPS):
        took = time.perf_counter() - begin
    assert NAP <= took < NAPS * NAP / 2


def test_no_more_run_at_once_than_may() -> None:
    """With two threads, two constructors run at the same time, and never three."""
    running = most = 0
    lock = threading.Lock()

    class Counted(lg.BaseComponent):
        def __init__(self) -> None:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.01)
            with lock:
                running -= 1

    with lg.build(components(6, "Counted"), classes=[Counted], parallel=2):
        assert most == 2


def test_context_of_the_caller_is_seen() -> None:
    """What a context variable holds where `build` is called, it holds in constructors."""
    token = ASKED.set("somebody")
    with lg.build(components(2, "Napping"), classes=[Napping], parallel=2) as workflow:
        ASKED.reset(token)
        assert [workflow.root.c0.asked, workflow.root.c1.asked] == ["somebody"] * 2


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_random_workflows_are_wired_alike(first: int) -> None:
    """Objects, their attributes, order, progress, `setup` and closing are those of one thread."""
    for seed in range(first, first + 20):
        check(seed)


def check(seed: int, parallel: int = 4) -> None:
    """Hold a workflow that is built in threads against the oracle, and one that is not."""
    made = random_workflow(seed)
    document = yaml_of(made.document)
    expected = wire(made.document, made.framework)
    DIARY.clear()
    told: list[tuple[int, int]] = []
    with (
        lg.build(document, classes=[Dozing]) as alone,
        lg.build(
            document,
            classes=[Dozing],
            parallel=parallel,
            progress=lambda count, total: told.append((count, total)),
        ) as built,
    ):
        assert list(built) == list(alone) == expected.order
        assert told == [(count, len(built)) for count in range(1, len(built) + 1)]
        for path in expected.order:
            assert type(built[path]).__name__ == "Dozing"
            seen = {name: built[held] for name, held in expected.attributes(path).items()}
            given = {name: built[held] for name, held in expected.given[path].items()}
            assert reachable(built[path]) == seen, (seed, path)
            assert built[path].got == given, (seed, path)
            assert list(vars(built[path])) == list(vars(alone[path])), (seed, path)
        assert done("setup") == [*expected.order, *expected.order]
        DIARY.clear()
    assert done("close") == [*expected.order[::-1], *expected.order[::-1]]


def yaml_of(document: dict[str, Any]) -> dict[str, Any]:
    """A random document in which every class takes a random moment."""
    return {
        key: "Dozing" if value == "Recorder" else yaml_of(value) if type(value) is dict else value
        for key, value in document.items()
    }


def test_those_given_something_wait_for_it() -> None:
    """A foreign class gets as an argument what a slow constructor makes, in a layer before."""
    conf = {"component": {"tracker": "Napping"}, "pipeline": {"train": "Plain"}}
    with lg.build(conf, classes=[Napping, Plain], parallel=4) as workflow:
        assert workflow.root.train.kept is workflow.root.tracker


def test_decorators_and_doubles() -> None:
    """Methods are wrapped, and objects that are given are taken, as in one thread."""

    class Loud(lg.BaseDecorator):
        def wrap(self, method: Any, integration: Any) -> Any:
            return lambda: f"{method()}!"

    class Saying(lg.BaseComponent):
        def say(self) -> str:
            return self.name

    conf = {"decorator": {"loud": "Loud"}, **components(3, "Saying")}
    double = Saying.__new__(Saying)
    with lg.build(
        conf, classes=[Loud, Saying], parallel=3, replace={"runner.c1": double}
    ) as workflow:
        assert workflow.root.c1 is double
        assert (workflow.root.c0.say(), workflow.root.c2.say()) == ("c0!", "c2!")


def test_loggers_are_there_before_who_logs() -> None:
    """Who is declared after a logger can log in its constructor, and who comes before cannot."""
    conf = {"component": {"early": "Telling", "logger": "Logger", "late": "Telling"}}
    with lg.build(conf, classes=[Logger, Telling], parallel=3):
        assert done("told") == ["late"]


PLUGIN = """
import threading
import lolpop_graph as lg

both = threading.Barrier(2)

class Boss(lg.BaseRunner):
    def main(self):
        return "met" if both.broken is False else "alone"

class Part(lg.BaseComponent):
    def __init__(self):
        both.wait(5)
"""


@pytest.mark.parametrize(
    ("command", "code", "told"),
    [
        ("run {} --parallel 2", 0, "met"),
        ("build {} --parallel 2", 0, "two"),
        ("run {} --parallel 0", 2, "0 is not in the range x>=1"),
    ],
)
def test_commands_build_in_threads(command: str, code: int, told: str, tmp_path: Path) -> None:
    """Two constructors that wait for each other meet; a number that makes no sense is refused."""
    (tmp_path / "parts.py").write_text(PLUGIN, encoding="utf-8")
    file = tmp_path / "workflow.yaml"
    text = "runner: Boss\nconfig: {plugin_paths: [parts.py]}\ncomponent: {one: Part, two: Part}\n"
    file.write_text(text, encoding="utf-8")
    ran = CliRunner().invoke(lolpop_graph, command.format(file).split())
    assert ran.exit_code == code
    assert told in ran.output


# What fails --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("slow", "fast"), [("c1", "c2"), ("c2", "c1")])
def test_the_first_in_build_order_is_raised(slow: str, fast: str) -> None:
    """Of two that fail, the first one written is the error, whichever failed before the other."""
    conf = components(4, "Dozing")
    conf["component"] |= {"c1": "Failing", "c2": "Failing"}
    conf |= {slow: {"config": {"after": 0.05}}, fast: {"config": {"after": 0.01}}}
    with pytest.raises(lg.WorkflowError) as caught:
        lg.build(conf, classes=[Dozing, Failing], parallel=4)
    (fault,) = caught.value.faults
    assert fault.sentence == "`runner.c1` (Failing) raised in its constructor: ValueError: c1"
    assert str(caught.value.__cause__) == "c1"
    assert caught.value.__cause__.__traceback__.tb_frame.f_code.co_filename == __file__  # type: ignore[union-attr]
    assert len(caught.value.__notes__) == 1
    assert "runner.c2" in caught.value.__notes__[0]
    assert done("close") == ["runner.c3", "runner.c0"]


def test_those_running_are_waited_for_and_no_others_begin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When one fails, the one that runs is made and closed, and the next is not made."""
    conf = {"component": {"bad": "Failing", "slow": "Dozing", "next": "Dozing"}}
    conf |= {"bad": {"config": {"after": 0.0}}}
    monkeypatch.setattr(DICE, "choice", lambda _: 0.05)
    with pytest.raises(lg.WorkflowError):
        lg.build(conf, classes=[Dozing, Failing], parallel=2)
    assert done("make") == done("close") == ["runner.slow"]


def test_progress_that_raises_closes_all() -> None:
    """An error of the callback is raised as it is, after those running are made and closed."""

    def progress(count: int, total: int) -> None:
        if count == 3:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        lg.build(components(5, "Dozing"), classes=[Dozing], parallel=3, progress=progress)
    assert sorted(done("make")) == sorted(done("close"))
    assert done("close") == sorted(done("close"), reverse=True)


def test_what_is_no_exception_is_raised_as_it_is() -> None:
    """KeyboardInterrupt of a constructor reaches the caller, and all is closed."""

    class Stopping(lg.BaseComponent):
        def __init__(self) -> None:
            raise KeyboardInterrupt

    conf = {"component": {"a": "Dozing", "b": "Stopping"}}
    with pytest.raises(KeyboardInterrupt):
        lg.build(conf, classes=[Dozing, Stopping], parallel=2)
    assert done("close") == ["runner.a"]


@pytest.mark.parametrize("wrong", [0, -1, "two", 1.5, None])
def test_numbers_of_threads(wrong: Any) -> None:
    """What is no number from 1 is refused, and nothing is built."""
    with pytest.raises(ValueError, match="from 1, not"):
        lg.build(components(1, "Dozing"), classes=[Dozing], parallel=wrong)
    assert not DIARY


# Signals -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [0.05, 0.3])
def test_constructors_get_a_moment_and_are_left_behind(before: float) -> None:
    """Ctrl-C lets a short constructor finish, and does not wait for a long one.

    What is left behind closes itself when it is made.
    """
    ended = threading.Event()

    class Long(lg.BaseComponent):
        def __init__(self) -> None:
            ended.wait(20)
            DIARY.append("make long")

        def close(self) -> None:
            DIARY.append("close long")

    class Short(lg.BaseComponent):
        def __init__(self) -> None:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(before)

        def close(self) -> None:
            DIARY.append("close short")

    conf = {"component": {"long": "Long", "short": "Short", "never": "Dozing"}}
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        lg.build(conf, classes=[Long, Short, Dozing], parallel=2)
    assert 0.4 < time.monotonic() - begin < 5
    assert DIARY == ["close short"]
    ended.set()
    wait_for("close long")
    assert DIARY == ["close short", "make long", "close long"]


def wait_for(line: str) -> None:
    """Wait until the diary has a line."""
    for _ in range(500):
        if line in DIARY:
            return
        time.sleep(0.01)
    raise AssertionError(line)


def test_short_constructors_end_before_a_signal_is_raised() -> None:
    """When all that run are done within the moment, they are closed at once, and none is left."""

    class Short(lg.BaseComponent):
        def __init__(self) -> None:
            time.sleep(0.05)
            if self.name == "c0":
                os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.05)
            DIARY.append(f"make {self.path}")

        def close(self) -> None:
            DIARY.append(f"close {self.path}")

    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        lg.build(components(4, "Short"), classes=[Short], parallel=2)
    assert time.monotonic() - begin < 0.45
    assert sorted(done("make")) == ["runner.c0", "runner.c1"]
    assert done("close") == ["runner.c1", "runner.c0"]


BUILDS = """
import os, random, sys, threading, time
import lolpop_graph as lg

OPEN, INTERRUPTED = set(), 0

class Part(lg.BaseComponent):
    def __init__(self):
        time.sleep(0.0004)
        OPEN.add(id(self))
    def close(self):
        OPEN.remove(id(self))

conf = {"component": {f"part{number}": "Part" for number in range(20)}}
rng = random.Random(7)

def send(delay):
    time.sleep(delay)
    os.kill(os.getpid(), 2)

for turn in range(int(sys.argv[1])):
    sender = threading.Thread(target=send, args=(rng.uniform(0, 0.008),))
    try:
        sender.start()
        try:
            with lg.build(conf, classes=[Part], parallel=4):
                assert len(OPEN) == 20
                sender.join()
                time.sleep(1)
        finally:
            sender.join()
    except KeyboardInterrupt:
        INTERRUPTED += 1
    assert not OPEN, (turn, OPEN)
print(INTERRUPTED)
"""


def test_every_build_may_be_interrupted() -> None:
    """Of 100 builds in threads, each interrupted at a random moment, nothing is left open."""
    ran = subprocess.run(
        [sys.executable, "-c", BUILDS, "100"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    assert (ran.stdout, ran.stderr) == ("100\n", "")
