"""What built integrations offer, in which order they live and die, and how classes are called."""

from __future__ import annotations

import logging
import unicodedata
from typing import TYPE_CHECKING

import pytest

import lolpop_graph as lg
from tests.toys import (
    JOURNAL,
    BareForeign,
    Foreign,
    Toy,
    ToyComponent,
    ToyPipeline,
    ToyRunner,
    exported,
    reachable,
)
from tests.workflows import Desk

if TYPE_CHECKING:
    from pathlib import Path

JOURNALS = """
component: {alpha: Journalist}
pipeline: {beta: Journalist}
beta: {component: {delta: Journalist}}
"""


def names(event: str) -> list[str]:
    """Who wrote this event into the journal, in order."""
    return [name for found, name in JOURNAL if found == event]


def test_an_object_knows_what_it_is(desk: Desk) -> None:
    """Name, layer, module, the package that it stands in, and parent are attributes."""
    root = desk.root("component: {alpha: Toy}\n")
    assert root.alpha.name == "alpha"
    assert root.alpha.integration_type == "component"
    assert root.alpha.type == "tests"
    assert root.alpha.module == Toy.__module__
    assert root.alpha.parent is root
    assert root.integration_type == "runner"
    assert root.name == "runner"


def test_config_is_the_integrations_own(desk: Desk) -> None:
    """`config` holds what the integration's own block configures."""
    root = desk.root("component: {alpha: Toy}\nalpha: {config: {depth: 3}}\nconfig: {target: t}\n")
    assert dict(root.alpha.config) == {"depth": 3}
    assert dict(root.config) == {"target": "t"}


@pytest.mark.parametrize("written", ["e\u0301te\u0301", "\ufb01t"])
def test_names_that_python_would_normalise(desk: Desk, written: str) -> None:
    """A name that Python reads in another spelling is refused, or reachable in that spelling."""
    try:
        root = desk.root(f"component: {{{written}: Toy}}\n")
    except lg.WorkflowError:
        return
    assert hasattr(root, unicodedata.normalize("NFKC", written))


def test_problem_type_is_inherited(desk: Desk) -> None:
    """A problem type that is given to the workflow is that of every integration."""
    root = desk.root(JOURNALS, problem_type="classification")
    for integration in (root, root.alpha, root.beta, root.beta.delta):
        assert integration.problem_type == "classification"


def test_problem_type_may_be_unknown(desk: Desk) -> None:
    """Without a problem type there is none."""
    root = desk.root(JOURNALS)
    assert root.problem_type is None
    assert root.beta.delta.problem_type is None


def test_workflow_is_asked_by_path(desk: Desk) -> None:
    """A workflow gives its root, each object by its path, and the object of each node."""
    workflow = desk.build(JOURNALS)
    assert workflow["runner"] is workflow.root
    assert workflow["runner.beta.delta"] is workflow.root.beta.delta
    assert workflow.graph.nodes["runner.beta"]["instance"] is workflow.root.beta
    with pytest.raises(KeyError, match="gamma"):
        _ = workflow["runner.gamma"]


def test_setup_comes_after_all_constructors(desk: Desk) -> None:
    """Everything is made and wired before the first `setup`, and both go in build order."""
    desk.build(JOURNALS)
    assert JOURNAL == [
        ("init", "alpha"),
        ("init", "beta"),
        ("init", "delta"),
        ("setup", "alpha"),
        ("setup", "beta"),
        ("setup", "delta"),
    ]


def test_setup_sees_peers_and_children(desk: Desk) -> None:
    """In `setup` the peers that are made later and the own children are there."""
    root = desk.root(
        "component: {alpha: WiringWitness, gamma: Toy}\npipeline: {beta: WiringWitness}\n"
        "beta: {component: {delta: Toy}}\n"
    )
    assert root.alpha.at_setup == {"gamma": root.gamma}
    assert set(root.beta.at_setup) == {"alpha", "gamma", "delta"}


def test_close_goes_backwards(desk: Desk) -> None:
    """Leaving the context closes in the reverse of the build order."""
    with desk.build(JOURNALS):
        assert names("close") == []
    assert names("close") == ["delta", "beta", "alpha"]


def test_close_happens_once(desk: Desk) -> None:
    """Closing again closes nothing again."""
    workflow = desk.build(JOURNALS)
    workflow.close()
    workflow.close()
    assert names("close") == ["delta", "beta", "alpha"]


def test_close_also_when_the_body_raises(desk: Desk) -> None:
    """An error inside the context is passed on after everything is closed."""
    with pytest.raises(ZeroDivisionError), desk.build(JOURNALS):
        raise ZeroDivisionError
    assert names("close") == ["delta", "beta", "alpha"]


def test_constructor_that_raises(desk: Desk) -> None:
    """The error names the integration, its place and the cause, and the others are closed."""
    with pytest.raises(lg.WorkflowError, match=r"runner\.beta\.gamma") as caught:
        desk.build(JOURNALS.replace("delta: Journalist", "delta: Journalist, gamma: Bomb"))
    (fault,) = caught.value.faults
    assert fault.place.line == 4
    assert "the fuse was lit" in str(caught.value)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert names("close") == ["delta", "beta", "alpha"]
    assert names("setup") == []


def test_setup_that_raises(desk: Desk) -> None:
    """A failing `setup` is reported as a failing constructor is, and all are closed."""
    with pytest.raises(lg.WorkflowError, match=r"runner\.gamma") as caught:
        desk.build(JOURNALS.replace("beta: Journalist", "beta: Journalist, gamma: LateBomb"))
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert names("close") == ["delta", "beta", "alpha"]


