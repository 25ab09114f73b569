"""`lint`: what is found is of no use or meant otherwise, and of the rest nothing is said."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest

import lolpop_graph as lg
from lolpop_graph.cli import main
from lolpop_graph.errors import Severity
from tests.toys import exported
from tests.workflows import links, random_workflow

ROOT = Path(__file__).parent.parent

PARTS = """\
import lolpop_graph as lg


class Runner(lg.BaseRunner):
    def main(self):
{main}


class Train(lg.BasePipeline):
    def run(self):
        return self.parent


class Part(lg.BaseComponent):
    def work(self):
        return 1
"""
WORKFLOW = """\
runner: Runner
config: {plugin_paths: [parts.py], colour: blue}
component: {writer: Part}
pipeline: {train: Train}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def findings(workflow: str, parts: str = "", **options: Any) -> list[str]:
    """The codes of what lint finds, each with the line of it."""
    Path("workflow.yaml").write_text(workflow, encoding="utf-8")
    Path("parts.py").write_text(parts, encoding="utf-8")
    found = lg.plan("workflow.yaml").lint(**options)
    assert all(fault.severity is not Severity.ERROR for fault in found)
    return [f"{fault.code}:{fault.place.line if fault.place else 0}" for fault in found]


def with_main(code: str, *more: str) -> str:
    """The parts, with a `main` of the runner, and what else stands in the file."""
    return PARTS.format(main=indent(dedent(code), " " * 8)) + "".join(map(dedent, more))


# What uses an integration -----------------------------------------------------------------------


def test_what_nothing_names_is_found() -> None:
    """Integrations and keys that no code names are found, each in its line."""
    assert findings(WORKFLOW, with_main("return 1")) == ["LG902:2", "LG901:3", "LG901:4"]


@pytest.mark.parametrize(
    "code",
    [
        "return self.writer.work(self.train, self._get_config('colour'))",
        "here = self\nreturn here.writer, here.train, here._get_config('Colour')",
        "return getattr(self, 'writer'), hasattr(self, 'train'), self.config['colour']",
        "return [getattr(self, name) for name in ('writer', 'train')], self.config.get('colour')",
        "for key in ('colour', 'size'):\n    self._get_config(key)\nreturn self.writer, self.train",
        "return self.train.writer, 'colour' in self.config",
        "it = ''\nreturn getattr(self, 'w' + it), getattr(self, f'{it}in'), self.config[f'{it}ur']",
        "return 'writer' in vars(self), self.__dict__['train'], vars(self).get('colour')",
        "return self.writer.parent.train, self.train.parent._get_config('colour')",
    ],
)  # fmt: skip
def test_what_is_named_is_used(code: str) -> None:
    """Attributes, texts, and what is asked of another integration count as uses."""
    assert findings(WORKFLOW, with_main(code)) == []


@pytest.mark.parametrize(
    "code",
    [
        "return [getattr(self, name) for name in self._get_config('steps')], self.config",
        "return vars(self), [self._get_config(key) for key in self.config]",
        "from elsewhere import work\nreturn work(self)",
        "self.parts = [self]",
        "self.writer.owner = self\nreturn self.writer",
        "return eval('self.' + 'writer')",
        "return self.__dict__",
        "name = 1\nreturn name in vars(self), self._get_config(f'{name}{name}')",
        "import threading\nthreading.Thread(target=print, args=(self,))",
    ],
)
def test_code_that_may_read_anything_is_not_judged(code: str) -> None:
    """Where names are made at run time, or the object is handed on, nothing is concluded."""
    assert findings(WORKFLOW, with_main(code)) == []


@pytest.mark.parametrize(
    "code",
    [
        "print(self)\nreturn isinstance(self, str)",
        "return copy.copy(self)",
        "return f'{self}'",
        "return '_made' in vars(self), self.__dict__['_made'], getattr(self, '_' + 'made')",
    ],
)
def test_harmless_uses_of_the_object_are_none(code: str) -> None:
    """What only prints or copies the object reads none of its names."""
    parts = "import copy\n" + with_main(code)
    assert findings(WORKFLOW, parts) == ["LG902:2", "LG901:3", "LG901:4"]


