"""What methods leave behind, as their source says it, held against what they really change."""

from __future__ import annotations

import functools
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import lolpop_graph as lg
from lolpop_graph.classes.states import States, read_states, states_of
from lolpop_graph.classes.texts import TextFinder
from lolpop_graph.component.model_trainer.sklearn import SklearnModelTrainer
from lolpop_graph.pipeline.train.tabular import TrainPipeline
from tests.states import changes, random_module

SEEDS = range(2)
CLASSES = 25


def names(found: States) -> set[str]:
    """What is surely changed."""
    return {*found.changed}


class _Sets:
    """One method for each way to set or delete."""

    __slots__ = ("__dict__", "__weakref__")

    def one(self) -> None:
        self.a = 1
        self.b, (self.c, *self.d) = 1, [2, 3]
        self.e: int = 3

    def two(self) -> None:
        self.f += 1
        del self.g
        for self.h in range(3):
            pass
        with Path(__file__).open(encoding="utf-8") as self.i:
            pass

    def three(self) -> None:
        setattr(self, "j", 1)  # noqa: B010 - it is what is looked for
        self.__dict__["k"] = 1
        vars(self)["l"] = 1
        self.__dict__.update(m=1)
        for name in ("n", "o"):
            setattr(self, name, 1)
        object.__setattr__(self, "p", 1)


class _Changes:
    """One method for each way to change in place; what it only reads begins with `r`."""

    def __init__(self) -> None:
        self.x = self._made()

    def one(self) -> Any:
        self.a.append(self.ra)
        self.b["key"] = self.rb
        self.c[0]["key"].update(self.rc)
        self.d.e = 1
        del self.f[0]
        return len(self.rd)

    def two(self) -> None:
        mine = self.g
        mine.append(1)
        for each in self.h.values():
            each.add(self.re == 1)
        first, _ = self.i, 1
        first[0] = 1

    def three(self) -> None:
        _extend(self.j, self.rf == 1)
        self._add(self.k)
        _touch(self)
        next(self.m)
        self._mine().append(1)

    def _mine(self) -> Any:
        return self.n

    def _add(self, into: Any) -> None:
        into.append(1)

    def _made(self) -> int:
        self.rg = 1
        return 1


def _extend(into: Any, what: Any) -> None:
    into.append(what)


def _touch(part: Any) -> None:
    part.l = 1


class _Base(lg.BaseComponent):
    """Sets `base` in a method that is overridden, and `above` in one that is called from there."""

    def fit(self) -> None:
        self.base = 1

    def learn(self) -> None:
        self.above = 1


class _Below(_Base):
    """Overrides both; calls what it overrides of one."""

    limit = 3
    __private = 0

    def __init__(self) -> None:
        self.ready = True
        self.count = 0
        self.shared = self.kept = []

    def setup(self) -> None:
        self._prepare()

    def _prepare(self) -> None:
        self.table = {}

    def fit(self) -> None:
        self.model = 1
        self.__private = 2

    def learn(self) -> None:
        super().learn()
        self._count()
        self.kept.append(1)
        self.log("learnt")

    def _count(self) -> None:
        self.count += 1

    def close(self) -> None:
        self.table = None

    @property
    def settled(self) -> Any:
        return self.ready, self.limit, self._get_config("a"), self.table

    @property
    def learnt(self) -> Any:
        return self._below

    @property
    def _below(self) -> Any:
        return self.model

    @functools.cached_property
    def sized(self) -> int:
        return self.limit

    @property
    def far(self) -> Any:
        return self.tracker.run_id


class _Anything:
    """Sets what its caller names."""

    def take(self, name: str) -> None:
        setattr(self, name, 1)


class _HandsOut:
    """Gives itself to code that nobody reads."""

    def register(self, registry: Any) -> None:
        registry.add(self)


def test_all_ways_to_set_are_seen() -> None:
    """Assignments of every kind, `setattr` with written names, and `__dict__`."""
    found = states_of(_Sets)
    assert names(found) == set("abcdefghijklmnop")
    assert not found.changes_anything


def test_all_ways_to_change_in_place_are_seen() -> None:
    """Items, attributes, mutators, through names, items, functions and what methods return."""
    found = states_of(_Changes)
    assert names(found) == set("abcdfghijklmn")
    assert {*found.made} == {"x", "rg"}


def test_what_is_overridden_counts_where_it_is_called() -> None:
    """A method that a subclass replaces leaves nothing behind, unless `super` calls it."""
    found = states_of(_Below)
    assert names(found) == {"model", "_Below__private", "above", "count", "shared", "kept"}
    assert {*found.made} == {"ready", "count", "shared", "kept", "table"}
    assert found.is_known
    assert not found.changes_anything
    assert not found.hands_out
    (spot,) = found.changed["count"]
    assert (spot.function, spot.callers, spot.how) == ("_count", ("learn",), "set")
    assert "base" in names(states_of(_Base))


def test_names_that_are_not_written_may_be_any() -> None:
    """`setattr` with an unknown name, and an object that is handed out, are said to be so."""
    assert states_of(_Anything).changes_anything
    assert states_of(_HandsOut).hands_out
    assert states_of(_HandsOut).may_change("a")


def test_what_properties_read_is_seen() -> None:
    """Through other properties and methods as well; a proxy can answer where none of it changes."""
    found = states_of(_Below)
    assert found.properties == {
        "settled": {"ready", "limit", "table", "_get_config"},
        "learnt": {"model"},
        "_below": {"model"},
        "sized": {"limit"},
        "far": {"tracker"},
    }
    assert found.cached == {"sized"}
    for name, changes_it in (("model", True), ("limit", False), ("tracker", False)):
        assert found.may_change(name) is changes_it
    run_id = states_of(TrainPipeline)
    assert any(map(run_id.may_change, run_id.properties["run_id"]))


def test_a_class_without_source_is_not_known(tmp_path: Path) -> None:
    """Nothing is concluded from code that is not there."""
    made = type("Made", (int,), {})
    made.__module__ = "no_such_module"
    assert not states_of(made).is_known
    assert states_of(made).may_change("a")


def test_texts_say_the_same_as_classes() -> None:
    """A class that is not imported is read as one that is."""
    for cls in (TrainPipeline, SklearnModelTrainer):
        read = read_states(TextFinder().lineage(cls.__module__, cls.__name__))
        assert (read.changed, read.made, read.is_known) == (
            states_of(cls).changed,
            states_of(cls).made,
            True,
        )


@pytest.fixture(params=SEEDS)
def random_classes(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[type]]:
    """Classes of a seed, imported from a file."""
    name = f"random_states_{request.param}"
    path = tmp_path / f"{name}.py"
    path.write_text(random_module(request.param, CLASSES), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield [getattr(module, f"C{number}") for number in range(CLASSES)]
    del sys.modules[name]


def test_what_methods_change_is_among_what_is_said(random_classes: list[type]) -> None:
    """Of random classes, every attribute that a call has changed is one that may be changed."""
    real = surely = untouched = 0
    for cls in random_classes:
        found = states_of(cls)
        assert found.is_known
        said = {*found.changed, *found.cached}
        for method, changed in changes(cls):
            missing = {name for name in changed - said if not found.may_change(name)}
            assert not missing, (cls.__name__, method, missing)
            real += len(changed)
            surely += len(changed & said)
        untouched += len({"a", "b", "c", "d", "_e", "_g"} - said)
    # The test would be none if nothing changed, or if everything was said to.
    assert real > CLASSES
    assert surely > 0.8 * real
    assert untouched > CLASSES
