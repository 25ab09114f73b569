"""What one workflow takes over from another one never changes what comes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pytest

import lolpop_graph as lg
from lolpop_graph.sameness import same
from tests.sharers import CLINGING, OPEN, SHARERS, Case, Plain
from tests.toys import reachable


@pytest.fixture(autouse=True)
def _nothing_left() -> Any:
    OPEN.clear()
    CLINGING.clear()
    DIARY.clear()
    yield
    assert OPEN == []


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_random_workflows_answer_alike(first: int) -> None:
    """Whatever changes from run to run, all are wired and answer as if they were built anew."""
    taken = sum(check(seed) for seed in range(first, first + 40))
    assert taken > 200


def check(seed: int, runs: int = 4) -> int:
    """Hold a sequence of workflows against fresh ones; how many objects were taken over."""
    case = Case(seed)
    workflow, taken = None, 0
    for _ in range(runs):
        plan = lg.plan(case.document, overrides=case.overrides(), classes=SHARERS, lenient=True)
        before = dict(workflow or {})
        workflow = plan.build_after(workflow)
        taken += sum(workflow[path] is before.get(path) for path in workflow)
        paths = ["plain" if type(each) is Plain else path for path, each in workflow.items()]
        assert sorted(OPEN) == sorted(paths)
        with plan.build() as fresh:
            assert described(workflow) == described(fresh), (seed, plan.document.parts)
        answers = [each.answer() for each in workflow.values()]
        with plan.build() as fresh:
            assert answers == [each.answer() for each in fresh.values()], seed
    if workflow is not None:
        workflow.close()
    return taken


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_random_workflows_retire(first: int) -> None:
    """Those of which all is closed that cannot be shared answer alike, and leave nothing open."""
    taken = [retired(seed) for seed in range(first, first + 40)]
    assert sum(shared for shared, _ in taken) > 150
    assert sum(failed for _, failed in taken) > 10


def retired(seed: int, runs: int = 5) -> tuple[int, int]:
    """How many objects were taken over in a sequence with random failures, and how often one came.

    After a failure nothing is open, neither of that workflow nor of the one before.
    """
    case = Case(seed)
    workflow: lg.Workflow | None = None
    taken, codes, left = 0, list[str](), list[str]()
    for number in range(runs):
        plan = lg.plan(case.document, overrides=case.overrides(), classes=SHARERS, lenient=True)
        with plan.build() as fresh:
            expected = [each.answer() for each in fresh.values()]
        paths = [each.path for each in plan.integrations]
        CLINGING.update(case.rng.sample(paths, 1) if case.rng.random() < 0.3 else ())
        before = dict(workflow or {})
        try:
            workflow = plan.build_after(workflow)
            taken += sum(workflow[path] is before.get(path) for path in workflow)
            assert [each.answer() for each in workflow.values()] == expected, seed
            assert workflow.retire(f"run {number}") == bool(OPEN)
        except lg.WorkflowError as error:
            codes += {fault.code for fault in error.faults}
            left += OPEN
            workflow = None
        CLINGING.clear()
    if workflow is not None:
        workflow.close()
    assert left == OPEN == [], seed
    assert {*codes} <= {"LG702"}
    return taken, len(codes)


def described(workflow: lg.Workflow) -> list[Any]:
    """What every object of a workflow holds and sees, with paths in the place of objects."""
    paths = {id(each): path for path, each in workflow.items()}

    def shown(value: object) -> object:
        return paths.get(id(value)) or repr(value)

    return [
        (
            path,
            {name: shown(value) for name, value in reachable(each).items()},
            shown(getattr(each, "parent", None)),
            repr(getattr(each, "config", None)),
            {
                name: shown(value)
                for name, value in vars(each).items()
                if not name.startswith("_lg") and name not in {"dice", "asked"}
            },
        )
        for path, each in workflow.items()
    ]


# One by one -----------------------------------------------------------------------------------

DIARY: list[str] = []


class Boss(lg.BaseRunner):
    """Asks its only pipeline."""

    def main(self) -> Any:
        """Ask it."""
        return self.train.run()


class Train(lg.BasePipeline):
    """Trains with what its loader has."""

    def run(self) -> Any:
        """Train."""
        return self.trainer.fit(self.loader.load())


class Loader(lg.BaseComponent):
    """Has what takes long to load."""

    def __init__(self) -> None:
        """Load it."""
        DIARY.append("make loader")
        self.rows = (1, 2, self._get_config("more", 0))

    def setup(self) -> None:
        """Get ready."""
        DIARY.append("setup loader")

    def load(self) -> tuple[int, ...]:
        """The same each time."""
        return self.rows

    def close(self) -> None:
        """Let go."""
        DIARY.append("close loader")


class ListLoader(Loader):
    """Has what others may change."""

    def __init__(self) -> None:
        """Load it."""
        super().__init__()
        self.rows = [*self.rows]  # type: ignore[assignment]


class SharedLoader(ListLoader):
    """Says that nobody does."""

    __SHARED__: ClassVar[bool | None] = True


class CountingLoader(SharedLoader):
    """Leaves something behind of which the class that it inherits from knows nothing."""

    def load(self) -> tuple[int, ...]:
        """Count."""
        self.count = getattr(self, "count", 0) + 1
        return (*super().load(), self.count)


class Trainer(lg.BaseComponent):
    """Is made for a depth."""

    def __init__(self) -> None:
        """Read it."""
        DIARY.append("make trainer")
        self.depth = self._get_config("depth", 1)
        if self.depth == "broken":
            raise ValueError(self.depth)

    def fit(self, rows: tuple[int, ...]) -> int:
        """Multiply."""
        return int(self.depth * sum(rows))

    def close(self) -> None:
        """Let go, or fail."""
        DIARY.append("close trainer")
        if self.depth == "clinging":
            raise OSError("clings")


CLASSES = [Boss, Train, Loader, ListLoader, SharedLoader, CountingLoader, Trainer]


def planned(depth: Any, loader: str = "Loader", **overrides: Any) -> lg.Plan:
    """The plan of a run, which differs in what its trainer is made for."""
    conf = {
        "runner": "Boss",
        "pipeline": {"train": "Train"},
        "train": {"component": {"loader": loader, "trainer": "Trainer"}},
    }
    over = {"train.trainer.config.depth": depth, **overrides}
    return lg.plan(conf, classes=[*CLASSES, Timing], overrides=over)


class Timing(lg.BaseDecorator):
    """Wraps what loads."""

    def wrap(self, method: Any, integration: Any) -> Any:
        """Write down who is called."""

        def called(*args: Any) -> Any:
            DIARY.append(f"{self.path} {id(self)}")
            return method(*args)

        return called


def test_a_sweep_loads_once() -> None:
    """What no run changes is made and set up once, and closed in the end, in its place."""
    workflow = None
    found = []
    for depth in (1, 2, 2, 3):
        workflow = planned(depth).build_after(workflow)
        found.append(workflow.root.main())
    assert found == [3, 6, 6, 9]
    assert workflow is not None
    workflow.close()
    assert DIARY == [
        "make loader", "make trainer", "setup loader",
        "close trainer", "make trainer",
        "close trainer", "make trainer",
        "close trainer", "close loader",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("loader", "made"),
    [("Loader", 1), ("ListLoader", 3), ("SharedLoader", 1), ("CountingLoader", 3)],
)
def test_classes_decide(loader: str, made: int) -> None:
    """What may be changed is made anew, unless its class, and no other one, says that it is not."""
    workflow = None
    for depth in (1, 2, 3):
        workflow = planned(depth, loader).build_after(workflow)
        workflow.root.main()
    assert workflow is not None
    workflow.close()
    assert DIARY.count("make loader") == DIARY.count("close loader") == made


def test_what_is_not_taken_is_closed_before_anything_is_made() -> None:
    """The loader of a run that loads something else is closed before that one is made."""
    first = planned(1).build_after(None)
    with planned(1, **{"train.loader.config.more": 7}).build_after(first) as second:
        assert second.root.main() == 10
        assert DIARY.index("close loader") < len(DIARY) - 1 - DIARY[::-1].index("make loader")
        first.close()
        assert DIARY.count("close loader") == 1


@pytest.mark.parametrize(
    ("before", "after", "code"), [(1, "broken", "LG701"), ("clinging", 2, "LG702")]
)
def test_an_error_leaves_nothing_open(before: Any, after: Any, code: str) -> None:
    """When a constructor raises, or a `close` of the run before, all of both is closed."""
    first = planned(before).build_after(None)
    with pytest.raises(lg.WorkflowError) as caught:
        planned(after).build_after(first)
    assert [fault.code for fault in caught.value.faults] == [code]
    assert DIARY.count("make loader") == DIARY.count("close loader") == 1
    assert DIARY.count("close trainer") == 1


def test_a_class_that_is_not_there_closes_the_run_before() -> None:
    """Faults that are found before anything is built leave nothing open either."""
    first = planned(1).build_after(None)
    with pytest.raises(lg.WorkflowError, match="LG5"):
        planned(1, **{"train.component.trainer": "Nobody"}).build_after(first)
    assert DIARY[-2:] == ["close trainer", "close loader"]


def test_a_workflow_of_other_documents_gives_nothing() -> None:
    """Nor does one that is closed, or in which an object of the caller's stood for another."""
    double = Loader.__new__(Loader)
    double.rows = (0,)  # type: ignore[assignment]
    closed = planned(1).build()
    closed.close()
    DIARY.clear()
    loader = "runner.train.loader"
    before = [closed, planned(1).build(replace={loader: double})]
    for count, each in enumerate(before, start=1):
        with planned(1).build_after(each) as workflow:
            assert workflow[loader] is not double
            assert DIARY.count("make loader") == count


