"""`validate --watch`: real processes, real saves."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GOOD = "component: {a: Part}\nconfig: {plugin_paths: [parts]}\n"
BAD = GOOD.replace("component", "componnet")
PART = "import lolpop_graph as lg\n\n\nclass Part(lg.BaseComponent):\n    pass\n"
FINE = "workflow.yaml: nothing to report"
FAULTY = "workflow.yaml: 1 error"
PATIENCE = 20
MOMENT = 0.05
"""How many seconds no save may come before a check begins."""


class Watcher:
    """A process that watches, and what it wrote so far."""

    def __init__(self, folder: Path, *options: str, terminal: bool = False) -> None:
        """Start it in a folder, with pipes or with a terminal as its streams."""
        ours, theirs = pty.openpty() if terminal else os.pipe()
        command = [sys.executable, "-m", "lolpop_graph", "validate", "workflow.yaml", "--watch"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "NO_COLOR": "1"}
        self.process = subprocess.Popen(
            [*command, *options],
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
            cwd=folder,
            env=environment,
        )
        os.close(theirs)
        self.text = ""
        self.reader = threading.Thread(target=self._read, args=(ours,))
        self.reader.start()

    def _read(self, stream: int) -> None:
        try:
            while part := os.read(stream, 1 << 16):
                self.text += part.decode()
        except OSError:  # So a terminal ends.
            pass
        os.close(stream)

    @property
    def reports(self) -> int:
        """How many checks are over."""
        return self.text.count("waiting for the next save")

    def after(self, change: Callable[[], object], reports: int = 1) -> str:
        """What it writes after a change, up to the end of that many more reports."""
        start, before = len(self.text), self.reports
        change()
        self.wait_for(before + reports)
        return self.text[start:]

    def wait_for(self, reports: int) -> None:
        """Wait until so many checks are over."""
        end = time.monotonic() + PATIENCE
        while self.reports < reports:
            assert time.monotonic() < end, self.text
            assert self.process.poll() is None, self.text
            time.sleep(0.01)

    def end(self, number: int) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self.reader.join()
        return code


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a faultless workflow and a plug-in."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "part.py").write_text(PART, encoding="utf-8")
    (tmp_path / "workflow.yaml").write_text(GOOD, encoding="utf-8")
    return tmp_path


Start = Callable[..., Watcher]


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    """Start watchers, which have made their first report, and end them after the test."""
    started: list[Watcher] = []
    # Jobs in the background of a shell ignore Ctrl-C, and so would what they start.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def begin(*options: str, terminal: bool = False) -> Watcher:
        started.append(Watcher(folder, *options, terminal=terminal))
        started[-1].wait_for(1)
        return started[-1]

    yield begin
    signal.signal(signal.SIGINT, before)
    for watcher in started:
        watcher.end(signal.SIGKILL)


def save_in_place(file: Path, text: str) -> None:
    """Write into the file that is there."""
    file.write_text(text, encoding="utf-8")


def save_by_rename(file: Path, text: str) -> None:
    """Write another file and put it in the place of the one that is there."""
    other = file.with_name(f".{file.name}.swp")
    other.write_text(text, encoding="utf-8")
    other.replace(file)


def save_by_backup(file: Path, text: str) -> None:
    """Move the file away, write a new one, delete the old."""
    backup = file.rename(file.with_name(f"{file.name}~"))
    file.write_text(text, encoding="utf-8")
    backup.unlink()


def save_with_old_times(file: Path, text: str) -> None:
    """Write as many characters as there were, and set the clock of the file back."""
    status = file.stat()
    file.write_text(text, encoding="utf-8")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize(
    "save", [save_in_place, save_by_rename, save_by_backup, save_with_old_times]
)
def test_every_kind_of_save_is_seen(
    folder: Path, start: Start, save: Callable[[Path, str], None]
) -> None:
    """However an editor saves, and as often as it does, the file is checked again."""
    watcher = start()
    assert watcher.text.startswith(FINE)
    for text, expected in ((BAD, FAULTY), (GOOD, FINE), (BAD, FAULTY)):
        assert expected in watcher.after(lambda text=text: save(folder / "workflow.yaml", text))


def test_files_may_come_and_go(folder: Path, start: Start) -> None:
    """A file that is missing or broken is reported, and so is its return."""
    watcher = start()
    file = folder / "workflow.yaml"
    assert "LG101" in watcher.after(file.unlink)
    assert FINE in watcher.after(lambda: save_in_place(file, GOOD))
    assert "LG103" in watcher.after(lambda: save_in_place(file, "component: {a: [\n"))
    assert "LG102" in watcher.after(lambda: file.write_bytes(b"\xff\xfe"))


def test_folders_may_come_and_go(folder: Path, start: Start) -> None:
    """A file is found again when its folder was moved away, replaced and moved back."""
    sub, away = folder / "sub", folder / "away"
    sub.mkdir()
    save_in_place(sub / "over.yaml", "1")
    watcher = start("--overlay", "sub/over.yaml")
    assert "LG107" in watcher.text
    assert "LG101" in watcher.after(lambda: (sub.rename(away), sub.mkdir()))
    sub.rmdir()
    assert "LG107" in watcher.after(lambda: away.rename(sub))
    assert "nothing to report" in watcher.after(lambda: save_in_place(sub / "over.yaml", "{}"))


def test_several_saves_within_a_moment_are_one(folder: Path, start: Start) -> None:
    """A check begins when the last of the saves is over."""
    saved: list[float] = []

    def burst() -> None:
        saved.clear()
        for number in range(20):
            save_in_place(folder / "workflow.yaml", f"{GOOD}{'#' * number}\n")
            saved.append(time.monotonic())
            time.sleep(0.01)
        save_in_place(folder / "workflow.yaml", BAD)
        saved.append(time.monotonic())

    # A busy machine may let more than a moment pass between two of them.
    for _ in range(10):
        save_in_place(folder / "workflow.yaml", GOOD)
        watcher = start()
        said = watcher.after(burst)
        if max(later - sooner for sooner, later in pairwise(saved)) < MOMENT:
            break
    assert FAULTY in said
    time.sleep(0.5)
    assert watcher.reports == 2


def test_other_files_are_let_be(folder: Path, start: Start) -> None:
    """A file that no check reads starts none; without `--classes` a plug-in is such a file."""
    watcher = start()
    save_in_place(folder / "other.yaml", BAD)
    save_in_place(folder / "parts" / "part.py", "")
    time.sleep(0.5)
    assert watcher.reports == 1


def test_overlays_are_watched(folder: Path, start: Start) -> None:
    """Every file of the workflow counts, in whatever folder, also one that is not there yet."""
    watcher = start("--overlay", "later/over.yaml")
    assert "LG101" in watcher.text
    (folder / "later").mkdir()
    assert "nothing to report" in watcher.after(
        lambda: save_in_place(folder / "later" / "over.yaml", "config: {a: 1}\n")
    )


def test_targets_of_links_are_watched(folder: Path, start: Start) -> None:
    """A workflow that is a link is checked again when its target is saved, or becomes another."""
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    file = (folder / "workflow.yaml").rename(elsewhere / "real.yaml")
    (folder / "workflow.yaml").symlink_to(file)
    watcher = start()
    begin = time.monotonic()
    assert FAULTY in watcher.after(lambda: save_in_place(file, BAD))
    assert time.monotonic() - begin < 1.5  # Within two seconds it would be found in any case.
    (elsewhere / "next.yaml").write_text(GOOD, encoding="utf-8")
    (folder / "link").symlink_to(elsewhere / "next.yaml")
    assert FINE in watcher.after(lambda: (folder / "link").replace(folder / "workflow.yaml"))


def test_plugins_are_found_anew(folder: Path, start: Start) -> None:
    """With `--classes`, a class that comes, goes, breaks or is mended is seen."""
    watcher = start("--classes")
    assert watcher.text.startswith(FINE)
    part = folder / "parts" / "part.py"
    missing = watcher.after(lambda: save_in_place(part, PART.replace("Part(", "Prt(")))
    assert "LG501" in missing
    assert "did you mean `Prt`?" in missing
    assert "LG502" in watcher.after(lambda: save_in_place(part, f"{PART}    x y\n"))
    assert FINE in watcher.after(lambda: save_by_rename(part, PART))
    assert "LG501" in watcher.after(part.unlink)
    assert FINE in watcher.after(lambda: save_in_place(folder / "parts" / "new.py", PART))


def test_plugins_of_the_call_are_watched(folder: Path, start: Start) -> None:
    """A file of `--plugin-path` is watched, and one that the workflow names only later."""
    (folder / "extra").mkdir()
    extra = folder / "extra" / "extra.py"
    extra.write_text(PART, encoding="utf-8")
    save_in_place(folder / "workflow.yaml", "component: {a: Part}\n")
    watcher = start("--classes", "--plugin-path", str(extra))
    assert "LG501" in watcher.after(lambda: save_in_place(extra, "\n"))
    assert FINE in watcher.after(lambda: save_in_place(folder / "workflow.yaml", GOOD))
    part = folder / "parts" / "part.py"
    assert "LG501" in watcher.after(lambda: save_in_place(part, "\n"))


@pytest.mark.parametrize("terminal", [False, True])
def test_ctrl_c_ends_it(start: Start, *, terminal: bool) -> None:
    """Ctrl-C ends with exit code 130, one word, and no traceback."""
    watcher = start(terminal=terminal)
    assert watcher.end(signal.SIGINT) == 130
    assert watcher.text.rstrip().endswith("interrupted")
    assert "Traceback" not in watcher.text


def test_sigterm_ends_it(start: Start) -> None:
    """SIGTERM ends with exit code 143, and with no traceback."""
    watcher = start()
    assert watcher.end(signal.SIGTERM) == 143
    assert "Traceback" not in watcher.text


def test_terminals_are_cleared_between_reports(folder: Path, start: Start) -> None:
    """A terminal shows the last report alone; elsewhere a line stands between two."""
    for terminal, between in ((True, "\x1b[2J"), (False, "-" * 40)):
        watcher = start(terminal=terminal)
        assert between not in watcher.text
        assert "\x1b" not in watcher.text
        assert between in watcher.after(lambda: save_in_place(folder / "workflow.yaml", GOOD))
        assert watcher.text.count(between) == 1


def test_odd_plugin_paths_are_reported(folder: Path, start: Start) -> None:
    """A plug-in path that is none, is too long or leads out of the folder stops nothing."""
    (folder / "loop").symlink_to(folder / "loop")
    paths = ["loop", "a\0b", "x" * 5000, "y" * 5000 + "/z", "..", "/", 7, None]
    save_in_place(folder / "workflow.yaml", json.dumps({"config": {"plugin_paths": paths}}))
    watcher = start("--classes")
    assert "LG509" in watcher.text
    assert FINE in watcher.after(lambda: save_in_place(folder / "workflow.yaml", GOOD))


def test_reports_for_machines_stand_alone(folder: Path, tmp_path: Path) -> None:
    """On standard output there is nothing but the JSON documents, one after the other."""
    out = tmp_path / "out.json"
    with out.open("wb") as file:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "lolpop_graph",
                "validate",
                "workflow.yaml",
                "--watch",
                "--json",
            ],
            stdout=file,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    assert process.stderr
    process.stderr.readline()
    save_in_place(folder / "workflow.yaml", BAD)
    process.stderr.readline()
    process.stderr.readline()
    process.kill()
    process.wait(PATIENCE)
    process.stderr.close()
    text = out.read_text(encoding="utf-8")
    first, end = json.JSONDecoder().raw_decode(text)
    second = json.loads(text[end:])
    assert (first["ok"], second["ok"]) == (True, False)


def test_waiting_costs_nearly_nothing(start: Start) -> None:
    """Between two saves hardly any time of a processor is used."""
    watcher = start()
    stat = Path(f"/proc/{watcher.process.pid}/stat")
    if not stat.exists():
        pytest.skip("this system does not tell what a process uses")

    def used() -> float:
        numbers = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")

    before = used()
    time.sleep(2)
    assert used() - before < 0.2


def test_what_is_missing_is_named(folder: Path) -> None:
    """Without the library that watches, the call is at fault, and is told what to install."""
    code = (
        "import sys; sys.modules['watchfiles'] = None; from lolpop_graph.cli import main;"
        "sys.exit(main(['validate', 'workflow.yaml', '--watch']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 2
    assert 'pip install "lolpop-graph[watch]"' in done.stderr
    assert not done.stdout
