"""Every sentence of the original document from the fourth point on, one test each."""

from __future__ import annotations

import pytest

import lolpop_graph as lg
from tests.workflows import Desk

REVERSED = """
integration_framework:
    runner:
        pipeline:
            component:
        component:
"""
POINT_5 = """
pipeline:
    process : MyProcessPipeline
    train : MyTrainingPipeline
    predict : MyPredictionPipeline
component:
    metadata_tracker : MLFlowMetadataTracker
    metrics_tracker : MLFlowMetricsTracker
"""
OF_TRAIN = """
train:
    component:
        model_trainer : Toy
"""
CALM = "        update_peer_integrations: false\n"
SILENT = "        pass_integration_to_siblings: false\n"


def test_point_4a_order_written(desk: Desk) -> None:
    """Quote: "Siblings are processed in the order written."."""
    assert list(desk.plan(POINT_5).order) == [
        "runner",
        "runner.metadata_tracker",
        "runner.metrics_tracker",
        "runner.process",
        "runner.train",
        "runner.predict",
    ]


def test_point_4a_other_order_written(desk: Desk) -> None:
    """Quote: "By reversing the order, we create a different situation"."""
    assert list(desk.plan(REVERSED, POINT_5).order)[1:4] == [
        "runner.process",
        "runner.train",
        "runner.predict",
    ]


def test_point_4b_passed_into_siblings(desk: Desk) -> None:
    """Quote: "After a node is processed, it is passed into sibling nodes."."""
    root = desk.root(POINT_5)
    for pipeline in (root.process, root.train, root.predict):
        assert pipeline.metadata_tracker is root.metadata_tracker
        assert pipeline.metrics_tracker is root.metrics_tracker


def test_point_4b_accessible_to_children(desk: Desk) -> None:
    """Quote: "will be accessible to children of that node"."""
    root = desk.root(POINT_5, OF_TRAIN)
    assert root.train.model_trainer.metadata_tracker is root.metadata_tracker


def test_point_4b_pipeline_specific_components(desk: Desk) -> None:
    """Quote: "Pipelines may additionally have pipeline specific components."."""
    root = desk.root(POINT_5, OF_TRAIN)
    assert root.train.model_trainer.parent is root.train
    assert not hasattr(root, "model_trainer")
    assert not hasattr(root.predict, "model_trainer")
    assert not hasattr(root.metadata_tracker, "model_trainer")


def test_point_4b_reversed_framework(desk: Desk) -> None:
    """Quote: "Pipelines would then be passed into each runner component."."""
    root = desk.root(REVERSED, POINT_5, OF_TRAIN)
    assert root.metadata_tracker.train is root.train
    assert not hasattr(root.train, "metadata_tracker")
    assert not hasattr(root.train.model_trainer, "metadata_tracker")


def test_point_4_note_on_passing(desk: Desk) -> None:
    """Quote: "This defaults to `True`, but can be turned off via setting it to `False`"."""
    section = f"component:\n    metadata_tracker: MLFlowMetadataTracker\n    config:\n{SILENT}"
    root = desk.root("pipeline: {train: MyTrainingPipeline}\n", OF_TRAIN, section)
    assert not hasattr(root.train, "metadata_tracker")
    assert not hasattr(root.train.model_trainer, "metadata_tracker")
    assert isinstance(root.metadata_tracker, lg.BaseComponent)


def test_point_4_note_any_layer(desk: Desk) -> None:
    """Quote: "you can prevent any layer of the integration framework from passing itself down"."""
    section = f"pipeline:\n    train: MyTrainingPipeline\n    config:\n{SILENT}"
    root = desk.root(REVERSED, section, "component: {metadata_tracker: MLFlowMetadataTracker}\n")
    assert not hasattr(root.metadata_tracker, "train")


def test_point_5_leaves_are_aware_of_each_other(desk: Desk) -> None:
    """Quote: "in our default framework, a `component` has access to all other components"."""
    root = desk.root(POINT_5)
    assert root.metadata_tracker.metrics_tracker is root.metrics_tracker
    assert root.metrics_tracker.metadata_tracker is root.metadata_tracker


def test_point_5_pipelines_do_not_know_each_other(desk: Desk) -> None:
    """Quote: "there is no `runner.process.train` attribute"."""
    with pytest.raises(AttributeError, match="train"):
        _ = desk.root(POINT_5).process.train


def test_point_5_switched_on_for_pipelines(desk: Desk) -> None:
    """Quote: "This can be configured via the configuration value `update_peer_integrations`."."""
    config = "    config: {update_peer_integrations: true}\ncomponent:"
    root = desk.root(POINT_5.replace("component:", config))
    assert root.process.train is root.train
    assert root.train.process is root.process


def test_point_5_switched_off_for_components(desk: Desk) -> None:
    """Quote: "this can be overridden at each layer as needed"."""
    root = desk.root(POINT_5, f"    config:\n{CALM}")
    assert not hasattr(root.metadata_tracker, "metrics_tracker")


def test_point_6_config_of_a_layer(desk: Desk) -> None:
    """Quote: "All layers of the integration framework support having a `config` section."."""
    root = desk.root(POINT_5, "    config: {depth: 4}\n")
    assert root.metadata_tracker._get_config("depth") == 4
    assert root.metrics_tracker._get_config("depth") == 4
    assert root._get_config("depth") is None


def test_point_6_accessible_to_all(desk: Desk) -> None:
    """Quote: "accessible to all integrations via the standard `_get_config` method."."""
    pipelines = POINT_5.replace("component:", "    config: {depth: 4}\ncomponent:")
    root = desk.root(pipelines, OF_TRAIN, "config: {target: churned}\n")
    assert root.train.model_trainer._get_config("depth") == 4
    for integration in (root, root.metadata_tracker, root.train, root.train.model_trainer):
        assert integration._get_config("target") == "churned"
