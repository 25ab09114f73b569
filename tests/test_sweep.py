"""Sweeps in this process, from the table to the report; the manifest, and how it resumes."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import lolpop_graph as lg
from lolpop_graph.cli import main
from lolpop_graph.sweeps.manifest import Manifest
from lolpop_graph.sweeps.recorded import FILE
from lolpop_graph.sweeps.sweeping import prepare

PARTS = """
import json
import pathlib
import time

import lolpop_graph as lg


class Store(lg.BaseRunner):
    def main(self):
        store, depth = self._get_config("store"), self._get_config("depth")
        with pathlib.Path("calls.txt").open("a") as file:
            file.write(f"{store} {depth}\\n")
        if self._get_config("trap", "") == store:
            raise ValueError(f"the store '{store}' is closed: {self._get_config('password')}")
        return {"score": depth / 10, "by": {"store": store}, "said": self._get_config("password")}

    def nap(self):
        time.sleep(0.002)
        return self.main()

    def stop(self):
        if self._get_config("depth") == 3:
            raise KeyboardInterrupt
        return self.main()
"""
WORKFLOW = """
runner: Store
config: {plugin_paths: [parts.py], store: none, depth: 1, password: canary}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a workflow and a table in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "parts.py").write_text(PARTS, encoding="utf-8")
    (tmp_path / "workflow.yaml").write_text(WORKFLOW, encoding="utf-8")
    (tmp_path / "stores.csv").write_text("store,config.depth\n0042,4\n17,8\nrome,6\n", "utf-8")
    return tmp_path


def swept(**options: Any) -> lg.SweepReport:
    """A sweep over the table, in this process, recorded in `runs`."""
    settings = {"config.store": "{store}", **options.pop("overrides", {})}
    over = options.pop("over", "stores.csv")
    conf = options.pop("conf", "workflow.yaml")
    options = {"out": "runs", "on": "none", **options}
    return lg.sweep(conf, over=over, overrides=settings, **options)


def calls() -> list[str]:
    """What was called, in order; to be forgotten."""
    file = Path("calls.txt")
    said = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    file.unlink(missing_ok=True)
    return said


def rows_of(path: Path = Path("runs")) -> list[tuple[Any, ...]]:
    """What a stranger finds in the manifest."""
    base = sqlite3.connect(path / FILE)
    try:
        return base.execute("SELECT number, status FROM runs ORDER BY number").fetchall()
    finally:
        base.close()


def codes(error: pytest.ExceptionInfo[lg.WorkflowError]) -> list[str]:
    """The codes of the faults of an error."""
    return [fault.code for fault in error.value.faults]


def test_each_row_is_run_and_recorded(folder: Path) -> None:
    """Parameters, metrics, and how it went; nothing of a secret in any file."""
    report = swept()
    assert (report.total, report.done, report.failed, report.left) == (3, 3, 0, 0)
    assert report.passed
    assert calls() == ["0042 4", "17 8", "rome 6"]
    first, *_ = report.table()
    assert first["started"].endswith("+00:00")
    del first["started"], first["seconds"]
    assert first == {
        "number": 0,
        "status": "done",
        "store": "0042",
        "config.depth": 4,
        "score": 0.4,
        "by.store": "0042",
        "said": "***",
        "worker": "driver",
        "error_kind": None,
        "error": None,
    }
    assert list(report.to_frame()["score"]) == [0.4, 0.8, 0.6]
    assert all(b"canary" not in file.read_bytes() for file in Path("runs").iterdir())


def test_the_view_has_a_column_for_each_value(folder: Path) -> None:
    """SQL finds parameters and metrics by name."""
    swept()
    base = sqlite3.connect(f"runs/{FILE}")
    query = 'SELECT store, score FROM results WHERE "config.depth" > 4 ORDER BY score DESC'
    assert base.execute(query).fetchall() == [("17", 0.8), ("rome", 0.6)]
    base.close()


def test_hostile_names_and_values_are_recorded(folder: Path) -> None:
    """Names that differ by case, with quotes and half characters, and numbers that JSON lacks."""
    names = (
        "STORE",
        "store",
        'a"b',
        "a\\b",
        "x'; DROP TABLE runs; --",
        "\ud800",
        "é.ü",
        "Score",
        "number",
    )
    row = {name: float("inf") if name == "STORE" else name for name in names}
    report = swept(over=[row])
    (run,) = report.runs()
    assert run.parameters["STORE"] == "inf"
    assert run.parameters["\\ud800"] == "\\ud800"
    base = sqlite3.connect(f"runs/{FILE}")
    base.row_factory = sqlite3.Row
    (found,) = base.execute("SELECT * FROM results").fetchall()
    base.close()
    assert (found["x'; DROP TABLE runs; --"], found["é.ü"]) == ("x'; DROP TABLE runs; --", "é.ü")
    assert (found["parameters.store"], found["metrics.score"]) == ("store", 0.1)


