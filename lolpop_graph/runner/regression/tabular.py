"""A regression from data to predictions."""

from __future__ import annotations

from lolpop_graph.runner.base import ModelRunner


class RegressionRunner(ModelRunner):
    """Runs a workflow that predicts a number for each row."""

    __DEFAULT_CONF__ = {"config": {"problem_type": "regression"}}
