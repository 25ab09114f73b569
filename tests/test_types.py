"""What a checker of types says of a script that asks a plan questions."""

from __future__ import annotations

from pathlib import Path

from mypy import api

import lolpop_graph.questions as q

ROOT = Path(__file__).parent.parent
SCRIPT = """\
import lolpop_graph as lg
from lolpop_graph.questions import Difference, Explanation, GroupRule, Selection, Swap, Why

plan = lg.plan("workflow.yaml", limits=lg.Limits(depth=20))
selection: Selection = plan.select("layer:component")
paths: tuple[str, ...] = selection.paths
why: Why = plan.why("runner.train", "logger")
lines: list[int] = [line.place.line for line in why.lines]
rule: GroupRule = plan.why_groups("runner/component", "runner/pipeline", "sibling")
answer: Explanation = plan.explain("runner", "target")
is_set: bool = answer.is_set
swaps: list[Swap] = plan.swaps()
findings: list[lg.Fault] = plan.lint(select="LG9")
difference: Difference = plan.diff(plan)
changed: list[str] = [key.key for edit in difference.changed for key in edit.keys]
secret: lg.Secret = lg.Secret("hush")
"""
WRONG = """\
import lolpop_graph as lg
import lolpop_graph.questions as q

lg.paln("workflow.yaml")
q.Wyh
lg.Secret()
plan = lg.plan("workflow.yaml")
plan.why("runner.train")
plan.select("train").path
"""

CONFIGURED = """\
from dataclasses import dataclass
from pydantic import BaseModel
import lolpop_graph as lg

class Trainer(lg.BaseComponent):
    @dataclass
    class Config:
        max_depth: int = 8

    config: Config

    def double(self) -> int:
        return self.config.max_depth * 2

class DeepTrainer(Trainer):
    @dataclass
    class Config(Trainer.Config):
        width: float = 0.5

    config: Config

    def area(self) -> float:
        return self.config.max_depth * self.config.width

class Store(lg.BaseComponent):
    class Config(BaseModel):
        folder: str

    config: Config

class Old(lg.BaseComponent):
    def rows(self) -> int:
        return int(self.config["rows"])
"""
MISCONFIGURED = (
    CONFIGURED
    + """\

def wrong(trainer: DeepTrainer, store: Store) -> None:
    trainer.config.max_dept
    number: int = store.config.folder
"""
)


def checked(tmp_path: Path, script: str) -> list[str]:
    """The codes of a script's errors, in the order of its lines."""
    file = tmp_path / "script.py"
    file.write_text(script, encoding="utf-8")
    cache = ROOT / ".mypy_cache"
    out, errors, _ = api.run(["--strict", "--config-file=", f"--cache-dir={cache}", str(file)])
    assert not errors
    told = (line for line in out.splitlines() if ": error: " in line)
    return [line.rpartition("[")[2].rstrip("]") for line in told]


def test_answers_have_types(tmp_path: Path) -> None:
    """Every answer has a type that can be written down, and what is in it as well."""
    assert checked(tmp_path, SCRIPT) == []


def test_wrong_names_are_found(tmp_path: Path) -> None:
    """Names that the package does not have, and calls that miss something, are errors."""
    assert checked(tmp_path, WRONG) == [
        "attr-defined", "attr-defined", "call-arg", "call-arg", "attr-defined",
    ]  # fmt: skip


def test_types_of_answers_are_there_when_asked_for() -> None:
    """All that `lolpop_graph.questions` names can be imported from it."""
    assert [getattr(q, name).__name__ for name in q.__all__] == q.__all__


def test_configs_have_the_types_of_their_fields(tmp_path: Path) -> None:
    """A class that says `config: Config` is checked by the fields of that, inherited ones too."""
    assert checked(tmp_path, CONFIGURED) == []
    assert checked(tmp_path, MISCONFIGURED) == ["attr-defined", "assignment"]
