"""Selections: each term, operators, errors, and all of them against a literal reading."""

from __future__ import annotations

import json
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import networkx as nx
import pytest

import lolpop_graph as lg
from lolpop_graph.cli import main
from lolpop_graph.questions.selection.grammar import LONGEST, LONGEST_GLOB
from tests.oracle import Wiring, wire
from tests.toys import NAMES
from tests.workflows import random_workflow
from visualize import draw

ROOT = Path(__file__).parent.parent
QUICKSTART = ROOT / "fixtures" / "quickstart" / "workflow.yaml"


@pytest.fixture(scope="module")
def plan() -> Any:
    """The plan of the quickstart."""
    return lg.plan(QUICKSTART)


def names(selection: Any) -> list[str]:
    """The paths without the root's name."""
    return [path.removeprefix("runner.") for path in selection]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("metadata_tracker", "metadata_tracker"),
        ("runner.train", "train"),
        ("*_tracker", "metadata_tracker metrics_tracker"),
        ("runner.train.*", "train.feature_transformer train.model_trainer train.model_evaluator"),
        ("runner.tr*", "train"),
        ("runner.*.model_*", "train.model_trainer train.model_evaluator"),
        ("????n", "train"),
        ("layer:pipeline", "process train predict"),
        ("layer:runner/component", "logger data_connector metadata_tracker metrics_tracker"),
        ("layer:runner", "runner"),
        ("layer:runner/*/c* and (process.* or *_store or below:process)",
         "process.data_splitter predict.prediction_store"),
        ("class:MLFlow*", "metadata_tracker metrics_tracker"),
        ("class:mlflow*", ""),
        ("group:runner.predict/component", "predict.prediction_store"),
        ("config:TEST_SIZE", "process.data_splitter"),
        ("below:process", "process.data_splitter"),
        ("above:model_trainer", "runner train"),
        ("sees:model_evaluator", "train train.feature_transformer train.model_trainer"),
        ("given-to:process.*", ""),
        ("given-to:runner.process.data_splitter",
         "logger data_connector metadata_tracker metrics_tracker"),
        ("train or below:train and model_*", "train train.model_trainer train.model_evaluator"),
        ("(train or below:train) and model_*", "train.model_trainer train.model_evaluator"),
        ("not below:runner", "runner"),
        ("not not train", "train"),
        ("below:(train or predict) and class:*Store*", ""),
        ('layer:"pipeline" and "train"', "train"),
        ('"*_tracker*" or train', None),
        ("* and not *", ""),
    ],
)  # fmt: skip
def test_terms(plan: Any, text: str, expected: str | None) -> None:
    """Each kind of term selects what it says, in build order; None is a name that is no glob."""
    if expected is None:
        with pytest.raises(lg.WorkflowError, match="LG803"):
            plan.select(text)
        return
    assert names(plan.select(text)) == expected.split()


def test_selection_is_a_collection(plan: Any) -> None:
    """It has a length, an order and members, and shows what it is."""
    selection = plan.select("below:train")
    assert len(selection) == 3
    assert "runner.train.model_trainer" in selection
    assert "runner.train" not in selection
    assert selection.paths == tuple(selection)
    assert repr(selection) == "<Selection 'below:train': 3 of 13 integrations>"
    assert not plan.select("nothing*")
    assert selection == plan.select("below:train")
    with pytest.raises(AttributeError):
        selection.paths = ()


def test_names_with_blanks_and_colons_are_quoted() -> None:
    """Layers and a root with any name are selected by quoting, backslashes included."""
    framework = {"and": {"step: one": None, 'a "b" \\c': None, "x*": None, "xy": None}}
    conf = {
        "integration_framework": framework,
        "step: one": {"all": "A"},
        'a "b" \\c': {"layer": "B"},
        "x*": {"sees": "C"},
        "xy": {"below": "D"},
    }
    plan = lg.plan(conf)
    assert plan.select('layer:"step: one"').paths == ("and.all",)
    assert plan.select(r'layer:"a \"b\" \\c"').paths == ("and.layer",)
    assert plan.select('layer:"x*"').paths == ("and.sees",)
    assert plan.select("layer:x*").paths == ("and.sees", "and.below")
    assert plan.select('"and"').paths == ("and",)
    assert plan.select("all or layer or sees or below").paths == tuple(plan.order[1:])
    assert plan.select("and.all").paths == ("and.all",)


def test_layer_without_integrations_is_no_error() -> None:
    """A layer that the framework has and nobody declares selects nothing."""
    plan = lg.plan({"component": {"a": "A"}})
    assert plan.select("layer:pipeline").paths == ()
    assert plan.select("layer:runner/pipeline/component").paths == ()


