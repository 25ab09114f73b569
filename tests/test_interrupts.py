"""Ctrl-C and SIGTERM: whenever they come, what was built is closed, and files are whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

import pytest

from lolpop_graph import lifecycle
from lolpop_graph.cli import common
from lolpop_graph.interrupts import Held, Interrupted, Raising

ROOT = Path(__file__).parent.parent
PARTS = 8
RUNS = 40
INTERRUPTED, TERMINATED = 130, 143
CODES = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: TERMINATED}

PLUGIN = '''"""Integrations that write into a file what happens to them."""

import os
import signal
import subprocess
import sys
import time

import lolpop_graph as lg


def note(text):
    """Add a line in one write."""
    diary = os.open("diary", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(diary, f"{text}\\n".encode())
    os.close(diary)


class Boss(lg.BaseRunner):
    """The root, with methods that take a moment."""

    def __init__(self):
        note(f"open {self.path}")

    def close(self):
        note(f"close {self.path}")

    def main(self):
        """Work for a moment."""
        time.sleep(0.02)

    def wait(self):
        """Work until interrupted."""
        note("waiting")
        time.sleep(60)

    def stubborn(self):
        """Be interrupted, and go on."""
        try:
            self.wait()
        except KeyboardInterrupt:
            note("went on")

    def careful(self):
        """Be interrupted, and clean up."""
        try:
            self.wait()
        finally:
            time.sleep(0.1)
            note("cleaned")

    def fork(self):
        """Start a process by a fork, and end it as pools of processes do."""
        child = os.fork()
        if not child:
            time.sleep(60)
        time.sleep(0.2)
        os.kill(child, signal.SIGTERM)
        return os.WTERMSIG(os.waitpid(child, 0)[1])


class Part(Boss):
    """Takes a moment for everything."""

    def __init__(self):
        note(f"open {self.path}")
        time.sleep(0.002)

    def setup(self):
        time.sleep(0.001)

    def close(self):
        time.sleep(0.001)
        note(f"close {self.path}")


class Slow(lg.BaseComponent):
    """Takes too long to be waited for."""

    def __init__(self):
        note("waiting")
        time.sleep(60)


class Prompt(lg.BaseComponent):
    """Takes no more than a moment when the signal comes."""

    def __init__(self):
        note("waiting")
        time.sleep(0.2)
        note("open prompt")

    def close(self):
        note("close prompt")


class SlowToClose(lg.BaseComponent):
    """Takes a moment to be closed."""

    def close(self):
        note("closing")
        time.sleep(0.3)
        note("closed")


class Hanging(lg.BaseComponent):
    """Cannot be closed."""

    def close(self):
        note("closing")
        time.sleep(60)


class Importing(lg.BaseComponent):
    """Imports one module after the other."""

    def __init__(self):
        for count in range(10_000):
            for name in ("colorsys", "this_is_none", "sndhdr", "cmd"):
                sys.modules.pop(name, None)
                try:
                    __import__(name)
                except ImportError:
                    pass


class Clinging(lg.BaseComponent):
    """Raises when it is closed."""

    def close(self):
        raise ValueError("cling")
'''


@dataclass(frozen=True)
class Run:
    """How a command ended, and what was written."""

    code: int
    errors: str
    diary: list[str]
    files: dict[str, bytes]

    def opened(self) -> list[str]:
        """What came to be, in order."""
        return [line.removeprefix("open ") for line in self.diary if line.startswith("open ")]

    def closed(self) -> list[str]:
        """What was closed, in order."""
        return [line.removeprefix("close ") for line in self.diary if line.startswith("close ")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a workflow and its plug-in."""
    return filled(tmp_path)


def filled(folder: Path) -> Path:
    """Write a workflow and its plug-in into a folder."""
    folder.mkdir(exist_ok=True)
    names = "".join(f"  part{number}: Part\n" for number in range(PARTS))
    text = f"runner: Boss\nconfig: {{plugin_paths: [parts.py]}}\ncomponent:\n{names}"
    (folder / "workflow.yaml").write_text(text, encoding="utf-8")
    (folder / "parts.py").write_text(PLUGIN, encoding="utf-8")
    return folder


