"""What happens when the user's own code raises: all that was built is closed, in reverse."""

from __future__ import annotations

import os
import signal
import traceback
from asyncio import CancelledError
from typing import Any

import pytest

import lolpop_graph as lg
from lolpop_graph.interrupts import Interrupted, Raising

DIARY: list[str] = []
MEMBERS = 12
MANY = 50


@pytest.fixture(autouse=True)
def _empty_diary() -> None:
    DIARY.clear()


class Diarist(lg.BaseIntegration):
    """Writes down what happens to it, and raises where its config says so."""

    def __init__(self) -> None:
        """Be made."""
        self.act("make")

    def setup(self) -> None:
        """Get ready."""
        self.act("setup")

    def close(self) -> None:
        """Be closed."""
        self.act("close")

    def act(self, what: str) -> None:
        """Note it, or fail."""
        kinds = {
            "boom": ValueError,
            "ctrl-c": KeyboardInterrupt,
            "exit": SystemExit,
            "cancel": CancelledError,
        }
        wish = self.config.get(f"on_{what}")
        DIARY.append(f"{what} {self.name}")
        if wish == "sigterm":
            os.kill(os.getpid(), signal.SIGTERM)
        elif wish:
            message = f"{wish} of {self.name}"
            raise kinds[wish](message)


class Plain:
    """A class that inherits nothing."""

    def __init__(self, name_of_it: str = "plain") -> None:
        """Be made."""
        self.name_of_it = name_of_it
        DIARY.append(f"make {name_of_it}")

    def close(self) -> None:
        """Be closed."""
        DIARY.append(f"close {self.name_of_it}")


class Silent(lg.BaseIntegration):
    """Has nothing to close."""