def test_part_of_the_graph_keeps_attributes_and_draws(plan: Any) -> None:
    """Its graph has what is above it as well, in build order, so that it can be drawn."""
    part = plan.select("model_trainer or *_tracker").graph
    assert list(part) == [
        "runner",
        "runner.metadata_tracker",
        "runner.metrics_tracker",
        "runner.train",
        "runner.train.model_trainer",
    ]
    assert part.nodes["runner.train"] == plan.graph.nodes["runner.train"]
    assert part.edges["runner.metadata_tracker", "runner.train"] == {"kind": "sibling"}
    assert part.graph["selected"] == (*list(part)[1:3], "runner.train.model_trainer")
    assert part.number_of_edges() == 10 == len(nx.DiGraph(part).edges)
    assert set(part.graph["group_links"]) == {
        ("runner/component", "runner/component", "peer"),
        ("runner/component", "runner/pipeline", "sibling"),
        ("runner/pipeline", "runner/pipeline", "peer"),
        ("runner/component", "runner.train/component", "sibling"),
        ("runner.train/component", "runner.train/component", "peer"),
    }
    for links in ("groups", "all", "none"):
        picture = draw(part, "dot", links=links).decode()
        assert "model_trainer" in picture
        assert "data_splitter" not in picture
    assert list(plan.select("nothing*").graph) == []


# Errors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "column", "sentence"),
    [
        ("", 1, "the selection is empty"),
        ("train or", 9, "`or` needs something behind it"),
        ("train and and process", 11, "`and` needs something behind it"),
        ("train process", 7, "there is no `and` or `or` before `process`"),
        ("train AND process", 7, "`AND` is no operator here"),
        ("train | process", 7, "`|` is no operator here"),
        ("train (process)", 7, "there is no `and` or `or` before `(`"),
        ("(train or process", 1, "this parenthesis is not closed"),
        ("(train process)", 8, "there is no `and` or `or` before `process`"),
        ("train)", 6, "this parenthesis closes none that is open"),
        ("()", 2, "something to select is missing before `)`"),
        ("or", 1, "something to select is missing before `or`"),
        ("not", 4, "`not` needs something behind it"),
        ("below:", 7, "`below:` needs something behind it"),
        ("layer:(a)", 7, "`layer:` needs something behind it"),
        ("below:not train", 7, "`below:` needs something behind it"),
        ("below:sees:train", 7, "behind `below:` stands a name, or a selection in parentheses"),
        ('train or "', 10, "this quotation mark is not closed"),
        ("layr:pipeline", 1, "a selection knows no `layr:`"),
        ("layer:pipelin", 7, "this workflow has no layer `pipelin`"),
        ("class:Nothing", 7, "this workflow has no class `Nothing`"),
        ("config:nothing", 8, "this workflow has no config key `nothing`"),
        ("group:nothing", 7, "this workflow has no group `nothing`"),
        ("train or trainn", 10, "this workflow has no integration `trainn`"),
        ("below:(not trainn)", 12, "this workflow has no integration `trainn`"),
        ("(" * LONGEST, 51, "a selection has at most 50 levels of parentheses"),
        ("not " * (LONGEST // 4), 205, "a selection has at most 50 levels of parentheses"),
        ("a" * (LONGEST + 1), 1, "a selection has at most 1,000,000 characters"),
        ("*" * (LONGEST_GLOB + 1), 1, "a glob has at most 1,000 characters"),
    ],
)
def test_errors_point_into_the_selection(plan: Any, text: str, column: int, sentence: str) -> None:
    """What is wrong is said at its letter, whatever a selection is made of."""
    with pytest.raises(lg.WorkflowError) as caught:
        plan.select(text, source="--only")
    (fault,) = caught.value.faults
    assert fault.sentence == sentence
    assert (fault.place.file, fault.place.line, fault.place.column) == ("--only", 1, column)
    assert fault.blames_call
    shown = str(fault).splitlines()
    assert shown[2][: len("        ")].isspace()
    assert shown[2].endswith("^")


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("train.model_trainer", "did you mean `runner.train.model_trainer`?"),
        ("trian", "did you mean `train`?"),
        ("layer:pipeline/component", "did you mean `runner/pipeline/component`?"),
        ("class:MLFlowMetricTracker", "did you mean `MLFlowMetricsTracker`?"),
        ("train|process", "between two names stands `or`"),
        ("train or Process", "did you mean `process`?"),
        ("a & b", "write `and`"),
        ("below:sees:train", "put it in parentheses: `below:(sees:train)`"),
        ("layr:x", "did you mean `layer`? (a name with `:` stands in quotes)"),
    ],
)
def test_errors_say_what_was_meant(plan: Any, text: str, cure: str) -> None:
    """A misspelt name, an operator of another language and a missing parenthesis have a cure."""
    with pytest.raises(lg.WorkflowError) as caught:
        plan.select(text)
    assert [fault.cure for fault in caught.value.faults] == [cure]