@pytest.mark.parametrize("helper", ["runner", "inner(runner)"])
def test_functions_of_the_module_are_read_as_well(helper: str) -> None:
    """A function beside the class that is handed the object uses what it names."""
    more = f"""
    def inner(it):
        return it.writer, it.train, it._get_config("colour")

    def helper(runner):
        return {helper}
    """
    expected = [] if "inner" in helper else ["LG902:2", "LG901:3", "LG901:4"]
    assert findings(WORKFLOW, with_main("return helper(self)", more)) == expected


def test_requirements_annotations_and_parameters_are_uses() -> None:
    """What a class declares, annotates or takes as a parameter is used."""
    more = """
    class Typed(lg.BaseComponent):
        __REQUIRED_CONF__ = {"component": ["a|Part"], "config": ["needed"]}
        __DEFAULT_CONF__ = {"config": {"size": 3}}
        __OPTIONAL_CONF__ = ["maybe"]
        __SECRET_CONF__ = {"config": ["host"]}
        b: Part

        def __init__(self, c, width): ...


    class Plain:
        def __init__(self, d, height): ...


    import dataclasses

    @dataclasses.dataclass
    class Record:
        e: object
        depth: int = 3
    """
    workflow = """\
    runner: Runner
    config: {plugin_paths: [parts.py]}
    component: {a: Part, b: Part, c: Part, d: Part, e: Part}
    pipeline:
      train: Train
    train:
      component: {typed: Typed, plain: Plain, record: Record}
      config: {needed: 1, size: 2, maybe: 3, host: 4, width: 5, height: 6, depth: 7}
    """
    code = "return self.train.typed, self.train.plain, self.train.record"
    assert findings(dedent(workflow), with_main(code, more)) == []


def test_what_is_inherited_counts_across_files() -> None:
    """Bases are followed from module to module of a plug-in folder, relative imports and all."""
    Path("plugins/deep").mkdir(parents=True)
    Path("plugins/deep/base.py").write_text(
        "import lolpop_graph as lg\n"
        "class Base(lg.BaseRunner):\n"
        "    def main(self):\n        return self.writer, self._get_config('colour')\n",
        encoding="utf-8",
    )
    Path("plugins/deep/__init__.py").write_text("from .base import Base\n", encoding="utf-8")
    Path("plugins/own.py").write_text(
        "from . import deep\n"
        "class Runner(deep.Base):\n    pass\n"
        "class Part(deep.Base):\n    pass\n"
        "class Train(deep.Base):\n    pass\n",
        encoding="utf-8",
    )
    workflow = WORKFLOW.replace("parts.py", "plugins").replace("{writer:", "{reader: Part, writer:")
    # All of them run a `main`.
    assert findings(workflow) == []
    base = Path("plugins/deep/base.py")
    base.write_text(base.read_text(encoding="utf-8").replace("main", "work"), encoding="utf-8")
    assert findings(workflow) == ["LG901:3", "LG901:4"]


@pytest.mark.parametrize("base", ["missing.Base", "make_base()", "Unknown"])
def test_a_base_that_is_not_found_silences(base: str) -> None:
    """A class of which a part cannot be read is not judged, nor is what it sees."""
    parts = with_main("return 1").replace("Runner(lg.BaseRunner)", f"Runner({base})")
    assert findings(WORKFLOW, parts) == []


def test_a_class_that_is_not_found_silences() -> None:
    """What a class that is not there would see is not judged."""
    assert findings(WORKFLOW.replace("Runner", "Missing"), with_main("return 1")) == []


def test_a_decorator_of_the_project_silences() -> None:
    """A function from elsewhere in the project around a method may read anything."""
    code = with_main("return 1").replace("    def main", "    @tracked\n    def main")
    assert findings(WORKFLOW, f"from .deco import tracked\n{code}") == []
    found = ["LG902:2", "LG901:3", "LG901:4"]
    assert findings(WORKFLOW, f"from functools import cache as tracked\n{code}") == found


