"""`$a.b`, `${env:NAME}` and `${file:folder}`: what they become, and what is wrong with some."""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

import lolpop_graph as lg
from lolpop_graph.block import plain
from tests.toys import exported

DOCUMENTS = 10_000


def config_of(config: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The root's config once its references are resolved."""
    with lg.build({"config": config, **more}, classes=exported()) as workflow:
        return dict(workflow.root.config)


def faults_of(config: dict[str, Any], **more: Any) -> tuple[lg.Fault, ...]:
    """The faults of a config that has some."""
    with pytest.raises(lg.WorkflowError) as caught:
        lg.plan({"config": config, **more})
    return caught.value.faults


def codes_of(config: dict[str, Any]) -> list[str]:
    """The codes of its faults."""
    return [fault.code for fault in faults_of(config)]


# What they become -----------------------------------------------------------------------------

VALUES: dict[str, tuple[str, Any]] = {
    "a whole reference keeps its type": ("$config.number", 7),
    "braces mean the same": ("${config.number}", 7),
    "in a text it is text": ("n=${config.number}!", "n=7!"),
    "twice in a text": ("${config.text}-${config.text}", "auc-auc"),
    "true is written as YAML writes it": ("${config.yes} ", "true "),
    "false is written as YAML writes it": ("${config.no} ", "false "),
    "a number too long for decimal digits": ("x${config.big}", f"x{16**5_000:#x}"),
    "null is written as YAML writes it": (" ${config.nothing}", " null"),
    "a float": ("x${config.half}", "x0.5"),
    "null as a value": ("$config.nothing", None),
    "a mapping": ("$config.map", {"x": 1, "l": [1, 2]}),
    "a list": ("$config.map.l", [1, 2]),
    "an item of a list": ("$config.map.l.1", 2),
    "through another reference": ("$config.through", {"x": 1, "l": [1, 2]}),
    "below another reference": ("$config.through.x", 1),
    "a class's name": ("$component.tracker", "Toy"),
    "two dollar signs": ("$$", "$"),
    "escaped reference": ("$${config.number}", "${config.number}"),
    "escaped whole reference": ("$$config.number", "$config.number"),
    "an amount": ("US$ 5", "US$ 5"),
    "an amount without a blank": ("costs US$5", "costs US$5"),
    "a dollar sign at the end": ("5$", "5$"),
    "one dollar sign": ("$", "$"),
    "a variable": ("$env:LOLPOP_TEST", "set"),
    "a variable in braces": ("${env:LOLPOP_TEST}", "set"),
    "a variable in a text": ("<${env:LOLPOP_TEST}>", "<set>"),
    "a variable with a default": ("${env:LOLPOP_TEST,other}", "set"),
    "a default": ("${env:LOLPOP_UNSET,a, b}", "a, b"),
    "an empty default": ("${env:LOLPOP_UNSET,}", ""),
    "a default that looks like a reference": ("${env:LOLPOP_UNSET,$config}", "$config"),
    "an empty variable": ("${env:LOLPOP_EMPTY,x}", ""),
    "a variable stays text": ("${env:LOLPOP_NUMBER}", "12"),
    "what a variable holds is no reference": ("${env:LOLPOP_DOLLAR}", "$config.number"),
}


@pytest.mark.parametrize(("text", "expected"), VALUES.values(), ids=VALUES)
def test_references_become_values(
    text: str, expected: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reference is replaced by what it names, whole or within a text."""
    for name, value in {
        "TEST": "set",
        "EMPTY": "",
        "NUMBER": "12",
        "DOLLAR": "$config.number",
    }.items():
        monkeypatch.setenv(f"LOLPOP_{name}", value)
    config = {
        "number": 7, "text": "auc", "yes": True, "no": False, "big": 16**5_000,
        "nothing": None, "half": 0.5,
        "map": {"x": 1, "l": [1, 2]}, "through": "$config.map", "found": text, "in": [text],
    }  # fmt: skip
    found = config_of(config, component={"tracker": "Toy"})
    assert found["found"] == expected
    assert found["in"] == [expected]
    assert type(found["found"]) is type(expected)


def test_classes_are_named_by_reference() -> None:
    """A class can come from a config or the environment, with a default."""
    conf = {
        "config": {"kind": "OtherToy"},
        "component": {"a": "$config.kind", "b": "${env:LOLPOP_UNSET,Toy}", "c": "Other${config.t}"},
        "runner": "$component.b",
    }
    conf["config"]["t"] = "Toy"
    with lg.build(conf, classes=exported()) as workflow:
        kinds = [type(part).__name__ for part in workflow.values()]
    assert kinds == ["Toy", "OtherToy", "Toy", "OtherToy"]


def test_references_reach_into_blocks() -> None:
    """Any value of the document can be named by its path."""
    conf = {
        "pipeline": {"train": "Toy"},
        "train": {"component": {"m": "Toy"}, "m": {"config": {"depth": 8}}},
        "config": {"depth": "$train.m.config.depth", "all": "$train.m.config"},
    }
    with lg.build(conf, classes=exported()) as workflow:
        assert workflow.root.config == {"depth": 8, "all": {"depth": 8}}


def test_blocks_and_sections_can_be_references() -> None:
    """A whole block may be named, and is a block of its own."""
    conf = {
        "component": {"a": "Toy", "b": "Toy"},
        "a": {"config": {"x": 1}},
        "b": "$a",
        "pipeline": "$component_like",
        "component_like": {"p": "Toy"},
    }
    assert [f.code for f in lg.validate({**conf})] == ["LG301"]
    del conf["pipeline"], conf["component_like"]
    with lg.build(conf, classes=exported()) as workflow:
        workflow.root.a.config["x"] = 2
        assert workflow.root.b.config == {"x": 1}


def test_values_that_are_referenced_are_not_shared() -> None:
    """Two uses of one mapping are two mappings."""
    found = config_of({"a": {"x": [1]}, "b": "$config.a"})
    found["a"]["x"].append(2)
    assert found["b"] == {"x": [1]}


def test_overlays_change_what_references_find() -> None:
    """References are resolved after layers and overrides are in place."""
    conf = {"config": {"a": 1, "b": "$config.a"}}
    over = {"config": {"a": 2}}
    with lg.build(conf, over) as workflow:
        assert workflow.root.config["b"] == 2
    with lg.build(conf, over, overrides={"config.a": 3}) as workflow:
        assert workflow.root.config["b"] == 3


@pytest.mark.parametrize("value", ["$config.a", ["$config.a"], {"x": "${config.a}"}])
def test_overrides_may_refer(value: object, tmp_path: Path) -> None:
    """A reference in an override is one, also where no file has any."""
    file = tmp_path / "w.yaml"
    file.write_text("config: {a: 1}\n", encoding="utf-8")
    with lg.build(file, overrides={"config.b": value}) as workflow:
        assert "$" not in str(workflow.root.config)


def test_references_are_found_behind_anything(tmp_path: Path) -> None:
    """Neither the framework nor a value that stands twice hides the references after it."""
    file = tmp_path / "w.yaml"
    file.write_text(
        "integration_framework: {runner: {x: }}\n"
        "config: {a: 1, s: &s [&t {d: $config.a}], again: *s, more: [*t, {e: $config.a}]}\n",
        encoding="utf-8",
    )
    with lg.build(file) as workflow:
        assert workflow.root.config == {
            "a": 1, "s": [{"d": 1}], "again": [{"d": 1}], "more": [{"d": 1}, {"e": 1}],
        }  # fmt: skip


def test_dollar_signs_may_be_escaped_in_yaml(tmp_path: Path) -> None:
    """A reference is what a value says, however the file writes it."""
    file = tmp_path / "w.yaml"
    file.write_text('config: {a: 1, b: "\\x24config.a", c: "\\u0024config.a"}\n', encoding="utf-8")
    with lg.build(file) as workflow:
        assert workflow.root.config == {"a": 1, "b": 1, "c": 1}


# The folder of a file -------------------------------------------------------------------------


@pytest.fixture
def layered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A workflow and an overlay in another folder, each of which names its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prod").mkdir()
    base, over = Path("w.yaml"), Path("prod/over.yaml")
    base.write_text(
        "config: {plugin_paths: '${file:folder}', data: '${file:folder}/d.csv',"
        " in: [$file:folder], through: '${config.data}!', over: no}\n",
        encoding="utf-8",
    )
    over.write_text("config: {over: '${file:folder}', again: $config.data}\n", encoding="utf-8")
    return base, over


def test_the_folder_of_a_file_is_that_of_the_text(
    layered: tuple[Path, Path], tmp_path: Path
) -> None:
    """An overlay names its own folder, and what refers to a value takes it as it is."""
    with lg.build(*layered) as workflow:
        assert workflow.root.config == {
            "plugin_paths": str(tmp_path), "data": f"{tmp_path}/d.csv", "in": [str(tmp_path)],
            "through": f"{tmp_path}/d.csv!", "over": str(tmp_path / "prod"),
            "again": f"{tmp_path}/d.csv",
        }  # fmt: skip


def test_the_folder_of_a_file_is_explained_and_no_secret(
    layered: tuple[Path, Path], tmp_path: Path
) -> None:
    """It is a step in the chain of references, and stands in a graph as it is."""
    plan = lg.plan(*layered)
    (told,) = [each for each in plan.explain("runner", "over").candidates if each.wins]
    assert told.value == str(tmp_path / "prod")
    (step,) = told.references
    assert (step.to, step.value, step.place) == ("file:folder", str(tmp_path / "prod"), None)
    assert plan.graph.nodes["runner"]["config"]["over"] == str(tmp_path / "prod")
    assert [step.to for step in plan.explain("runner", "again").candidates[0].references] == [
        "config.data",
        "file:folder",
    ]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("${file:foldr}", "LG401", "did you mean `file:folder`?"),
        ("$file:path-of-it", "LG401", "must be `file:folder`"),
        ("${fil:folder}/x", "LG401", "did you mean `file`, as in `${file:folder}`?"),
        ("${file:folder}", "LG406", "Path(__file__)"),
    ],
)
def test_what_is_no_folder_of_a_file(text: str, code: str, words: str) -> None:
    """A misspelt one is told with what is meant, and one in no file with a cure."""
    (fault,) = faults_of({"x": text})
    assert fault.code == code
    assert words in fault.cure


def test_an_override_is_in_no_file(tmp_path: Path) -> None:
    """A value that the call sets over a file has no folder either."""
    file = tmp_path / "w.yaml"
    file.write_text("config: {a: 1}\n", encoding="utf-8")
    faults = lg.validate(file, overrides={"config.b": ["${file:folder}"]})
    assert [fault.code for fault in faults] == ["LG406"]


# What is wrong with some ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("$nobody", "LG401"), ("$config.nobody", "LG401"), ("${config.l.2}", "LG401"),
        ("${config.l.-1}", "LG401"), ("${config.l.x}", "LG401"), ("$config.n.x", "LG401"),
        ("$config..n", "LG401"), ("$.", "LG401"), ("$config.l.²", "LG401"),
        ("$config.l." + "9" * 5_000, "LG401"), ("$integration_framework", "LG401"),
        ("${", "LG404"), ("${}", "LG404"), ("${config.n", "LG404"), ("x ${a{b}}", "LG404"),
        ("x ${config.l}", "LG405"), ("${config.m} x", "LG405"),
        ("${env:LOLPOP_UNSET}", "LG403"), ("${env:}", "LG403"),
        ("$config.x", "LG402"), ("$config", "LG402"), ("x ${config.x}", "LG402"),
    ],
)  # fmt: skip
def test_bad_references_have_one_fault(text: str, code: str) -> None:
    """Each way to be wrong has its code, and is reported once."""
    (fault,) = faults_of({"x": text, "l": [1, 2], "n": 1, "m": {}, "use": "$config.x"})
    assert (fault.code, fault.place.trail) == (code, "config.x")


def test_what_is_no_text_is_told() -> None:
    """A mapping or a list within a text is called what it is."""
    config = {"m": {}, "l": [], "x": "x${config.m}", "y": "${config.l}y"}
    assert [fault.sentence for fault in faults_of(config)] == [
        "`${config.m}` is a mapping, which cannot stand within a text",
        "`${config.l}` is a list, which cannot stand within a text",
    ]


def test_all_references_are_reported_together() -> None:
    """Several bad references are several faults, in the order of the document."""
    config = {"a": "$b", "c": "${env:LOLPOP_UNSET}", "d": {"e": ["${"]}, "f": "$config.f"}
    assert sorted(codes_of(config)) == ["LG401", "LG402", "LG403", "LG404"]


@pytest.mark.parametrize(
    "conf",
    [
        {"pipeline": "$nowhere", "train": {"config": {"a": 1}}},
        {"pipeline": "$config.x", "config": {"x": "$nowhere"}},
        {"component": {"config": {"update_peer_integrations": "$nowhere"}, "a": "Toy"}},
        {"component": {"a": "$nowhere"}},
        {"component": {"a": "Toy"}, "a": {"config": "$nowhere"}},
        {"config": "$nowhere", "runner": "Toy"},
        {"runner": "$nowhere"},
    ],
)
def test_what_a_bad_reference_causes_is_not_reported(conf: dict[str, Any]) -> None:
    """A reference that leads nowhere is one fault, whatever its text would be wrong for."""
    assert [fault.code for fault in lg.validate(conf)] == ["LG401"]


def test_circles_are_ordered_paths() -> None:
    """A circle is reported once, from its first step round to it again, with each one's place."""
    config = {f"k{number}": f"x${{config.k{(number + 1) % 5}}}" for number in range(5)}
    (fault,) = faults_of(config | {"before": "$config.k3", "after": "$config.before"})
    steps = re.findall(r"config\.k(\d) \(conf: config\.k\1\)", fault.sentence)
    assert len(steps) == 5
    assert fault.sentence.endswith(f"-> config.k{steps[0]}")
    assert all((int(b) - int(a)) % 5 == 1 for a, b in pairwise(steps))


def test_two_circles_are_two_faults() -> None:
    """Circles that have nothing to do with each other are both found."""
    config = {"a": "$config.b", "b": "$config.a", "c": "$config.d", "d": "$config.c"}
    assert codes_of(config) == ["LG402", "LG402"]


def test_circles_through_mappings_are_found() -> None:
    """A mapping that would contain itself is a circle, not a recursion."""
    assert codes_of({"a": {"x": "$config.b"}, "b": {"y": "$config.a"}}) == ["LG402"]
    assert codes_of({"a": {"x": {"y": "$config.a"}}}) == ["LG402"]
    assert codes_of({"a": ["$config.a"]}) == ["LG402"]


def test_long_chains_are_resolved() -> None:
    """A chain of a hundred thousand references is a matter of seconds and no recursion."""
    count = 100_000
    config: dict[str, Any] = {f"k{n}": f"$config.k{n + 1}" for n in range(count)}
    start = time.monotonic()
    found = config_of(config | {f"k{count}": "end"})
    assert set(found.values()) == {"end"}
    assert time.monotonic() - start < 30


def test_long_circles_are_found() -> None:
    """A circle of thousands of steps is one fault."""
    count = 3_000
    assert codes_of({f"k{n}": f"$config.k{(n + 1) % count}" for n in range(count)}) == ["LG402"]


@pytest.mark.parametrize("kind", ["list", "map", "text"])
def test_reference_bombs_are_refused(kind: str) -> None:
    """References that double a value again and again are refused, and quickly."""
    double = {
        "list": lambda n: [f"$config.k{n}", f"$config.k{n}"],
        "map": lambda n: {"a": f"$config.k{n}", "b": f"$config.k{n}"},
        "text": lambda n: f"${{config.k{n}}}${{config.k{n}}}",
    }[kind]
    config = {f"k{n + 1}": double(n) for n in range(60)} | {"k0": "0123456789"}
    start = time.monotonic()
    assert set(codes_of(config)) == {"LG106"}
    assert time.monotonic() - start < 30


def test_text_by_references_has_a_limit() -> None:
    """Many texts that are each within the limit are counted together."""
    config = {f"k{number}": "${config.text}${config.text}" for number in range(9)}
    (fault,) = faults_of(config | {"text": "x" * 2**20})
    assert fault.sentence == (
        "the document has more than 16,777,216 characters that exist by references alone"
    )


def test_depth_by_references_has_a_limit() -> None:
    """References cannot nest values deeper than a file may."""
    config: dict[str, Any] = {f"k{n}": {"x": f"$config.k{n + 1}"} for n in range(1_200)}
    (fault,) = faults_of(config | {"k1200": 1})
    assert "levels of nesting" in fault.sentence
    fine: dict[str, Any] = {f"k{n}": {"x": f"$config.k{n + 1}"} for n in range(90)}
    assert config_of(fine | {"k90": 1})["k89"] == {"x": 1}


def test_depth_by_references_is_the_limit_of_the_call() -> None:
    """The limit that a call sets for what it reads holds for what references make of it."""
    nested: Any = 1
    for _ in range(60):
        nested = {"x": nested}
    conf = {"config": {"a": nested, "b": "$config.c", "c": {"y": {"z": {"w": "$config.a"}}}}}
    assert not lg.validate(conf)
    (fault,) = lg.validate(conf, limits=lg.Limits(depth=62))
    assert fault.sentence == "the document has more than 62 levels of nesting"
    assert fault.place.trail == "config.b"


# Held against a naive resolver ----------------------------------------------------------------


class NaiveError(Exception):
    """Carries the codes of all faults behind one value."""

    def __init__(self, *codes: str) -> None:
        """Keep the codes."""
        super().__init__(*codes)
        self.codes = set(codes)


class Naive:
    """Resolves references by plain recursion over the document as it is written."""

    def __init__(self, root: dict[str, Any]) -> None:
        """Take the document."""
        self.root = root

    def deep(self, here: Any, at: str, trail: tuple[str, ...] = ()) -> Any:
        """A value that stands at a path, with all that is in it resolved."""
        if isinstance(here, dict):
            items = {key: (item, f"{at}.{key}") for key, item in here.items()}
            return dict(zip(items, self.all(items.values(), trail), strict=True))
        if isinstance(here, list):
            return self.all([(item, f"{at}.{n}") for n, item in enumerate(here)], trail)
        if not isinstance(here, str) or "$" not in here:
            return here
        if at in trail:
            raise NaiveError("LG402")
        return self.text(here, (*trail, at))

    def all(self, items: Iterable[tuple[Any, str]], trail: tuple[str, ...]) -> list[Any]:
        """Several values, or one error with the codes of all."""
        return gathered([partial(self.deep, item, at, trail) for item, at in items])

    def text(self, text: str, trail: tuple[str, ...]) -> Any:
        """What a text with a dollar sign becomes."""
        whole = re.fullmatch(r"\$([^\s${}]+)|\$\{([^{}]+)\}", text)
        if whole:
            return self.target(whole[1] or whole[2], trail)
        pieces = re.split(r"(\$\$|\$\{[^{}]+\})", text)
        return "".join(gathered([partial(self.piece, piece, trail) for piece in pieces]))

    def piece(self, piece: str, trail: tuple[str, ...]) -> str:
        """What a piece of a text becomes."""
        if piece == "$$":
            return "$"
        if not piece.startswith("${"):
            if "${" in piece:
                raise NaiveError("LG404")
            return piece
        if not piece.endswith("}") or piece == "${}":
            raise NaiveError("LG404")
        value = self.target(piece[2:-1], trail)
        if isinstance(value, dict | list):
            raise NaiveError("LG405")
        if value is None or isinstance(value, bool):
            return {None: "null", True: "true", False: "false"}[value]
        return str(value)

    def target(self, path: str, trail: tuple[str, ...]) -> Any:
        """What a path leads to; a reference on the way is resolved before the next step."""
        if path.startswith("env:"):
            return self.variable(*path.removeprefix("env:").split(",", 1))
        here, at, is_resolved = self.root, "", False
        for step in path.split("."):
            if isinstance(here, str) and not is_resolved:
                here, is_resolved = self.deep(here, at, trail), True
            if isinstance(here, list) and step.isdigit() and int(step) < len(here):
                here = here[int(step)]
            elif isinstance(here, dict) and step in here:
                here = here[step]
            else:
                raise NaiveError("LG401")
            at = f"{at}.{step}" if at else step
        return here if is_resolved else self.deep(here, at, trail)

    def variable(self, name: str, default: str | None = None) -> str:
        """What the environment has."""
        value = os.environ.get(name, default)
        if value is None:
            raise NaiveError("LG403")
        return value


def gathered(calls: list[Callable[[], Any]]) -> list[Any]:
    """The results of all calls, or one error with the codes of all that fail."""
    results, codes = [], set()
    for call in calls:
        try:
            results.append(call())
        except NaiveError as error:
            codes |= error.codes
    if codes:
        raise NaiveError(*codes)
    return results


def random_config(rng: Random) -> dict[str, Any]:
    """A config of few keys, so that references meet each other all the time."""
    names = "abcdef"[: rng.randint(2, 6)]
    return {name: random_value(rng, names, 2) for name in names}


def random_value(rng: Random, names: str, depth: int) -> Any:
    """A scalar, a reference of any form, or a few of them together."""
    dice = rng.random()
    if dice < 0.2 and depth:
        return {key: random_value(rng, names, depth - 1) for key in rng.sample("xyz", 2)}
    if dice < 0.3 and depth:
        return [random_value(rng, names, depth - 1) for _ in range(2)]
    if dice < 0.65:
        return rng.choice([1, None, True, "text", "a$$b", "5$", 2.5, "$$config.a", "US$ 5"])
    if dice < 0.75:
        return rng.choice(ENVIRONMENT)
    steps = rng.choice(["", "", "", "", ".x", ".y", ".0", ".1", ".x.y", ".0.x", ".9", "."])
    return rng.choice(["$@", "$@", "${@}", "<${@}>", "${@}-${@}", "$$${@}"]).replace(
        "@", f"config.{rng.choice(names)}{steps}"
    )


ENVIRONMENT = (
    "$env:LOLPOP_TEST", "${env:LOLPOP_TEST}", "<${env:LOLPOP_TEST,x}>", "${env:LOLPOP_UNSET,x y}",
    "${env:LOLPOP_UNSET,$config.a}", "${env:LOLPOP_TEST}${env:LOLPOP_UNSET,}",
    "${env:LOLPOP_UNSET}", "x ${", "${}", "${config.a", "$${",
)  # fmt: skip


def naively(config: dict[str, Any]) -> tuple[Any, set[str]]:
    """The values of a config, or none and the codes of its faults."""
    try:
        return Naive({"config": config}).deep(config, "config"), set()
    except NaiveError as error:
        return None, error.codes


def test_random_references_resolve_as_naively(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents full of references have the values, or the kinds of faults, of plain recursion."""
    monkeypatch.setenv("LOLPOP_TEST", "$config.a")
    kinds: Counter[str] = Counter()
    for seed in range(DOCUMENTS):
        config = random_config(Random(seed))
        expected, possible = naively(config)
        if not possible:
            found = lg.plan({"config": config}).document.root["config"]
            assert repr(plain(found)) == repr(expected), (seed, config)
        codes = set(codes_of(config)) if possible else {"fine"}
        # A reference to what is at fault is not reported beside it.
        assert codes <= possible | {"fine"}, (seed, config)
        kinds.update(codes)
    seen = ("fine", "LG401", "LG402", "LG403", "LG404", "LG405")
    assert all(kinds[kind] > DOCUMENTS // 40 for kind in seen), kinds
