"""References and proxies: a runner does the same when its pipelines live on workers."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

import lolpop_graph as lg
from tests.faraway import CLASSES, CONF, Runner, Tracker, Work, cluster_client

if TYPE_CHECKING:
    from pathlib import Path

    from distributed import Client


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Two workers for all tests."""
    with cluster_client() as client:
        yield client


@pytest.fixture(scope="module")
def workflow(client: Client) -> Iterator[lg.Workflow]:
    """The workflow with its pipelines on the workers."""
    with lg.build(CONF, classes=CLASSES, on=client) as workflow:
        yield workflow


@pytest.fixture(scope="module")
def here() -> Iterator[lg.Workflow]:
    """The same in this process."""
    with lg.build(CONF, classes=CLASSES) as workflow:
        yield workflow


SHOWS = [
    *("branches", "identities", "operators", "texts", "shapes", "unpacked", "passed_on", "changed"),
    *("components", "logged", "looked_at", "caught", "noted", "in_threads", "awaited"),
    *("dispatched", "fails", "fails_oddly", "leaves", "too_many"),
]


def outcome(call: Callable[[], Any]) -> Any:
    """What a call returns, or the kind and the words of what it raises."""
    try:
        return call()
    except BaseException as error:  # noqa: BLE001 - `sys.exit` is among what is tried
        return type(error), str(error)


@pytest.mark.parametrize("method", SHOWS)
def test_a_runner_does_what_it_does_locally(
    method: str, workflow: lg.Workflow, here: lg.Workflow
) -> None:
    """Each method of the runner returns or raises the same."""
    there = outcome(getattr(workflow.root, method))
    expected = outcome(getattr(here.root, method))
    assert there == expected
    assert str(there) == str(expected)


def test_effects_keep_their_order(workflow: lg.Workflow, tmp_path: Path) -> None:
    """A call whose result nobody takes has ended before the next one begins."""
    assert workflow.root.in_order(str(tmp_path / "notes")) == "aAbB"


def test_calls_whose_results_are_kept_overlap(workflow: lg.Workflow) -> None:
    """Two workers do two calls at once, also where results are unpacked."""
    work, other = workflow["runner.work"], workflow["runner.other"]
    begin = time.monotonic()
    found = [each.give(each.rows(1)) for each in (work, other)]
    one, two = work.pair()
    assert time.monotonic() - begin < 0.5
    assert [found, one, two] == [[[0], [0]], 1, [2]]


def test_a_failure_tells_where_it_was(workflow: lg.Workflow) -> None:
    """Every look raises the same error, with the remote traceback, and without our frames."""
    kept = workflow["runner.work"].fail("no such row")
    with pytest.raises(LookupError) as first:
        len(kept)
    with pytest.raises(LookupError) as second:
        len(kept)
    assert first.value is second.value
    (note,) = first.value.__notes__
    assert note.startswith("raised in `runner.work.fail` on a worker:\nTraceback")
    assert "in fail\n" in note
    assert "in perform" not in note


def test_what_nobody_looks_at_fails_when_the_method_returns(client: Client) -> None:
    """The failure of a call whose result is given up is raised at the end, and once."""

    class Forgetful(Runner):
        def main(self) -> dict[str, Any]:
            kept = self.work.fail("given up")
            return {"a": bool(kept is self)}

    with lg.build(CONF, classes=[*CLASSES, Forgetful], overrides={"runner": "Forgetful"},
                  on=client) as workflow:  # fmt: skip
        with pytest.raises(LookupError, match="given up"):
            workflow.root.main()
        assert workflow.root.branches()


def test_results_that_are_kept_outlive_the_cluster(client: Client) -> None:
    """They are fetched when the workflow is closed; a failure is raised there, and by each look."""
    with lg.build(CONF, classes=CLASSES, on=client) as workflow:
        result = workflow.root.main()
        workflow.root.kept = workflow["runner.work"].rows(2)
    assert result == {"rows": [0, 1, 2], "none": None}
    workflow = lg.build(CONF, classes=CLASSES, on=client)
    failing = workflow["runner.work"].fail("late")
    with pytest.raises(LookupError, match="late"):
        workflow.close()
    with pytest.raises(LookupError, match="late"):
        len(failing)  # type: ignore[arg-type]  # it looks like what it stands for