def test_the_best_run(folder: Path) -> None:
    """It is that with the largest or smallest number; a name that no run gave is refused."""
    report = swept()
    largest, smallest = report.best("score"), report.best("score", largest=False)
    assert largest is not None
    assert smallest is not None
    assert (largest.number, smallest.number) == (1, 0)
    with pytest.raises(KeyError, match=r"called 'scor'; there are score"):
        report.best("scor")


def test_failures_are_grouped_by_cause(folder: Path) -> None:
    """What differs in quotes and numbers alone is one cause, without secrets and our frames."""
    report = swept(
        over=[{"store": store} for store in "abcab"], overrides={"config.trap": "{store}"}
    )
    assert (report.done, report.failed) == (0, 5)
    (cause,) = report.causes
    assert (cause.kind, cause.count, cause.place) == ("ValueError", 5, "parts.py:15 in main")
    assert cause.sentence == "the store 'a' is closed: ***"
    assert "sweeps" not in cause.traceback
    assert "5 x ValueError: the store 'a' is closed: ***" in str(report)
    assert "<table>" in report._repr_mimebundle_()["text/html"]


def test_resume_does_what_is_missing_or_failed(folder: Path) -> None:
    """What is done is not run again; a row that is gone stays recorded, and new ones are run."""
    (folder / "bad.yaml").write_text("config: {trap: rome}\n", encoding="utf-8")
    assert swept(conf=["workflow.yaml", "bad.yaml"]).failed == 1
    calls()
    assert swept(conf=["workflow.yaml", "bad.yaml"], resume=True).failed == 1
    assert calls() == ["rome 6"]
    (folder / "stores.csv").write_text("store,config.depth\n0007,1\n17,8\n0042,4\n", "utf-8")
    report = swept(conf=["workflow.yaml", "bad.yaml"], resume=True)
    assert calls() == ["0007 1"]
    assert (report.total, report.done, report.failed, report.gone) == (3, 3, 0, 1)
    assert [run.parameters["store"] for run in report.runs()] == ["0007", "17", "0042"]
    assert "1 recorded run is of rows that are gone" in str(report)


def test_a_sweep_is_not_overwritten(folder: Path) -> None:
    """Without `resume` it is refused; where nothing is recorded yet, `resume` begins."""
    swept(resume=True)
    with pytest.raises(lg.WorkflowError, match="3 runs done and 0 failed") as error:
        swept()
    assert codes(error) == ["LG837"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"method": "nap"}, "the method has changed"),
        ({"overrides": {"config.depth": 3}}, "the column `config.depth`"),
        ({"overrides": {"config.x": "{store}"}}, "the template of `config.x`"),
        ({"overrides": {"config.password": "other"}}, "`config.password` has changed"),
    ],
)
def test_a_changed_sweep_is_not_resumed(folder: Path, change: dict[str, Any], said: str) -> None:
    """The fault says what has changed; who accepts that gets what is missing alone."""
    swept(first=2)
    calls()
    with pytest.raises(lg.WorkflowError, match="LG838") as error:
        swept(resume=True, **change)
    assert said in str(error.value)
    if "overrides" not in change:
        assert swept(resume=True, accept_changes=True, **change).done == 3
        assert calls() == ["rome 6"]


def test_changed_files_are_told(folder: Path) -> None:
    """Values are told by their paths, a plug-in by its name; a comment is no change."""
    swept(first=1)
    # What each run sets is of no account.
    same = WORKFLOW.replace("store: none", "store: all")
    (folder / "workflow.yaml").write_text("# a comment\n" + same, encoding="utf-8")
    assert swept(resume=True, first=1).done == 2
    (folder / "workflow.yaml").write_text(same.replace("canary", "bird"), encoding="utf-8")
    (folder / "parts.py").write_text(PARTS + "\n# more\n", encoding="utf-8")
    with pytest.raises(lg.WorkflowError) as error:
        swept(resume=True)
    said = "`config.password` and the plug-in `parts.py` have changed since"
    assert said in str(error.value)


