"""Reading documents: scalars, aliases, merges, limits, overlays and overrides."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lolpop_graph as lg
from lolpop_graph import reader
from lolpop_graph.block import plain
from lolpop_graph.document import read_document
from lolpop_graph.limits import Limits
from lolpop_graph.reader import read_text, read_value
from lolpop_graph.source import Source
from tests.toys import exported

ROOT = Path(__file__).parent.parent
OPTIONS = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def read(text: str) -> Any:
    """A document's values as plain dictionaries, if no key of it stands twice."""
    block, twice = read_text(Source("text", text), 0, Limits())
    if twice:
        raise lg.WorkflowError(twice)
    return plain(block)


def faults(*confs: Any, **options: Any) -> tuple[lg.Fault, ...]:
    """The faults of a plan that must have some."""
    with pytest.raises(lg.WorkflowError) as caught:
        lg.plan(*confs, **options)
    return caught.value.faults


def fault_of(folder: Path, content: str | bytes) -> lg.Fault:
    """The one fault of a file with this content."""
    file = folder / "workflow.yaml"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    (fault,) = faults(file)
    return fault


def config_of(*confs: Any, **options: Any) -> Any:
    """The root's config, as its object gets it."""
    with lg.build(*confs, classes=exported(), **options) as workflow:
        return dict(workflow.root.config)


# Scalars ------------------------------------------------------------------------------------

SCALARS: dict[str, Any] = {
    "on": "on", "off": "off", "yes": "yes", "no": "no", "y": "y", "N": "N", "On": "On",
    "1:30": "1:30", "190:20:30": "190:20:30", "2024-02-30": "2024-02-30",
    "2024-01-01T00:00:00Z": "2024-01-01T00:00:00Z",
    "012": 12, "-012": -12, "0o17": 15, "0x1F": 31, "0b11": "0b11", "1_000": "1_000",
    "+5": 5, "-5": -5, "0": 0, "-0": 0, "08": 8, "0o8": "0o8", "-0x1": "-0x1",
    ".5": 0.5, "5.": 5.0, "1e3": 1000.0, "1E-3": 0.001, "+.5": 0.5, "-1.5e+3": -1500.0,
    ".": ".", "e3": "e3", "1e": "1e", "1.2.3": "1.2.3", "1,000": "1,000", "١٢": "١٢",
    ".inf": math.inf, "-.INF": -math.inf, "+.Inf": math.inf, "inf": "inf", "nan": "nan",
    "null": None, "Null": None, "NULL": None, "~": None, "": None, "nUll": "nUll", "None": "None",
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    "tRUE": "tRUE", "truest": "truest", "nullable": "nullable",
    "=": "=", "'12'": "12", '"true"': "true", "'~'": "~", '"\\x41"': "A", "!!str 12": "12",
    "! 12": "12", "!!int '12'": 12, "!!float 12": 12.0, "!!null ''": None, "!!bool 'true'": True,
    "|\n    a\n    b": "a\nb\n", ">-\n    a\n    b": "a b",
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SCALARS.items())
def test_scalars_are_those_of_yaml_1_2(text: str, expected: object) -> None:
    """A value is what YAML 1.2's core schema makes of it."""
    value = read(f"config:\n  x: {text}\n")["config"]["x"]
    assert (value, type(value)) == (expected, type(expected))


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_nan_is_a_number(text: str) -> None:
    """Not a number is a float all the same."""
    assert math.isnan(read(f"x: {text}")["x"])


@pytest.mark.parametrize("key", ["on", "no", "7", "null", "1:30", "étape", "1.50", "~", "0x1F"])
def test_keys_are_read_as_text(key: str) -> None:
    """A layer can have any name: no key of the document turns into something else."""
    framework = lg.plan({"integration_framework": {"runner": {"x": None}}}).framework
    assert framework.root.name == "runner"
    block, _ = read_text(Source("text", f"{key}: {{a: 1}}\n"), 0, Limits())
    assert list(block) == [key]


def test_typed_keys_reach_libraries_as_numbers() -> None:
    """A mapping within a config has the keys that YAML 1.2 reads."""
    assert read("x: {weights: {0: 1.0, true: 2, b: 3, '1': 4}}") == {
        "x": {"weights": {0: 1.0, True: 2, "b": 3, "1": 4}}
    }


def test_keys_that_are_equal_numbers_are_two() -> None:
    """Of keys that are one number once they are read, the later one stays text."""
    assert read("x: {1: a, 0x1: b, 1.0: c}") == {"x": {1: "a", "0x1": "b", "1.0": "c"}}