class Stubborn:
    """Accepts no attribute, with an error of its own."""

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse."""
        raise RuntimeError(name)


CLASSES = [Diarist, Plain, Silent, Stubborn]


def conf_of(wishes: dict[str, dict[str, str]], members: int = MEMBERS) -> dict[str, Any]:
    """A root with many components and a pipeline with one, of which some have wishes."""
    conf: dict[str, Any] = {
        "runner": "Diarist",
        "component": {f"c{number}": "Diarist" for number in range(1, members)},
        "pipeline": {"train": "Diarist"},
        "train": {"component": {"inner": "Diarist"}},
    }
    for name, wish in wishes.items():
        owner = conf["train"] if name == "inner" else conf
        block = conf if name == "runner" else owner.setdefault(name, {})
        block["config"] = wish
    return conf


def names_of(members: int) -> list[str]:
    """The names of `conf_of` in build order."""
    return ["runner", *(f"c{number}" for number in range(1, members)), "train", "inner"]


NAMES = names_of(MEMBERS)


def failing(wishes: dict[str, dict[str, str]]) -> lg.WorkflowError:
    """The error of a build that must fail."""
    with pytest.raises(lg.WorkflowError) as caught:
        lg.build(conf_of(wishes), classes=CLASSES)
    return caught.value


def done(what: str) -> list[str]:
    """Who did something, in order."""
    return [line.partition(" ")[2] for line in DIARY if line.startswith(f"{what} ")]


@pytest.mark.parametrize("broken", NAMES)
def test_what_was_built_is_closed_in_reverse(broken: str) -> None:
    """When the k-th constructor raises, the k - 1 before it are closed, the last one first."""
    error = failing({broken: {"on_make": "boom"}})
    before = NAMES[: NAMES.index(broken)]
    assert done("make") == [*before, broken]
    assert done("close") == before[::-1]
    assert done("setup") == []
    (fault,) = error.faults
    assert fault.code == "LG701"
    assert f"{broken}` (Diarist) raised in its constructor: ValueError: boom of" in fault.sentence
    assert isinstance(error.__cause__, ValueError)


KINDS = {
    "boom": lg.WorkflowError,
    "ctrl-c": KeyboardInterrupt,
    "exit": lg.WorkflowError,
    "cancel": CancelledError,
}


@pytest.mark.parametrize("closers", [None, "boom", "ctrl-c", "exit"])
@pytest.mark.parametrize("wish", KINDS)
@pytest.mark.parametrize("k", range(1, MANY + 1))
def test_the_kth_of_fifty_fails(k: int, wish: str, closers: str | None) -> None:
    """What the k-th raises comes, and the k - 1 before it are closed in exact reverse order.

    What their closers raise, whatever it is, is a note each.
    """
    names = names_of(MANY)
    wishes = {name: {"on_close": closers} for name in names if closers}
    broken = names[k - 1]
    wishes[broken] = wishes.get(broken, {}) | {"on_make": wish}
    with pytest.raises(KINDS[wish]) as caught:
        lg.build(conf_of(wishes, MANY), classes=CLASSES)
    assert done("make") == names[:k]
    assert done("close") == names[: k - 1][::-1]
    notes = getattr(caught.value, "__notes__", [])
    assert len(notes) == (k - 1 if closers else 0)
    assert all(f"{closers} of" in note for note in notes)


@pytest.mark.parametrize("k", range(1, MANY + 1))
def test_a_signal_in_the_kth_constructor_of_fifty(k: int) -> None:
    """A constructor that SIGTERM meets may finish; it and those before are closed in reverse."""
    names = names_of(MANY)
    wishes = {names[k - 1]: {"on_make": "sigterm"}}
    with pytest.raises(Interrupted) as caught, Raising():
        lg.build(conf_of(wishes, MANY), classes=CLASSES)
    assert caught.value.number == signal.SIGTERM
    assert done("make") == names[:k]
    assert done("close") == names[:k][::-1]


@pytest.mark.parametrize("broken", ["c1", "c7", "inner"])
def test_a_signal_while_all_is_closed_waits(broken: str) -> None:
    """SIGTERM in a `close` comes when all are closed, and is what is raised."""
    workflow = lg.build(conf_of({broken: {"on_close": "sigterm"}}), classes=CLASSES)
    with pytest.raises(Interrupted), Raising():
        workflow.close()
    assert done("close") == NAMES[::-1]


def test_a_signal_in_setup_waits_for_the_end_of_it() -> None:
    """SIGTERM in a `setup` lets that finish, and the next one does not begin."""
    with pytest.raises(Interrupted), Raising():
        lg.build(conf_of({"c7": {"on_setup": "sigterm"}}), classes=CLASSES)
    assert done("setup") == NAMES[: NAMES.index("c7") + 1]
    assert done("close") == NAMES[::-1]


def test_a_class_that_is_no_integration_is_closed_after_any_error() -> None:
    """A foreign object that interrupts while it is wired is built, and so it is closed."""
    conf = {"component": {"p": "Jumpy"}, "pipeline": {"train": "Jumpy"}}
    with pytest.raises(KeyboardInterrupt):
        lg.build(conf, classes=[Jumpy])
    assert DIARY == ["close jumpy", "close jumpy"]


class Jumpy:
    """Is interrupted when it gets an attribute."""

    def __setattr__(self, name: str, value: object) -> None:
        """Raise what Ctrl-C raises."""
        raise KeyboardInterrupt

    def close(self) -> None:
        """Be closed."""
        DIARY.append("close jumpy")


def test_the_cause_begins_in_the_users_code() -> None:
    """The traceback of the user's error has none of our frames above the constructor's."""
    cause = failing({"c3": {"on_make": "boom"}}).__cause__
    assert cause is not None
    frames = traceback.extract_tb(cause.__traceback__)
    assert [frame.name for frame in frames] == ["__init__", "act"]
    assert {frame.filename for frame in frames} == {__file__}


@pytest.mark.parametrize("broken", NAMES)
def test_a_setup_that_raises_closes_everything(broken: str) -> None:
    """When the k-th `setup` raises, all that was made is closed, itself as well."""
    error = failing({broken: {"on_setup": "boom"}})
    assert done("setup") == NAMES[: NAMES.index(broken) + 1]
    assert done("close") == NAMES[::-1]
    assert "raised in `setup`" in error.faults[0].sentence


@pytest.mark.parametrize("step", ["make", "setup"])
def test_closers_that_raise_do_not_hide_the_first_error(step: str) -> None:
    """All closers run, whatever some of them raise, and the first error is the one that comes."""
    wishes = {name: {"on_close": "boom"} for name in ("runner", "c2", "c5")}
    error = failing(wishes | {"inner": {f"on_{step}": "boom"}})
    assert error.faults[0].code == "LG701"
    assert "of inner" in error.faults[0].sentence
    expected = NAMES[::-1] if step == "setup" else NAMES[-2::-1]
    assert done("close") == expected


@pytest.mark.parametrize("step", ["make", "setup"])
@pytest.mark.parametrize(
    ("wish", "kind"), [("ctrl-c", KeyboardInterrupt), ("cancel", CancelledError)]
)
def test_interruptions_close_and_go_on(step: str, wish: str, kind: type[BaseException]) -> None:
    """An interruption is no fault of the workflow: all is closed, and it is passed on."""
    with pytest.raises(kind):
        lg.build(conf_of({"train": {f"on_{step}": wish}}), classes=CLASSES)
    assert done("close") == NAMES[-3::-1] if step == "make" else NAMES[::-1]


def test_the_end_closes_everything_once() -> None:
    """A workflow is closed in reverse build order, and a second time nothing happens."""
    with lg.build(conf_of({}), classes=CLASSES) as workflow:
        assert done("setup") == NAMES
    assert done("close") == NAMES[::-1]
    workflow.close()
    assert len(done("close")) == len(NAMES)


def test_closers_at_the_end_are_all_reported() -> None:
    """Every `close` that raises is a fault, after all have run."""
    wishes = {name: {"on_close": "boom"} for name in ("runner", "c2", "inner")}
    workflow = lg.build(conf_of(wishes), classes=CLASSES)
    with pytest.raises(lg.WorkflowError) as caught:
        workflow.close()
    assert done("close") == NAMES[::-1]
    assert [fault.code for fault in caught.value.faults] == ["LG702"] * 3
    assert str(caught.value.faults[0].place) == "conf: train.component.inner"
    assert caught.value.faults[0].sentence == (
        "`runner.train.inner` (Diarist) raised while it was closed: ValueError: boom of inner"
    )


def test_constructors_that_leave_python_are_faults() -> None:
    """A part that calls `sys.exit` ends the build as one that raises does, and not the program."""
    error = failing({"c2": {"on_make": "exit"}})
    assert "raised in its constructor: SystemExit: exit of c2" in error.faults[0].sentence
    workflow = lg.build(conf_of({"c2": {"on_close": "exit"}}), classes=CLASSES)
    with pytest.raises(lg.WorkflowError, match="SystemExit: exit of c2"):
        workflow.close()


def test_an_error_within_a_workflow_is_not_replaced() -> None:
    """What the caller raises is what comes; a `close` that raises as well is a note on it."""
    workflow = lg.build(conf_of({"c2": {"on_close": "boom"}}), classes=CLASSES)
    with pytest.raises(ZeroDivisionError) as caught, workflow:
        raise ZeroDivisionError
    assert "boom of c2" in caught.value.__notes__[0]
    assert done("close") == NAMES[::-1]


@pytest.mark.parametrize(
    ("wish", "kind"), [("ctrl-c", KeyboardInterrupt), ("cancel", CancelledError)]
)
def test_interrupted_closers_do_not_stop_the_others(wish: str, kind: type[BaseException]) -> None:
    """An interruption while closing is passed on when all are closed."""
    workflow = lg.build(conf_of({"c7": {"on_close": wish}}), classes=CLASSES)
    with pytest.raises(kind):
        workflow.close()
    assert done("close") == NAMES[::-1]


def test_foreign_classes_are_closed_as_well() -> None:
    """A class that inherits nothing has its `close` called too."""
    conf = {"component": {"p": "Plain", "c": "Diarist"}, "c": {"config": {"on_make": "boom"}}}
    with pytest.raises(lg.WorkflowError):
        lg.build(conf, classes=CLASSES)
    assert DIARY == ["make plain", "make c", "close plain"]


def test_objects_that_were_given_are_not_closed() -> None:
    """What the caller brought is the caller's to close."""
    mine = Plain("mine")
    conf = {"component": {"p": "Plain", "c": "Diarist"}, "c": {"config": {"on_make": "boom"}}}
    with pytest.raises(lg.WorkflowError):
        lg.build(conf, classes=CLASSES, replace={"runner.p": mine})
    assert done("close") == []


