"""What is told before a run of which a part lives on workers: what would stay behind, or differ."""

from __future__ import annotations

from pathlib import Path

import pytest

import lolpop_graph as lg
from lolpop_graph.cli import main

FIXTURES = Path(__file__).parent.parent / "fixtures"
HEAD = "import lolpop_graph as lg\n"
TRAIN = """
class Train(lg.BasePipeline):
    def __init__(self):
        self.model = None
        self.scale = 2

    def fit(self, rows):
        self.model = sum(rows) * self.scale
        return self.model

    def predict(self, rows):
        return [self.model for _ in rows]

    def run(self, rows):
        self.fit(rows)
        return self.predict(rows)

    @property
    def score(self):
        return self.model

    def say(self):
        return self.scaler.mean, self.tracker.seen

    def learn(self, rows):
        self.scaler.learn(rows)
        self.tracker.see(rows)
"""
PARTS = """
class Scaler(lg.BaseComponent):
    def learn(self, rows):
        self.mean = sum(rows) / len(rows)

class Tracker(lg.BaseComponent):
    def see(self, rows):
        self.seen = rows

class Told(Tracker):
    def remote_context(self):
        return self.seen

class Predict(lg.BasePipeline):
    def run(self, rows):
        return self.train.model

class Main(lg.BaseRunner):
    def main(self):
"""
CONF = """\
config: {plugin_paths: [parts.py]}
runner: Main
component: {tracker: %s}
pipeline:
  config: {update_peer_integrations: true}
  train: Train
  predict: Predict
train:
  component: {scaler: Scaler}
"""


def workflow(folder: Path, *main_lines: str, tracker: str = "Tracker", more: str = "") -> Path:
    """A workflow in a folder, with a root whose `main` has these lines."""
    body = "".join(f"        {line}\n" for line in main_lines)
    (folder / "parts.py").write_text(f"{HEAD}{TRAIN}{PARTS}{body}{more}", encoding="utf-8")
    path = folder / "workflow.yaml"
    path.write_text(CONF % tracker, encoding="utf-8")
    return path


def said(path: Path) -> list[str]:
    """What is told of a workflow, which is the same by its classes and by their texts."""
    plan = lg.plan(path)
    told = [str(note) for note in plan.notes_for_remote(classes=False)]
    assert told == [str(note) for note in plan.notes_for_remote()]
    return told


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (
            ["self.train.fit([1])", "return self.train.predict([2])"],
            "leaves as `model` (parts.py:9) stays on the worker that ran it, and `runner.train.p",
        ),
        (
            ["train = self.train", "train.fit([1])", "return self.predict.run([2])"],
            "it, and `runner.predict.run` may run on another",
        ),
        (
            ["self.train.run([1])", "return self.train.score"],
            "stays on the worker that ran it, and `runner` reads it elsewhere",
        ),
        (
            ["self.train.fit([1])", "return self.train.model"],
            "and `runner` reads it elsewhere",
        ),
    ],
)
def test_what_stays_behind_is_told(tmp_path: Path, lines: list[str], words: str) -> None:
    """A call on another worker, another integration, and the root itself would not find it."""
    (told,) = said(workflow(tmp_path, *lines))
    assert told.startswith(f"{tmp_path / 'workflow.yaml'}:6:3: warning LG325: ")
    assert words in told
    assert "return it and pass it on" in told


def test_what_stays_behind_in_components_is_told(tmp_path: Path) -> None:
    """So are attributes of what the pipeline calls, but for what says by itself what it holds."""
    lines = ["self.train.learn([1])", "return self.train.say()"]
    told = said(workflow(tmp_path, *lines))
    assert len(told) == 2
    assert "leaves as `seen` of `runner.tracker` (parts.py:" in told[0]
    assert "leaves as `mean` of `runner.train.scaler` (parts.py:" in told[1]
    (alone,) = said(workflow(tmp_path, *lines, tracker="Told"))
    assert "`mean`" in alone


@pytest.mark.parametrize(
    "lines",
    [
        ["return self.train.run([1])"],
        ["model = self.train.fit([1])", "return self.tracker.see(model)"],
        ["return self.train.predict([1])"],
        ["return self.train.scale"],
        ["self.tracker.see([1])", "return self.tracker.seen"],
        ["found = None", "if found:", "    found = self.train.run([1])", "return found is None"],
        ["found = self.tracker.see([1])", "return found is None"],
        ["return self.train.run([1]) == None"],
    ],
)  # fmt: skip
def test_what_is_right_is_not_told(tmp_path: Path, lines: list[str]) -> None:
    """A method that leaves what it reads itself, results that are passed on, what lives here."""
    assert said(workflow(tmp_path, *lines)) == []


@pytest.mark.parametrize("name", ["classification", "time_series"])
def test_the_examples_have_nothing_to_tell(name: str) -> None:
    """Our own pipelines and runners leave nothing behind that others read."""
    assert lg.plan(FIXTURES / name / "workflow.yaml").notes_for_remote(classes=False) == []


def test_lint_tells_it_where_it_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`lint --remote` has these findings among its own, and a comment takes one out."""
    path = workflow(tmp_path, "self.train.fit([1])", "return self.train.predict([2])")
    assert main(["lint", "--select", "LG3", str(path)]) == 0
    assert main(["lint", "--select", "LG3", "--remote", str(path)]) == 1
    assert "LG325" in capsys.readouterr().err
    meant = "train: Train  # lint: ignore[LG325]"
    path.write_text(path.read_text(encoding="utf-8").replace("train: Train", meant), "utf-8")
    assert main(["lint", "--select", "LG3", "--remote", str(path)]) == 0
    flat = tmp_path / "flat.yaml"
    flat.write_text("integration_framework: {runner: {component: }}\n", encoding="utf-8")
    assert main(["lint", "--remote", str(flat)]) == 2
    assert "LG823" in capsys.readouterr().err