def test_huge_integers_stay_text() -> None:
    """A number of more digits than Python converts is no error and no number."""
    digits = "9" * 5_000
    assert read(f"x: {digits}")["x"] == digits
    assert read(f"x: {'9' * 400}")["x"] == int("9" * 400)
    assert read("x: 1e999")["x"] == math.inf
    for digits in ("0x" + "f" * 4_000, "0o" + "7" * 60_000):
        assert read(f"x: {digits}")["x"] == digits


def test_numbers_too_large_for_their_tag_are_refused(tmp_path: Path) -> None:
    """A whole number that no float can hold is not what `!!float` says."""
    assert fault_of(tmp_path, f"config: {{a: !!float {'9' * 400}}}\n").code == "LG105"


@given(st.text(alphabet="0123456789+-.eExXoOabnulNtTrfF_:~ ", max_size=8))
@OPTIONS
def test_scalars_read_back_what_is_quoted(text: str) -> None:
    """A quoted scalar is text, whatever it looks like."""
    assert read_value(f"'{text}'") == text


# Held against PyYAML --------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["alpha", "beta gamma", "été", "x-1", "a.b", "#7", "it's", 'say "hi"', "tab\tbed", "𝄞 clef",
     "line\nline", " padded ", "- item", "key: value", "*star", "&and", "!bang", "%cent", "@at",
     "{", "]", "|", ">", "?", "a #b", "\u2028 separated", "\x85 next", "e3", "plain"]
)  # fmt: skip
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-(10**20), max_value=10**20)
    | st.sampled_from([0.5, -1.25, 1e-7, 123456.75, 1e22, 2.5e-300])
    | WORDS
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=25,
)


@given(
    tree=st.dictionaries(WORDS, TREES, max_size=5),
    flow=st.sampled_from([True, False, None]),
    width=st.sampled_from([20, 80, 1000]),
    unicode=st.booleans(),
)
@OPTIONS
def test_dumped_documents_are_read_back(
    tree: dict[str, Any], flow: object, width: int, unicode: object
) -> None:
    """What PyYAML writes, in any style, is read as what PyYAML reads."""
    shared = {"first": tree, "second": [tree, tree], "third": {"again": tree}}
    text = yaml.safe_dump(
        shared, default_flow_style=flow, width=width, allow_unicode=unicode, sort_keys=False
    )
    assert read(text) == yaml.safe_load(text) == shared


@st.composite
def merged_documents(draw: st.DrawFn) -> tuple[str, int]:
    """A document whose mappings merge earlier ones, alone or in lists, before or after keys.

    With it comes how many keys stand beside a merge, or second in one, that brings them already.
    """
    known: dict[str, set[str]] = {}
    lines, twice = [], 0
    for number in range(draw(st.integers(min_value=1, max_value=8))):
        keys = draw(st.lists(st.sampled_from("abcdef"), unique=True, max_size=4))
        items = [f"{key}: {number}{key}" for key in keys]
        names, has = [*known], set(keys)
        if names and draw(st.booleans()):
            chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3))
            if not draw(st.booleans()):
                chosen = chosen[:1]
            many = ", ".join(f"*{name}" for name in chosen)
            merge = f"<<: {many}" if len(chosen) == 1 else f"<<: [{many}]"
            items.insert(draw(st.integers(min_value=0, max_value=len(items))), merge)
            for name in chosen:
                twice += len(has & known[name])
                has |= known[name]
        if names and draw(st.booleans()):
            items.append(f"z{number}: *{draw(st.sampled_from(names))}")
            has.add(f"z{number}")
        lines.append(f"m{number}: &m{number} {{{', '.join(items)}}}\n")
        known[f"m{number}"] = has
    return "".join(lines), twice


@given(merged_documents())
@OPTIONS
def test_merges_and_aliases_mean_what_pyyaml_says(document: tuple[str, int]) -> None:
    """What is merged is what PyYAML merges, but for keys that come twice, which are refused."""
    text, twice = document
    if not twice:
        assert read(text) == yaml.safe_load(text)
        return
    with pytest.raises(lg.WorkflowError) as caught:
        read(text)
    assert {fault.code for fault in caught.value.faults} == {"LG104"}
    # What is wrong with one mapping at one place in the same words is told once.
    assert 1 <= len(caught.value.faults) <= twice


def test_keys_beside_a_merge_that_brings_them_are_told_with_both_places(tmp_path: Path) -> None:
    """A key that `<<` brings as well is refused where it is written, with where it comes from."""
    file = tmp_path / "w.yaml"
    file.write_text("config:\n  a: &a {x: 1}\n  b: {<<: *a, x: 2}\n  c: {<<: [*a, *a]}\n")
    own, merged = faults(file)
    assert own.sentence == (
        f"the key `x` stands here a second time; the first is at {file}:2:10, "
        "which `<<` brings in here"
    )
    assert (own.place.line, own.place.column) == (3, 15)
    assert (merged.place.line, merged.place.column) == (4, 11)


