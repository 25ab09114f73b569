"""What checks, describes, explains and draws, each held against the suite of its type."""

from __future__ import annotations

from lolpop_graph.component.data_checker.evidently import EvidentlyDataChecker
from lolpop_graph.component.data_checker.plain import PlainDataChecker
from lolpop_graph.component.data_profiler.evidently import EvidentlyDataProfiler
from lolpop_graph.component.data_profiler.plain import PlainDataProfiler
from lolpop_graph.component.model_checker.evidently import EvidentlyModelChecker
from lolpop_graph.component.model_checker.plain import PlainModelChecker
from lolpop_graph.component.model_explainer.sklearn import SklearnModelExplainer
from lolpop_graph.component.model_visualizer.sklearn import SklearnModelVisualizer
from lolpop_graph.component.prediction_monitor.evidently import EvidentlyPredictionMonitor
from lolpop_graph.component.prediction_monitor.plain import PlainPredictionMonitor
from lolpop_graph.testing import (
    DataCheckerConformance,
    DataProfilerConformance,
    ModelCheckerConformance,
    ModelExplainerConformance,
    ModelVisualizerConformance,
    PredictionMonitorConformance,
)


class TestPlainDataChecker(DataCheckerConformance):
    """Tables checked with pandas."""

    part = PlainDataChecker


class TestEvidentlyDataChecker(DataCheckerConformance):
    """Tables checked with Evidently."""

    part = EvidentlyDataChecker


class TestPlainModelChecker(ModelCheckerConformance):
    """Models checked with NumPy."""

    part = PlainModelChecker


class TestEvidentlyModelChecker(ModelCheckerConformance):
    """Models checked with Evidently."""

    part = EvidentlyModelChecker


class TestPlainPredictionMonitor(PredictionMonitorConformance):
    """Drift measured with NumPy."""

    part = PlainPredictionMonitor


class TestEvidentlyPredictionMonitor(PredictionMonitorConformance):
    """Drift measured with Evidently."""

    part = EvidentlyPredictionMonitor


class TestPlainDataProfiler(DataProfilerConformance):
    """Tables described with pandas."""

    part = PlainDataProfiler


class TestEvidentlyDataProfiler(DataProfilerConformance):
    """Tables described with Evidently."""

    part = EvidentlyDataProfiler


class TestSklearnModelExplainer(ModelExplainerConformance):
    """Models explained by scikit-learn."""

    part = SklearnModelExplainer
    config = {"n_repeats": 2, "partial_dependence_features": 2}


class TestSklearnModelVisualizer(ModelVisualizerConformance):
    """Predictions drawn with matplotlib."""

    part = SklearnModelVisualizer