def test_classes_that_take_no_attributes_are_built() -> None:
    """A foreign object that refuses to be wired is left as it is."""
    conf = {"component": {"s": "Stubborn", "c": "Silent"}, "pipeline": {"p": "Stubborn"}}
    with lg.build(conf, classes=CLASSES) as workflow:
        assert type(workflow.root.s) is type(workflow.root.p) is Stubborn


def test_nothing_is_built_when_something_is_missing() -> None:
    """A class that is not there is found before the first constructor runs."""
    conf = conf_of({})
    conf["train"]["component"]["inner"] = "Nobody"
    with pytest.raises(lg.WorkflowError):
        lg.build(conf, classes=CLASSES)
    assert DIARY == []


def test_roots_that_users_call_are_closed_as_well() -> None:
    """A class called by a user behaves as `build` does."""
    conf = conf_of({"c3": {"on_make": "boom"}})
    del conf["runner"]
    with pytest.raises(lg.WorkflowError) as caught:
        Diarist(conf=conf, classes=CLASSES)
    assert done("close") == ["c2", "c1", "runner"]
    assert isinstance(caught.value.__cause__, ValueError)


def test_the_error_says_how_much_was_closed() -> None:
    """The cure tells which integrations are closed, in that order, or the first of many."""
    assert failing({"runner": {"on_make": "boom"}}).faults[0].cure == ""
    one = failing({"c1": {"on_make": "boom"}}).faults[0].cure
    assert one == "the one integration that was built is closed: `runner`"
    two = failing({"c2": {"on_make": "boom"}}).faults[0].cure
    assert two == "the 2 integrations that were built are closed: `runner.c1` and `runner`"
    many = failing({"inner": {"on_make": "boom"}}).faults[0].cure
    assert many.startswith("the 13 integrations that were built are closed: `runner.train`, ")
    assert many.endswith("`runner.c1` and 1 more")