def test_references_may_end_anywhere(workflow: lg.Workflow) -> None:
    """In another thread, in a cycle, and with a failure in them."""
    cycle: list[Any] = [workflow["runner.work"].rows(1)]
    cycle.append(cycle)
    thread = threading.Thread(target=cycle.pop)
    thread.start()
    thread.join()
    del cycle
    gc.collect()
    assert len(workflow["runner.work"].rows(2)) == 2


def test_eager_runs_fetch_at_once(client: Client) -> None:
    """What comes back is the value itself, and failures are raised by the call."""
    with lg.build(CONF, classes=CLASSES, on=client, eager=True) as workflow:
        assert type(workflow["runner.work"].rows(2)) is list
        with pytest.raises(LookupError, match="at once"):
            workflow["runner.work"].fail("at once")


def test_what_a_method_sets_is_no_attribute_here(workflow: lg.Workflow) -> None:
    """An error says so and where it was read; nothing takes it for an attribute that is absent."""
    work = workflow["runner.work"]
    for name in ("last", "latest", "history"):
        with pytest.raises(lg.WorkflowError, match=f"LG825.*`{name}`"):
            hasattr(work, name)
    with pytest.raises(lg.WorkflowError, match=r"test_remote_references.py:\d+:\d+: error LG825"):
        _ = work.last


@pytest.mark.parametrize(
    "change",
    [
        lambda root: setattr(root.work, "size", 8),
        lambda root: delattr(root.work, "size"),
        lambda root: root.work._set_config("depth", 3),
        lambda root: root.work.config.update(depth=3),
        lambda root: root._set_config("target", "other"),
    ],
)
def test_what_workers_would_not_see_is_refused(
    workflow: lg.Workflow, change: Callable[[Any], None]
) -> None:
    """Attributes and config of what they have built as well."""
    with pytest.raises(lg.WorkflowError, match="LG826"):
        change(workflow.root)


def test_what_does_not_pickle_is_refused_by_name(workflow: lg.Workflow) -> None:
    """A result that is a generator, and an argument."""
    work = workflow["runner.work"]
    with pytest.raises(lg.WorkflowError, match=r"LG846.*`runner.work.generated` returned"):
        list(work.generated())
    with pytest.raises(lg.WorkflowError, match=r"LG846.*arguments of `runner.work.give`"):
        work.give(iter(threading.enumerate()))


def test_doubles_stand_for_what_is_in_the_driver(client: Client) -> None:
    """They get values, and are given back as they were; on workers there is no place for them."""

    class Double:
        def kinds(self, *values: Any) -> list[str]:
            return [type(each).__name__ for each in values]

    double = Double()
    with lg.build(CONF, classes=CLASSES, on=client, replace={"runner.tracker": double}) as workflow:
        assert double.kinds(workflow["runner.work"].rows(1)) == ["list"]
    assert not vars(double).get("kinds")
    with pytest.raises(lg.WorkflowError, match="LG847"):
        lg.build(CONF, classes=CLASSES, on=client, replace={"runner.work": Work})


def test_values_come_by_hand_too(workflow: lg.Workflow) -> None:
    """`value()` fetches; an attribute of that name is the result's own."""
    work = workflow["runner.work"]
    assert type(work.rows(1).value()) is list
    assert Tracker().kinds(work.rows(1).value()) == ["list of ['int']"]


def test_code_that_looks_at_exact_types_is_told_of_references(client: Client) -> None:
    """Where the source does not show that it is called, the error says what helps."""

    class Joining(Runner):
        def main(self) -> Any:
            words = [self.work.give("a")]
            return eval("', '.join(words)"), words

    classes = [*CLASSES, Joining]
    with (
        pytest.raises(TypeError) as caught,
        lg.build(CONF, classes=classes, overrides={"runner": "Joining"}, on=client) as workflow,
    ):
        workflow.root.main()
    assert "`words.value()`" in "".join(caught.value.__notes__)