@given(st.text(alphabet="ab:-[]{}&*!<>|'\"#%@,?\n\t 0.~é\x00\x85\ud800", max_size=40))
@OPTIONS
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text of any kind leads to another exception than ours."""
    with suppress(lg.WorkflowError):
        read_value(text)


@given(st.binary(max_size=60))
@settings(OPTIONS, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    """No file's content leads to another exception than ours, whole or behind a beginning."""
    file = tmp_path / "workflow.yaml"
    for beginning in (b"", b"config:\n  a: "):
        file.write_bytes(beginning + content)
        for fault in lg.validate(file):
            assert isinstance(fault, lg.Fault)


def test_keys_that_stand_twice_hide_no_other_fault(tmp_path: Path) -> None:
    """They are told together with what is wrong with the rest of the document."""
    file = tmp_path / "w.yaml"
    file.write_text("component: {1st: Toy}\nconfig: {a: 1, a: 2}\nblock: {}\n", encoding="utf-8")
    assert [fault.code for fault in faults(file)] == ["LG303", "LG104", "LG302"]


def test_parts_of_dictionaries_that_are_repeated_are_counted() -> None:
    """What stands at many places of a dictionary is bounded as aliases of a file are."""
    part: Any = [1]
    for _ in range(20):
        part = [part, part]
    (fault,) = faults({"config": {"a": part}})
    assert (fault.code, fault.sentence) == (
        "LG106",
        "the document has more than 10,000 values that exist by repetition alone",
    )
    shared = {"x": 1}
    conf = {"config": {f"k{number}": shared for number in range(5_000)}}
    assert lg.plan(conf, limits=lg.Limits(alias_values=5_000)).order == ["runner"]


def test_long_paths_of_overrides_are_as_deep_as_documents() -> None:
    """A dotted path makes no deeper document than a file could."""
    path = "config." + ".".join("a" * 3_000)
    (fault,) = faults({}, overrides={path: 1})
    assert fault.code == "LG106"
    assert lg.plan({}, overrides={"config.a.b": 1}, limits=lg.Limits(depth=3)).order == ["runner"]
    assert faults({}, overrides={"config.a.b": 1}, limits=lg.Limits(depth=2))


def test_overrides_of_one_path_and_another_are_not_mixed(tmp_path: Path) -> None:
    """What an override replaces is what stands at its own keys."""
    for name in ("base", "prod"):
        text = f"train: {{config: {{y: {name}}}}}\npipeline: {{train: T}}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    files = [tmp_path / "base.yaml", tmp_path / "prod.yaml"]
    found = lg.validate(*files, overrides={"train.config.y": "$nope.d", "train": 5})
    (fault,) = [fault for fault in found if fault.place and fault.place.trail == "train"]
    assert fault.place is not None
    chain = str(fault).splitlines()[1]
    assert chain == f"    from --set: train, which overrides {files[1]}:1:8"


@pytest.mark.parametrize("name", ["size", "depth", "alias_values"])
@pytest.mark.parametrize("value", [0, -1, 1.5, True, "8"])
def test_limits_are_whole_numbers_above_nothing(name: str, value: Any) -> None:
    """A limit that would protect nobody, or refuse everything, is refused at once."""
    with pytest.raises(ValueError, match=f"`{name}`"):
        lg.Limits(**{name: value})


# Aliases and merges ---------------------------------------------------------------------------


def test_values_of_aliases_are_not_shared() -> None:
    """Changing what one integration was given changes nothing for another."""
    text = "config: {a: &a {x: [1]}, b: *a}\n"
    config = read(text)["config"]
    config["a"]["x"].append(2)
    assert config["b"] == {"x": [1]}


def test_anchors_can_be_used_again() -> None:
    """An alias means the nearest anchor of its name before it."""
    assert read("a: &x 1\nb: *x\nc: &x {d: 2}\ne: *x\n") == {
        "a": 1, "b": 1, "c": {"d": 2}, "e": {"d": 2},
    }  # fmt: skip


def test_anchors_can_be_used_again_within_their_value(tmp_path: Path) -> None:
    """The nearest anchor counts also where the one before it is not at its end, or in a circle."""
    assert read("a: &x [&x 1, *x]\nb: *x\nc: &y {d: &y {e: 2}, f: *y}\n") == {
        "a": [1, 1], "b": 1, "c": {"d": {"e": 2}, "f": {"e": 2}},
    }  # fmt: skip
    file = tmp_path / "w.yaml"
    for value in ("1", "[1]", "{b: 1}"):
        text = (
            f"integration_framework: {{runner: &x {{y: *x}}}}\nconfig: {{a: &x {value}, c: *x}}\n"
        )
        file.write_text(text, encoding="utf-8")
        assert [fault.code for fault in lg.validate(file)] == ["LG203"]


