"""Runs of a sweep: what is kept of a result, and what is said of one that fails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

import lolpop_graph as lg
from lolpop_graph.sweeps.driver import InDriver
from lolpop_graph.sweeps.metrics import metrics_of
from lolpop_graph.sweeps.task import Event, Outcome, Run, Task


class Panic(BaseException):
    """What compiled code raises for its own bugs is no Exception."""


class Divider(lg.BaseRunner):
    """Divides by its config."""

    def main(self) -> dict[str, Any]:
        """One divided by `by`; 13 is refused, with the password in what it says."""
        by = self._get_config("by")
        if by == 13:
            message = f"{self._get_config('password')} knows no 13"
            raise ValueError(message)
        if by == 7:
            raise SystemExit(3)
        if by == 8:
            raise Panic
        return {"ratio": 1 / by, "seen": f"by {self._get_config('password')}"}


CONF = {"runner": "Divider", "config": {"by": 1, "password": "open-sesame"}}


@dataclass(frozen=True)
class Shipped:
    """A workflow that stays in this process."""

    digest: str = "0"
    name: str = "conf"

    def plan(self, overrides: Mapping[str, Any] | None = None) -> lg.Plan:
        """Plan it anew."""
        return lg.plan(CONF, classes=[Divider], overrides=dict(overrides or {}))


def outcomes(*by: Any, told: list[Event] | None = None) -> list[Outcome]:
    """What comes of runs that divide by these."""
    runs = (Run(at, str(at), {"config.by": value}, {"by": value}) for at, value in enumerate(by))
    return [*InDriver().perform(Task(Shipped()), runs, (told if told is not None else []).append)]


def test_a_run_gives_what_its_method_returns() -> None:
    """The result of the method is what is kept, with a secret masked in texts."""
    told: list[Event] = []
    (one,) = outcomes(4, told=told)
    assert (one.status, one.metrics) == ("done", {"ratio": 0.25, "seen": "by ***"})
    assert told == [Event("driver", 0), Event("driver", None)]


def test_a_failure_stops_nothing_and_shows_no_secret() -> None:
    """An error, an exit and a fault of the workflow are outcomes, and the next run goes on."""
    found = outcomes(0, 13, 7, 8, "$nowhere", 2)
    refused = found[1]
    assert [each.failure and each.failure.kind for each in found] == [
        "ZeroDivisionError",
        "ValueError",
        "SystemExit",
        "Panic",
        "LG401",
        None,
    ]
    assert refused.failure is not None
    assert refused.failure.sentence == "*** knows no 13"
    assert "*** knows no 13" in refused.failure.traceback
    assert "open-sesame" not in str(refused)
    assert "lolpop_graph/workflow" not in refused.failure.traceback


class Point(NamedTuple):
    """A named tuple."""

    x: int
    y: float


@dataclass
class Scores:
    """A dataclass with a table in it."""

    auc: Any
    table: Any = None


@pytest.mark.parametrize(
    ("result", "kept"),
    [
        (None, {}),
        (0.5, {"result": 0.5}),
        ({"a": {"b": 1}, "c": "text"}, {"a.b": 1, "c": "text"}),
        (Point(1, 2.5), {"x": 1, "y": 2.5}),
        (Scores(np.float32(0.5), pd.DataFrame({"a": [1]})), {"auc": 0.5}),
        (
            {"nan": float("nan"), "inf": float("-inf"), "big": 2**70},
            {"nan": None, "inf": "-inf", "big": hex(2**70)},
        ),
        (
            {"on": dt.date(2026, 1, 2), "list": [1, "a"], "no": [object()]},
            {"on": "2026-01-02", "list": [1, "a"]},
        ),
        (pd.DataFrame({"a": [1]}), {}),
        ({1: True, "np": np.int64(3), "arr": np.zeros(3)}, {"1": True, "np": 3}),
    ],
)
def test_metrics(result: Any, kept: dict[str, Any]) -> None:
    """Numbers and texts are kept by name; tables and other objects are not."""
    assert metrics_of(result) == kept


OPENED: list[str] = []


class Warehouse(lg.BaseComponent):
    """Notes when it is set up and closed."""

    __SHARED__ = True

    def setup(self) -> None:
        """Note it."""
        OPENED.append("open")

    def close(self) -> None:
        """Note it."""
        OPENED.append("close")


class Buyer(lg.BaseRunner):
    """Fails where it is told to."""

    def main(self) -> int:
        """What it got."""
        return 1 // int(self._get_config("by"))


@pytest.mark.parametrize(
    ("share", "opened"),
    [(False, ["open", "close"] * 4), (True, ["open", "close"] * 2)],
)
def test_what_does_not_differ_is_built_once(*, share: bool, opened: list[str]) -> None:
    """A component serves all runs until one fails, after which all is built anew."""
    conf = {"runner": "Buyer", "component": {"warehouse": "Warehouse"}}
    shipment = lg.plan(conf, classes=[Buyer, Warehouse]).shipment
    OPENED.clear()
    runs = (Run(at, str(at), {"config.by": by}, {}) for at, by in enumerate((1, 0, 2, 3)))
    ended = [each.status for each in InDriver().perform(Task(shipment, share=share), runs, print)]
    assert ended == ["done", "failed", "done", "done"]
    assert opened == OPENED
