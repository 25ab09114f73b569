"""What the tests of extensions are made of: for each type of part a suite that it has to pass.

A suite is a class; derive from it in a test file, say which part it is about, and pytest runs
every test that it inherits:
    from lolpop_graph.testing import DataConnectorConformance

    class TestMyConnector(DataConnectorConformance):
        part = MyConnector
        config = {"database": "test.db"}

The suite of a type `data_connector` stands in the module of that name in
`lolpop_graph.testing.conformance`, and nothing is imported before it is asked for.

For the tests of a workflow there are `assert_graph`, which compares it with what it was, and
`assert_policy`, which says what has to be true of all that is selected.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

# Before the suites are imported, so that a failing test shows what it compared.
pytest.register_assert_rewrite("lolpop_graph.testing.conformance")

from lolpop_graph.testing.conformance import Conformance  # noqa: E402 - see above

if TYPE_CHECKING:
    from lolpop_graph.testing.conformance.data_checker import DataCheckerConformance
    from lolpop_graph.testing.conformance.data_connector import DataConnectorConformance
    from lolpop_graph.testing.conformance.data_profiler import DataProfilerConformance
    from lolpop_graph.testing.conformance.data_splitter import DataSplitterConformance
    from lolpop_graph.testing.conformance.data_transformer import DataTransformerConformance
    from lolpop_graph.testing.conformance.feature_transformer import FeatureTransformerConformance
    from lolpop_graph.testing.conformance.hyperparameter_tuner import HyperparameterTunerConformance
    from lolpop_graph.testing.conformance.logger import LoggerConformance
    from lolpop_graph.testing.conformance.metadata_tracker import MetadataTrackerConformance
    from lolpop_graph.testing.conformance.metrics_tracker import MetricsTrackerConformance
    from lolpop_graph.testing.conformance.model_checker import ModelCheckerConformance
    from lolpop_graph.testing.conformance.model_evaluator import ModelEvaluatorConformance
    from lolpop_graph.testing.conformance.model_explainer import ModelExplainerConformance
    from lolpop_graph.testing.conformance.model_repository import ModelRepositoryConformance
    from lolpop_graph.testing.conformance.model_trainer import ModelTrainerConformance
    from lolpop_graph.testing.conformance.model_visualizer import ModelVisualizerConformance
    from lolpop_graph.testing.conformance.notifier import NotifierConformance
    from lolpop_graph.testing.conformance.prediction_monitor import PredictionMonitorConformance
    from lolpop_graph.testing.graphs import assert_graph
    from lolpop_graph.testing.policies import assert_policy, violations

__all__ = [
    "Conformance",
    "DataCheckerConformance",
    "DataConnectorConformance",
    "DataProfilerConformance",
    "DataSplitterConformance",
    "DataTransformerConformance",
    "FeatureTransformerConformance",
    "HyperparameterTunerConformance",
    "LoggerConformance",
    "MetadataTrackerConformance",
    "MetricsTrackerConformance",
    "ModelCheckerConformance",
    "ModelEvaluatorConformance",
    "ModelExplainerConformance",
    "ModelRepositoryConformance",
    "ModelTrainerConformance",
    "ModelVisualizerConformance",
    "NotifierConformance",
    "PredictionMonitorConformance",
    "assert_graph",
    "assert_policy",
    "violations",
]

_SUITE = "Conformance"
_HOMES = {"assert_graph": "graphs", "assert_policy": "policies", "violations": "policies"}
"""The modules of what is no suite."""


def __getattr__(name: str) -> Any:
    """What is first asked for: `DataConnectorConformance` of the module `data_connector`."""
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    if name.endswith(_SUITE):
        words = re.findall("[A-Z][a-z]*", name.removesuffix(_SUITE))
        module = f"{__name__}.conformance.{'_'.join(words).lower()}"
        try:
            return getattr(import_module(module), name)
        except ModuleNotFoundError as error:
            if error.name != module:
                raise
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