def test_a_second_merge_in_one_mapping_is_refused(tmp_path: Path) -> None:
    """`<<` is a key that may stand once; the second one is told with the place of the first."""
    fault = fault_of(tmp_path, "config:\n  a: &a {x: 1}\n  c: {<<: *a, <<: *a}\n")
    assert (fault.code, fault.place.line, fault.place.column) == ("LG104", 3, 15)
    assert "`<<` stands here a second time" in fault.sentence


def test_merge_keys_can_be_quoted_away() -> None:
    """A quoted `<<` is a key like another."""
    assert read("a: &a {x: 1}\nb: {'<<': *a}\n")["b"] == {"<<": {"x": 1}}


def test_merged_keys_keep_their_places(tmp_path: Path) -> None:
    """A fault of a merged value is shown where the value is written."""
    text = "pipeline: {a: Toy, b: Toy}\na: &a\n  component:\n    1st: Toy\nb:\n  <<: *a\n"
    fault = fault_of(tmp_path, text)
    assert (fault.code, fault.place.line, fault.place.column) == ("LG303", 4, 5)


def test_merged_keys_stay_numbers() -> None:
    """Keys that are no text are none in the mapping that merges them, beside its own."""
    assert read("a: &a {w: &w {1: x, 2.5: y}}\nb: {<<: *w, 3: z}\nc: {w: {<<: *w, k: 4}}\n") == {
        "a": {"w": {1: "x", 2.5: "y"}},
        "b": {3: "z", 1: "x", 2.5: "y"},
        "c": {"w": {"k": 4, 1: "x", 2.5: "y"}},
    }


def test_alias_of_text_is_a_key() -> None:
    """A scalar's alias can stand where a key does."""
    assert read("a: &k key\nb: {*k : 1}\n") == {"a": "key", "b": {"key": 1}}


def test_recursive_merge_is_refused() -> None:
    """A mapping cannot merge itself."""
    with pytest.raises(lg.WorkflowError, match="LG108"):
        read("a: &a {<<: *a}\n")


def test_circle_of_layers_cannot_be_used_as_a_value(tmp_path: Path) -> None:
    """What the framework ties in a knot is refused elsewhere, however it is named."""
    knot = "integration_framework:\n  runner: &a\n    x: &b\n      y: *a\n    z: &c {w: *b}\n"
    for alias in "abc":
        fault = fault_of(tmp_path, f"{knot}config:\n  v: *{alias}\n")
        assert (fault.code, fault.place.line) == ("LG108", 7)


@pytest.mark.parametrize("widths", [[10] * 9, [2] * 40, [1000, 1000, 1000]])
def test_alias_bombs_are_refused(tmp_path: Path, widths: list[int]) -> None:
    """A document that would explode is refused without being expanded."""
    text = "config:\n  a0: &a0 [x, x]\n"
    for number, width in enumerate(widths, start=1):
        items = ", ".join([f"*a{number - 1}"] * width)
        text += f"  a{number}: &a{number} [{items}]\n"
    assert fault_of(tmp_path, text).code == "LG106"


def test_many_small_aliases_are_fine() -> None:
    """A default that hundreds of blocks use is no bomb."""
    text = "d: &d {a: 1, b: 2}\n" + "".join(f"k{n}: *d\n" for n in range(1000))
    assert read(text)["k999"] == {"a": 1, "b": 2}


# Limits and bad files -------------------------------------------------------------------------


@pytest.mark.parametrize("bracket", ["[", "{a: ", "- ", "{? "])
def test_depth_bombs_do_not_crash_python(tmp_path: Path, bracket: str) -> None:
    """A million levels are refused by a living interpreter."""
    file = tmp_path / "bomb.yaml"
    file.write_text("config: " + bracket * 1_000_000, encoding="utf-8")
    code = "import sys, lolpop_graph as lg; print([f.code for f in lg.validate(sys.argv[1])])"
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in {"['LG106']", "['LG103']", "['LG109']"}


def test_depth_has_a_limit_that_is_far_away() -> None:
    """A hundred levels are read, and one more is not."""
    assert read("x: " + "[" * 99 + "]" * 99)
    with pytest.raises(lg.WorkflowError, match="levels of nesting"):
        read("x: " + "[" * 100 + "]" * 100)