def test_all_wrong_names_are_told_together(plan: Any) -> None:
    """Two wrong names are two faults, in the order of the selection; so are two wrong terms."""
    for text in ("trian or sees:proces", "layr:x and (belo:y)"):
        with pytest.raises(lg.WorkflowError) as caught:
            plan.select(text)
        assert len(caught.value.faults) == 2


def test_class_that_is_a_secret_is_not_selected_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """A class name that comes from the environment is masked, and cannot be guessed."""
    monkeypatch.setenv("CLS", "HiddenThing")
    plan = lg.plan({"component": {"a": "${env:CLS}", "b": "B"}})
    assert plan.select("class:*Hidden*").paths == ()
    with pytest.raises(lg.WorkflowError) as caught:
        plan.select("class:HiddenThin")
    assert "HiddenThing" not in str(caught.value)
    assert caught.value.faults[0].cure == "must be one of `${env:CLS}` or `B`"


# The command ------------------------------------------------------------------------------------


def test_command_lists_in_columns(capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each: path, layer, class."""
    assert main(["select", str(QUICKSTART), "*_tracker"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "runner.metadata_tracker  component  MLFlowMetadataTracker",
        "runner.metrics_tracker   component  MLFlowMetricsTracker",
    ]


def test_command_writes_json(capsys: pytest.CaptureFixture[str]) -> None:
    """The same for programs."""
    assert main(["select", str(QUICKSTART), "train", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "selection": "train",
        "count": 1,
        "integrations": [
            {
                "path": "runner.train",
                "name": "train",
                "layer": "pipeline",
                "layer_path": "runner/pipeline",
                "class_name": "TrainPipeline",
            }
        ],
    }


def test_command_says_that_nothing_is_selected(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing selected is no error, and is said where no program reads it as a path."""
    assert main(["select", str(QUICKSTART), "x*"]) == 0
    out, errors = capsys.readouterr()
    assert (out, errors) == ("", "nothing is selected\n")


def test_command_blames_the_call(capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong selection ends with 2, a wrong workflow with 1."""
    assert main(["select", str(QUICKSTART), "below:(train"]) == 2
    assert "selection:1:7: error LG802" in capsys.readouterr().err
    assert main(["select", str(QUICKSTART), "trian"]) == 2
    broken = ROOT / "fixtures" / "faults" / "name_taken" / "workflow.yaml"
    assert main(["select", str(broken), "train"]) == 1


# Against a literal reading ----------------------------------------------------------------------


class Judge:
    """Draws expressions for one workflow, each with its text and with what it stands for."""

    def __init__(self, seed: int) -> None:
        """Wire a random workflow by the rules, and plan it."""
        workflow = random_workflow(seed)
        self.rng = Random(seed)
        self.wiring: Wiring = wire(workflow.document, workflow.framework)
        self.plan: Any = lg.plan(workflow.document)
        self.nodes: dict[str, dict[str, Any]] = dict(self.plan.graph.nodes(data=True))
        self.all = set(self.wiring.order)

    def expression(self, depth: int) -> tuple[str, set[str]]:
        """A random expression in parentheses where it needs any."""
        if depth == 0:
            return self.term()
        kind = self.rng.choice(["and", "or", "not", "relation", "term"])
        if kind == "term":
            return self.term()
        text, found = self.expression(depth - 1)
        if kind == "not":
            return f"not{self.gap()}({text})", self.all - found
        if kind == "relation":
            relation = self.rng.choice(list(RELATIONS))
            return f"{relation}:{self.space()}({text})", RELATIONS[relation](self, found)
        other, more = self.expression(depth - 1)
        both = found & more if kind == "and" else found | more
        return f"({text}){self.space()}{kind}{self.space()}({other})", both

    def term(self) -> tuple[str, set[str]]:
        """A random name, glob or property."""
        path = self.rng.choice(self.wiring.order)
        node = self.nodes[path]
        kind = self.rng.choice(["name", "path", "glob", "path glob", "layer", "group"])
        if kind == "layer":
            text = node[self.rng.choice(["layer", "layer_path"])]
            key = "layer" if text == node["layer"] else "layer_path"
            chosen = {p for p in self.all if text in (self.nodes[p][key], self.nodes[p]["layer"])}
            return f"layer:{quoted(text)}", chosen
        if kind == "group":
            chosen = {p for p in self.all if self.nodes[p]["group"] == node["group"]}
            return f"group:{quoted(node['group'])}", chosen
        text = node["name"] if kind in {"name", "glob"} else path
        if kind in {"name", "path"}:
            chosen = {p for p in self.all if text in (p, self.nodes[p]["name"])}
            return quoted(text), chosen
        if not text.replace(".", "").isidentifier():
            text = "alpha"
        at = self.rng.randrange(len(text))
        text = f"{text[:at]}{self.rng.choice('?*')}{text[at + self.rng.randint(0, 2) :]}"
        return text, {p for p in self.all if is_like(p, text)}

    def space(self) -> str:
        """Blanks where none is needed."""
        return self.rng.choice(["", "", " ", "\n", "\t  "])

    def gap(self) -> str:
        """Blanks where some are needed, which is nowhere before a parenthesis."""
        return self.space()

    def sees(self, found: set[str]) -> set[str]:
        """Those that have one of these among their attributes."""
        held = {path: set(self.wiring.attributes(path).values()) for path in self.all}
        return {path for path in self.all if held[path] & found}

    def given_to(self, found: set[str]) -> set[str]:
        """All attributes of these."""
        return {held for path in found for held in self.wiring.attributes(path).values()}

    def below(self, found: set[str]) -> set[str]:
        """Those whose path goes on behind one of these."""
        return {path for path in self.all if any(path.startswith(f"{up}.") for up in found)}

    def above(self, found: set[str]) -> set[str]:
        """Those that a path of these goes on behind."""
        return {path for path in self.all if any(down.startswith(f"{path}.") for down in found)}


RELATIONS: dict[str, Callable[[Judge, set[str]], set[str]]] = {
    "sees": Judge.sees,
    "given-to": Judge.given_to,
    "below": Judge.below,
    "above": Judge.above,
}


def quoted(text: str) -> str:
    """A name in double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def is_like(path: str, glob: str) -> bool:
    """Whether a glob fits a path step by step, or its last step alone."""
    for text in (path, path.rpartition(".")[2]):
        steps, globs = text.split("."), glob.split(".")
        if len(steps) == len(globs) and all(map(fnmatchcase, steps, globs)):
            return True
    return False


@pytest.mark.parametrize("start", range(0, 400, 50))
def test_random_selections_are_what_the_rules_say(start: int) -> None:
    """Random expressions on random workflows select what sets of paths, combined, have."""
    sizes = set()
    for seed in range(start, start + 50):
        judge = Judge(seed)
        for _ in range(20):
            text, expected = judge.expression(judge.rng.randint(0, 4))
            found = judge.plan.select(text)
            assert list(found) == [path for path in judge.wiring.order if path in expected], text
            sizes.add(len(found))
    assert len(sizes) > 10


@pytest.mark.parametrize("seed", range(100))
def test_sees_and_given_to_are_each_others_inverse(seed: int) -> None:
    """X is selected by `sees:Y` exactly where Y is selected by `given-to:X`."""
    judge = Judge(seed)
    paths = judge.wiring.order
    seen = {(x, y) for y in paths for x in judge.plan.select(f"sees:{quoted(y)}")}
    given = {(x, y) for x in paths for y in judge.plan.select(f"given-to:{quoted(x)}")}
    names = {p: p.rpartition(".")[2] for p in paths}
    unambiguous = {p for p in paths if list(names.values()).count(names[p]) == 1 or "." in p}
    assert {(x, y) for x, y in seen if y in unambiguous and x in unambiguous} == {
        (x, y) for x, y in given if y in unambiguous and x in unambiguous
    }
    assert set(NAMES) >= {names[p] for p in paths if "." in p}


def test_a_term_costs_what_integrations_cost() -> None:
    """Seeing everything is found among 25 million links, hidden names too, in a moment."""
    block = {"component": {f"c{number}": "C" for number in range(50)}}
    conf = {
        "component": {f"c{number}": "C" for number in range(5_000)},
        "pipeline": {f"p{number}": "P" for number in range(100)},
        **{f"p{number}": block for number in range(100)},
    }
    plan: Any = lg.plan(conf)
    begin = perf_counter()
    for text in ("sees:*", "given-to:*", "sees:c7 and given-to:(layer:runner/pipeline/component)"):
        assert len(plan.select(text)) > 0
    assert len(plan.select("given-to:*")) == 10_100
    assert perf_counter() - begin < 3


def test_globs_do_not_explode() -> None:
    """A hostile glob against a long name takes no time to speak of."""
    plan: Any = lg.plan({"component": {"a" * 2_000: "A"}})
    begin = perf_counter()
    assert len(plan.select("*a" * 400 + "*b")) == 0
    assert len(plan.select("*a" * 400)) == 1
    assert perf_counter() - begin < 1