def started(folder: Path, command: str) -> subprocess.Popen[str]:
    """A command, started in the folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "lolpop_graph", *command.split()],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )


def ended(folder: Path, process: subprocess.Popen[str]) -> Run:
    """How a process ended; the diary and the file are taken away."""
    errors = process.communicate(timeout=30)[1]
    diary = folder / "diary"
    lines = diary.read_text(encoding="utf-8").splitlines() if diary.exists() else []
    diary.unlink(missing_ok=True)
    kept = {"workflow.yaml", "parts.py", "__pycache__"}
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.name not in kept}
    return Run(process.returncode, errors, lines, files)


def wait_for(folder: Path, line: str) -> None:
    """Wait until the diary has a line."""
    for _ in range(1000):
        time.sleep(0.01)
        diary = folder / "diary"
        if diary.exists() and line in diary.read_text(encoding="utf-8").splitlines():
            return
    message = f"{line!r} was never written"
    raise AssertionError(message)


def signalled(folder: Path, command: str, line: str, *signals: signal.Signals) -> Run:
    """Send signals when the diary has a line, one after the other."""
    process = started(folder, command)
    wait_for(folder, line)
    for number in signals:
        process.send_signal(number)
        time.sleep(0.7)
    return ended(folder, process)


def test_modules_that_keep_order_are_named_rightly() -> None:
    """The modules in which a signal waits are named as texts, and there are such modules."""
    names = [f"lolpop_graph.{name}" for name in common._CLOSING]
    assert [name for name in (*names, *lifecycle._CALLERS) if not find_spec(name)] == []


# At random moments ----------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "runs"), [(signal.SIGINT, RUNS), (signal.SIGTERM, RUNS // 4)])
def test_whenever_a_signal_comes_all_is_closed(
    tmp_path: Path, number: signal.Signals, runs: int
) -> None:
    """What was opened is closed in reverse, and the picture is whole, as it was, or absent."""
    folder = filled(tmp_path / "quiet")
    begin = time.monotonic()
    whole = ended(folder, started(folder, "build workflow.yaml -o out.dot"))
    took = time.monotonic() - begin
    assert (whole.code, len(whole.opened())) == (0, PARTS + 1)
    rng = Random(number)

    def run(turn: int) -> Run:
        place = filled(tmp_path / f"run{turn}")
        if turn % 2:
            (place / "out.dot").write_bytes(b"old")
        process = started(place, "build workflow.yaml -o out.dot")
        time.sleep(rng.uniform(0.02, 1.3 * took))
        process.send_signal(number)
        return ended(place, process)

    with ThreadPoolExecutor(2) as pool:
        for turn, found in enumerate(pool.map(run, range(runs))):
            check_run(found, number, {"out.dot": b"old"} if turn % 2 else {}, whole.files)


def check_run(
    run: Run, number: signal.Signals, before: dict[str, bytes], after: dict[str, bytes]
) -> None:
    """Check one run that a signal has ended, or none."""
    assert run.closed() == run.opened()[::-1], run
    assert run.files in (before, after), run
    if run.code == 0:
        # Where Python was starting it may have lost the signal, and said so.
        lost = run.errors.startswith("Exception ignored in") and "lolpop" not in run.errors
        assert run.files == after, run
        assert lost or not run.errors, run
    elif "Traceback" in run.errors or run.code != CODES[number]:
        # Python was starting, and nothing of ours could run yet that takes signals.
        assert not run.diary, run
        assert "lolpop_graph/cli" not in run.errors, run


BUILDS = """
import os, random, sys, threading, time
import lolpop_graph as lg
from lolpop_graph.cli.common import held_until_closed

OPEN, INTERRUPTED = [], 0

class Part(lg.BaseComponent):
    def __init__(self):
        OPEN.append(self.name)
        time.sleep(0.0002)
    def close(self):
        time.sleep(0.0001)
        assert OPEN.pop() == self.name

class Foreign:
    def __init__(self, tag):
        OPEN.append(tag)
        self.tag = tag
    def close(self):
        assert OPEN.pop() == self.tag

names = [f"part{number}" for number in range(20)]
conf = {"component": {name: ("Part", "Foreign")[index % 2] for index, name in enumerate(names)}}
conf |= {name: {"config": {"tag": name}} for name in names[1::2]}
rng = random.Random(7)

def send(delay):
    time.sleep(delay)
    os.kill(os.getpid(), 2)

for turn in range(int(sys.argv[1])):
    sender = threading.Thread(target=send, args=(rng.uniform(0, 0.012),))
    try:
        sender.start()
        with (
            held_until_closed() as held,
            lg.build(conf, classes=[Part, Foreign]) as workflow,
            held.released(),
        ):
            assert len(OPEN) == 20
        sender.join()
        time.sleep(1)
    except KeyboardInterrupt:
        INTERRUPTED += 1
    assert OPEN == [], (turn, OPEN)