def test_limits_are_whole_numbers_above_0() -> None:
    """A limit may be 1, and what would protect nobody is a fault of the call."""
    assert read_text(Source("text", "a: {}"), 0, Limits(1, 2, 1)) == ({"a": {}}, [])
    for wrong in ({"size": 0}, {"depth": -1}, {"alias_values": 1.5}, {"depth": True}):
        (name,) = wrong
        with pytest.raises(ValueError, match=f"limit `{name}` must be a whole number above 0"):
            Limits(**wrong)
    with pytest.raises(ValueError, match="limit `depth` must be at most 200"):
        Limits(depth=201)
    assert Limits(depth=200)


MANY = list(range(200))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("config: " + "{a: " * 100 + "}" * 100, "depth"),
        ({"config": {"x": json.loads("[" * 99 + "]" * 99)}}, "depth"),
        (f"config: {{a: &a [{'x, ' * 200}], b: [{'*a, ' * 60}]}}", "alias_values"),
        ({"config": {"x": [MANY] * 60}}, "alias_values"),
    ],
)
def test_limits_can_be_raised(tmp_path: Path, content: Any, name: str) -> None:
    """The cure names the limit that is met, and with a higher one the document is read."""
    conf = content
    if isinstance(content, str):
        conf = tmp_path / "w.yaml"
        conf.write_text(content, encoding="utf-8")
    (fault,) = faults(conf)
    assert f"lg.Limits({name}=...) or --limit {name}=..." in fault.cure
    assert not lg.validate(conf, limits=Limits(depth=200, alias_values=20_000))


def test_large_files_are_not_read(tmp_path: Path) -> None:
    """A file beyond the limit is refused by its size."""
    file = tmp_path / "large.yaml"
    with file.open("wb") as opened:
        opened.truncate(Limits().size + 1)
    (fault,) = faults(file)
    assert fault.sentence == "the document has more than 67,108,864 bytes"


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        ("# é é é\nconfig: {a: b\0}\n", "LG103", (2, 14)),
        ("config: {a: 1}\n".encode("utf-16"), "LG102", (1, 1)),
        ("config: {a: 1}\n".encode("utf-16-le"), "LG103", (1, 2)),
        ("a: é\nconfig: é".encode("latin-1"), "LG102", (1, 4)),
        ("", "LG107", (1, 1)),
        ("# nothing\n", "LG107", (1, 1)),
        ("---\n", "LG107", (1, 1)),
        ("just text", "LG107", (1, 1)),
        ("- a\n", "LG107", (1, 1)),
        ("config: {}\n---\nconfig: {}\n", "LG103", (2, 1)),
        ("config: {a: *nobody}\n", "LG103", (1, 13)),
        ("config: &a [*a]\n", "LG108", (1, 13)),
        ("config: {[a]: b}\n", "LG109", (1, 10)),
        ("config: {{a: b}: c}\n", "LG109", (1, 10)),
        ("config: {<<: [1]}\n", "LG111", (1, 14)),
        ("config: !!set {a}\n", "LG105", (1, 9)),
        ("config: {a: !Secret x}\n", "LG105", (1, 13)),
        ("config: {!secret a: x}\n", "LG105", (1, 10)),
        ("config: {a: !!binary aGk=}\n", "LG105", (1, 13)),
        ("config: {!!python/tuple a: x}\n", "LG105", (1, 10)),
    ],
)
def test_bad_files_have_one_fault(
    tmp_path: Path, content: str | bytes, code: str, place: tuple[int, int]
) -> None:
    """Each malformed file gets one fault, with line and column."""
    fault = fault_of(tmp_path, content)
    assert fault.code == code
    assert (fault.place.line, fault.place.column) == place


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("config: {a: b\0}\n", "this is not YAML: control characters are not allowed"),
        ("config: [1\n", "this `[` is not closed where it should be"),
        ("config: {a: !!int x}\n", "the value here is not what the tag `!!int` says"),
        ("config: {a: !!binary aGk=}\n", "the tag `!!binary` is not allowed here"),
        ("- a\n", "a workflow must be a mapping and is a list"),
        ("1.5\n", "a workflow must be a mapping and is a number"),
        ("config: {}\n---\n", "this is not YAML: a second document begins here"),
        ("config: *x\n", "this is not YAML: there is no anchor `&x` before this alias"),
    ],
)
def test_bad_files_are_told_in_words(tmp_path: Path, content: str, sentence: str) -> None:
    """What is wrong is said in one plain sentence."""
    assert sentence in fault_of(tmp_path, content).sentence


