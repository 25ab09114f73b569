"""Configs that classes declare as dataclasses and models: what comes of them."""

from __future__ import annotations

import datetime as dt
import enum
import subprocess
import sys
from dataclasses import InitVar, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import jsonschema
import pytest
from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

import lolpop_graph as lg
from tests.toys import Learner, Toy


class Kind(enum.Enum):
    """Two values of an enumeration."""

    FAST = "fast"
    SLOW = "slow"


class Hashless:
    """What an author may annotate with, and which has no hash."""

    __hash__ = None  # type: ignore[assignment]  # that is what is tried


class Many(lg.BaseComponent):
    """Has a field of each kind."""

    @dataclass
    class Config:
        """All of them with defaults."""

        whole: int = 0
        number: float = 0.0
        text: str = ""
        flag: bool = False
        maybe: int | None = None
        either: int | str = 0
        kind: Kind = Kind.FAST
        path: Path = Path()
        money: Decimal = Decimal(0)
        day: dt.date | None = None
        moment: dt.datetime | None = None
        wait: dt.timedelta | None = None
        names: tuple[str, ...] = ()
        few: set[int] = field(default_factory=set)
        by_class: dict[int, float] = field(default_factory=dict)
        anything: Any = None
        bounded: Annotated[int, Field(ge=1, le=9)] = 1
        listed: list[Annotated[int, Hashless()]] = field(default_factory=list)
        shaped: Annotated[int, BeforeValidator(lambda value: -1 if value is True else value)] = 0

    config: Config


class Model(lg.BaseComponent):
    """Declares its config as a model with checks of its own."""

    class Config(BaseModel):
        """Two numbers that must differ."""

        model_config = ConfigDict(extra="forbid")

        power: int = Field(default=8, alias="powerOfTwo")
        other: int = 3
        hush: SecretStr = SecretStr("")

        @field_validator("power")
        @classmethod
        def _is_power(cls, value: int) -> int:
            if value & (value - 1):
                message = "it must be a power of two"
                raise ValueError(message)
            return value

        @model_validator(mode="after")
        def _differ(self) -> Model.Config:
            if self.power == self.other:
                message = f"`powerOfTwo` and `other` are one, beside {self.hush.get_secret_value()}"
                raise ValueError(message)
            return self


class Open(lg.BaseComponent):
    """Takes any key."""

    class Config(BaseModel, extra="allow", frozen=True):
        """One key and more."""

        one: int = 1


class DeepLearner(Learner):
    """Has one field more, and another default, than what it inherits from."""

    @dataclass
    class Config(Learner.Config):
        """Deep."""

        max_depth: int = 3
        width: int = 2

    config: Config


class Reader(Learner):
    """Reads its config in its constructor, and takes a field as a parameter."""

    def __init__(self, metric: str) -> None:
        """Keep what was there."""
        self.seen = self.config.max_depth, self._get_config("MAX_DEPTH"), metric


class One(BaseModel):
    """One of two."""

    kind: Literal["one"]


class Two(BaseModel):
    """The other one."""

    kind: Literal["two"]


class Private(lg.BaseComponent):
    """Has values that nobody should see."""

    class Config(BaseModel):
        """Takes numbers beside its fields."""

        model_config = ConfigDict(extra="allow")
        __pydantic_extra__: dict[str, int]

        either: One | Two = Field(default=One(kind="one"), discriminator="kind")
        password: str = ""
        pin: Annotated[int, Field(ge=1000)] = 1000


PARTS = [Many, Model, Open, DeepLearner, Reader, Learner, Toy]


def built(cls: type, own: dict[str, Any], **more: Any) -> Any:
    """The config object of an integration of a class."""
    conf = {"component": {"it": cls.__name__}, "it": {"config": own}, **more}
    with lg.build(conf, classes=PARTS) as workflow:
        return workflow.root.it.config


def faults(cls: type, own: dict[str, Any], **more: Any) -> list[lg.Fault]:
    """What is wrong with a config of a class."""
    conf = {"component": {"it": cls.__name__}, "it": {"config": own}, **more}
    return lg.validate(conf, classes=PARTS, find_classes=True)


# What objects have ------------------------------------------------------------------------------

FITS: dict[str, tuple[str, Any, Any]] = {
    "an integer": ("whole", 8, 8),
    "a text as the environment gives it": ("whole", "8", 8),
    "a number without a fraction": ("whole", 8.0, 8),
    "an integer for a number": ("number", 1, 1.0),
    "true": ("flag", True, True),
    "true as a text": ("flag", "true", True),
    "null": ("maybe", None, None),
    "what a union has as it is": ("either", "8", "8"),
    "a value of an enumeration": ("kind", "slow", Kind.SLOW),
    "a path": ("path", "a/b", Path("a/b")),
    "a decimal number": ("money", "0.1", Decimal("0.1")),
    "a date": ("day", "2026-05-17", dt.date(2026, 5, 17)),
    "a moment": ("moment", "2026-05-17T12:00:00", dt.datetime(2026, 5, 17, 12)),  # noqa: DTZ001
    "seconds": ("wait", 90, dt.timedelta(seconds=90)),
    "a tuple": ("names", ["a", "b"], ("a", "b")),
    "a set": ("few", [1, "2", 1], {1, 2}),
    "a mapping with numbers for keys": ("by_class", {0: 1, 1: "2.5"}, {0: 1.0, 1: 2.5}),
    "a list of what is annotated": ("listed", [1, "2"], [1, 2]),
    "anything": ("anything", {"a": [True]}, {"a": [True]}),
    "what an author's own code reads": ("shaped", True, -1),
}


@pytest.mark.parametrize(("key", "value", "expected"), FITS.values(), ids=FITS)
def test_values_become_what_their_fields_say(key: str, value: object, expected: object) -> None:
    """A value is converted where nobody would be surprised, and its object has it so."""
    found = getattr(built(Many, {key: value}), key)
    assert found == expected
    assert type(found) is type(expected)


def test_config_is_there_before_the_constructor() -> None:
    """A constructor has it, by look-up and by parameters too; a default comes with it."""
    conf = {"component": {"it": "Reader"}, "it": {"config": {"Max_Depth": "4"}}}
    with lg.build(conf, classes=PARTS) as workflow:
        assert workflow.root.it.seen == (4, 4, "f1")
        assert type(workflow.root.it.config) is Learner.Config


def test_values_are_inherited_and_defaults_come_after_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A field has its nearest value; the environment is asked for what has no default alone."""
    monkeypatch.setenv("METRIC", "auc")
    monkeypatch.setenv("MAX_DEPTH", "7")
    found = built(Learner, {})
    assert (found.max_depth, found.metric) == (7, "f1")
    found = built(Learner, {}, config={"max_depth": 1, "metric": "auc"})
    assert (found.max_depth, found.metric) == (1, "auc")
    conf = {"component": {"it": "Learner", "config": {"max_depth": 2}}, "config": {"max_depth": 1}}
    with lg.build(conf, classes=PARTS) as workflow:
        assert workflow.root.it.config.max_depth == 2


def test_a_class_extends_the_config_that_it_inherits() -> None:
    """Fields of both are there, and a default of the nearer one counts."""
    found = built(DeepLearner, {"width": 9})
    assert found == DeepLearner.Config(max_depth=3, width=9)
    assert isinstance(found, Learner.Config)


def test_the_nearest_class_has_the_default() -> None:
    """`__DEFAULT_CONF__` of a base class gives way to a nearer default, and fills what has none."""

    class Base(lg.BaseComponent):
        __DEFAULT_CONF__ = {"config": {"seed": 0, "size": 5}}

    class Seeded(Base):
        @dataclass
        class Config:
            size: int
            seed: int = 42

    with lg.build({"component": {"it": "Seeded"}}, classes=[Seeded]) as workflow:
        assert (workflow.root.it.config.seed, workflow.root.it.config.size) == (42, 5)


def test_each_object_has_a_config_of_its_own() -> None:
    """What one object changes in its config, another one of the same values does not see."""
    conf = {
        "component": {"a": "Learner", "b": "Learner"},
        "config": {"max_depth": 1, "layers": [1]},
    }
    plan = lg.plan(conf, classes=PARTS)
    with plan.build() as first, plan.build() as second:
        first.root.a.config.layers.append(2)
        assert first.root.b.config.layers == second.root.a.config.layers == [1]


def test_keys_that_are_no_fields_are_looked_up_as_ever() -> None:
    """`_get_config` finds them; a model that allows them has them too."""
    conf = {"component": {"it": "Open"}, "it": {"config": {"two": 2}}, "config": {"far": 3}}
    with lg.build(conf, classes=PARTS) as workflow:
        it = workflow.root.it
        assert (it.config.one, it.config.two, it._get_config("far")) == (1, 2, 3)


def test_setting_a_field_checks_the_value() -> None:
    """A value that fits is converted; one that does not is refused, and nothing changes."""
    conf = {"component": {"a": "Learner", "b": "Open"}, "config": {"max_depth": 1}}
    with lg.build(conf, classes=PARTS) as workflow:
        a, b = workflow.root.a, workflow.root.b
        before = a.config
        a._set_config("MAX_DEPTH", "5")
        assert a.config.max_depth == a._get_config("max_depth") == 5
        assert a.config is before
        for wrong in ("deep", True):
            with pytest.raises(lg.WorkflowError, match=r"`max_depth` of `runner.a` .* is given"):
                a._set_config("max_depth", wrong)
        assert a.config.max_depth == 5
        a._set_config("else", 1)
        assert a._get_config("else") == 1
        b._set_config("one", 2)
        assert b.config.one == 2


def test_children_inherit_what_is_written_or_set() -> None:
    """What a parent's class makes of a value is its own; what it sets, those below it find."""

    class Parent(lg.BasePipeline):
        @dataclass
        class Config:
            depth: Path

    conf = {
        "pipeline": {"p": "Parent"},
        "p": {"config": {"depth": "a"}, "component": {"c": "Toy"}},
    }
    with lg.build(conf, classes=[Parent, Toy]) as workflow:
        assert workflow.root.p.c._get_config("depth") == "a"
        workflow.root.p._set_config("depth", "b")
        assert workflow.root.p.c._get_config("depth") == "b"


def test_without_validation_values_are_as_they_are_written() -> None:
    """Nothing is checked or converted, defaults are there, and what nobody sets is None."""
    conf = {"component": {"it": "Learner", "m": "Model"}, "it": {"config": {"metric": 8}}}
    with lg.build(conf, classes=PARTS, skip_config_validation=True) as workflow:
        assert workflow.root.it.config == Learner.Config(None, 8, None, [])  # type: ignore[arg-type]
        workflow.root.it._set_config("metric", 9)
        assert workflow.root.it.config.metric == 9
        assert workflow.root.m.config.power == 8


def test_a_called_class_has_its_config() -> None:
    """An object that a user makes by a call is configured as any other."""
    with Reader(conf={"config": {"max_depth": 6}}) as it:
        assert it.seen == (6, 6, "f1")


def test_foreign_classes_are_not_read() -> None:
    """A nested class of that name in a class that is none of ours is its own affair."""

    class Foreign:
        class Config:
            max_depth: int

        def __init__(self, size: int) -> None:
            self.size = size

    with lg.build(
        {"component": {"it": "Foreign"}, "it": {"config": {"size": 1}}}, classes=[Foreign]
    ) as workflow:
        assert workflow.root.it.size == 1


# What is refused --------------------------------------------------------------------------------

WRONG: dict[str, tuple[str, Any, str]] = {
    "a text": ("whole", "deep", "an integer, and a text is written here"),
    "a fraction": ("whole", 8.5, "an integer, and a number with a fraction is written here"),
    "true for an integer": ("whole", True, "an integer, and true or false is written here"),
    "true for a number": ("number", False, "a number, and true or false is written here"),
    "true in a list": ("few", [1, True], "an integer, and true or false is written here"),
    "true in a list of what is annotated": (
        *("listed", [True]),
        "an integer, and true or false is written here",
    ),
    "true in a mapping": ("by_class", {1: True}, "a number, and true or false is written here"),
    "one for true": ("flag", 1, "true or false, and a number is written here"),
    "a number for a text": ("text", 8, "a text, and a number is written here"),
    "null": ("whole", None, "an integer, and nothing is written here"),
    "a number for a date": ("day", 20260517, "a date, and a number is written here"),
    "a text of digits for a date": ("day", "20260517", "a date, and a text is written here"),
    "a number for a moment": ("moment", 1, "a date and time, and a number is written here"),
    "neither of two": ("either", [1], "an integer or a text, and a list is written here"),
    "out of bounds": ("bounded", 10, "at most 9"),
    "none of an enumeration": ("kind", "fsat", "`fast` or `slow`"),
    "a mapping for a list": ("names", {"a": 1}, "a list, and a mapping is written here"),
}


@pytest.mark.parametrize(("key", "value", "words"), WRONG.values(), ids=WRONG)
def test_values_that_do_not_fit_are_refused(key: str, value: object, words: str) -> None:
    """One fault for each, which says what the value must be, what it is, and never the value."""
    (fault,) = faults(Many, {key: value})
    assert fault.code == "LG621"
    assert fault.sentence.endswith(words)
    assert fault.place is not None
    assert fault.place.trail.startswith(f"it.config.{key}")


def test_places_are_those_of_the_very_values(tmp_path: Path) -> None:
    """Within lists and mappings, of inherited values and in overlays: where it is written."""
    base, over = tmp_path / "w.yaml", tmp_path / "o.yaml"
    base.write_text(
        "component: {it: Learner}\nconfig:\n  layers: [1,\n    x]\nit:\n  config:\n"
        "    max_depth: 1\n    optimizer: {kind: sdg, rate: 0.5}\n",
        encoding="utf-8",
    )
    over.write_text("it: {config: {max_depth: [1]}}\n", encoding="utf-8")
    found = lg.validate(base, over, classes=PARTS, find_classes=True)
    at = {fault.sentence.split("`")[1]: fault.place for fault in found}
    assert {key: (Path(p.file).name, p.line, p.column) for key, p in at.items() if p} == {
        "max_depth": ("o.yaml", 1, 26),
        "layers.1": ("w.yaml", 4, 5),
        "optimizer.kind": ("w.yaml", 8, 23),
    }
    assert at["max_depth"]
    assert at["max_depth"].overrides
    (kind,) = [fault for fault in found if "optimizer" in fault.sentence]
    assert kind.cure == "did you mean `sgd`?"


def test_a_wrong_value_is_told_once_for_all_who_inherit_it() -> None:
    """The first integration is named, and how many more there are."""
    conf = {"component": {"a": "Learner", "b": "Learner"}, "config": {"max_depth": "x"}}
    (fault,) = lg.validate(conf, classes=PARTS, find_classes=True)
    assert "`max_depth` of `runner.a` and 1 more (Learner)" in fault.sentence


def test_the_environment_and_defaults_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that no file has is told at the integration, with where it is from."""
    monkeypatch.setenv("MAX_DEPTH", "deep")

    class Wrong(Learner):
        __DEFAULT_CONF__ = {"config": {"metric": "auk"}}

        @dataclass
        class Config:
            max_depth: int
            metric: Literal["auc"]

    found = lg.validate({"component": {"it": "Wrong"}}, classes=[Wrong], find_classes=True)
    told = {fault.code: fault for fault in found if fault.code != "LG621"}
    assert list(told) == ["LG605"]
    one, two = (fault.sentence for fault in found if fault.code == "LG621")
    assert one.endswith("an integer, and a text is in the environment variable `MAX_DEPTH`")
    assert two.endswith("must be `auc`; it is the default of `Wrong`")


def test_what_nobody_sets_is_missing_and_all_is_told_at_once() -> None:
    """Requirements, values and unknown keys of all integrations come together."""
    conf = {
        "component": {"a": "Learner", "b": "Many", "c": "Demanding"},
        "a": {"config": {"colour": 1}},
        "b": {"config": {"whole": "x", "flag": "maybe"}},
    }
    from tests.toys import Demanding  # noqa: PLC0415 - this test alone

    codes = [f.code for f in lg.validate(conf, classes=[*PARTS, Demanding], find_classes=True)]
    assert sorted(codes) == ["LG601", "LG601", "LG602", "LG621", "LG621", "LG622"]


@pytest.mark.parametrize(
    ("cls", "config", "more", "expected"),
    [
        (Learner, {"max_depth": 1, "colour": 1}, {}, ["LG622 warning"]),
        (Learner, {"max_depth": 1, "metrics": "f1"}, {}, ["LG606 warning"]),
        (Learner, {"max_dept": 1}, {}, ["LG601 error"]),
        (Model, {"colour": 1}, {}, ["LG622 error"]),
        (Model, {"otter": 1}, {}, ["LG622 error"]),
        (Open, {"colour": 1}, {}, []),
        (Learner, {"max_depth": 1, "colour": 1}, {"config": {"text": "$it.config.colour"}}, []),
        (Learner, {"max_depth": 1, "problem_type": "regression"}, {}, []),
    ],
)
def test_unknown_keys_are_told_once(
    cls: type, config: dict[str, Any], more: dict[str, Any], expected: list[str]
) -> None:
    """By a warning, or an error where the class forbids them; not where something may read them."""
    assert [f"{each.code} {each.severity}" for each in faults(cls, config, **more)] == expected


def test_what_stands_below_may_read_a_key() -> None:
    """A pipeline's config is there for those below it as well, known or not."""

    class Typed(lg.BasePipeline):
        @dataclass
        class Config:
            one: int = 1

    conf = {"pipeline": {"p": "Typed"}, "p": {"config": {"max_depth": 1}}}
    for below, codes in (({}, ["LG622"]), ({"c": "Learner"}, []), ({"c": "Toy"}, [])):
        conf["p"]["component"] = below
        found = lg.validate(conf, classes=[Typed, *PARTS], find_classes=True)
        assert [fault.code for fault in found] == codes


def test_the_words_of_an_author_are_shown_without_secrets() -> None:
    """Checks of a model's own are told at the value or at the config, and secrets stay so."""
    (fault,) = faults(Model, {"powerOfTwo": 7})
    assert fault.sentence.endswith("is refused: it must be a power of two")
    (fault,) = faults(Model, {"POWEROFTWO": 4, "other": 4, "hush": "correct-horse"})
    assert fault.code == "LG623"
    assert fault.sentence.endswith("`powerOfTwo` and `other` are one, beside ***")


def test_secrets_stay_so() -> None:
    """A field whose type says that it is a secret is one in the graph and in explanations."""

    class Vault(lg.BaseComponent):
        class Config(BaseModel):
            class Inner(BaseModel):
                word: SecretStr

            phrase: SecretStr
            inner: Inner

    conf = {
        "component": {"v": "Vault"},
        "v": {"config": {"phrase": "horse-battery", "inner": {"word": "staple-hush"}}},
    }
    plan = lg.plan(conf, classes=[Vault])
    with plan.build() as workflow:
        assert workflow.root.v.config.phrase.get_secret_value() == "horse-battery"
        assert workflow.graph.nodes["runner.v"]["config"] == {
            "phrase": "***",
            "inner": {"word": "***"},
        }
    assert lg.plan(conf, classes=[Vault]).explain("runner.v", "phrase").value == "***"


def test_nothing_of_a_value_is_told() -> None:
    """Neither a tag that is none, nor under a key that looks secret what is wrong with it."""
    config = {"either": {"kind": "horse"}, "password": 8, "pin": 7, "more": "battery"}
    conf = {"component": {"it": "Private"}, "it": {"config": config}}
    found = lg.validate(conf, classes=[Private], find_classes=True)
    assert [fault.sentence.partition(" must ")[2] for fault in found] == [
        "have a `kind` of `one` or `two`",
        "be a text, and a number is written here",
        "be at least 1000",
        "be an integer, and a text is written here",
    ]
    assert "horse" not in str(found)


def test_dataclasses_of_all_sorts() -> None:
    """With slots, with what the constructor takes and does not keep, and with what it makes."""

    class Slotted(lg.BaseComponent):
        @dataclass(slots=True, kw_only=True)
        class Config:
            size: int
            made: int = field(init=False, default=4)
            given: InitVar[int] = 3

            def __post_init__(self, given: int) -> None:
                self.made = given

    conf = {"component": {"it": "Slotted"}, "it": {"config": {"size": 1}}}
    with lg.build(conf, classes=[Slotted]) as workflow:
        config = workflow.root.it.config
        assert (config.size, config.made) == (1, 3)
        workflow.root.it._set_config("size", "5")
        assert workflow.root.it.config.size == 5
    with lg.build(conf, classes=[Slotted], skip_config_validation=True) as workflow:
        assert workflow.root.it.config.made == 4


def test_code_of_a_check_that_breaks_is_told() -> None:
    """An error of another kind is a fault with the integration's place."""

    class Broken(lg.BaseComponent):
        @dataclass
        class Config:
            one: int = 1

            def __post_init__(self) -> None:
                {}["nothing"]

    (fault,) = lg.validate({"component": {"b": "Broken"}}, classes=[Broken], find_classes=True)
    assert (fault.code, fault.place and fault.place.trail) == ("LG623", "component.b")
    assert "KeyError" in fault.sentence


class _Plain:
    one: int = 1


class _OddAlias(BaseModel):
    one: int = Field(default=1, validation_alias=AliasChoices("a", "b"))


@dataclass
class _OddType:
    one: Toy


@dataclass
class _Unknown:
    one: NoSuchType  # type: ignore[name-defined]  # noqa: F821 - it is what is tried


@pytest.mark.parametrize("declared", [_Plain, 3, _OddAlias, _OddType, _Unknown])
def test_configs_that_cannot_be_read(declared: object) -> None:
    """What is neither a dataclass nor a model, or which pydantic cannot read, is told."""
    odd = type("Odd", (lg.BaseComponent,), {"Config": declared})
    (fault,) = lg.validate({"component": {"b": "Odd"}}, classes=[odd], find_classes=True)
    assert fault.code == "LG604"
    assert "`Config` of the class `Odd`" in fault.sentence


def test_pydantic_is_imported_where_a_class_declares_a_config() -> None:
    """Plans, checks and builds without such a class do without it."""
    script = """
import sys, lolpop_graph as lg
class Plain(lg.BaseComponent):
    pass
with lg.build({"component": {"a": "Plain"}}, classes=[Plain]):
    assert "pydantic" not in sys.modules
from dataclasses import dataclass
class Typed(lg.BaseComponent):
    @dataclass
    class Config:
        one: int = 1
lg.plan({"component": {"a": "Typed"}}, classes=[Typed])
assert "pydantic" not in sys.modules
with lg.build({"component": {"a": "Typed"}}, classes=[Typed]) as workflow:
    assert "pydantic" in sys.modules
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


# What is told of fields -------------------------------------------------------------------------


def test_keys_are_explained_with_types_and_defaults() -> None:
    """Every field is listed: where its value or its default is written, and its type."""
    conf = {"component": {"it": "DeepLearner"}, "it": {"config": {"width": "4"}}}
    found = lg.plan(conf, classes=PARTS).explain_keys("runner.it")
    told = {each.key: (each.type, each.value, each.winner and each.winner.where) for each in found}
    assert told == {
        "width": ("int", "4", "runner.it"),
        "max_depth": ("int", 3, "DeepLearner"),
        "metric": ("Literal['f1', 'auc']", "f1", "Learner"),
        "optimizer": ("Optimizer | None", None, "Learner"),
        "layers": ("list[int]", [], "Learner"),
    }
    place = next(each.winner.place for each in found if each.key == "metric" and each.winner)
    assert place
    line = Path(place.file).read_text(encoding="utf-8").splitlines()[place.line - 1]
    assert line[place.column - 1 :].startswith("metric: Literal")


def test_a_field_that_is_required_again_has_no_default() -> None:
    """What a base class has for it is no candidate, and nothing sets it."""

    class Strict(DeepLearner):
        @dataclass
        class Config(Learner.Config):
            max_depth: int

    conf = {"component": {"it": "Strict"}}
    answer = lg.plan(conf, classes=[Strict]).explain("runner.it", "max_depth")
    assert (answer.required, answer.candidates) == (True, ())
    assert "of the type `int`" in answer.notes[0]


def test_lint_knows_that_fields_are_read(tmp_path: Path) -> None:
    """Keys that a `Config` has, an inherited one too, are no unread ones; others are."""
    (tmp_path / "parts.py").write_text(
        "from dataclasses import dataclass\nimport lolpop_graph as lg\n"
        "@dataclass\nclass Shared:\n    near: int = 1\n"
        "class Base(lg.BaseComponent):\n    @dataclass\n    class Config(Shared):\n"
        "        far: int = 1\n"
        "class It(Base):\n    @dataclass\n    class Config(Base.Config):\n        own: int = 1\n",
        encoding="utf-8",
    )
    (tmp_path / "w.yaml").write_text(
        "config: {plugin_paths: [parts.py], near: 1, far: 1}\n"
        "component: {it: It}\n"
        "it: {config: {near: 2, far: 2, own: 1, otter: 1}}\n",
        encoding="utf-8",
    )
    found = lg.plan(tmp_path / "w.yaml").lint(select="LG902")
    assert [fault.sentence.split("`")[1] for fault in found] == ["otter"]


def fields_in(schema: dict[str, Any]) -> dict[str, Any]:
    """The keys that a schema has for the config of the integration `it`."""
    block = schema["definitions"][schema["properties"]["it"]["$ref"].rpartition("/")[2]]
    return dict(block["properties"]["config"]["properties"])


@pytest.mark.parametrize("classes", [False, True])
def test_schema_takes_what_fits_and_refuses_what_does_not(classes: bool) -> None:  # noqa: FBT001
    """An editor is told of fields what `validate` tells, from texts and from the classes."""
    schema = lg.plan({"component": {"it": "Many"}}, classes=PARTS).schema(classes=classes)
    validator = jsonschema.Draft7Validator(schema)
    for key, value, _ in FITS.values():
        for each in (value, "${env:NAME}"):
            assert validator.is_valid({"it": {"config": {key: each}}}), key
    # What the text of a date says, a schema does not look into.
    refused = [(key, value) for key, value, _ in WRONG.values() if value != "20260517"]
    for key, value in refused:
        assert not validator.is_valid({"it": {"config": {key: value}}}), key


def test_schema_has_bounds_descriptions_and_defaults(tmp_path: Path) -> None:
    """They are read from the text, with enumerations and nested classes; nothing is imported."""
    (tmp_path / "parts.py").write_text(
        """raise SystemExit
import enum
from typing import Annotated, ClassVar, Optional
from pydantic import BaseModel, Field, SecretStr
import lolpop_graph as lg

class Kind(str, enum.Enum):
    A = "a"
    B = "b"

class Base(lg.BaseComponent):
    class Config(BaseModel):
        rate: Annotated[float, Field(gt=0, le=1)] = 0.5
        'How fast it learns.'
        depth: int = 1

class It(Base):
    class Config(Base.Config):
        LIMIT: ClassVar[int] = 9
        depth: "int" = Field(3, ge=1, description="How deep it goes")
        kind: Optional[Kind] = None
        hush: SecretStr = SecretStr("hunter2")
        odd: Elsewhere = Field(alias="Odd")
        rows: list[Annotated[int, Field(gt=0)]] = Field(default_factory=list)
""",
        encoding="utf-8",
    )
    (tmp_path / "w.yaml").write_text(
        "config: {plugin_paths: parts.py}\ncomponent: {it: It}\n", encoding="utf-8"
    )
    fields = fields_in(lg.plan(tmp_path / "w.yaml").schema())
    said = {key: each["description"] for key, each in fields.items()}
    assert said.pop("problem_type")
    assert said == {
        "depth": "How deep it goes. Default of `It`: `3`.",
        "kind": "Default of `It`: `null`.",
        "hush": "`It` has a default.",
        "Odd": "`It` requires it.",
        "rows": 'Default of `It`: `"list()"`.',
        "rate": "How fast it learns. Default of `It`: `0.5`.",
    }
    assert (fields["rate"]["exclusiveMinimum"], fields["rate"]["maximum"]) == (0, 1)
    assert (fields["depth"]["type"], fields["depth"]["minimum"]) == (["integer", "string"], 1)
    assert fields["kind"]["anyOf"][0]["anyOf"][0] == {"enum": ["a", "b"]}
    assert "type" not in fields["Odd"]


def test_schema_types_what_all_who_inherit_it_say_alike() -> None:
    """A key of a parent's config has a type if every class below that reads it means the same."""

    class Wide(lg.BaseComponent):
        @dataclass
        class Config:
            max_depth: int = 1
            layers: str = ""

    conf = {"component": {"a": "Learner", "b": "Wide"}}
    schema = lg.plan(conf, classes=[*PARTS, Wide]).schema(classes=True)
    keys = schema["properties"]["config"]["properties"]
    assert keys["max_depth"]["type"] == ["integer", "string"]
    assert "type" not in keys["layers"]