print(INTERRUPTED)
"""


def test_every_build_of_one_process_may_be_interrupted() -> None:
    """Of 200 builds in one process, each interrupted at a random moment, nothing is left open."""
    done = in_python(BUILDS, "200")
    assert (done.stdout, done.stderr) == ("200\n", "")


def in_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a piece of code in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )


# At chosen moments ----------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_methods_are_interrupted_at_once(folder: Path, number: signal.Signals) -> None:
    """A method of the root that runs long ends, all is closed, and one word says why."""
    begin = time.monotonic()
    run = signalled(folder, "run workflow.yaml wait", "waiting", number)
    assert run.code == CODES[number]
    assert run.errors.split() == ["interrupted"]
    assert run.closed() == run.opened()[::-1]
    assert time.monotonic() - begin < 10


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_long_constructors_are_interrupted(folder: Path, number: signal.Signals) -> None:
    """A constructor that takes longer than a moment ends; what came before it is closed."""
    run = signalled(folder, "build workflow.yaml --set component.x=Slow", "waiting", number)
    assert run.code == CODES[number]
    assert len(run.opened()) == PARTS + 1
    assert run.closed() == run.opened()[::-1]
    assert run.errors.split() == ["interrupted"]


def test_short_constructors_may_finish(folder: Path) -> None:
    """A constructor that is nearly done gets the time, and its object is closed."""
    command = "build workflow.yaml --set component.x=Prompt --set component.y=Part"
    run = signalled(folder, command, "waiting", signal.SIGINT)
    assert run.code == INTERRUPTED
    assert run.opened()[-1] == "prompt"
    assert run.closed() == run.opened()[::-1]


def test_closers_may_finish(folder: Path) -> None:
    """A signal that comes while all is closed waits until it is."""
    command = "build workflow.yaml --set component.x=SlowToClose"
    run = signalled(folder, command, "closing", signal.SIGTERM)
    assert run.code == TERMINATED
    assert run.diary.index("closed") < run.diary.index("close runner")
    assert run.closed() == run.opened()[::-1]


def test_patience_ends(folder: Path) -> None:
    """A second signal, a moment later, ends a `close` that hangs; the other ones still run."""
    command = "build workflow.yaml --set component.x=Hanging"
    run = signalled(folder, command, "closing", signal.SIGINT, signal.SIGINT)
    assert run.code == INTERRUPTED
    assert run.closed() == run.opened()[::-1]


def test_signals_told_twice_are_one(folder: Path) -> None:
    """A program that passes on what all of a group got already does not interrupt what follows."""
    process = started(folder, "run workflow.yaml careful --set component.x=SlowToClose")
    wait_for(folder, "waiting")
    for _ in range(20):
        process.send_signal(signal.SIGTERM)
        time.sleep(0.01)
    run = ended(folder, process)
    assert run.code == TERMINATED
    assert {"cleaned", "closed"} < {*run.diary}
    assert run.closed() == run.opened()[::-1]


def test_closers_that_raise_are_told_beside_the_interruption(folder: Path) -> None:
    """What a `close` raises after Ctrl-C is shown, and the exit code is that of Ctrl-C."""
    command = "run workflow.yaml wait --set component.x=Clinging"
    run = signalled(folder, command, "waiting", signal.SIGINT)
    assert run.code == INTERRUPTED
    assert "LG702" in run.errors
    assert run.errors.endswith("interrupted\n")


def test_methods_may_go_on_after_a_signal(folder: Path) -> None:
    """Code of the user's that expects Ctrl-C decides itself what it means."""
    run = signalled(folder, "run workflow.yaml stubborn", "waiting", signal.SIGTERM)
    assert (run.code, run.errors) == (0, "")
    assert "went on" in run.diary


def test_forked_processes_end_as_ever(folder: Path) -> None:
    """A child of the user's code that gets SIGTERM dies of it, and closes nothing."""
    process = started(folder, "run workflow.yaml fork")
    run = ended(folder, process)
    assert (run.code, run.errors) == (0, "")
    assert run.closed() == run.opened()[::-1]


def test_signals_are_not_lost_between_imports(folder: Path) -> None:
    """A signal while modules are imported is no traceback that Python ignores."""
    process = started(folder, "build workflow.yaml --set component.x=Importing")
    wait_for(folder, f"open runner.part{PARTS - 1}")
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    run = ended(folder, process)
    assert run.code == INTERRUPTED
    assert run.errors.split() == ["interrupted"]


def test_ignored_signals_stay_ignored(folder: Path) -> None:
    """What `nohup` and shells in the background ignore is ignored."""
    code = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "os.execv(sys.executable, [sys.executable, '-m', 'lolpop_graph', *sys.argv[1:]])\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, "run", "workflow.yaml", "wait"],
        stderr=subprocess.PIPE,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    wait_for(folder, "waiting")
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert ended(folder, process).code == TERMINATED


# The parts ------------------------------------------------------------------------------------


def test_what_is_held_comes_in_the_end() -> None:
    """A signal waits until the context ends, and the handler is the one from before."""
    before = signal.getsignal(signal.SIGINT)
    came = False
    with pytest.raises(KeyboardInterrupt), Held():  # noqa: PT012 - that it comes late is the point
        signal.raise_signal(signal.SIGINT)
        came = True
    assert came
    assert signal.getsignal(signal.SIGINT) is before