@pytest.mark.parametrize(
    ("value", "sentence", "at"),
    [
        ("b\0}", "this is not YAML: special characters are not allowed", (2, 14)),
        ('"\\U00110000"', "this is not YAML: the text is not readable", (1, 1)),
        ("[1\n", "this is not YAML: expected ',' or ']', but got", (3, 1)),
    ],
)
def test_the_parser_in_python_says_the_same(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    value: str,
    sentence: str,
    at: tuple[int, int],
) -> None:
    """Where PyYAML came without its parser in C, faults are as exact."""
    monkeypatch.setattr(reader, "Parser", yaml.SafeLoader)
    fault = fault_of(tmp_path, f"# é é\nconfig: {{a: {value}")
    assert sentence in fault.sentence
    assert (fault.place.line, fault.place.column) == at


def test_duplicates_are_all_reported() -> None:
    """Every key that stands twice is found in one go, each with both places."""
    with pytest.raises(lg.WorkflowError) as caught:
        read("a: {x: 1, x: 2}\nb: 1\n'b': 2\n1: x\n'1': y\n")
    found = [(str(fault.place), str(fault.first)) for fault in caught.value.faults]
    assert found == [
        ("text:1:11", "text:1:5"), ("text:3:1", "text:2:1"), ("text:5:1", "text:4:1"),
    ]  # fmt: skip


def test_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    """A file that an editor marked as UTF-8 is read, and its columns count from the text."""
    file = tmp_path / "workflow.yaml"
    file.write_bytes("\ufeffcomponent: {1st: Toy}\n".encode())
    (fault,) = faults(file)
    assert (fault.place.line, fault.place.column) == (1, 13)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_places_count_lines_as_yaml_does(tmp_path: Path, end: str) -> None:
    """Lines and columns are right with every kind of line end and beyond the basic plane."""
    file = tmp_path / "workflow.yaml"
    lines = ["# 𝄞 é", "component:", "  a: Toy # 𝄞", "  1st: Toy", ""]
    file.write_bytes(end.join(lines).encode())
    (fault,) = faults(file)
    assert (fault.place.line, fault.place.column, fault.place.snippet) == (4, 3, "  1st: Toy")


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """A folder, a missing file, a pipe that nobody writes to and impossible names do not hang."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for conf in (tmp_path, tmp_path / "missing.yaml", pipe, loop, "a\0b", "x" * 5_000, ""):
        (fault,) = faults(conf)
        assert fault.code == "LG101"


def test_faults_of_all_files_are_found_together(tmp_path: Path) -> None:
    """Two unreadable layers are two faults."""
    file = tmp_path / "list.yaml"
    file.write_text("- a\n", encoding="utf-8")
    assert [fault.code for fault in faults(tmp_path, file)] == ["LG101", "LG107"]


# Python mappings ------------------------------------------------------------------------------


class Loose(Mapping[Any, Any]):
    """A mapping that is no dictionary."""

    def __init__(self, **data: Any) -> None:
        """Keep the data."""
        self.data = data

    def __getitem__(self, key: Any) -> Any:
        """Look it up."""
        return self.data[key]

    def __iter__(self) -> Iterator[Any]:
        """Go through the keys."""
        return iter(self.data)

    def __len__(self) -> int:
        """Count the keys."""
        return len(self.data)


class Foreign:
    """A value of a library, which compares in its own way."""

    def __eq__(self, other: object) -> Any:
        """Refuse to be compared, as arrays do."""
        raise ValueError("the truth of this is ambiguous")

    __hash__ = None  # type: ignore[assignment]


def test_python_keys_become_the_text_of_yaml() -> None:
    """Numbers, truth and None are keys as a file would write them, and typed within configs."""
    weights = {0: 1.0, True: 2, None: 3, "x": 4, 0.5: 5}
    conf = {
        "config": {"weights": weights},
        "integration_framework": {"runner": {7: None, None: {}}},
    }
    plan = lg.plan(conf | {"7": {"a": "Toy"}, None: {"b": "Toy"}})
    assert plan.order == ["runner", "runner.a", "runner.b"]
    assert config_of({"config": {"weights": weights}}) == {"weights": weights}


def test_only_what_stands_twice_is_counted() -> None:
    """A value that is given at two places does not make those after it count as repeated."""
    shared = {"x": [1]}
    config = {"a": shared, "b": shared} | {f"k{number}": number for number in range(10_001)}
    config["last"] = {}
    assert config_of({"config": config}) == config


def test_repeated_values_have_a_limit() -> None:
    """What stands at many places is counted at each, the first one apart."""
    many = list(range(200))
    assert config_of({"config": {f"k{number}": many for number in range(50)}})["k49"] == many
    (fault,) = faults({"config": {f"k{number}": many for number in range(60)}})
    assert fault.sentence == (
        "the document has more than 10,000 values that exist by repetition alone"
    )


def test_any_mapping_is_a_mapping() -> None:
    """A Mapping that is no dictionary, and a proxy of one, mean the same."""
    conf = Loose(component=MappingProxyType({"a": "Toy"}), a=Loose(config={"x": (1, [2])}))
    with lg.build(conf, classes=exported()) as workflow:
        assert workflow.root.a.config == {"x": [1, [2]]}


def test_foreign_values_are_passed_on() -> None:
    """A value that no file could hold reaches the integration as it is."""
    foreign = Foreign()
    assert config_of({"config": {"x": foreign}})["x"] is foreign


def test_self_containing_values_are_refused() -> None:
    """A dictionary or list within itself is a fault and no recursion."""
    circle: dict[str, Any] = {}
    circle["a"] = circle["b"] = circle
    ring: list[Any] = []
    ring.append(ring)
    for config in (circle, {"x": ring}):
        (fault,) = faults({"config": config})
        assert fault.sentence == "the document has more than 100 levels of nesting"
        assert len(str(fault)) < 240


@pytest.mark.parametrize("key", [(1, 2), b"bytes", frozenset()])
def test_other_keys_are_refused(key: object) -> None:
    """A key that is no scalar has no text."""
    (fault,) = faults({"config": {key: 1}})
    assert (fault.code, fault.place.trail) == ("LG109", "config")


def test_keys_with_one_text_are_twice_the_same() -> None:
    """`1` and `"1"` are one key of a document."""
    (fault,) = faults({"config": {1: "a", "1": "b"}})
    assert fault.code == "LG104"


def test_the_callers_dictionary_is_left_alone() -> None:
    """Planning, overriding and resolving change nothing that was given."""
    inner = {"metric": "$config.other", "other": 1}
    conf = {"config": inner, "component": {"a": "Toy"}}
    lg.plan(conf, {"config": {"more": 1}}, overrides={"config.x.y": 2})
    assert conf == {"config": inner, "component": {"a": "Toy"}}
    assert inner == {"metric": "$config.other", "other": 1}


# Overlays and overrides -----------------------------------------------------------------------


def test_later_layers_win() -> None:
    """Mappings merge, all else replaces, and null is a value."""
    lower = {"config": {"a": {"x": 1, "y": 2}, "b": [1, 2], "c": 3, "d": {"e": 1}, "f": 1}}
    upper = {"config": {"a": {"y": 3, "z": 4}, "b": [9], "d": 5, "f": None}}
    assert config_of(lower, upper) == {
        "a": {"x": 1, "y": 3, "z": 4}, "b": [9], "c": 3, "d": 5, "f": None,
    }  # fmt: skip


def test_layers_can_be_a_list() -> None:
    """Several layers may come as one list."""
    assert config_of([{"config": {"a": 1}}, {"config": {"b": 2}}]) == {"a": 1, "b": 2}


def test_order_of_a_section_stays() -> None:
    """A replaced class keeps its place, and a new one goes to the end."""
    lower = {"component": {"c": "Toy", "a": "Toy", "b": "Toy"}}
    upper = {"component": {"z": "Toy", "b": "OtherToy", "c": "OtherToy"}}
    plan = lg.plan(lower, upper)
    assert plan.order == ["runner", "runner.c", "runner.a", "runner.b", "runner.z"]
    classes = [integration.class_name for integration in plan.integrations]
    assert classes == [None, "OtherToy", "Toy", "OtherToy", "Toy"]


def test_places_are_those_of_the_winning_layer(tmp_path: Path) -> None:
    """An integration is declared where its class was last written."""
    lower, upper = tmp_path / "lower.yaml", tmp_path / "upper.yaml"
    lower.write_text("component:\n  a: Toy\n  b: Toy\n", encoding="utf-8")
    upper.write_text("# over\n\ncomponent: {b: OtherToy}\n", encoding="utf-8")
    plan = lg.plan(lower, upper)
    places = [plan.place(integration) for integration in plan.integrations[1:]]
    assert [(Path(place.file).name, place.line) for place in places] == [
        ("lower.yaml", 2),
        ("upper.yaml", 3),
    ]


def test_places_say_what_they_override(tmp_path: Path) -> None:
    """What a layer or an override replaces is told with its place, one below the other."""
    lower, upper = tmp_path / "lower.yaml", tmp_path / "upper.yaml"
    lower.write_text("component:\n  a: Toy\n", encoding="utf-8")
    upper.write_text("component: {a: Toy}\n", encoding="utf-8")
    (fault,) = lg.validate(lower, upper, overrides={"component.a": {"x": 1}})
    assert str(fault.place) == "--set: component.a"
    assert (fault.place.overrides.line, fault.place.overrides.column) == (1, 16)
    assert (fault.place.overrides.overrides.line, fault.place.overrides.overrides.column) == (2, 6)


def test_typed_keys_of_all_layers_are_kept() -> None:
    """A mapping of several layers has the numbers of each as keys."""
    lower, upper = {"config": {"w": {0: "a", 1: "b"}}}, {"config": {"w": {1: "c", 2: "d"}}}
    assert config_of(lower, upper) == {"w": {0: "a", 1: "c", 2: "d"}}
    assert config_of(lower, {"config": {"w": {"x": 1}}}) == {"w": {0: "a", 1: "b", "x": 1}}


def test_lower_layers_are_not_changed_by_upper_ones(tmp_path: Path) -> None:
    """An alias in one layer does not carry an override to its other uses."""
    file = tmp_path / "w.yaml"
    file.write_text("config: {a: &a {x: 1}, b: *a}\n", encoding="utf-8")
    assert config_of(file, {"config": {"a": {"x": 2}}}) == {"a": {"x": 2}, "b": {"x": 1}}
    assert config_of(file, overrides={"config.a.x": 2}) == {"a": {"x": 2}, "b": {"x": 1}}


def test_overrides_set_single_values() -> None:
    """An override replaces, adds, and makes the mappings on its way."""
    conf = {"config": {"a": 1, "m": {"x": 1}}, "component": {"t": "Toy"}}
    overrides = {
        "config.a": [1],
        "config.m.y": None,
        "config.n.o.p": {"q": 1},
        "component.u": "Toy",
    }
    assert config_of(conf, overrides=overrides) == {
        "a": [1], "m": {"x": 1, "y": None}, "n": {"o": {"p": {"q": 1}}},
    }  # fmt: skip
    assert lg.plan(conf, overrides=overrides).order == ["runner", "runner.t", "runner.u"]


def test_override_replaces_a_mapping_whole() -> None:
    """An override is a single value, also where it is a mapping."""
    assert config_of({"config": {"m": {"x": 1}}}, overrides={"config.m": {"y": 2}}) == {
        "m": {"y": 2}
    }


def test_faults_of_overrides_show_the_override() -> None:
    """A fault in an override has the keys that lead to it, whatever it holds."""
    overrides = {
        "config.a": 1,
        "component": {"a": "Toy", "1st": "Toy", "b": {"c": 1}},
        "config.a.b": 2,
    }
    (fault,) = faults({}, overrides=overrides)
    assert str(fault.place) == "--set: config.a.b"
    assert fault.sentence == "`config.a.b` cannot be set: `config.a` is no mapping"
    (fault,) = faults({}, overrides={"config.a": 1, "config.a.b.c": 2})
    assert fault.sentence == "`config.a.b.c` cannot be set: `config.a` is no mapping"
    del overrides["config.a.b"]
    places = [str(fault.place) for fault in faults({}, overrides=overrides)]
    assert places == ["--set: component.1st", "--set: component.b"]


def test_overrides_have_odd_names() -> None:
    """Line ends and halves of characters in an override's name do no harm."""
    found = faults({}, overrides={"a\nb": 1, "c\u2028d\x85": 2, "e\ud800": 3, "f": "\n"})
    assert [fault.place.trail for fault in found] == ["a\nb", "c\u2028d\x85", "e\ud800", "f"]
    assert all(len(str(fault).splitlines()) == 2 for fault in found)