def test_two_sweeps_at_once_are_refused(folder: Path) -> None:
    """The second one names the folder, and leaves the first one alone."""
    with Manifest(Path("runs")), pytest.raises(lg.WorkflowError, match="`runs`") as error:
        swept()
    assert codes(error) == ["LG836"]
    assert swept().done == 3


def test_what_is_no_manifest_is_left_alone(folder: Path) -> None:
    """Another file of that name, and a file in the place of the folder, are refused."""
    (folder / "runs").mkdir()
    (folder / "runs" / FILE).write_text("my notes, which are longer than a header", "utf-8")
    for out in ("runs", "stores.csv"):
        with pytest.raises(lg.WorkflowError) as error:
            swept(out=out)
        assert codes(error) == ["LG839"]
    assert (folder / "runs" / FILE).read_text("utf-8").startswith("my notes")


def test_an_interruption_is_orderly(folder: Path) -> None:
    """What is done is recorded, the error says how to go on, and that does the rest."""
    grid = {"config.depth": [1, 2, 3, 4]}
    with pytest.raises(KeyboardInterrupt) as error:
        lg.sweep("workflow.yaml", "stop", grid=grid, out="runs", on="none")
    assert error.value.__notes__[-1].startswith("2 of 4 runs are recorded in runs; the same call")
    assert rows_of() == [(0, "done"), (1, "done")]
    calls()
    report = lg.sweep(
        "workflow.yaml", "nap", grid=grid, out="runs", on="none", resume=True, accept_changes=True
    )
    assert calls() == ["none 3", "none 4"]
    assert (report.done, report.performed) == (4, 2)


def test_faults_of_all_runs_are_told_once(folder: Path) -> None:
    """A misspelt path stops a sweep before it begins; a value that is wrong in one row does not."""
    with pytest.raises(lg.WorkflowError, match="confg") as error:
        swept(overrides={"confg.x": "{store}"})
    assert codes(error) == ["LG301"]
    with pytest.raises(lg.WorkflowError, match="LG704"):
        swept(method="mian")
    assert not Path("runs").exists()
    assert not calls()
    grid = {"config.store": ["$nowhere", "rome"]}
    report = lg.sweep("workflow.yaml", grid=grid, out="runs", on="none")
    assert (report.done, report.failed) == (1, 1)
    assert report.causes[0].kind == "LG401"


def test_the_section_of_the_workflow(folder: Path) -> None:
    """It says the same as the options, its table is beside it, and the call wins."""
    (folder / "deep").mkdir()
    section = """
sweep:
  over: stores.csv
  grid: {config.depth: [1, 2], place: [x]}
  set: {config.store: "${file:folder}/{store}", config.x: {store}, config.y: "at {place}"}
  method: nap
"""
    for name in ("parts.py", "stores.csv"):
        (folder / name).rename(folder / "deep" / name)
    text = (WORKFLOW + section).replace(": {store}", ": {town}").replace("/{store}", "/{town}")
    (folder / "deep" / "stores.csv").write_text("town\na$b\n", encoding="utf-8")
    (folder / "deep" / "workflow.yaml").write_text(text, encoding="utf-8")
    report = lg.sweep("deep/workflow.yaml", grid={"config.depth": [3, 4]}, out="runs", on="none")
    assert calls() == [f"{folder}/deep/a$b 3", f"{folder}/deep/a$b 4"]
    assert report.about["method"] == "nap"
    assert report.about["source"] == "deep/stores.csv x config.depth x place"


def test_references_travel_as_they_are_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those deep in a value of the section as well: each worker looks up what they say."""
    monkeypatch.setenv("SWEPT_KEY", "canary")
    section = """
sweep:
  grid: {town: [rome, oslo]}
  set: {config.deep: {at: ["${env:SWEPT_KEY}", {town}], 2: "$config.depth"}}
"""
    (folder / "workflow.yaml").write_text(WORKFLOW + section, encoding="utf-8")
    planned = prepare("workflow.yaml")
    run = next(planned.runs())
    deep = {"at": ["${env:SWEPT_KEY}", "rome"], 2: "$config.depth"}
    assert run.overrides == {"config.deep": deep}
    there = planned.plan.shipment.plan(run.overrides).integrations[0]
    assert there.config["deep"] == {"at": ["canary", "rome"], "2": 1}


def test_secret_arguments_are_recorded_nowhere(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The method is given the value and may say it; what is kept of that has it not."""
    method = "\n    def open(self, key):\n        raise ValueError(f'no {key}')\n"
    (folder / "parts.py").write_text(PARTS + method, encoding="utf-8")
    call = ["sweep", "workflow.yaml", "open", "!secret {deep: swordfish}", "--over", "stores.csv"]
    assert main([*call, "--out", "runs", "--on", "none"]) == 1
    (cause,) = lg.SweepReport.read("runs").causes
    assert (cause.count, cause.sentence) == (3, "no {'***': '***'}")
    assert "swordfish" not in "".join(capsys.readouterr())
    assert b"swordfish" not in Path("runs", FILE).read_bytes()


