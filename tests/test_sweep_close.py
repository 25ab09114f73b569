"""What runs of a sweep close, and when: in time, and as they would if they shared nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import lolpop_graph as lg
from lolpop_graph.instantiate import Builder
from lolpop_graph.sweeps.driver import InDriver
from lolpop_graph.sweeps.pool import Processes
from lolpop_graph.sweeps.task import Engine, Outcome, Run, Task

DIARY: list[str] = []
ASSEMBLIES: list[type] = []


class Depot(lg.BaseComponent):
    """Takes long to make, and is the same for all runs with the same place."""

    def __init__(self) -> None:
        """Open it."""
        self.place = self._get_config("place")
        DIARY.append(f"make {self.name}")

    def close(self) -> None:
        """Let go; one place does not let go."""
        DIARY.append(f"close {self.name}")
        if self.place == "swamp":
            raise OSError("stuck")


class Ledger(lg.BaseComponent):
    """Collects, and writes its file when it is closed."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.lines: list[str] = []

    def add(self, line: str) -> None:
        """Collect."""
        self.lines.append(line)

    def close(self) -> None:
        """Write all of it, unless it is told to fail."""
        DIARY.append(f"close {self.name}")
        if self._get_config("number") == 1:
            raise OSError("disk full")
        name = f"{self._get_config('number')}.txt"
        Path(self._get_config("out"), name).write_text("".join(self.lines), encoding="utf-8")


class Teller(Depot):
    """Says to the ledger that it is closed."""

    def close(self) -> None:
        """Say so."""
        super().close()
        self.ledger.add("last line")


class Seller(lg.BaseRunner):
    """Sells from its depot."""

    def main(self) -> str:
        """What was sold."""
        ASSEMBLIES.append(type(self._lg_assembly))
        sold = f"{self._get_config('number')} from {self.depot.place}"
        self.ledger.add(sold)
        return sold


class Peddler(lg.BaseRunner):
    """Has nothing, and needs no time to be made."""

    def main(self) -> str:
        """Nothing."""
        ASSEMBLIES.append(type(self._lg_assembly))
        return "nothing"


CLASSES = [Depot, Ledger, Teller, Seller, Peddler]
DEPOT = {"ledger": "Ledger", "depot": "Depot"}


@pytest.fixture(autouse=True)
def _fresh() -> None:
    DIARY.clear()
    ASSEMBLIES.clear()


def performed(
    out: Path,
    overrides: list[dict[str, Any]],
    *,
    share: bool,
    engine: Engine | None = None,
    **conf: Any,
) -> Iterator[Outcome]:
    """What comes of runs with these overrides; those that share nothing write beside it."""
    folder = out / str(share)
    folder.mkdir()
    config = {"out": str(folder), "place": "town"}
    document = {"runner": "Seller", "component": DEPOT, "config": config, **conf}
    shipment = lg.plan(document, classes=CLASSES).shipment
    runs = (
        Run(number, str(number), {"config.number": number, **over}, {})
        for number, over in enumerate(overrides)
    )
    return (engine or InDriver()).perform(Task(shipment, share=share), runs, lambda _: None)


def told(outcome: Outcome) -> tuple[Any, ...]:
    """What is recorded of a run, without the time."""
    return outcome.number, outcome.status, outcome.metrics, outcome.failure


def files(folder: Path) -> dict[str, str]:
    """The files of a folder with what is in them."""
    return {each.name: each.read_text(encoding="utf-8") for each in folder.iterdir()}


def test_each_run_closes_what_is_its_own(tmp_path: Path) -> None:
    """What `close` writes is there, and what it raises is known, when the run's outcome is."""
    found = {}
    for share in (True, False):
        DIARY.clear()
        outcomes = []
        for outcome in performed(tmp_path, [{}] * 4, share=share):
            outcomes.append(told(outcome))
            there = {int(name.partition(".")[0]) for name in files(tmp_path / str(share))}
            assert there == {*range(outcome.number + 1)} - {1}
        found[share] = outcomes, files(tmp_path / str(share))
        assert DIARY.count("make depot") == DIARY.count("close depot") == (2 if share else 4)
    assert found[True] == found[False]
    outcomes = found[True][0]
    assert [each[1] for each in outcomes] == ["done", "failed", "done", "done"]
    assert outcomes[1][3].kind == "LG702"
    assert "`runner.ledger` (Ledger) raised while it was closed" in outcomes[1][3].sentence


def test_a_close_finds_open_what_it_needs(tmp_path: Path) -> None:
    """What says a last word to something that each run closes is closed before that, each time."""
    parts = {"component": {"ledger": "Ledger", "depot": "Teller", "other": "Depot"}}
    found = []
    for share in (True, False):
        DIARY.clear()
        found.append([told(each) for each in performed(tmp_path, [{}] * 4, share=share, **parts)])
        assert files(tmp_path / str(share))["3.txt"] == "3 from townlast line"
        assert DIARY.count("make depot") == 4
        assert DIARY.count("make other") == (2 if share else 4)
    assert found[0] == found[1]


def test_what_closes_late_names_its_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A shared object that raises after its last run tells which one that was."""
    places = ["town", "swamp", "swamp", "town", "swamp"]
    over = [{"config.number": 7, "depot.config.place": place} for place in places]
    outcomes = [*performed(tmp_path, over, share=True)]
    assert [each.status for each in outcomes] == ["done", "done", "done", "failed", "done"]
    assert outcomes[3].failure is not None
    assert outcomes[3].failure.sentence == (
        "`runner.depot` (Depot), which run 2 left open to be shared, raised while it was closed: "
        "OSError: stuck"
    )
    said = capsys.readouterr().err
    assert said.count("which run 4 left open to be shared") == said.count("stuck") == 1


def test_what_closes_last_in_a_process_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A worker says once what raises when it closes what its last runs have shared."""
    over = [{"config.number": 7, "depot.config.place": "swamp"}] * 3
    outcomes = performed(tmp_path, over, share=True, engine=Processes(1))
    assert [each.status for each in outcomes] == ["done"] * 3
    said = capfd.readouterr().err
    assert said.count("which run 2 left open to be shared") == said.count("stuck") == 1


def test_a_run_that_cannot_be_built_tells_of_the_one_before(tmp_path: Path) -> None:
    """What raises at the end of the last run is told beside what is wrong with this one."""
    over = [{"config.number": 7, "depot.config.place": "swamp"}, {"component.depot": "Nobody"}]
    _, outcome = performed(tmp_path, over, share=True)
    assert outcome.failure is not None
    assert "Nobody" in outcome.failure.sentence
    assert "which run 0 left open to be shared" in outcome.failure.traceback


def test_where_nothing_is_to_gain_runs_are_built_plainly(tmp_path: Path) -> None:
    """It is found out once for the classes of a workflow, and again for other ones."""
    nothing = {"component": {"ledger": "Ledger"}, "runner": "Peddler"}
    over = [{"config.number": 7, **each} for each in ({}, {}, {"component.depot": "Depot"}, {}, {})]
    outcomes = [*performed(tmp_path, over, share=True, **nothing)]
    assert [each.status for each in outcomes] == ["done"] * 5
    assert [each is Builder for each in ASSEMBLIES] == [False, True, False, False, True]
    assert DIARY.count("make depot") == DIARY.count("close depot") == 1
