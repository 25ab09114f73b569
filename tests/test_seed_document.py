"""Every example and sentence of the original document up to the third point, one test each."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

import lolpop_graph as lg
from tests.toys import MyWidget
from tests.workflows import Desk, links

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT = """
integration_framework:
    runner:
        component:
        pipeline:
            component:
"""
WIDGETS = """
integration_framework:
    runner:
        component:
            widget:
        pipeline:
            component:
                widget:
"""
POINT_2 = """
pipeline:
    process : MyProcessPipeline
    train : MyTrainingPipeline
    predict : MyPredictionPipeline
component:
    metadata_tracker : MLFlowMetadataTracker
config:
    train_data: /path/to/train.csv
    eval_data: /path/to/test.csv
"""
POINT_3 = """
integration_framework:
    runner:
        widget:
        component:
            widget:

widget:
    some_cool_widget: MyWidget
"""
OF_TRAIN = """
train:
    component:
        model_trainer : Toy
"""


# Default Integration Framework


def test_pipelines_and_components_are_children_of_runners(desk: Desk) -> None:
    """Quote: "Pipelines and Components are children of Runners."."""
    assert {child for parent, child in links(desk.plan(POINT_2), "child")} == {
        "runner.process",
        "runner.train",
        "runner.predict",
        "runner.metadata_tracker",
    }


def test_components_can_be_children_of_pipelines(desk: Desk) -> None:
    """Quote: "Components can additionally also be children of Pipelines."."""
    plan = desk.plan(POINT_2, OF_TRAIN)
    assert ("runner.train", "runner.train.model_trainer") in links(plan, "child")
    layer_path = plan.graph.nodes["runner.train.model_trainer"]["layer_path"]
    assert layer_path == "runner/pipeline/component"


def test_users_need_not_do_anything(desk: Desk) -> None:
    """Quote: "Users need not do anything in order to use this integration framework."."""
    implicit = desk.plan(POINT_2, OF_TRAIN)
    explicit = desk.plan(DEFAULT, POINT_2, OF_TRAIN)
    assert implicit.order == explicit.order
    assert set(implicit.graph.edges(data="kind")) == set(explicit.graph.edges(data="kind"))


# Defining Custom Integration Frameworks


def test_framework_stands_in_the_workflow_file(desk: Desk) -> None:
    """Quote: "simply input `integration_framework:` in your workflow `yaml` file"."""
    plan = desk.plan("integration_framework: {lab: {desk: }}\nlab: Toy\ndesk: {mine: Toy}\n")
    assert list(plan.order) == ["lab", "lab.mine"]


def test_default_framework_may_be_written_out(desk: Desk) -> None:
    """Quote: "the default integration framework would look like this"."""
    explicit = desk.plan(DEFAULT, POINT_2).graph
    implicit = desk.plan(POINT_2).graph
    paths = "layer_path"
    assert dict(explicit.nodes(data=paths)) == dict(implicit.nodes(data=paths))


def test_widgets_below_components(desk: Desk) -> None:
    """Quote: "If we wished to build an integration framework that includes widgets"."""
    root = desk.root(
        WIDGETS,
        "component: {c: Toy}\nc: {widget: {w: MyWidget}}\n"
        "pipeline: {p: Toy}\np: {component: {d: Toy}, d: {widget: {v: MyWidget}}}\n",
    )
    assert isinstance(root.c.w, MyWidget)
    assert isinstance(root.p.d.v, MyWidget)
    assert root.p.d.v.c is root.c
    assert not hasattr(root.p.d, "w")


def test_framework_of_another_trade(desk: Desk) -> None:
    """Quote: "many different types of ML (and even non-ML) workflows"."""
    root = desk.root(
        "integration_framework: {kitchen: {oven: , course: {dish: }}}\n"
        "oven: {gas: Toy}\ncourse: {starter: Toy}\nstarter: {dish: {soup: Toy}}\n"
    )
    assert root.starter.soup.gas is root.gas


# Behavior of the Integration Framework


@pytest.mark.parametrize("layer", ["2nd-stage", "on", "no", "7", "étape", "a b", "1:30", "1.0"])
def test_any_yaml_compatible_name(desk: Desk, layer: str) -> None:
    """Quote: "any type of (yaml-compatible) name for your integration framework abstractions"."""
    key = layer if layer != "1:30" else '"1:30"'
    plan = desk.plan(f"integration_framework: {{runner: {{{key}: }}}}\n{key}: {{x: Toy}}\n")
    assert plan.graph.nodes["runner.x"]["layer"] == layer


def test_point_1_single_root(desk: Desk) -> None:
    """Quote: "The framework must have a single root node."."""
    with pytest.raises(lg.WorkflowError) as caught:
        desk.plan("integration_framework: {runner: , walker: }\n")
    sentences = " ".join(fault.sentence for fault in caught.value.faults)
    assert "runner" in sentences
    assert "walker" in sentences


def test_point_1_a_framework_has_a_root(desk: Desk) -> None:
    """Quote: "our root is `runner`"."""
    assert desk.plan(POINT_2).graph.nodes["runner"]["layer"] == "runner"


def test_point_2_names_correspond_to_sections(desk: Desk) -> None:
    """Quote: "The names used in your integration framework correspond to section names"."""
    root = desk.root(POINT_2)
    assert root.train.integration_type == "pipeline"
    assert root.metadata_tracker.integration_type == "component"
    assert root._get_config("train_data") == "/path/to/train.csv"
    assert root._get_config("eval_data") == "/path/to/test.csv"


def test_point_2_with_the_framework_included(desk: Desk) -> None:
    """Quote: "framework names match up exactly w/ the yaml section names"."""
    assert desk.plan(DEFAULT, POINT_2).order == desk.plan(POINT_2).order


def test_point_2_a_section_for_any_integration_type(desk: Desk) -> None:
    """Quote: "having a section for `integration_type` as well"."""
    root = desk.root(
        "integration_framework: {runner: {integration_type: }}\nintegration_type: {one: Toy}\n"
    )
    assert root.one.integration_type == "integration_type"


def test_point_3_attribute_of_the_parent(desk: Desk) -> None:
    """Quote: "accessible under the `some_cool_widget` attribute of the parent"."""
    root = desk.root(POINT_3)
    assert isinstance(root.some_cool_widget, MyWidget)
    assert root.some_cool_widget.parent is root


@pytest.mark.parametrize("package", ["widget", "extension/widget", "extension/shop/widget"])
def test_point_3_search_paths(
    desk: Desk, package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Quote: "search for `MyWidget` along `lolpop.widget` and `lolpop.extension.widget`"."""
    folder = tmp_path / package
    folder.mkdir(parents=True)
    (folder / "found.py").write_text(
        "from lolpop_graph import BaseIntegration\nclass FoundWidget(BaseIntegration):\n    pass\n"
    )
    monkeypatch.setattr(lg, "__path__", [*lg.__path__, str(tmp_path)])
    for name in [name for name in sys.modules if name.startswith("lolpop_graph.extension")]:
        monkeypatch.delitem(sys.modules, name)
    before = set(sys.modules)
    root = desk.root(POINT_3.replace("MyWidget", "FoundWidget"))
    assert type(root.some_cool_widget).__name__ == "FoundWidget"
    # Other tests look along these packages as well.
    for name in set(sys.modules) - before:
        if name.startswith(("lolpop_graph.extension", "lolpop_graph.widget")):
            del sys.modules[name]


def test_building_custom_integrations(desk: Desk) -> None:
    """Quote: "some lolpop extensions that inherit the `BaseIntegration` class"."""
    assert isinstance(desk.root(POINT_3).some_cool_widget, lg.BaseIntegration)