@pytest.mark.parametrize("method", ["setup", "close", "main"])
def test_what_acts_by_itself_is_of_use(method: str) -> None:
    """A class with a life of its own needs nobody to name it."""
    parts = with_main("return self.train, self._get_config('colour')")
    assert findings(WORKFLOW, parts) == ["LG901:3"]
    assert findings(WORKFLOW, parts.replace("def work", f"def {method}")) == []


def test_a_constructor_that_does_something_is_of_use() -> None:
    """A call in a constructor may be what an integration is there for; one of `super` is not."""
    parts = with_main("return self.train, self._get_config('colour')")
    started = parts.replace("def work(self):", "def __init__(self):\n        start()")
    assert findings(WORKFLOW, started) == []
    made = parts.replace("def work(self):", "def __init__(self):\n        super().__init__()")
    assert findings(WORKFLOW, made) == ["LG901:3"]


def test_a_root_without_code_is_used_from_outside() -> None:
    """Nothing is said of what stands below a root that has no class of its own."""
    assert findings(WORKFLOW.replace("runner: Runner\n", ""), with_main("return 1")) == []


def test_loggers_and_notifiers_are_always_used() -> None:
    """Every integration may log and notify."""
    workflow = WORKFLOW.replace("writer:", "logger: Part, notifier:")
    code = "return self.train, self._get_config('colour')"
    assert findings(workflow, with_main(code)) == []


def test_a_name_is_used_where_it_is_seen_and_not_where_it_is_hidden() -> None:
    """A nearer integration of the name takes the use from the farther one."""
    parts = with_main("return self.train, self._get_config('colour')")
    parts = parts.replace("return self.parent", "return self.writer")
    assert findings(WORKFLOW, parts) == []
    hiding = f"{WORKFLOW}train:\n  component: {{writer: Part}}\n"
    assert findings(hiding, parts) == ["LG901:3", "LG309:6"]


def test_classes_that_are_given_are_read() -> None:
    """The code of classes that the caller offers is read from their files."""

    class Reads(lg.BaseRunner):
        def main(self) -> Any:
            return self.used

    class Silent(lg.BaseComponent):
        pass

    conf = {"runner": "Reads", "component": {"used": "Silent", "idle": "Silent"}}
    (found,) = lg.plan(conf, classes=[Reads, Silent]).lint()
    assert (found.code, found.path) == ("LG901", "runner.idle")


def test_nothing_is_imported() -> None:
    """Linting reads sources; a module that raises when it is imported does no harm."""
    parts = with_main("return 1") + "\nraise SystemExit('imported')\n"
    assert findings(WORKFLOW, parts) == ["LG902:2", "LG901:3", "LG901:4"]


def test_a_broken_source_silences() -> None:
    """A text that is no Python tells nothing."""
    assert findings(WORKFLOW, with_main("return 1") + "\ndef (:\n") == []


# What reads a key -------------------------------------------------------------------------------


def test_referred_keys_are_read() -> None:
    """A key that a reference names, or that stands below or above one, is of use."""
    workflow = """\
    runner: Runner
    config:
      plugin_paths: [parts.py]
      folder: a
      tree: {left: 1, right: 2}
      whole: {x: 1}
      target: ${config.folder}/$$config.idle
      leaf: $config.tree.left
      all: $config.whole
      idle: 2
    """
    code = "return self._get_config('target'), self._get_config('leaf'), self._get_config('all')"
    assert findings(dedent(workflow), with_main(code)) == ["LG902:10"]


def test_a_block_that_is_referred_to_is_read() -> None:
    """All that stands in a block which a reference names is of use."""
    workflow = """\
    runner: Runner
    config: {plugin_paths: [parts.py], copied: $writer}
    component: {writer: Part}
    writer: {config: {a: 1, b: {c: 2}}}
    """
    code = "return self.writer, self._get_config('copied')"
    assert findings(dedent(workflow), with_main(code)) == []