def test_the_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It shows what it would do, does it, says what failed, and resumes."""
    call = ["sweep", "workflow.yaml", "--over", "stores.csv", "--set", "config.store={store}"]
    assert main([*call, "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert "0    4             0042" in shown
    assert "3 runs of main; nothing was run" in shown
    call += ["--out", "runs", "--on", "none"]
    assert main([*call, "--maximize", "score"]) == 0
    assert "best score: run 1" in capsys.readouterr().out
    assert main(call) == 2
    assert "LG837" in capsys.readouterr().err
    assert main([*call, "--resume", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["runs"], told["done"], told["performed"]) == (3, 3, 0)
    assert main([*call[:-3], "more", "--on", "none", "--set", "config.trap={store}"]) == 1
    said = capsys.readouterr().out
    assert "3 runs failed, for 1 cause" in said
    assert "canary" not in said


def test_what_runs_print_is_not_in_the_report(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A report in JSON stands alone on standard output, also where runs print there."""
    parts = Path("parts.py")
    parts.write_text(
        parts.read_text("utf-8").replace("store, depth", "print('said'); store, depth")
    )
    call = ["sweep", "workflow.yaml", "--grid", "config.depth=1,2", "--out", "runs", "--on", "none"]
    assert main([*call, "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["done"] == 2
    assert err == "said\nsaid\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--grid", "config.depth=1,2"], "--out"),
        (["--grid", "config.depth", "--out", "o"], "train.config.depth=4,8,16"),
        (["--grid", "config.depth=[1", "--out", "o"], "LG103"),
        (["--grid", "a.b=1", "--grid", "a.b=2", "--out", "o"], "in one list"),
        (["--on", "mars", "--out", "o"], "no place to run"),
        (["--out", "o"], "nothing to sweep over"),
        (["--grid", "config.depth=1", "--set", "x", "--out", "o"], "not of the form"),
        (["--grid", "a.b=1", "--out", "o", "--minimize", "a", "--maximize", "a"], "not by both"),
        (
            ["--grid", "config.depth=1", "--set", "config.x=a]{b", "--out", "o", "--firs", "1"],
            "--first",
        ),
    ],
)
def test_wrong_calls(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    """Each ends with 2, says what is wrong, and leaves no folder behind."""
    assert main(["sweep", "workflow.yaml", *words]) == 2
    assert said in capsys.readouterr().err
    assert not (folder / "o").exists()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("4,8", [4, 8]),
        ("[4, auc]", [4, "auc"]),
        ("[[1, 2], [3]]", [[1, 2], [3]]),
        ("x", ["x"]),
        ("a b,c", ["a b", "c"]),
    ],
)
def test_lists_of_grids(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, values: list[Any]
) -> None:
    """They are read as YAML, with brackets or without."""
    assert (
        main(["sweep", "workflow.yaml", "--grid", f"config.x={text}", "--dry-run", "--json"]) == 0
    )
    first = json.loads(capsys.readouterr().out)["first"]
    assert [run["overrides"]["config.x"] for run in first] == values


def test_a_killed_driver_loses_nothing_that_is_recorded(folder: Path) -> None:
    """Killed at two moments and resumed, each run is recorded once, and none is lost."""
    depths = ",".join(map(str, range(400)))
    call = [sys.executable, "-m", "lolpop_graph", "sweep", "workflow.yaml", "nap", "--on", "none"]
    call += ["--grid", f"config.depth={depths}", "--out", "runs", "--resume"]
    environment = {**os.environ, "PYTHONPATH": str(Path(lg.__file__).parent.parent)}
    recorded = [0]
    for reached in (120, 300):
        process = subprocess.Popen(call, env=environment, stdout=subprocess.DEVNULL)
        while len(seen()) < reached:
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()
        process.wait()
        recorded.append(len(rows_of()))
    assert recorded == sorted({*recorded})
    assert recorded[-1] < 400
    assert main(call[3:]) == 0
    assert rows_of() == [(number, "done") for number in range(400)]
    assert {*seen()} == {f"none {depth}" for depth in range(400)}


def seen() -> list[str]:
    """What was called so far."""
    file = Path("calls.txt")
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []
