"""However an object holds what it sees, itself or by its class, it sees the same."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import pytest

import lolpop_graph as lg
from lolpop_graph import faults, holding
from tests.oracle import wire
from tests.toys import Recorder, reachable
from tests.workflows import random_workflow

SIZES = [1, 2, 15, 16, 17, 33, 63, 64, 65, 66, 100]


class Part(lg.BaseComponent):
    """Nothing of its own."""


class Track(lg.BaseComponent):
    """Has a method that an integration could be named like."""

    def track(self) -> str:
        """Answer."""
        return "tracked"


class Valued(lg.BaseComponent):
    """Has a plain value that an integration could be named like."""

    value = "its own"


class Setting(lg.BaseComponent):
    """Sets attributes named like peers, and like itself."""

    def __init__(self) -> None:
        """Set them."""
        self.c0 = self.c1 = self.c40 = self.own = "set by the constructor"


def group_of(size: int, **first: str) -> dict[str, Any]:
    """A workflow of one group of components, which begins with some."""
    more = {f"c{number}": "Part" for number in range(size - len(first))}
    return {"component": {**first, **more}}


@pytest.mark.parametrize("size", SIZES)
def test_peers_of_groups_of_any_size(size: int) -> None:
    """Each member has all others as attributes, and not itself."""
    with lg.build(group_of(size), classes=[Part]) as workflow:
        members = {name: workflow.root.__dict__[name] for name in group_of(size)["component"]}
        for name, member in members.items():
            seen = {other: getattr(member, other, None) for other in members}
            assert seen == {**members, name: None}
            assert not hasattr(member, name)
            assert {*dir(member)} & {*members} == {*members} - {name}


@pytest.mark.parametrize("size", SIZES)
def test_classes_look_like_the_users(size: int) -> None:
    """Whatever class an object is of, it has the name, module and words of the user's."""

    class Inner(lg.BaseComponent):
        """Of a function."""

    with lg.build(group_of(size, inner="Inner"), classes=[Part, Inner]) as workflow:
        found = type(workflow.root.inner)
        assert issubclass(found, Inner)
        for name in ("__name__", "__qualname__", "__module__", "__doc__"):
            assert getattr(found, name) == getattr(Inner, name)


@pytest.mark.parametrize("size", SIZES)
def test_own_method_of_the_same_name(size: int) -> None:
    """An integration named like a method or value of its own class keeps it."""
    conf = group_of(size + 1, track="Track", value="Valued")
    with lg.build(conf, classes=[Part, Track, Valued]) as workflow:
        assert workflow.root.track.track() == "tracked"
        assert workflow.root.value.value == "its own"
        assert "track" in dir(workflow.root.track)


class Described(lg.BaseComponent):
    """Could be taken for a descriptor where it is an attribute of a class."""

    def __get__(self, instance: object, owner: type) -> str:
        """Answer for another object."""
        return "described"


@pytest.mark.parametrize("size", SIZES)
def test_integrations_that_are_descriptors(size: int) -> None:
    """An integration with `__get__` is seen itself, however it is held."""
    conf = group_of(size + 1, odd="Described") | {"pipeline": {"p": "Part"}}
    with lg.build(conf, classes=[Part, Described]) as workflow:
        odd = workflow["runner.odd"]
        assert workflow["runner.p"].odd is odd
        assert all(workflow[f"runner.c{number}"].odd is odd for number in range(size))


@pytest.mark.parametrize("size", SIZES[4:])
def test_peers_replace_what_a_constructor_set(size: int) -> None:
    """Peers are set when all are built, whatever a constructor set; the rest stays."""
    with lg.build(group_of(size, own="Setting"), classes=[Part, Setting]) as workflow:
        root = workflow.root
        assert root.own.c0 is root.c0
        assert root.own.c1 is root.c1
        assert root.own.own == "set by the constructor"
        assert root.own.c40 is getattr(root, "c40", root.own.c40)