def test_config_is_read_downwards() -> None:
    """A key is read by what is below its place, not by what is beside or above it."""
    workflow = """\
    runner: Runner
    config: {plugin_paths: [parts.py]}
    component:
      config: {size: 1, colour: 2}
      writer: Part
    pipeline: {train: Train}
    writer: {config: {size: 3, colour: 4}}
    train: {config: {size: 5, colour: 6}}
    """
    parts = with_main("return self.writer, self.train, self._get_config('colour')")
    parts = parts.replace("return 1", "return self._get_config('size')")
    codes = ["LG902:4", "LG902:7", "LG902:8", "LG902:8"]
    assert findings(dedent(workflow), parts) == codes


def test_a_misspelt_key_names_the_one_that_is_read() -> None:
    """The cure is the key that the code reads, and what is warned of already is not repeated."""
    workflow = WORKFLOW.replace("colour: blue", "color: blue, problem_typ: x")
    parts = with_main("return self.writer, self.train, self._get_config('colour')")
    assert findings(workflow, parts) == ["LG902:2", "LG311:2"]
    found, _ = lg.plan("workflow.yaml").lint()
    assert found.cure.startswith("did you mean `colour`?")
    assert "heuristic" in found.cure


def test_aliases_are_judged_as_one() -> None:
    """What an anchor brings to two places is of use if it is at one of them."""
    workflow = """\
    runner: Runner
    config: {plugin_paths: [parts.py]}
    component: {writer: Part}
    pipeline: {train: Train}
    writer: &shared
      config: {size: 3, colour: 4}
    train: *shared
    """
    parts = with_main("return self.writer, self.train")
    parts = parts.replace("return 1", "return self._get_config('size')")
    assert findings(dedent(workflow), parts) == ["LG902:6"]


# Names out of sight -----------------------------------------------------------------------------


def sight(framework: str, config: str = "") -> list[str]:
    """What is found where a pipeline reads `self.other`, which the root declares."""
    workflow = f"""\
    integration_framework: {{runner: {framework}}}
    runner: Runner
    config: {{plugin_paths: [parts.py]}}
    pipeline: {{train: Train}}
    component: {{other: Part{config}}}
    """
    parts = with_main("return self.train").replace("return self.parent", "return self.other")
    return findings(dedent(workflow), parts)


def test_layers_in_the_wrong_order_are_told() -> None:
    """A name that is declared in a later layer is told, and what swapping the two would do."""
    assert sight("{component: , pipeline: }") == []
    assert sight("{pipeline: , component: }") == ["LG903:4"]
    (found,) = lg.plan("workflow.yaml").lint()
    assert found.sentence == (
        "`runner.train` (Train) reads `self.other`, and `runner.other` is declared in the layer "
        "`component`, after `pipeline`"
    )
    assert found.cure == (
        "let `component` stand before `pipeline` in the framework; swapping `pipeline` and "
        "`component` below `runner` would hide 1 integration of `pipeline` from 1 and give 1 "
        "integration of `component` to 1"
    )
    assert sight("{pipeline: , report: , component: }") == ["LG907:1", "LG903:4"]


def test_layers_that_are_not_passed_on_are_told() -> None:
    """A name in an earlier layer that is kept to itself is told with the flag."""
    kept = ", config: {pass_integration_to_siblings: false}"
    assert sight("{component: , pipeline: }", kept) == ["LG903:4"]
    assert "pass_integration_to_siblings" in lg.plan("workflow.yaml").lint()[0].cure


def test_peers_that_do_not_see_each_other_are_told() -> None:
    """A pipeline that reads another one is told of the flag that would let it."""
    workflow = "pipeline: {train: Train, test: Part}\n"
    parts = with_main("return self.train, self.test").replace("self.parent", "self.test")
    head = "runner: Runner\nconfig: {plugin_paths: [parts.py]}\n"
    default = "integration_framework: {runner: {pipeline: {component: }}}\n"
    assert findings(default + head + workflow, parts) == ["LG907:1", "LG903:4"]
    assert "update_peer_integrations: true" in lg.plan("workflow.yaml").lint()[1].cure