def test_what_is_held_twice_comes_when_both_end() -> None:
    """A context within another hands over what waited."""
    steps = []
    with pytest.raises(KeyboardInterrupt), Held():  # noqa: PT012 - that it comes late is the point
        with Held():
            signal.raise_signal(signal.SIGINT)
            steps.append("inner")
        steps.append("outer")
    assert steps == ["inner", "outer"]


def test_code_that_must_not_be_torn_is_not() -> None:
    """Code of a module that is named is not interrupted, however long it takes."""
    came = False
    held = Held(__name__, is_patient=False)
    with pytest.raises(KeyboardInterrupt), held:  # noqa: PT012 - that it comes late is the point
        signal.raise_signal(signal.SIGINT)
        time.sleep(0.7)
        came = True
    assert came


def test_other_code_is_interrupted_after_a_moment() -> None:
    """Code of other modules gets no more than a moment, unless a context is patient."""
    begin = time.monotonic()
    held = Held(is_patient=False)
    with pytest.raises(KeyboardInterrupt), held:  # noqa: PT012 - that it comes late is the point
        signal.raise_signal(signal.SIGINT)
        time.sleep(0.2)
        time.sleep(20)
    assert 0.2 < time.monotonic() - begin < 10


def test_signals_come_once() -> None:
    """What came at a checkpoint does not come again a moment later."""
    with Held(is_patient=False) as held:
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            held.checkpoint()
        time.sleep(0.7)
        held.checkpoint()


def test_handlers_set_meanwhile_stay() -> None:
    """Whoever sets a handler of their own while signals are held keeps it."""
    got = []
    before = signal.getsignal(signal.SIGINT)
    try:
        with Held():
            signal.signal(signal.SIGINT, lambda *_: got.append("mine"))
        signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
    assert got == ["mine"]


def test_handlers_put_back_too_late_do_no_harm() -> None:
    """A handler of ours that somebody remembered and sets again hands signals on."""
    before = signal.getsignal(signal.SIGINT)
    held = Held()
    try:
        with held:
            ours = signal.getsignal(signal.SIGINT)
        signal.signal(signal.SIGINT, ours)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt), held:
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)


def test_other_threads_change_no_handlers() -> None:
    """Only Python's main thread may set handlers; others go on without."""
    before = signal.getsignal(signal.SIGINT)

    def look() -> object:
        with Held(), Raising():
            return signal.getsignal(signal.SIGINT)

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(look).result() is before


def test_a_released_context_lets_signals_through() -> None:
    """Within a context that holds, a released part is interrupted at once."""
    before = signal.getsignal(signal.SIGINT)
    with Held() as held:
        with pytest.raises(KeyboardInterrupt), held.released():
            signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_both_signals_are_raised(number: signal.Signals) -> None:
    """Either raises an error that passes where KeyboardInterrupt does; then it is as before."""
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt) as caught, Raising():
        signal.raise_signal(number)
    assert isinstance(caught.value, Interrupted)
    assert caught.value.number == number
    assert signal.getsignal(number) is before


def test_signals_are_not_raised_where_python_ignores_them() -> None:
    """What comes in the callback that runs while modules are imported is raised after it."""
    code = compile("def cb(send): send(2)", "<frozen importlib._bootstrap>", "exec")
    names: dict[str, Any] = {}
    exec(code, names)
    raising, steps = Raising(), []
    raising._asked = 0.0
    with pytest.raises(KeyboardInterrupt), raising:  # noqa: PT012 - that it comes late is the point
        names["cb"](signal.raise_signal)
        steps.append("went on")
        time.sleep(10)
    assert steps == ["went on"]


def test_imports_get_a_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal that comes while a module is imported is raised when it is."""
    text = "import signal, time\nsignal.raise_signal(2)\ntime.sleep(0.2)\nDONE = True\n"
    (tmp_path / "imported_slowly.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(KeyboardInterrupt), Raising():  # noqa: PT012 - that it comes late is the point
        import_module("imported_slowly")
        time.sleep(10)
    assert sys.modules.pop("imported_slowly").DONE


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_programs_that_have_not_begun_leave_at_once(number: signal.Signals) -> None:
    """Before the command line is imported and after it is done, a signal is one word."""
    code = (
        "import os, sys\n"
        "from lolpop_graph.interrupts import leave_on_signals\n"
        "leave_on_signals()\n"
        "os.kill(os.getpid(), int(sys.argv[1]))\n"
        "print('not reached')\n"
    )
    done = in_python(code, str(int(number)))
    assert (done.returncode, done.stdout, done.stderr) == (CODES[number], "", "interrupted\n")