def test_metaclass_is_told_of_no_scope() -> None:
    """A metaclass that registers classes sees those that the user wrote, and no others."""
    seen: list[str] = []

    class Registry(type(lg.BaseComponent)):  # type: ignore[misc]
        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            seen.append(name)
            return super().__new__(cls, name, bases, body)

    class Listed(lg.BaseComponent, metaclass=Registry):
        pass

    conf = {"component": {f"c{number}": "Listed" for number in range(70)}}
    with lg.build(conf, classes=[Listed]) as workflow:
        assert type(workflow.root.c3) is Listed
        assert workflow.root.c3.c69 is workflow.root.c69
        assert not hasattr(workflow.root.c3, "c3")
    assert seen == ["Listed"]


@pytest.mark.parametrize(("few", "chunk"), [(0, 1), (0, 2), (0, 16), (3, 2)])
@pytest.mark.parametrize("first", range(0, 200, 50))
def test_random_workflows_whatever_is_few(
    first: int, few: int, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the line between few and many runs changes nothing that an integration sees."""
    monkeypatch.setattr(holding, "_FEW", few)
    monkeypatch.setattr(holding, "_CHUNK", chunk)
    for seed in range(first, first + 50):
        check(seed)


def check(seed: int) -> None:
    """Hold one random workflow against the oracle: what is seen, and what was given at birth."""
    made = random_workflow(seed)
    expected = wire(made.document, made.framework)
    with lg.build(made.document, classes=[Recorder]) as built:
        for path in expected.order:
            seen = {name: built[held] for name, held in expected.attributes(path).items()}
            given = {name: built[held] for name, held in expected.given[path].items()}
            assert reachable(built[path]) == seen, (seed, path)
            assert built[path].got == given, (seed, path)


class Foreign:
    """A class that is none of ours."""


def test_nearest_declaration_reaches_foreign_objects() -> None:
    """A foreign object gets its child before a peer, and a peer before what it is given."""
    conf = {
        "component": {"tracker": "Part"},
        "pipeline": {"train": "Pipe", "other": "Foreign"},
        "train": {"component": {"tracker": "Part", "mail": "Foreign"}},
        "other": {"component": {"tracker": "Part"}},
    }
    pipe = type("Pipe", (lg.BasePipeline,), {})
    with lg.build(conf, classes=[Part, Foreign, pipe]) as workflow:
        assert workflow["runner.train.mail"].tracker is workflow["runner.train.tracker"]
        assert workflow["runner.other"].tracker is workflow["runner.other.tracker"]


class Lazy:
    """Has an attribute that cannot be read yet."""

    @property
    def tracker(self) -> str:
        """Fail."""
        raise RuntimeError("not connected")


def test_foreign_attribute_that_raises() -> None:
    """What a foreign object raises when it is looked at is no fault of the workflow."""
    conf = {"component": {"tracker": "Part", "lazy": "Lazy"}}
    with lg.build(conf, classes=[Part, Lazy], skip_config_validation=True, replace={}) as workflow:
        assert workflow.root.tracker.lazy is workflow.root.lazy


class Sized:
    """Has parameters that shells set as well."""

    def __init__(self, path: str = "data.csv", port: int = 25) -> None:
        """Keep both."""
        self.path, self.port = path, port


def test_environment_fills_no_parameter(monkeypatch: pytest.MonkeyPatch) -> None:
    """A constructor gets what the document says, and its own defaults."""
    monkeypatch.setenv("PORT", "80")
    with lg.build({"component": {"sized": "Sized"}}, classes=[Sized]) as workflow:
        assert (workflow.root.sized.path, workflow.root.sized.port) == ("data.csv", 25)


def test_parameters_are_filled_from_both_sources() -> None:
    """Each parameter gets the integration of its name, else the config's value, in any order."""

    class Both:
        def __init__(self, tracker: object, depth: int, logger: object, width: int) -> None:
            self.got = tracker, depth, logger, width

    conf = {
        "component": {"tracker": "Part", "logger": "Part"},
        "pipeline": {"both": "Both"},
        "both": {"config": {"depth": 1, "width": 2}},
    }
    with lg.build(conf, classes=[Part, Both]) as workflow:
        root = workflow.root
        assert root.both.got == (root.tracker, 1, root.logger, 2)


def test_defaults_are_given_as_copies() -> None:
    """What an object does to a default that its constructor got changes no other object's."""

    class Optioned:
        __DEFAULT_CONF__ = {"config": {"options": {"a": [1]}}}

        def __init__(self, options: dict[str, list[int]]) -> None:
            self.options = options

    conf = {"component": {"a": "Optioned", "b": "Optioned"}}
    with lg.build(conf, classes=[Optioned]) as workflow:
        workflow.root.a.options["a"].append(2)
        assert workflow.root.b.options == {"a": [1]}


def test_positional_argument_of_a_call_wins() -> None:
    """What a caller gives by position is not filled a second time."""

    class Deep(lg.BaseRunner):
        def __init__(self, depth: int) -> None:
            self.depth = depth

    assert Deep(3, conf={"config": {"depth": 4}}).depth == 3


def test_parameters_of_an_inherited_constructor() -> None:
    """A constructor that hands everything on is filled with what the inherited one takes."""

    class Base(lg.BaseComponent):
        def __init__(this, host: str) -> None:  # noqa: N805 - the name is not what counts
            this.host = host

    class Derived(Base):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)

    conf = {"component": {"part": "Derived"}, "part": {"config": {"host": "here"}}}
    with lg.build(conf, classes=[Derived]) as workflow:
        assert workflow.root.part.host == "here"