def test_override_values_keep_typed_keys() -> None:
    """A mapping that is read from a command line keeps its numbers as keys."""
    value = read_value("{0: 1.0, x: {1: 2}}")
    assert config_of({}, overrides={"config.w": value}) == {"w": {0: 1.0, "x": {1: 2}}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("8", 8), ("auc", "auc"), ("", None), ("[1, a]", [1, "a"]), ("{a: 1}", {"a": 1}), ("on", "on"),
     ("'8'", "8"), ("1e3", 1000.0), ("a: b", {"a": "b"}), ("# x", None), ("é", "é")],
)  # fmt: skip
def test_values_of_the_command_line_are_yaml(text: str, expected: object) -> None:
    """What stands behind an equals sign is read as a document's value."""
    assert plain(read_value(text)) == expected


@pytest.mark.parametrize(
    "text", ["[1", "*x", "!!python/name:os.system", "a\0", "\udcff", "[" * 9_999]
)
def test_bad_values_of_the_command_line_are_refused(text: str) -> None:
    """What is no YAML is a fault, with a place in the text."""
    with pytest.raises(lg.WorkflowError) as caught:
        read_value(text)
    assert caught.value.faults[0].place.line == 1


def test_document_names_its_sources(tmp_path: Path) -> None:
    """A document is called after all that it is made of."""
    file = tmp_path / "w.yaml"
    file.write_text("config: {}\n", encoding="utf-8")
    document = read_document([file, {"config": {}}], {"config.a": 1})
    assert document.name == f"{file} + conf + --set"