@pytest.mark.parametrize(
    "code",
    [
        "if hasattr(self, 'other'):\n    return self.other",
        "self.other = 1\nreturn self.other",
        "for self.other in range(3):\n    return self.other",
    ],
)
def test_names_that_are_asked_for_or_set_are_left_alone(code: str) -> None:
    """Code that makes sure of a name, or sets it, is right."""
    workflow = """\
    integration_framework: {runner: {pipeline: , component: }}
    config: {plugin_paths: [parts.py]}
    pipeline: {train: Train}
    component: {other: Part}
    """
    body = indent(dedent(code), " " * 8).lstrip()
    parts = with_main("return 1").replace("return self.parent", body)
    assert findings(dedent(workflow), parts) == []


def swapped(framework: Any, above: list[str], first: str) -> Any:
    """A framework of mappings with two adjacent layers swapped."""
    tree = copy.deepcopy(framework)
    parent, here = None, tree
    for name in above:
        parent, here = here, here[name]
    names = list(here)
    number = names.index(first)
    names[number : number + 2] = reversed(names[number : number + 2])
    parent[above[-1]] = {name: here[name] for name in names}
    return tree


def between(plan: Any, source_layer: str, target_layer: str) -> set[tuple[str, str]]:
    """The links that give a layer's integrations to those in another one or below it."""
    nodes = plan.graph.nodes
    return {
        (source, target)
        for source, target in links(plan, "sibling")
        if nodes[source]["layer_path"] == source_layer
        and f"{nodes[target]['layer_path']}/".startswith(f"{target_layer}/")
    }


def counts(pairs: set[tuple[str, str]]) -> tuple[int, int]:
    """How many sources and how many targets."""
    return len({source for source, _ in pairs}), len({target for _, target in pairs})


@pytest.mark.parametrize("seed", range(150))
def test_swaps_are_what_planning_says(seed: int) -> None:
    """The counts of a swap are those of the workflow planned with the swapped framework."""
    workflow = random_workflow(seed)
    document = {k: v for k, v in workflow.document.items() if k != "integration_framework"}
    plan = lg.plan(document, framework=workflow.framework)
    told = iter(plan.swaps())
    for layer in plan.framework.layers():
        for first, second in zip(layer.children, layer.children[1:], strict=False):
            tree = swapped(workflow.framework, layer.path.split("/"), first.name)
            other = lg.plan(document, framework=tree)
            swap = next(told)
            assert (swap.above, swap.first, swap.second) == (layer.name, first.name, second.name)
            assert between(other, first.path, second.path) == set()
            assert between(plan, second.path, first.path) == set()
            assert (swap.hidden, swap.losers) == counts(between(plan, first.path, second.path))
            assert (swap.shown, swap.gainers) == counts(between(other, second.path, first.path))
    assert next(told, None) is None


# What a document says in vain ---------------------------------------------------------------------


def without(document: dict[str, Any], trail: str) -> None:
    """Take away what stands at a trail, whose keys may have dots in them."""
    for key in list(document):
        if trail == key:
            del document[key]
            return
        if trail.startswith(f"{key}.") and isinstance(document[key], dict):
            without(document[key], trail.removeprefix(f"{key}."))


@pytest.mark.parametrize("seed", range(100))
def test_what_is_idle_can_be_taken_away(seed: int) -> None:
    """Without all that is said to be of no use, a workflow has the same links, flags and keys."""
    document = copy.deepcopy(random_workflow(seed).document)
    before = lg.plan(document, classes=exported())
    idle = [each for each in before.lint(select=["LG904", "LG905"]) if each.place]
    for fault in sorted(idle, key=lambda each: -len(each.place.trail)):
        without(document, fault.place.trail)
    after = lg.plan(document, classes=exported())
    assert list(after.graph.nodes) == list(before.graph.nodes)
    assert set(after.graph.edges(data="kind")) == set(before.graph.edges(data="kind"))


