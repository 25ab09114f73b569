"""The tree of `plan`: it fits the terminal, folds what is too long, and loses nothing unasked."""

from __future__ import annotations

import json
import os
import pty
import struct
import subprocess
import sys
from fcntl import ioctl
from random import Random
from termios import TIOCSWINSZ
from typing import TYPE_CHECKING

import pytest

import lolpop_graph as lg
from benchmarks.workload import Size, document
from lolpop_graph.cells import cells, filled, fitted
from lolpop_graph.cli import main, tree
from lolpop_graph.cli.outline import MOST_LINES, Fold, fitting, plural, rows, with_parents
from lolpop_graph.cli.reports import write_lines
from tests.test_hostile_pictures import label
from tests.workflows import random_workflow

if TYPE_CHECKING:
    from pathlib import Path

SIZES = {"143": Size(12, 10, 12), "2,051": Size(10, 40, 50), "flat": Size(2_000, 0, 0)}


def terminal(width: int, *arguments: str) -> list[str]:
    """What a command shows on a terminal of that width, line by line."""
    own, other = pty.openpty()
    ioctl(other, TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    environment = {**os.environ, "TERM": "xterm", "NO_COLOR": "1"}
    environment.pop("COLUMNS", None)
    command = [sys.executable, "-m", "lolpop_graph", *arguments]
    process = subprocess.Popen(command, stdout=other, stdin=subprocess.DEVNULL, env=environment)
    os.close(other)
    shown = b""
    while True:
        try:
            shown += (more := os.read(own, 2**16))
        except OSError:
            break
        if not more:
            break
    os.close(own)
    assert process.wait(60) == 0
    return shown.decode().replace("\r\n", "\n").splitlines()


@pytest.fixture(name="big", params=SIZES)
def big_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A workflow with more integrations than a person reads."""
    path = tmp_path / "big.yaml"
    path.write_text(document(SIZES[request.param]), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [50, 80])
def test_a_big_workflow_fits_a_terminal(big: Path, width: int) -> None:
    """Tree, build order and groups are a few lines, none too wide, and say how to see all."""
    lines = terminal(width, "plan", str(big))
    assert len(lines) < 2 * MOST_LINES + 20
    assert max(map(cells, lines)) <= width
    assert "--all shows every one" in " ".join(line.strip() for line in lines[-3:])
    assert any("more components" in line for line in lines)


def test_all_and_pipes_show_every_one(big: Path) -> None:
    """Nothing is left out with --all, nor where no terminal is written to."""
    order = lg.plan(big).order
    command = [sys.executable, "-m", "lolpop_graph", "plan", str(big)]
    piped = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert [line.rstrip() for line in terminal(100, "plan", str(big), "--all")] == [
        line.rstrip() for line in piped
    ]
    start = piped.index("Build order") + 1
    assert [line.split()[1] for line in piped[start : start + len(order)]] == order


def test_folded_lines_count_what_they_stand_for() -> None:
    """What is folded is counted: in its group, and in each of its members."""
    plan = lg.plan({
        "component": {f"c{number}": "C" for number in range(21)},
        "pipeline": {f"p{number}": "P" for number in range(53)},
        **{f"p{number}": {"component": dict.fromkeys("abcd", "C")} for number in range(53)},
    })  # fmt: skip
    words = [row.words for row in rows(plan.integrations[0], Fold(most=3)) if row.words]
    assert words == ["… 18 more components", "… 50 more pipelines, 4 components in each"]
    shallow = [row.words for row in rows(plan.integrations[0], Fold(depth=1))]
    assert shallow == ["… 21 components; 53 pipelines, 4 components in each"]


@pytest.mark.parametrize("seed", range(150))
def test_lines_stand_for_each_integration_once(seed: int) -> None:
    """However a tree is folded, its lines cover the build order from the first to the last."""
    rng = Random(seed)
    order = lg.plan(random_workflow(seed).document).integrations
    for _ in range(5):
        fold = Fold(rng.choice([None, 1, 2, 3]), rng.choice([None, 1, 2, 5]))
        found = list(rows(order[0], fold))
        assert [row.first for row in found] == [1, *(row.last + 1 for row in found[:-1])]
        assert found[-1].last == len(order)
    whole = [row.integration for row in rows(order[0], Fold())]
    assert whole == list(order)


def test_a_small_tree_is_not_folded() -> None:
    """What fits is shown whole, and what does not loses members before levels."""
    small = lg.plan({"component": {f"c{number}": "C" for number in range(MOST_LINES - 1)}})
    assert fitting(small.integrations, Fold()) == Fold()
    large = lg.plan({"component": {f"c{number}": "C" for number in range(MOST_LINES)}})
    assert fitting(large.integrations, Fold()) == Fold(most=12)


def test_only_shows_paths_and_what_is_above_them() -> None:
    """A part of the tree is shown with its parents, and nothing beside them."""
    order = lg.plan("fixtures/quickstart/workflow.yaml").integrations
    fold = Fold(only=with_parents({"runner.train.model_trainer", "runner.logger"}))
    paths = [row.integration.path for row in rows(order[0], fold) if row.integration]
    assert paths == ["runner", "runner.logger", "runner.train", "runner.train.model_trainer"]


def test_only_is_a_selection(capsys: pytest.CaptureFixture[str]) -> None:
    """The command shows the groups of what is selected, and refuses names that are not there."""
    workflow = "fixtures/quickstart/workflow.yaml"
    assert main(["plan", workflow, "--only", "runner.train.model_trainer"]) == 0
    out = capsys.readouterr().out
    assert [line.split()[-1] for line in out.split("\n\n")[1].splitlines()[1:]] == [
        "runner", "runner.train", "runner.train.model_trainer",
    ]  # fmt: skip
    assert "runner.predict" not in out
    assert main(["plan", workflow, "--only", "model_trainr"]) == 2
    assert "LG803" in capsys.readouterr().err
    for command in ("plan", "draw"):
        assert main([command, workflow, "--only", "nothing*"]) == 0
        assert capsys.readouterr().err == "nothing is selected\n"


def test_depth_is_what_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """Levels beyond the depth are counted beside their parent, where nothing is cut."""
    assert main(["plan", "fixtures/quickstart/workflow.yaml", "--depth", "2"]) == 0
    lines = capsys.readouterr().out.split("\n\n", maxsplit=1)[0].splitlines()
    assert len(lines) == 8
    assert lines[6] == "├─ train             pipeline   TrainPipeline  … 3 components"


def test_no_depth_below_one(capsys: pytest.CaptureFixture[str]) -> None:
    """A depth is a whole number from 1."""
    for wrong in ("0", "-1", "x"):
        assert main(["plan", "fixtures/quickstart/workflow.yaml", "--depth", wrong]) == 2
    assert "--depth" in capsys.readouterr().err


@pytest.mark.parametrize("seed", range(30))
def test_hostile_names_never_break_the_tree(
    seed: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Layers and classes of any text: a line for each integration, and none too wide."""
    rng = Random(seed)
    names = list(dict.fromkeys(label(rng) for _ in range(4)))
    root, *layers = [name for name in names if name not in {"config", "integration_framework"}]
    conf = {"integration_framework": {root: dict.fromkeys(layers)}}
    for number, layer in enumerate(layers):
        conf[layer] = {f"名前{number}_{at}": f"x{label(rng)}".replace("$", "") for at in range(3)}
    plan = lg.plan(conf)
    monkeypatch.setenv("COLUMNS", "70")
    shown = tree.page(plan.integrations)
    write_lines(tree.tree_lines(plan.integrations[0], tree.declared_class(plan), shown), err=False)
    lines = capsys.readouterr().out.removesuffix("\n").split("\n")
    assert len(lines) == len(plan.order)
    assert max(map(cells, lines)) <= 70
    assert all(line.isprintable() for line in lines)


def test_columns_stand_one_below_the_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """East Asian letters take two cells, so that layers begin in one column all the same."""
    path = tmp_path / "w.yaml"
    path.write_text("component: {名前: A, alpha: B, été: C}\n", encoding="utf-8")
    assert main(["plan", str(path)]) == 0
    lines = capsys.readouterr().out.split("\n\n", maxsplit=1)[0].splitlines()
    assert len({cells(line[: line.index("component")]) for line in lines[1:]}) == 1


@pytest.mark.parametrize(
    "text", ["a" * 90, "名" * 90, "e\u0301" * 90, "名a" * 2_000, "👩‍👩‍👧" * 50, ""]
)
def test_cut_texts_have_their_width(text: str) -> None:
    """What is cut fits, keeps both ends, and uses the room but for half a letter."""
    for width in range(1, 60):
        cut = fitted(text, width)
        assert cells(cut) <= width
        assert cells(filled(cut, width)) == width
        if cut != text:
            assert "…" in cut
    assert fitted(text, None) == text


def test_words_for_many_of_a_layer() -> None:
    """Layers with English names have a plural; what is no word stays as it is."""
    assert [plural(layer, 2) for layer in ("component", "library", "class", "relay")] == [
        "components", "libraries", "classes", "relays",
    ]  # fmt: skip
    assert [plural(layer, 2) for layer in ("étape", "#", "7", "組件", "")] == [
        "étape", "#", "7", "組件", "",
    ]  # fmt: skip
    assert plural("component", 1) == "component"


def test_json_stays_whole(big: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither depth nor terminal leave anything out of the JSON."""
    assert main(["plan", str(big), "--json", "--depth", "1"]) == 0
    assert len(json.loads(capsys.readouterr().out)["integrations"]) == len(lg.plan(big).order)
