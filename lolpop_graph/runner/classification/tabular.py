"""A classification from data to predictions."""

from __future__ import annotations

from lolpop_graph.runner.base import ModelRunner


class ClassificationRunner(ModelRunner):
    """Runs a workflow that predicts which class a row is of."""

    __DEFAULT_CONF__ = {"config": {"problem_type": "classification"}}
