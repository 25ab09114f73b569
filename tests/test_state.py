"""A build leaves nothing behind: not in the process, not in memory, not for other threads."""

from __future__ import annotations

import gc
import io
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import lolpop_graph as lg
from lolpop_graph.cli import main
from lolpop_graph.cli.common import planned

ROOT = Path(__file__).parent.parent

PLUGIN = '''"""A plug-in with a neighbour."""

import lolpop_graph as lg

from . import neighbour


class Part(lg.BaseComponent):
    """Logs that it is made."""

    def __init__(self):
        self.log("made")
        self.answer = neighbour.ANSWER


class Boss(lg.BaseRunner):
    """The root."""

    def main(self):
        """Give a number."""
        return 7


class Bomb(Part):
    """Raises."""

    def __init__(self):
        raise ValueError("boom")
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a workflow and its plug-ins, which is the current one."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "parts.py").write_text(PLUGIN, encoding="utf-8")
    (tmp_path / "parts" / "neighbour.py").write_text("ANSWER = 42\n", encoding="utf-8")
    (tmp_path / "workflow.yaml").write_text(
        "runner: Boss\nconfig: {plugin_paths: [parts]}\ncomponent: {a: Part, b: Part}\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def state() -> dict[str, Any]:
    """All of the process that a build could change and must not."""
    ours = {name: logger for name, logger in loggers().items() if name.startswith("lolpop_graph")}
    return {
        "path": list(sys.path),
        "environment": dict(os.environ),
        "directory": Path.cwd(),
        "umask": umask(),
        "root handlers": list(logging.getLogger().handlers),
        "root level": logging.getLogger().level,
        "disabled": logging.root.manager.disable,
        "handlers": {name: logger.handlers for name, logger in ours.items() if logger.handlers},
        "levels": {name: logger.level for name, logger in ours.items() if logger.level},
        "output": (sys.stdout, getattr(sys.stdout, "errors", None), sys.stderr, sys.stdin),
        "signals": {number: signal.getsignal(number) for number in signal.valid_signals()},
        "warnings": list(warnings.filters),
        "collection": (gc.isenabled(), gc.get_threshold(), list(gc.callbacks)),
        "threads": set(threading.enumerate()),
        "hooks": (sys.excepthook, sys.displayhook, sys.unraisablehook, threading.excepthook),
        "tracing": (sys.gettrace(), sys.getprofile(), sys.getrecursionlimit()),
        "files": len(list(Path("/proc/self/fd").iterdir())),
        "finders": list(sys.meta_path),
    }


def loggers() -> dict[str, logging.Logger]:
    """The loggers that exist."""
    known = logging.root.manager.loggerDict
    return {name: known[name] for name in known if isinstance(known[name], logging.Logger)}


def umask() -> int:
    """The permissions that new files do not get."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def check_unchanged(before: dict[str, Any]) -> None:
    """Compare key by key, for a message that says which it is."""
    after = state()
    assert [key for key in before if before[key] != after[key]] == []


def build_and_close(*confs: Any, **options: Any) -> None:
    """Build a workflow, and close it."""
    with lg.build(*confs, **options) as workflow:
        assert workflow.root.a.answer == 42


@pytest.fixture
def warm(folder: Path) -> Path:
    """The folder, after a first build: what is imported, and found by our finder, stays."""
    build_and_close("workflow.yaml")
    return folder


def test_a_build_leaves_the_process_as_it_was(warm: Path) -> None:
    """After building and closing, the process is as it was before."""
    before = state()
    build_and_close("workflow.yaml")
    check_unchanged(before)


def test_a_first_build_changes_no_path(folder: Path) -> None:
    """Plug-ins are imported, the first time as well, without `sys.path` or the environment."""
    before = state()
    build_and_close("workflow.yaml")
    after = state()
    changed = [key for key in before if before[key] != after[key]]
    assert set(changed) <= {"finders"}
    assert sum(type(finder).__name__ == "_PluginFinder" for finder in sys.meta_path) == 1


def test_a_build_that_fails_leaves_the_process_as_it_was(warm: Path) -> None:
    """After a constructor raised, and after a workflow that cannot be planned, all is as before."""
    before = state()
    with pytest.raises(lg.WorkflowError):
        lg.build("workflow.yaml", overrides={"component.b": "Bomb"})
    with pytest.raises(lg.WorkflowError):
        lg.build("workflow.yaml", overrides={"component.b": "Nobody"})
    with pytest.raises(lg.WorkflowError):
        lg.plan({"component": 7})
    check_unchanged(before)


@pytest.mark.parametrize(
    "command",
    [
        "build workflow.yaml",
        "build workflow.yaml -o out.dot",
        "run workflow.yaml",
        "plan workflow.yaml --json",
        "validate workflow.yaml",
        "draw workflow.yaml",
        "build workflow.yaml --set component.b=Bomb",
        "plan missing.yaml",
        "nothing",
        "--version",
    ],
)
def test_commands_leave_the_process_as_it_was(warm: Path, command: str) -> None:
    """`main` called by a program leaves its streams, their settings and its handlers alone."""
    words = command.split()
    main(words)
    before = state()
    main(words)
    check_unchanged(before)


def test_output_is_set_back(warm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard output treats what it cannot encode as it did before `main` was called."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="strict")
    monkeypatch.setattr(sys, "stdout", out)
    assert main(["plan", "workflow.yaml"]) == 0
    assert sys.stdout is out
    assert out.errors == "strict"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is full")
def test_a_full_output_is_left_open(warm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`main` called by a program says that the output is full, and leaves it as it is."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        before = os.fstat(full.fileno()).st_rdev
        assert main(["plan", "workflow.yaml"]) == 1
        assert sys.stdout is full
        assert os.fstat(full.fileno()).st_rdev == before
        os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())


# Threads --------------------------------------------------------------------------------------


def test_threads_build_at_once(folder: Path) -> None:
    """Eight threads that build from plug-ins, never imported before, each get their own objects."""
    ready = threading.Barrier(8)

    def build(number: int) -> tuple[object, int, str]:
        ready.wait()
        with lg.build("workflow.yaml", overrides={"a.config.mine": number}) as workflow:
            found = workflow["runner.a"]
            return found, found._get_config("mine"), type(found).__module__

    before = state()
    with ThreadPoolExecutor(8) as pool:
        built = list(pool.map(build, range(8)))
    assert len({id(found) for found, _, _ in built}) == 8
    assert [mine for _, mine, _ in built] == list(range(8))
    assert len({module for _, _, module in built}) == 1
    assert sum(type(finder).__name__ == "_PluginFinder" for finder in sys.meta_path) == 1
    assert gc.isenabled() == before["collection"][0]
    assert signal.getsignal(signal.SIGINT) == before["signals"][signal.SIGINT]


class Big(lg.BaseComponent):
    """One of many."""


def big_conf(parts: int) -> dict[str, Any]:
    """Two groups so large that their classes carry the names."""
    inner = {"component": {f"q{number}": "Big" for number in range(parts)}}
    names = {f"p{number}": "Big" for number in range(parts)}
    return {"component": names, "pipeline": {"line": "Line"}, "line": inner}


class Line(lg.BasePipeline):
    """Holds some of them."""


def test_threads_read_plugins_at_once(warm: Path) -> None:
    """Reading the same plug-ins many times at once is no error, however often threads change."""
    interval, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(50)
    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: build_and_close("workflow.yaml"), range(100)))
    finally:
        gc.set_threshold(*thresholds)
        sys.setswitchinterval(interval)


def test_one_plan_is_built_by_many_threads() -> None:
    """The same plan, built several times at once, gives workflows that share no object."""
    plan = lg.plan(big_conf(80), classes=[Big, Line])
    ready = threading.Barrier(4)

    def build(_: int) -> lg.Workflow:
        ready.wait()
        return plan.build()

    with ThreadPoolExecutor(4) as pool:
        built = list(pool.map(build, range(4)))
    for workflow in built:
        own = {id(one) for one in workflow.values()}
        line = workflow.root.line
        assert {id(getattr(line, f"p{number}")) for number in range(80)} <= own
        assert {id(getattr(line.q0, f"q{number}")) for number in range(1, 80)} <= own
        assert line.q0.p79 is workflow.root.p79
    assert len({id(one) for workflow in built for one in workflow.values()}) == 4 * len(plan.order)


def test_threads_fail_and_close_on_their_own(folder: Path) -> None:
    """A build that fails in one thread does nothing to those in others."""

    def build(number: int) -> str:
        overrides = {"component.b": "Bomb"} if number % 2 else {}
        try:
            build_and_close("workflow.yaml", overrides=overrides)
        except lg.WorkflowError as error:
            return error.faults[0].code
        return "built"

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(build, range(24))) == ["built", "LG701"] * 12


# Ten thousand builds --------------------------------------------------------------------------

MANY = """
import gc, json, resource, statistics, sys, time
import lolpop_graph as lg

class Part(lg.BaseComponent):
    pass

class Other(lg.BaseComponent):
    pass

class Foreign:
    def __init__(self, part):
        self.part = part

def resident():
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()

small = {
    "component": {"part": "Part"},
    "pipeline": {"train": "Line"},
    "train": {
        "component": {"inner": "Part", "foreign": "Foreign"},
        "config": {"depth": "${env:HOME,x}"},
    },
}
class Line(lg.BasePipeline):
    pass

large = {"component": {f"p{number}": "Part" for number in range(70)}}
conf, builds = {"small": small, "large": large}[sys.argv[1]], int(sys.argv[2])
classes = [Part, Other, Foreign, Line]
took, sizes = [], []
for turn in range(builds):
    begin = time.perf_counter()
    with lg.build(conf, classes=classes):
        pass
    took.append(time.perf_counter() - begin)
    if turn in (builds // 10, builds - 1):
        sizes.append((resident(), len(gc.get_objects()), len(sys.modules)))
early, late = took[builds // 10 : builds // 10 + 100], took[-100:]
print(json.dumps({
    "ratio": statistics.median(late) / statistics.median(early),
    "bytes": sizes[1][0] - sizes[0][0],
    "objects": sizes[1][1] - sizes[0][1],
    "modules": sizes[1][2] - sizes[0][2],
    "subclasses": len(Part.__subclasses__()),
}))
"""


@pytest.mark.parametrize(("size", "builds"), [("small", 4_000), ("large", 1_000)])
def test_the_last_of_many_builds_costs_what_an_early_one_did(size: str, builds: int) -> None:
    """Neither time nor memory, nor classes or modules, grow with the number of builds."""
    done = subprocess.run(
        [sys.executable, "-c", MANY, size, str(builds)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["ratio"] < 1.5
    assert found["bytes"] < 2_000_000
    assert found["objects"] < 500
    assert found["modules"] == 0
    assert found["subclasses"] == 0


def test_plans_of_commands_are_not_kept(warm: Path) -> None:
    """What a command planned is let go when it ends."""
    options = {"overlays": (), "overrides": ()}
    gc.collect()
    before = sum(isinstance(one, lg.Plan) for one in gc.get_objects())
    assert planned([Path("workflow.yaml")], options).order
    gc.collect()
    assert sum(isinstance(one, lg.Plan) for one in gc.get_objects()) == before
