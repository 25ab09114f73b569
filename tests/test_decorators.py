"""A section of decorators: who is wrapped, in which order, and what is said of it everywhere."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import networkx as nx
import pytest

import lolpop_graph as lg
from lolpop_graph import faults
from lolpop_graph.errors import Fault
from lolpop_graph.links import EDGE_KINDS, Decorates
from visualize import View, draw
from visualize.data import to_json

CALLS: list[str] = []


class Say(lg.BaseDecorator):
    """Writes down its name and the method at each call."""

    def wrap(self, method: Any, integration: Any) -> Any:
        """The method, with a word before it."""
        name = getattr(integration, "name", "foreign")

        @functools.wraps(method)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            CALLS.append(f"{self.name} {name}.{method.__name__}")
            return method(*args, **kwargs)

        return wrapper


class Part(lg.BaseComponent):
    """A component with methods of several kinds."""

    def work(self) -> str:
        """Call another method through `self`."""
        return self.help()

    def help(self) -> str:
        """Tell whose method it is."""
        return self.name

    def setup(self) -> None:
        """Call a method as soon as everything is wired."""
        self.help()

    @property
    def size(self) -> int:
        """No method."""
        return 1


class Other(Part):
    """A part of another class."""


class Line(lg.BasePipeline):
    """A pipeline that runs its parts."""

    def run(self) -> str:
        """Let one work."""
        return str(self.part.work())


class Slotted:
    """A class whose objects cannot be wrapped."""

    __slots__ = ()

    def work(self) -> None:
        """Have a method."""


class Foreign:
    """A class that is none of ours."""

    def work(self) -> str:
        """Have a method."""
        return "worked"


CLASSES = [Say, Part, Other, Line, Slotted, Foreign]


def document(**config: Any) -> dict[str, Any]:
    """A workflow with a decorator at the root and one in a pipeline's block."""
    return {
        "decorator": {"outer": "Say"},
        "component": {"tool": "Other"},
        "pipeline": {"line": "Line"},
        "line": {"decorator": {"inner": "Say"}, "component": {"part": "Part"}},
        "outer": {"config": config},
    }


def wrapped_by(plan: lg.Plan, decorator: str) -> list[str]:
    """The paths that the graph says a decorator wraps."""
    edges = plan.graph.out_edges(decorator, data="kind")
    return [target for _, target, kind in edges if kind == "decorates"]


def found(*confs: Any, **options: Any) -> list[Fault]:
    """What is wrong with a workflow, its classes being found as well."""
    return lg.validate(*confs, find_classes=True, classes=CLASSES, **options)


@pytest.fixture(autouse=True)
def _no_calls() -> None:
    CALLS.clear()


@pytest.mark.parametrize(
    ("config", "paths"),
    [
        ({}, ["runner.tool", "runner.line", "runner.line.part"]),
        ({"layers": "component"}, ["runner.tool", "runner.line.part"]),
        ({"layers": ["runner/component"]}, ["runner.tool"]),
        ({"layers": ["runner", "pipeline"]}, ["runner", "runner.line"]),
        ({"classes": ["Part"]}, ["runner.line.part"]),
        ({"select": "not below:line"}, ["runner", "runner.tool", "runner.line"]),
        ({"layers": ["component"], "select": "*t*"}, ["runner.tool", "runner.line.part"]),
        ({"layers": ["component"], "classes": "Other"}, ["runner.tool"]),
        ({"select": "layer:decorator or tool"}, ["runner.tool"]),
    ],
)
def test_what_a_decorator_wraps(config: dict[str, Any], paths: list[str]) -> None:
    """Layers, classes and a selection hold together; decorators are never wrapped."""
    plan = lg.plan(document(**config))
    assert wrapped_by(plan, "runner.outer") == paths
    for path in plan.order:
        decorators = plan.graph.nodes[path].get("decorated_by", [])
        assert ("runner.outer" in decorators) == (path in paths)
        assert plan.graph.has_edge("runner.outer", path) == (path in paths)


def test_what_is_written_first_is_outermost() -> None:
    """Decorators of blocks higher up go outside, and in a section the first one does."""
    conf = document(methods=["work", "help"]) | {"decorator": {"outer": "Say", "second": "Say"}}
    with lg.build(conf, classes=CLASSES) as workflow:
        CALLS.clear()
        assert workflow["runner.line"].run() == "part"
    work = ["outer part.work", "second part.work", "inner part.work"]
    help_ = ["outer part.help", "second part.help", "inner part.help"]
    assert ["second line.run", *work, *help_] == CALLS
    graph = lg.plan(conf).graph
    expected = ["runner.outer", "runner.second", "runner.line.inner"]
    assert graph.nodes["runner.line.part"]["decorated_by"] == expected


