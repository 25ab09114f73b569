"""What happens when the user's own code raises: all that was built is closed, in reverse."""

from __future__ import annotations

from typing import Any

import pytest

import lolpop_graph as lg

DIARY: list[str] = []
MEMBERS = 12


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
        kinds = {"boom": ValueError, "ctrl-c": KeyboardInterrupt, "exit": SystemExit}
        wish = self.config.get(f"on_{what}")
        DIARY.append(f"{what} {self.name}")
        if wish:
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


NAMES = ["runner", *(f"c{number}" for number in range(1, MEMBERS)), "train", "inner"]


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
@pytest.mark.parametrize(("wish", "kind"), [("ctrl-c", KeyboardInterrupt), ("exit", SystemExit)])
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


def test_an_error_within_a_workflow_is_not_replaced() -> None:
    """What the caller raises is what comes; a `close` that raises as well is a note on it."""
    workflow = lg.build(conf_of({"c2": {"on_close": "boom"}}), classes=CLASSES)
    with pytest.raises(ZeroDivisionError) as caught, workflow:
        raise ZeroDivisionError
    assert "boom of c2" in caught.value.__notes__[0]
    assert done("close") == NAMES[::-1]


@pytest.mark.parametrize(("wish", "kind"), [("ctrl-c", KeyboardInterrupt), ("exit", SystemExit)])
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
    """The cure tells how many integrations are closed."""
    assert failing({"runner": {"on_make": "boom"}}).faults[0].cure == ""
    one = failing({"c1": {"on_make": "boom"}}).faults[0].cure
    assert one == "the one integration that was built is closed"
    two = failing({"c2": {"on_make": "boom"}}).faults[0].cure
    assert two == "the 2 integrations that were built are closed"