def test_idle_parts_are_told_by_their_lines() -> None:
    """Default flags, empty parts and sections without names are each told once."""
    workflow = """\
    component:
      config:
        pass_integration_to_siblings: true
        update_peer_integrations: true
      a: Toy
      b: Toy
    pipeline:
      config: {update_peer_integrations: true, pass_integration_to_siblings: false}
      p: Toy
    p:
      component: {config: {size: 1}}
      config:
    a: {}
    b: {config: {size: 1}}
    """
    expected = ["LG904:3", "LG904:4", "LG906:11", "LG905:12", "LG905:13"]
    assert findings(dedent(workflow)) == expected


def test_repeated_values_are_of_the_same_type_and_file() -> None:
    """What would be inherited anyway is told; `1` is not `true`, and another file is another."""
    workflow = """\
    config: {a: 1, b: [1, {c: x}], d: 1, e: null, f: y}
    component:
      config: {A: 1}
      one: Toy
      two: Toy
    one: {config: {a: 1, b: [1, {c: x}], d: true, e: null}}
    two: {config: {a: 2}}
    """
    assert findings(dedent(workflow)) == ["LG908:3", "LG908:6", "LG908:6", "LG908:6"]
    Path("prod.yaml").write_text("two: {config: {f: y}}\n", encoding="utf-8")
    plan = lg.plan("workflow.yaml", "prod.yaml")
    assert [each.place.file for each in plan.lint() if each.place] == ["workflow.yaml"] * 4


def test_overlays_may_set_back_and_empty() -> None:
    """A default that overrides another value, and a block that an overlay empties, are meant."""
    base = "component: {config: {update_peer_integrations: false}, a: Toy}\na: {config: {x: 1}}\n"
    Path("base.yaml").write_text(base, encoding="utf-8")
    over = "component: {config: {update_peer_integrations: true}}\na:\n"
    Path("over.yaml").write_text(over, encoding="utf-8")
    assert lg.plan("base.yaml", "over.yaml").lint() == []


def test_unused_layers_of_the_document_are_told() -> None:
    """A layer of which nothing is declared is told with all below it, unless nobody wrote it."""
    framework = "integration_framework: {runner: {component: , desk: {step: , pen: }}}\n"
    assert findings(f"{framework}component: {{a: Toy}}\n") == ["LG907:1"]
    (found,) = lg.plan("workflow.yaml").lint()
    assert "`desk` or, below it, `step` and `pen`" in found.sentence
    assert findings("component: {a: Toy}\n") == []


# How it is asked ----------------------------------------------------------------------------------


def test_notes_of_the_plan_are_found_too() -> None:
    """What `validate` warns of or notes is among the findings, under its own code."""
    workflow = "component: {a: Toy}\npipeline: {p: Toy}\np: {component: {a: Toy}}\n"
    assert findings(workflow) == ["LG309:3"]


def test_codes_are_chosen_by_their_beginnings() -> None:
    """`select` and `ignore` take codes and beginnings of codes."""
    parts = with_main("return 1")
    assert findings(WORKFLOW, parts, select=["LG901"]) == ["LG901:3", "LG901:4"]
    assert findings(WORKFLOW, parts, ignore=["LG901"]) == ["LG902:2"]
    assert findings(WORKFLOW, parts, select=["LG9"], ignore=["LG902", "LG901"]) == []
    assert findings(WORKFLOW, parts, select="lg901, LG902", ignore="LG901") == ["LG902:2"]
    with pytest.raises(ValueError, match="'E501' is no code such as LG901"):
        findings(WORKFLOW, parts, select=["E501"])


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("# lint: ignore", False),
        ("# used by a notebook  #lint:ignore[LG902, LG901]", False),
        ("# lint: ignore[LG902]", True),
        ("# ignore", True),
    ],
)
def test_a_comment_says_that_a_finding_is_meant(comment: str, left: bool) -> None:  # noqa: FBT001
    """A comment in the line of a finding takes it away, all codes or those it names."""
    parts = with_main("return self.train, self._get_config('colour')")
    workflow = WORKFLOW.replace(
        "component: {writer: Part}", f"component: {{writer: Part}} {comment}"
    )
    assert findings(workflow, parts) == (["LG901:3"] if left else [])