def test_decorators_wrap_anew() -> None:
    """An object that is taken over is wrapped by the decorators of the new workflow alone."""
    over = {"decorator": {"timing": "Timing"}, "timing.config.methods": "load"}
    workflow, loaders = None, set()
    for depth in (1, 2):
        workflow = planned(depth, **over).build_after(workflow)
        DIARY.clear()
        workflow.root.main()
        assert [line for line in DIARY if "timing" in line] == [
            f"runner.timing {id(workflow.root.timing)}"
        ]
        loaders.add(id(workflow.root.train.loader))
    assert workflow is not None
    workflow.close()
    assert len(loaders) == 1


def test_the_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found in environment variables may differ when one of them does."""
    first = planned(1).build_after(None)
    monkeypatch.setenv("MORE", "5")
    with planned(1).build_after(first):
        assert DIARY.count("make loader") == 2


def test_large_groups_are_taken_over() -> None:
    """Where classes carry what many members see, objects see the new ones."""
    names = {f"c{number}": "Kept" for number in range(80)}
    conf = {"component": {**names, "other": "Reading"}}
    first = lg.plan(conf, classes=SHARERS).build_after(None)
    kept, other = first.root.c3, first.root.other
    with lg.plan(conf, classes=SHARERS, overrides={"other.config.metric": 2}).build_after(
        first
    ) as workflow:
        assert workflow.root.c3 is kept
        assert workflow.root.other is not other
        assert kept.other is workflow.root.other
        assert kept.c4 is workflow.root.c4
        assert not hasattr(kept, "c3")


def test_a_word_is_yes_or_no() -> None:
    """What `__SHARED__` says otherwise is a fault of the class."""

    class Maybe(lg.BaseComponent):
        __SHARED__ = "maybe"  # type: ignore[assignment]

    conf = {"component": {"maybe": "Maybe"}}
    first = lg.plan(conf, classes=[Maybe]).build()
    with pytest.raises(lg.WorkflowError, match="`__SHARED__` of the class `Maybe` cannot be read"):
        lg.plan(conf, classes=[Maybe]).build_after(first)


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        (1, True, False), (1, 1.0, False), (1, 1, True), (0.0, -0.0, False), ("a", "a", True),
        (float("nan"), float("nan"), True), ([1, {"a": 2}], [1, {"a": 2}], True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, False), ([1], [True], False), ((1,), [1], False),
        (Path("a"), Path("a"), True), (object, object, True), (None, None, True),
        (bytearray(b"a"), bytearray(b"a"), False),
    ],
)  # fmt: skip
def test_same_values(one: Any, other: Any, are: Any) -> None:
    """Values are the same if no code can tell them apart."""
    assert same(one, other) is are
