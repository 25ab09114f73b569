"""What every fault says: golden messages, and what holds for all of them."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

import lolpop_graph as lg
from lolpop_graph import faults
from lolpop_graph.errors import Severity, in_order
from lolpop_graph.model import Place
from tests.toys import exported

FAULTS = Path(__file__).parent.parent / "fixtures" / "faults"
CASES = sorted(case.name for case in FAULTS.iterdir())
KINDS = [kind for kind in vars(faults).values() if inspect.isclass(kind)]
KINDS = [kind for kind in KINDS if issubclass(kind, lg.Fault) and kind is not lg.Fault]
SECRET = "hunter2-correct-horse"


def faults_of(*confs: Any, **options: Any) -> tuple[lg.Fault, ...]:
    """The faults that building a workflow meets."""
    try:
        lg.build(*confs, classes=exported(), **options).close()
    except lg.WorkflowError as error:
        return error.faults
    return ()


def files_of(case: str) -> list[str]:
    """The files of a case, the lowest layer first."""
    return sorted((path.name for path in (FAULTS / case).glob("*.yaml")), reverse=True)


@pytest.mark.parametrize("case", CASES)
def test_messages_are_golden(
    case: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Each faulty workflow gets exactly the messages that are written beside it."""
    monkeypatch.chdir(FAULTS / case)
    found = "".join(f"{fault}\n" for fault in faults_of(*files_of(case)))
    expected = Path("expected_error.txt")
    if request.config.getoption("--update-golden", default=False):
        expected.write_text(found, encoding="utf-8")
    if "LG103" in found and not yaml.__with_libyaml__:
        pytest.skip("the parser in Python has words of its own")
    assert found == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_every_message_has_place_and_sentence(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each fault of a file has its line and column, and a caret under a character of the line."""
    monkeypatch.chdir(FAULTS / case)
    found = faults_of(*files_of(case))
    assert found
    for fault in found:
        place = fault.place
        assert place is not None
        assert place.file in files_of(case)
        assert place.line >= 1
        assert place.column >= 1
        assert len(fault.sentence.splitlines()) == 1
        assert not fault.sentence.endswith(".")
        assert len(str(fault).splitlines()) <= (5 if place.overrides else 4)


@pytest.mark.parametrize("case", CASES)
def test_faults_stand_in_the_order_of_the_files(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults come file by file, and in each from top to bottom."""
    monkeypatch.chdir(FAULTS / case)
    places = [fault.place for fault in faults_of(*files_of(case))]
    names = [place.file for place in places if place]
    keys = [(names.index(p.file), p.line, p.column) for p in places if p]
    assert keys == sorted(keys)


@pytest.mark.parametrize("case", CASES)
def test_validate_finds_what_build_raises(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that needs no constructor is found by `validate` as well, and in the same words."""
    monkeypatch.chdir(FAULTS / case)
    raised = [fault for fault in faults_of(*files_of(case)) if fault.code != "LG701"]
    found = lg.validate(*files_of(case), classes=exported(), find_classes=True)
    errors = [str(fault) for fault in found if fault.severity is Severity.ERROR]
    assert errors == [str(fault) for fault in raised]


def test_faults_are_data_for_machines() -> None:
    """A fault is a dictionary of plain values."""
    (fault,) = faults_of({"component": {"1st": "Toy"}})
    assert json.loads(json.dumps(fault.as_dict())) == {
        "code": "LG303",
        "severity": "error",
        "file": "conf",
        "line": 0,
        "column": 0,
        "trail": "component.1st",
        "overrides": None,
        "sentence": "`1st` cannot be an integration's name, since it becomes an attribute",
        "cure": fault.cure,
    }


def test_codes_are_unique() -> None:
    """No two kinds of faults share a code, and every code is of one form."""
    codes = [kind.code for kind in KINDS]
    assert len(set(codes)) == len(codes) > 30
    assert all(code.startswith("LG") and len(code) == 5 for code in codes)


def test_every_kind_says_what_it_is() -> None:
    """Each kind of fault has words of its own, and a docstring."""
    for kind in KINDS:
        assert "sentence" in vars(kind)
        assert kind.__doc__


def test_faults_without_a_place_come_last() -> None:
    """A fault that stands nowhere follows those that stand somewhere."""
    nowhere = faults.FrameworkEmpty()
    late = faults.FrameworkEmpty(place=Place("a.yaml", 9, 1))
    early = faults.FrameworkEmpty(place=Place("a.yaml", 2, 7))
    assert in_order([nowhere, late, early]) == [early, late, nowhere]


def test_what_a_fault_causes_is_not_reported() -> None:
    """A section that is misspelt or malformed, or a name with two meanings, is one fault."""
    for conf, code in (
        ({"componnet": {"a": "Toy"}, "a": {"config": {}}}, "LG301"),
        ({"component": ["a"], "a": {"config": {}}}, "LG107"),
        ({"component": {"a": "Toy"}, "pipeline": {"a": "Toy"}, "a": {"component": {}}}, "LG305"),
        ({"component": {"pipeline": "Toy"}, "pipeline": {"train": "Toy"}}, "LG304"),
        ({"component": {"1st": "Toy"}, "1st": {"config": {"a": 1}}}, "LG303"),
        ({"component": {"a": None}, "a": {"config": {"a": 1}}}, "LG306"),
    ):
        assert [fault.code for fault in faults_of(conf)] == [code]


def test_overlay_faults_are_not_mixed(tmp_path: Path) -> None:
    """The faults of two files are listed one file after the other."""
    lower, upper = tmp_path / "lower.yaml", tmp_path / "upper.yaml"
    lower.write_text("component:\n  1st: Toy\n  a: Toy\n  b: Toy\n  2nd: Toy\n", encoding="utf-8")
    upper.write_text("pipeline:\n  a: Toy\n  3rd: Toy\n", encoding="utf-8")
    found = [fault.place.file for fault in faults_of(lower, upper) if fault.place]
    assert found == [str(lower)] * 2 + [str(upper)] * 2


def test_config_values_are_no_part_of_sentences() -> None:
    """Values of a config, which may be secrets, are not repeated when something is wrong."""
    config = {"password": SECRET, "Password": SECRET, "target": [SECRET]}
    conf = {"config": config, "component": {"config": SECRET, "a": "Toy"}, "a": {"config": SECRET}}
    for document in (conf, {"config": SECRET}, {"config": {"x": "x${config.y}", "y": [SECRET]}}):
        found = faults_of(document)
        assert found
        assert SECRET not in "".join(map(str, found))


def test_secrets_of_requirements_stay_secret() -> None:
    """A class that lacks something does not show what its config holds."""
    conf = {"component": {"needy": "Demanding"}, "config": {"password": SECRET}}
    found = faults_of(conf)
    assert [fault.code for fault in found] == ["LG601", "LG602"]
    assert SECRET not in str(found) + "".join(map(str, found))


def test_control_characters_do_not_reach_the_terminal() -> None:
    """A name with an escape sequence is shown without it."""
    found = faults_of({"component": {"\x1b[31mred\nline": "Toy"}})
    text = "".join(map(str, found))
    assert "\x1b" not in text
    assert len(text.splitlines()) == 2


def test_long_lines_are_cut_around_the_caret(tmp_path: Path) -> None:
    """A very long line is shown in part, and the caret still points at the right character."""
    file = tmp_path / "long.yaml"
    keys = ", ".join(f"key_{number}: {number}" for number in range(500))
    file.write_text(f"config: {{{keys}, metric: $config.metrics}}\n", encoding="utf-8")
    (fault,) = faults_of(file)
    _, line, caret, *_ = str(fault).splitlines()
    assert len(line) < 200
    assert line[caret.index("^") :].startswith("$config.metrics")


def test_long_references_are_cut() -> None:
    """A fault that quotes a very long text stays readable."""
    (fault,) = faults_of({"config": {"x": "$config." + "y" * 9_000}})
    assert len(fault.sentence) < 300


def test_endless_names_are_cut() -> None:
    """A message stays readable whatever a name in it is like."""
    (fault,) = faults_of({"component": {"1" * 100_000: "Toy"}})
    assert len(str(fault)) < 5_000


def test_the_error_is_one_exception_with_all_faults() -> None:
    """The exception's text is that of its faults."""
    with pytest.raises(lg.WorkflowError) as caught:
        lg.plan({"component": {"1st": "Toy", "2nd": "Toy"}})
    assert str(caught.value) == "\n".join(map(str, caught.value.faults))
    assert len(caught.value.faults) == 2