@pytest.mark.parametrize("name", ["newspaper", "quickstart", "widgets"])
def test_examples_are_clean(name: str) -> None:
    """The example workflows leave nothing to say."""
    assert lg.plan(ROOT / "fixtures" / name / "workflow.yaml").lint() == []


@pytest.fixture
def written() -> Iterator[None]:
    """A workflow with findings, in the current folder."""
    findings(WORKFLOW, with_main("return 1"))
    return iter([None])


@pytest.mark.usefixtures("written")
def test_the_command_ends_as_linters_do(capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code is 1 for findings, 0 for none, 1 for a broken workflow, 2 for a bad call."""
    assert main(["lint", "workflow.yaml"]) == 1
    said = capsys.readouterr()
    assert "workflow.yaml:3:13: warning LG901: nothing uses `runner.writer`" in said.err
    assert said.out == "workflow.yaml: 3 warnings\n"
    assert main(["lint", "workflow.yaml", "--ignore", "LG901,lg902"]) == 0
    assert capsys.readouterr().out == "workflow.yaml: nothing to report\n"
    assert main(["lint", "missing.yaml"]) == 2
    assert main(["lint", "workflow.yaml", "--select", "E501"]) == 2


@pytest.mark.usefixtures("written")
def test_findings_are_written_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON is of the schema of `validate`, and GitHub gets annotations."""
    assert main(["lint", "workflow.yaml", "--json", "--swaps"]) == 1
    said = capsys.readouterr()
    report = json.loads(said.out)
    assert not said.err
    assert report["counts"] == {"error": 0, "warning": 3, "note": 0}
    assert [fault["code"] for fault in report["faults"]] == ["LG902", "LG901", "LG901"]
    (swap,) = report["swaps"]
    assert (swap["first"], swap["second"], swap["hidden"]) == ("component", "pipeline", 1)
    assert main(["lint", "workflow.yaml", "--format", "github"]) == 1
    printed = capsys.readouterr().out
    assert "::warning file=workflow.yaml,line=3,col=13,title=LG901::nothing uses" in printed


@pytest.mark.parametrize("form", ["text", "github"])
def test_names_of_swapped_layers_are_text(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A layer may be called as a terminal's or a runner's command is."""
    layer = json.dumps("\x1b[31m\n::error::x")
    tree = f"integration_framework: {{runner: {{{layer}: , last: }}}}\n"
    Path("workflow.yaml").write_text(f"{tree}{layer}: {{a: A}}\nlast: {{b: B}}\n", encoding="utf-8")
    main(["lint", "workflow.yaml", "--swaps", "--format", form])
    said = capsys.readouterr().out
    assert "below `runner` would hide 1 integration of" in said
    assert "\x1b" not in said
    assert not any(line.startswith("::error::x") for line in said.splitlines())


@pytest.mark.usefixtures("written")
def test_a_broken_workflow_is_reported_in_the_format_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Errors of the plan come as findings do."""
    Path("workflow.yaml").write_text("widget: {a: B}\n", encoding="utf-8")
    assert main(["lint", "workflow.yaml", "--format", "json"]) == 1
    assert [each["code"] for each in json.loads(capsys.readouterr().out)["faults"]] == ["LG301"]


def test_values_stay_private(capsys: pytest.CaptureFixture[str]) -> None:
    """No finding shows a value."""
    workflow = WORKFLOW.replace("colour: blue", "colour: hush, password: hush2")
    findings(workflow, with_main("return 1"))
    main(["lint", "workflow.yaml"])
    said = capsys.readouterr()
    assert "LG902" in said.err
    assert "hush" not in said.err + said.out