def test_config_is_there_before_the_constructor(desk: Desk) -> None:
    """The first line of `__init__` can read the config."""
    root = desk.root("component: {alpha: ConfigReader}\nconfig: {metric: auc}\n")
    assert root.alpha.metric == "auc"
    assert root.alpha.missing == "default"


def test_foreign_class_is_filled_by_name(desk: Desk) -> None:
    """Parameters of a foreign constructor come from config and from what it is given."""
    root = desk.root(
        "component: {tracker: Toy}\npipeline: {alpha: Foreign}\nalpha: {config: {metric: auc}}\n"
    )
    assert isinstance(root.alpha, Foreign)
    assert root.alpha.metric == "auc"
    assert root.alpha.tracker is root.tracker
    assert root.alpha.depth == 6


def test_foreign_class_without_a_value(desk: Desk) -> None:
    """A parameter that nothing fills is an error that names it and the integration."""
    with pytest.raises(lg.WorkflowError, match="metric") as caught:
        desk.build("component: {tracker: Toy}\npipeline: {alpha: Foreign}\n")
    assert "alpha" in str(caught.value)


def test_foreign_class_is_an_attribute_like_any_other(desk: Desk) -> None:
    """A foreign object is reachable by its parent and by those it is given to."""
    root = desk.root("component: {tracker: BareForeign}\npipeline: {alpha: Toy}\n")
    assert isinstance(root.tracker, BareForeign)
    assert root.alpha.tracker is root.tracker


def test_messages_go_to_the_nearest_logger(desk: Desk) -> None:
    """`log` reaches the integration named `logger`, the nearest one where there are two."""
    root = desk.root(
        "component: {logger: LogCollector}\npipeline: {alpha: Toy, beta: Toy}\n"
        "alpha: {component: {logger: LogCollector, delta: Toy}}\n"
    )
    root.alpha.delta.log("near")
    root.beta.log("far", level="WARN")
    assert [text for _, text in root.alpha.logger.book] == ["near"]
    assert root.logger.book == [("WARN", "far")]


def test_notifications_go_to_the_notifier(desk: Desk) -> None:
    """`notify` reaches the integration named `notifier`, as an error if nothing else is said."""
    root = desk.root("component: {notifier: LogCollector}\npipeline: {alpha: Toy}\n")
    root.alpha.notify("down")
    assert root.notifier.book == [("ERROR", "down")]


def test_messages_without_a_logger(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """Where the workflow declares no logger, the standard library's takes the message."""
    root = desk.root("component: {alpha: Toy}\n")
    with caplog.at_level(logging.INFO):
        root.alpha.log("hello")
        root.alpha.notify("help")
    levels = {record.getMessage(): record.levelname for record in caplog.records}
    assert any("hello" in text and level == "INFO" for text, level in levels.items())
    assert any("help" in text and level == "ERROR" for text, level in levels.items())


CONF = {
    "component": {"alpha": "Toy"},
    "pipeline": {"beta": "Toy"},
    "beta": {"component": {"delta": "Toy"}},
    "config": {"metric": "f1"},
}


def test_runner_called_by_a_user() -> None:
    """A runner class builds the whole workflow with the new object as its root."""
    runner = ToyRunner(conf=CONF, classes=exported())
    assert isinstance(runner, ToyRunner)
    assert runner.parent is None
    assert runner.beta.alpha is runner.alpha
    assert runner.beta.delta.parent is runner.beta
    assert runner._get_config("metric") == "f1"


def test_runner_called_with_a_path(tmp_path: Path) -> None:
    """A path is as good as a dictionary."""
    file = tmp_path / "workflow.yaml"
    file.write_text("component: {alpha: Toy}\n", encoding="utf-8")
    assert isinstance(ToyRunner(conf=str(file), classes=exported()).alpha, Toy)


def test_pipeline_called_by_a_user() -> None:
    """A pipeline class builds its own part of the framework: components, and no pipelines."""
    conf = {"component": {"alpha": "Toy", "gamma": "Toy"}, "config": {"metric": "f1"}}
    pipeline = ToyPipeline(conf=conf, classes=exported())
    assert set(reachable(pipeline)) == {"alpha", "gamma"}
    assert pipeline.alpha.gamma is pipeline.gamma
    assert pipeline.integration_type == "pipeline"
    assert pipeline.alpha._get_config("metric") == "f1"


def test_component_called_by_a_user() -> None:
    """A component class builds nothing but itself in the default framework."""
    component = ToyComponent(conf={"config": {"metric": "f1"}})
    assert component.integration_type == "component"
    assert component._get_config("metric") == "f1"
    assert reachable(component) == {}


def test_class_called_without_a_document() -> None:
    """A class can be called with nothing at all."""
    assert ToyRunner().parent is None


@pytest.mark.parametrize("cls", [ToyRunner, ToyPipeline])
def test_standalone_builds_nothing_below(cls: type[lg.BaseIntegration]) -> None:
    """`is_standalone=True` leaves out everything below the object, and keeps its config."""
    conf = {"component": {"alpha": "NoSuchClass"}, "config": {"metric": "f1"}}
    alone = cls(conf=conf, is_standalone=True)
    assert reachable(alone) == {}
    assert alone._get_config("metric") == "f1"


def test_printing_shows_the_names(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """What an integration can reach, and the framework, can be printed."""
    root = desk.root(JOURNALS)
    root.beta._print_integrations()
    assert "delta" in capsys.readouterr().out
    root._print_integration_framework()
    assert "pipeline" in capsys.readouterr().out


def test_arguments_of_a_call_reach_the_constructor() -> None:
    """A class called by a user hands what is no keyword of a build to its constructor."""

    class Sized(lg.BaseRunner):
        def __init__(self, size: int, *, unit: str) -> None:
            self.text = f"{size} {unit}"

    assert Sized(3, unit="GB", conf={}).text == "3 GB"