def test_methods_are_wrapped_before_any_setup() -> None:
    """What `setup` calls is wrapped already; `setup` itself and what is no method is not."""
    with lg.build(document(layers=["component"]), classes=CLASSES) as workflow:
        assert CALLS == ["outer tool.help", "outer part.help", "inner part.help"]
        assert workflow["runner.tool"].size == 1


def test_the_rest_of_the_graph_is_as_without_decorators() -> None:
    """Decorators are given to nobody, are no peers, and are built right after their parent."""
    conf = document()
    plain = {key: value for key, value in conf.items() if key != "decorator"}
    plain |= {"line": {"component": {"part": "Part"}}}
    plain.pop("outer")
    graph, before = lg.plan(conf).graph, lg.plan(plain).graph
    assert set(before.edges) == {
        edge for edge in graph.edges if edge[0] in before and edge[1] in before
    }
    assert lg.plan(conf).order[:2] == ["runner", "runner.outer"]
    assert "runner.outer" in lg.plan(conf).build_graph
    assert nx.is_directed_acyclic_graph(lg.plan(document(select="runner")).build_graph)
    given = {source for source, _, kind in graph.in_edges("runner.line.inner", data="kind")}
    assert given == {"runner.tool", "runner.line"}


def test_counts_and_rows_agree() -> None:
    """The number of links is that of the rows, both ways round."""
    graph = lg.plan(document(layers=["runner", "component"])).graph
    edges = list(graph.edges)
    assert graph.number_of_edges() == len(edges) == len({*edges})
    assert {(u, v) for v in graph for u in graph.pred[v]} == {*edges}
    for source, target in edges:
        assert graph.edges[source, target]["kind"] in {kind.name for kind in EDGE_KINDS}


def test_a_workflow_without_decorators_asks_for_none() -> None:
    """The kind of edge is none of its kinds, and no node has the attribute."""
    plan = lg.plan({"component": {"a": "Part", "b": "Part"}})
    assert not any(isinstance(kind, Decorates) for kind in plan.graph._adj["runner.a"].links.kinds)
    assert "decorated_by" not in plan.graph.nodes["runner.a"]


def test_a_name_can_be_decorator() -> None:
    """Where an integration is called so, the key is its block, as any other name's is."""
    conf = {"pipeline": {"decorator": "Line"}, "decorator": {"component": {"part": "Part"}}}
    assert lg.plan(conf).order == ["runner", "runner.decorator", "runner.decorator.part"]


def test_a_layer_of_the_framework_is_one_like_any_other() -> None:
    """A framework's own layer `decorator` wraps nothing, and a decorator in it is refused."""
    tree = {"runner": {"component": None, "decorator": None}}
    conf = {"component": {"tool": "Part"}, "decorator": {"inner": "Part"}}
    plan = lg.plan(conf, framework=tree)
    assert plan.graph.edges["runner.tool", "runner.inner"]["kind"] == "sibling"
    assert found(conf, framework=tree) == []
    (fault,) = found({"decorator": {"inner": "Say"}}, framework=tree)
    assert isinstance(fault, faults.DecoratorMisplaced)
    assert fault.has_own_layer


def test_any_framework_has_the_section() -> None:
    """Blocks of all layers that have some below have one, and leaves have none."""
    tree = {"paper": {"desk": {"story": None}}}
    conf = {
        "decorator": {"one": "Say"},
        "desk": {"city": "Part"},
        "city": {"decorator": {"two": "Say"}},
    }
    assert lg.plan(conf, framework=tree).order == [
        "paper",
        "paper.one",
        "paper.city",
        "paper.city.two",
    ]
    conf = {"desk": {"city": "Part"}, "city": {"story": {"fire": "Part"}}}
    (fault,) = lg.validate(conf, {"city": {"fire": {"decorator": {"one": "Say"}}}}, framework=tree)
    assert isinstance(fault, faults.UnknownSection)