def test_abstract_class_is_found_before_anything_is_built() -> None:
    """A class of which no object can be made is a fault of its own."""

    class Abstract(lg.BaseComponent, ABC):
        @abstractmethod
        def fit(self) -> None: ...

    (fault,) = lg.validate({"component": {"a": "Abstract"}}, classes=[Abstract], find_classes=True)
    assert isinstance(fault, faults.ClassAbstract)
    assert "`fit`" in fault.sentence


def test_defaults_that_cannot_be_read() -> None:
    """Defaults with a key that is no text are a fault, not a traceback."""
    odd = type("Odd", (lg.BaseComponent,), {"__DEFAULT_CONF__": {"config": {1: 2}}})
    (fault,) = lg.validate({"component": {"a": "Odd"}}, classes=[odd], find_classes=True)
    assert fault.code == "LG604"


def test_error_that_cannot_say_what_it_is() -> None:
    """An error whose own words raise is still told, by its kind."""

    class Mute(Exception):  # noqa: N818 - a user's
        def __str__(self) -> str:
            raise IndexError

    class Bad(lg.BaseComponent):
        def __init__(self) -> None:
            raise Mute

    with pytest.raises(lg.WorkflowError, match="its constructor: Mute\n"):
        lg.build({"component": {"a": "Bad"}}, classes=[Bad])


def test_error_in_a_block_is_not_replaced() -> None:
    """The error of a `with` block stays, and what closing raises is a note on it."""

    class Stuck(lg.BaseRunner):
        def close(self) -> None:
            raise OSError("stuck")

    with pytest.raises(KeyError) as caught, Stuck(conf={}):
        raise KeyError
    assert "stuck" in caught.value.__notes__[0]


def test_setups_stop_when_one_closes_the_workflow() -> None:
    """What is closed already is not set up any more."""
    done: list[str] = []

    class Closer(lg.BaseComponent):
        def setup(self) -> None:
            done.append(f"setup {self.name}")
            self.parent.__exit__(None, None, None)

        def close(self) -> None:
            done.append(f"close {self.name}")

    lg.build({"component": {"a": "Closer", "b": "Closer"}}, classes=[Closer])
    assert done == ["setup a", "close b", "close a"]


def test_root_may_be_named_like_its_layer() -> None:
    """`runner: {runner: Class}` says what `runner: Class` does."""
    plan = lg.plan({"runner": {"runner": "Whatever"}})
    assert plan.integrations[0].class_name == "Whatever"


def test_root_may_have_settings_of_its_layer_behind_its_name() -> None:
    """The `config` of the root's section is no second name of it, wherever it stands."""
    plan = lg.plan({"runner": {"app": "Whatever", "config": {"metric": "f1"}}})
    assert plan.order == ["app"]


@pytest.mark.parametrize("key", ["config..a", "", ".a", 5])
def test_override_of_no_path_is_refused(key: Any) -> None:
    """An override's key that is no dotted path is a fault of the call."""
    with pytest.raises(TypeError, match="dotted path"):
        lg.plan({}, overrides={key: 1})
