"""Integrations and a cluster for tests of workflows of which a part lives on workers."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING, Any, NamedTuple

import lolpop_graph as lg

if TYPE_CHECKING:
    from distributed import Client


@contextmanager
def cluster_client(workers: int = 2) -> Iterator[Client]:
    """A client of worker processes of this machine, for all tests of a module."""
    from distributed import Client, LocalCluster  # noqa: PLC0415 - slow to import

    options: dict[str, Any] = {"threads_per_worker": 1, "dashboard_address": None}
    with (
        LocalCluster(n_workers=workers, host="127.0.0.1", **options) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


class Pair(NamedTuple):
    """Two things with names."""

    one: int
    rows: list[int]


@dataclass
class Record:
    """The same, of another kind."""

    one: Any
    rows: Any


class OddError(Exception):
    """An error that its own arguments do not make again."""

    def __init__(self, code: int, text: str) -> None:
        """Say both, and keep one."""
        super().__init__(f"{code}: {text}")
        self.code = code


class Tracker(lg.BaseComponent):
    """Remembers what kinds of things it is given."""

    def kinds(self, *values: Any, **named: Any) -> list[str]:
        """The exact types of what is given, also within lists and dataclasses."""
        return [kind(each) for each in (*values, *named.values())]

    async def kind_later(self, value: Any) -> str:
        """The same, when awaited."""
        return kind(value)

    def kinds_one_by_one(self, *values: Any) -> Iterator[str]:
        """The same, as a generator."""
        yield from map(kind, values)

    @contextmanager
    def noting(self, errors: list[str]) -> Iterator[None]:
        """Note what is raised within."""
        try:
            yield
        except LookupError as error:
            errors.append(str(error))
            raise


def kind(value: Any) -> str:
    """The exact type of something, and of what is in it."""
    if type(value) is list:
        return f"list of {[kind(each) for each in value]}"
    if type(value) is Record:
        return f"record of {kind(value.rows)}"
    return type(value).__name__


class Logger(lg.BaseComponent):
    """Remembers what it is told."""

    def __init__(self, **others: Any) -> None:
        """Begin with nothing told."""
        super().__init__(**others)
        self.told: list[tuple[str, str]] = []

    def log(self, msg: object, level: str = "INFO") -> None:
        """Keep the message, its kind and who says it."""
        self.told.append((kind(msg), f"{self._told_by}: {level} {msg}"))


class Model(lg.BaseComponent):
    """Lives below a pipeline."""

    depth = 3

    def predict(self, value: int) -> int:
        """Twice the value."""
        return 2 * value


class Work(lg.BasePipeline):
    """Makes things, and looks at them."""

    limit = 5
    __DEFAULT_CONF__ = {"config": {"greeting": "hello"}}

    def __init__(self, **others: Any) -> None:
        """Keep what never changes, and what a method sets."""
        super().__init__(**others)
        self.size = 7
        self.history = [0]
        self.last = 0

    @property
    def double(self) -> int:
        """What follows from what never changes."""
        return 2 * self.size

    @property
    def latest(self) -> int:
        """What follows from what a method sets."""
        return self.last

    def rows(self, count: int) -> list[int]:
        """The first numbers."""
        self.last = count
        return list(range(count))

    def pair(self) -> tuple[int, list[int]]:
        """A tuple."""
        return 1, [2]

    def named(self) -> Pair:
        """A tuple with names."""
        return Pair(1, [2])

    def give(self, value: Any) -> Any:
        """What it is given."""
        return value

    def kinds(self, *values: Any) -> list[str]:
        """The exact types of what is given."""
        return [kind(each) for each in values]

    def is_same(self, one: Any, other: Any) -> bool:
        """Whether both are one object."""
        return one is other

    def me(self) -> Work:
        """Itself."""
        return self

    def is_mine(self, work: Any, tracker: Any, model: Any) -> bool:
        """Whether these are the integrations that this one sees."""
        return work is self and tracker is self.tracker and model is self.model

    def fail(self, text: str) -> None:
        """Raise what runners may want to catch."""
        raise LookupError(text)

    def fail_oddly(self) -> None:
        """Raise what does not pickle as it is."""
        raise OddError(7, "odd")

    def leave(self) -> None:
        """Raise what is no Exception."""
        sys.exit(3)

    def generated(self) -> Iterator[int]:
        """What cannot leave its process."""
        yield 1

    async def later(self, value: int) -> int:
        """What has to be awaited."""
        await asyncio.sleep(0)
        if value < 0:
            raise LookupError("negative")
        return value + 1

    def note(self, path: str, text: str, seconds: float = 0) -> None:
        """Append a line to a file, after a while."""
        threading.Event().wait(seconds)
        with open(path, "a", encoding="utf-8") as file:  # noqa: PTH123 - as short as a test needs it
            file.write(text)


class Runner(lg.BaseRunner):
    """Knows nothing of where its pipelines live; each method shows one thing."""

    def main(self) -> dict[str, Any]:
        """Results within what is returned."""
        return {"rows": self.work.rows(3), "none": self.work.give(None)}

    def branches(self) -> list[str]:
        """Truth, comparison, length, and what is in something."""
        rows, number = self.work.rows(3), self.work.give(0.9)
        taken = ["long" if len(rows) > 2 else "short", "good" if number > 0.8 else "bad"]
        taken.append("zero" if not self.work.give(0) else "some")
        return [*taken, "in" if 2 in rows else "out", "equal" if rows == [0, 1, 2] else "other"]

    def identities(self) -> list[bool]:
        """None and True pass `is`, also within lists and other methods."""
        nothing, yes, rows = self.work.give(None), self.work.give(True), self.work.rows(1)  # noqa: FBT003 - a value
        several = [self.work.give(value) for value in (None, 1)]
        found = [each for each in several if each is not None]
        return [nothing is None, yes is True, rows is None, len(found) == 1, self._is_none(nothing),
                self.work.give(None) is None, self.work.me() is self.work]  # fmt: skip

    def _is_none(self, value: Any) -> bool:
        return value is None

    def operators(self) -> list[Any]:
        """Arithmetic, also in place, with what is on either side."""
        number, rows, text = self.work.give(7), self.work.rows(2), self.work.give("a")
        same = rows
        rows += [9]
        number += 1
        number //= 2
        return [number, rows, same, rows is same, 1 + number, [5, *same], text + "b", text * 2,
                -number, divmod(number, 3), 10 % self.work.give(4), 2 ** same[1]]  # fmt: skip

    def texts(self) -> list[str]:
        """Formatting of every kind."""
        number, text, pair = self.work.give(1.25), self.work.give("a"), self.work.pair()
        return [
            f"{number:.1f} {text!r} {text:>3}",
            "%s" % pair[0],  # noqa: UP031 - it is tried
            "%.1f %s" % (number, text),  # noqa: UP031 - it is tried
            f"{text} {number}",
            str(pair),
            ", ".join(self.work.give(["x", "y"])),
        ]

    def shapes(self) -> list[Any]:
        """Pattern matching and kinds."""
        found, mapping = [], self.work.give({"a": 5})
        for value in (mapping, self.work.rows(2), self.work.give("x"), self.work.give(None)):
            match value:
                case {"a": inner}:
                    found.append(inner)
                case [one, two]:
                    found.append(one + two)
                case None:
                    found.append("none")
                case str():
                    found.append("text")
        return [*found, isinstance(mapping, dict), type(mapping) is dict, one_of(mapping),
                {**mapping}, callable(mapping), callable(self.work.give(len))]  # fmt: skip

    def unpacked(self) -> list[Any]:
        """Tuples into names, lists into names, and into arguments."""
        one, rows = self.work.pair()
        first, second = self.work.named()
        zero, *rest = self.work.rows(3)
        named = self.work.named()
        return [one, rows, first, second, zero, rest, [*self.work.pair()],
                named.rows, named._asdict(),
                self.work.kinds(one, rows), self.work.kinds(*self.work.pair())]  # fmt: skip

    def passed_on(self) -> list[Any]:
        """Results as arguments, alone and within other things."""
        rows, record = self.work.rows(2), Record(self.work.rows(1), [self.work.rows(1)])
        cycle: list[Any] = [rows]
        cycle.append(cycle)
        return [self.work.give(rows), self.other.kinds(rows, [rows], record),
                self.work.give(record), self.other.is_same(rows, rows),
                self.other.give({"a": (rows,)}),
                self.other.give(cycle)[0], self.other.kinds(Pair(1, rows))]  # fmt: skip

    def changed(self) -> list[Any]:
        """What the runner changes is what other pipelines get."""
        rows, mapping = self.work.rows(2), self.work.give({"a": 1})
        rows.append(9)
        mapping["b"] = rows
        return [self.other.give(rows), self.other.give(mapping), rows, mapping]

    def components(self) -> list[Any]:
        """Components get what they would get locally."""
        rows = self.work.rows(1)
        held = [self.work.rows(1)]
        tracked = self.tracker.kinds(rows, held, Record(1, rows), named=self.work.give("a"))
        return [tracked, list(self.tracker.kinds_one_by_one(rows)), kind(held),
                asyncio.run(self.tracker.kind_later(rows))]  # fmt: skip

    def logged(self) -> list[Any]:
        """Messages are what they would be locally."""
        self.log(self.work.give("from the runner"))
        self.work.log("from the pipeline", "WARNING")
        return list(self.logger.told)

    def looked_at(self) -> list[Any]:
        """What a pipeline is, by its place, its config and its class."""
        work = self.work
        return [work.name, work.path, work.type, work.module, work.integration_type,
                work.problem_type, work.parent is self, work.model.path,
                work.tracker is self.tracker, work.limit, work.size, work.double, work.config,
                work._get_config("greeting"), work.model.depth,
                work._get_config("target"), hasattr(self, "deploy"), getattr(self, "deploy", 1),
                hasattr(work, "nothing"), getattr(work, "nothing", 2), isinstance(work, Work),
                work == self.work, work == self.other, {work: 1}[self.work],
                work.model.predict(4), work.is_mine(work, self.tracker, work.model)]  # fmt: skip

    def caught(self) -> list[str]:
        """Failures are caught where they are caught locally."""
        found = []
        try:
            rows = self.work.fail("kept")
            found.append("not reached")
            len(rows)
        except LookupError as error:
            found.append(str(error))
        try:
            self.work.fail("dropped")
            found.append("not reached")
        except LookupError as error:
            found.append(str(error))
        try:
            self.tried()
        except OddError as error:
            found.append(f"{error} {error.code}")
        return found

    def tried(self) -> Any:
        """A failure that is caught further up."""
        return self.work.fail_oddly()

    def noted(self) -> list[str]:
        """What a component surrounds has ended when that ends, and fails within it."""
        errors: list[str] = []
        found = ["caught"]
        try:
            with self.tracker.noting(errors):
                rows = self.work.fail("seen by the tracker")
                found.append("went on")
        except LookupError:
            return [*found[:1], *errors]
        return [str(rows)]

    def in_order(self, path: str) -> str:
        """What is called for its effect has that before the next call."""
        for text in ("a", "b"):
            self.work.note(path, text, 0.05)
            self.other.note(path, text.upper())
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - as short as a test needs it
            return file.read()

    def in_threads(self) -> list[Any]:
        """Calls and looks from threads."""
        with ThreadPoolExecutor(3) as pool:
            rows = list(pool.map(self.work.rows, range(4)))
            lengths = list(pool.map(len, rows))
            failing = pool.submit(self.work.fail, "in a thread").exception()
        return [rows, lengths, str(failing)]

    def awaited(self) -> list[int]:
        """Async methods, alone and several at a time."""

        async def both() -> list[int]:
            one = await self.work.later(1)
            try:
                await self.work.later(-1)
            except LookupError:
                one += 10
            return [one, *await asyncio.gather(self.work.later(2), self.other.later(3))]

        return asyncio.run(both())

    def dispatched(self) -> list[str]:
        """Functions for several kinds."""
        return [one_of(self.work.give(value)) for value in (1, "a", {})]

    def fails(self) -> Any:
        """A failure that a later call depends on."""
        rows = self.work.fail("the first one")
        return [*self.other.give(rows), 1]

    def fails_oddly(self) -> Any:
        """A failure that nobody looks at."""
        self.work.fail_oddly()

    def leaves(self) -> Any:
        """A worker's `sys.exit`."""
        return [*self.work.leave()]

    def too_many(self) -> Any:
        """A tuple into too few names."""
        (one,) = self.work.pair()
        return one + 1


@singledispatch
def one_of(_: object) -> str:
    """The kind of something."""
    return "other"


@one_of.register
def _(_: int) -> str:
    return "number"


@one_of.register
def _(_: dict) -> str:  # type: ignore[type-arg]  # singledispatch knows plain classes
    return "mapping"


CONF = {
    "runner": "Runner",
    "component": {"tracker": "Tracker", "logger": "Logger"},
    "pipeline": {"work": "Work", "other": "Work"},
    "work": {"component": {"model": "Model"}, "config": {"depth": 2}},
    "config": {"target": "churned"},
}
CLASSES = [Runner, Tracker, Logger, Work, Model]