@pytest.mark.parametrize(
    ("config", "kind", "cure"),
    [
        ({"layers": ["pipelin"]}, faults.DecoratorNamesNothing, "did you mean `pipeline`?"),
        ({"classes": ["Partt"]}, faults.DecoratorNamesNothing, "did you mean `Part`?"),
        ({"layers": {"a": 1}}, faults.DecoratorSetting, "write `layers: [one, another]`"),
        ({"layers": [1]}, faults.DecoratorSetting, "write `layers"),
        ({"methods": ""}, faults.DecoratorSetting, "write `methods"),
        ({"select": ["a"]}, faults.DecoratorSetting, "write `select: layer:component`"),
        ({"select": "tol"}, faults.DecoratorSelection, "did you mean `tool`?"),
        ({"select": "tool and"}, faults.DecoratorSelection, ""),
        ({"select": "tool", "layers": "pipeline"}, faults.DecoratorIdle, "change its `layers`"),
        ({"select": "nothing*"}, faults.DecoratorIdle, "change its"),
        ({"methods": ["wrk"]}, faults.NoSuchMethodToWrap, "did you mean `work`?"),
        ({"methods": ["size"]}, faults.NoSuchMethodToWrap, "it can wrap `help`, `run` and `work`"),
    ],
)
def test_settings_that_are_at_fault(config: dict[str, Any], kind: type[Fault], cure: str) -> None:
    """Each is told once, with its place and what would be right."""
    (fault,) = found(document(**config))
    assert isinstance(fault, kind)
    assert fault.cure.startswith(cure)
    assert fault.place
    assert fault.place.trail.startswith("outer.config" if kind is not faults.DecoratorIdle else "")


def test_a_setting_of_the_section_is_told_once() -> None:
    """However many decorators read it."""
    conf = document() | {"decorator": {"a": "Say", "b": "Say", "config": {"layers": "x"}}}
    conf.pop("outer")
    (fault,) = found(conf)
    assert isinstance(fault, faults.DecoratorNamesNothing)


def test_settings_above_the_section_mean_something_else() -> None:
    """`classes` and `methods` of the root's config are not the decorators'."""
    plan = lg.plan(document() | {"config": {"classes": ["yes", "no"], "layers": 3}})
    assert len(wrapped_by(plan, "runner.outer")) == 3


def test_no_class_is_given_a_setting_from_above() -> None:
    """Neither what a class requires nor a field of its `Config` is filled by another's key."""

    class Needs(Say):
        __REQUIRED_CONF__ = {"config": ["methods"]}

    class Typed(Say):
        @dataclass
        class Config:
            methods: list[str] | None = None

    conf = {"config": {"methods": "GET"}, "decorator": {"it": "Needs"}, "component": {"p": "Part"}}
    (fault,) = lg.validate(conf, classes=[Needs, Part], find_classes=True)
    assert isinstance(fault, faults.KeyMissing)
    assert fault.cure == "set it in the config of `runner.it` or of its section, and not above"
    with lg.build(conf, classes=[Typed, Part], overrides={"decorator.it": "Typed"}) as workflow:
        assert workflow.root.it.config.methods is None
    section = {"decorator": {"it": "Typed", "config": {"methods": ["work"]}}}
    with lg.build(conf, section, classes=[Typed, Part]) as workflow:
        assert workflow.root.it.config.methods == ["work"]
    repeated = conf | {"it": {"config": {"methods": "GET"}}}
    assert not [each for each in lg.plan(repeated).lint() if type(each) is faults.ValueRepeated]


def test_classes_that_are_at_fault() -> None:
    """What is no decorator, what stands elsewhere, and what cannot be wrapped."""
    (fault,) = found({"decorator": {"a": "Part"}, "component": {"tool": "Part"}})
    assert isinstance(fault, faults.NotADecorator)
    (fault,) = found({"component": {"tool": "Say"}})
    assert isinstance(fault, faults.DecoratorMisplaced)
    assert fault.cure == "declare it in a section `decorator`"
    (fault,) = found({"decorator": {"a": "Say"}, "component": {"tool": "Slotted"}})
    assert isinstance(fault, faults.NotWrappable)


def test_flags_and_names_that_are_at_fault() -> None:
    """Flags of wiring do nothing for decorators, and none can be called like its section."""
    conf = {"decorator": {"a": "Say", "config": {"update_peer_integrations": True}}}
    assert {type(fault) for fault in lg.validate(conf)} == {faults.FlagIdle, faults.DecoratorIdle}
    _, taken = lg.validate({"decorator": {"decorator": "Say"}})
    assert isinstance(taken, faults.NameTaken)


def test_what_cannot_be_wrapped_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The workflow is built all the same, and the decorator says so."""
    conf = {"decorator": {"a": "Say"}, "component": {"tool": "Slotted", "other": "Foreign"}}
    with lg.build(conf, classes=CLASSES) as workflow:
        assert workflow["runner.other"].work() == "worked"
    assert CALLS == ["a foreign.work"]
    assert "`runner.a` cannot wrap `runner.tool`" in caplog.text


class Broken(lg.BaseDecorator):
    """Raises for one method, and gives nothing for another."""

    def wrap(self, method: Any, integration: Any) -> Any:
        """Fail."""
        if method.__name__ == "help":
            raise LookupError("no help")


@pytest.mark.parametrize(("method", "cause"), [("help", "no help"), ("work", "must be callable")])
def test_a_decorator_that_fails_is_named(method: str, cause: str) -> None:
    """What was built is closed, and the error says which decorator failed for what."""
    conf = document(methods=[method]) | {"decorator": {"outer": "Broken"}}
    with pytest.raises(lg.WorkflowError) as raised:
        lg.build(conf, classes=[*CLASSES, Broken])
    (fault,) = raised.value.faults
    assert isinstance(fault, faults.StepRaised)
    assert (fault.path, cause in fault.cause) == ("runner.outer", True)
    assert fault.step.startswith("`wrap` of `runner.")


def test_a_double_is_wrapped_while_the_workflow_is_open() -> None:
    """An object that the caller gives is given back as it was."""
    double = Foreign()
    with lg.build(document(), classes=CLASSES, replace={"runner.tool": double}):
        assert double.work() == "worked"
        assert CALLS[-1] == "outer foreign.work"
    CALLS.clear()
    assert double.work() == "worked"
    assert CALLS == []


def test_a_large_group_is_wrapped() -> None:
    """Members that hold their peers by a class of ours are wrapped like others."""
    names = [f"c{number}" for number in range(70)]
    conf = {"decorator": {"a": "Say"}, "component": dict.fromkeys(names, "Part")}
    with lg.build(conf, classes=CLASSES) as workflow:
        CALLS.clear()
        assert workflow["runner.c69"].work() == "c69"
        assert CALLS == ["a c69.work", "a c69.help"]


def test_why_says_by_which_rule() -> None:
    """Who is wrapped, who is not, and in which order."""
    plan = lg.plan(document(layers=["component"]))
    wrapped = plan.why("runner.line.part", "outer")
    assert (wrapped.kind, wrapped.rule, wrapped.is_held) == ("decorates", "decorates", False)
    assert wrapped.headline == "`runner.line.part` is wrapped by `runner.outer`"
    assert "`layers` in the config of `runner.outer` asks for it" in wrapped.sentence
    assert "From the outside in: `runner.outer` and `runner.line.inner`" in wrapped.sentence
    assert [line.what for line in wrapped.lines] == [
        "declares `runner.outer`",
        "says what it wraps",
    ]
    assert (
        "in the config of `runner.outer` does not ask" in plan.why("runner.line", "outer").sentence
    )
    assert "only what is below" in plan.why("runner.tool", "inner").sentence
    assert "do not wrap each other" in plan.why("runner.line.inner", "outer").sentence
    assert plan.why("runner", "outer").kind == "child"
    of_root = lg.plan(document(layers="runner")).why("runner", "outer")
    assert of_root.reverse == "`runner.outer` wraps methods of `runner`"
    everything = lg.plan(document()).why("runner.line", "outer").sentence
    assert everything.startswith("a decorator wraps all below `runner`")


def test_questions_know_decorators() -> None:
    """Selections, schemas, comparisons and lint take them for what they are."""
    plan = lg.plan(document(), classes=CLASSES)
    assert plan.select("layer:decorator").paths == ("runner.outer", "runner.line.inner")
    assert lg.plan({}).select("layer:decorator").paths == ()
    schema = plan.schema()
    assert "decorator" in schema["properties"]
    other = lg.plan(document(layers=["pipeline"]))
    (linked,) = [
        each
        for each in plan.diff(other).links
        if each.source == "runner/decorator" and each.target == "runner/component"
    ]
    assert (linked.kind, linked.gained, linked.lost) == ("decorates", 0, 1)
    lost = ("removed", "runner.outer", "runner.line.part", "decorates")
    assert lost in list(plan.diff(other).single_links())
    assert not plan.diff(plan)
    unused = [fault.path for fault in plan.lint() if isinstance(fault, faults.IntegrationUnused)]
    assert not {"runner.outer", "runner.line.inner"} & {*unused}
    above = lg.plan(document() | {"config": {"layers": "x"}}, classes=CLASSES)
    assert above.explain("runner.line.inner", "layers").candidates == ()
    assert above.explain("runner.line.part", "layers").candidates[0].where == "runner"


def test_pictures_have_the_kind() -> None:
    """The lines, the legend and the files of data have it, and folded pictures too."""
    plan = lg.plan(document(layers=["component"]))
    dot = draw(plan.graph, "dot", View()).decode()
    assert "wraps methods of members" in dot
    assert "odiamond" not in dot
    assert (
        '"decorated_by": ["runner.outer", "runner.line.inner"]'
        in to_json(plan.graph, View()).decode()
    )
    assert "wraps methods of a part" in draw(plan.graph, "dot", View(depth=2)).decode()
    assert "wraps methods of" in draw(plan.graph, "mmd", View(links="all")).decode()
