"""Hostile workflow files: nothing but our own faults comes out, soon and in little memory."""

from __future__ import annotations

import resource
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lolpop_graph as lg
from tests.fuzz.examine import examine
from tests.fuzz.grammar import hostile
from tests.fuzz.run import run, show

INPUTS = 2_000
OUTCOMES = {
    "fine", "LG102", "LG103", "LG104", "LG105", "LG106", "LG107", "LG108", "LG109", "LG111",
    "LG201", "LG202", "LG301", "LG302", "LG303", "LG306", "LG307", "LG401", "LG402", "LG403",
    "LG404", "LG405",
}  # fmt: skip
"""What a run that is worth its name must have met."""


@pytest.mark.parametrize("parser", ["c", "python"])
def test_thousands_of_hostile_inputs_have_our_faults(parser: str) -> None:
    """No traceback, no crash, no hang: each input is bounded in time and memory by its worker."""
    findings = run(INPUTS if parser == "c" else INPUTS // 10, seed=1, jobs=2, parser=parser)
    for seed, said in findings.failures[:3]:
        show(seed, said)
    assert not findings.failures
    assert set(findings.outcomes) >= (OUTCOMES if parser == "c" else {"fine"}), findings


@pytest.fixture(scope="module", name="file")
def file_to_write(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file for all inputs of a test."""
    return tmp_path_factory.mktemp("hostile") / "workflow.yaml"


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(dice=st.randoms(use_true_random=False))
def test_drawn_inputs_have_our_faults(file: Path, dice: Random) -> None:
    """The same grammar with dice that know how to make a failure smaller."""
    assert examine(file, hostile(dice))


def test_inputs_are_the_same_again() -> None:
    """A seed that failed leads to its input again."""
    assert [hostile(Random(seed)) for seed in range(50)] == [
        hostile(Random(seed)) for seed in range(50)
    ]


# Depth ----------------------------------------------------------------------------------------

MILLION = 10**6
DEEP: dict[str, Callable[[int], str]] = {
    "lists": lambda n: "[" * n,
    "closed lists": lambda n: "a: " + "[" * n + "]" * n,
    "mappings": lambda n: "{a: " * n,
    "mappings of lists": lambda n: "[{a: " * (n // 2),
    "dashes": lambda n: "- " * n,
    "dashes below a key": lambda n: "a:\n  " + "- " * n + "x",
    "question marks": lambda n: "? " * n,
    "flow question marks": lambda n: "{? " * n,
    "tags": lambda n: "!!map {a: " * (n // 2),
    "anchors": lambda n: "".join(f"&a{number} [" for number in range(n // 4)),
    "one anchor": lambda n: "&a {a: " * (n // 2),
    "merges": lambda n: "{<<: " * (n // 2),
    "layers": lambda n: "integration_framework: " + "{a: " * n,
    "colons": lambda n: "a: " * n,
    "blocks": lambda n: "".join(f"{' ' * depth}a:\n" for depth in range(n // 500)),
    "blocks of dashes": lambda n: "".join(f"{' ' * depth}-\n" for depth in range(n // 500)),
}
READER = """
    import sys, yaml
    if sys.argv[2] == "python":
        del yaml.CSafeLoader
    import lolpop_graph as lg
    faults = lg.validate(sys.argv[1])
    assert str(faults[0])
    print(len(faults), faults[0].code)
"""


@pytest.mark.parametrize("parser", ["c", "python"])
@pytest.mark.parametrize("shape", DEEP.values(), ids=DEEP)
def test_a_million_levels_are_one_fault(
    tmp_path: Path, shape: Callable[[int], str], parser: str
) -> None:
    """Not a crash of the interpreter, which in this process would end the tests as well."""
    file = tmp_path / "deep.yaml"
    file.write_text(shape(MILLION), encoding="utf-8")
    command = [sys.executable, "-c", textwrap.dedent(READER), str(file), parser]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr[-500:]
    number, code = result.stdout.split()
    assert number == "1"
    assert code in {"LG103", "LG106", "LG109"}


# What costs more than it looks ----------------------------------------------------------------

ALL = "".join(f"${{config.k{n}}}" for n in range(100))
COSTLY: dict[str, Callable[[], str]] = {
    "names nearly those of thousands": lambda: (
        "component:\n" + "".join(f"  name_{n}: A\n" for n in range(2_000))
        + "".join(f"nome_{n}: {{config: {{a: 1}}}}\n" for n in range(2_000))
    ),
    "references nearly to thousands": lambda: (
        "config:\n" + "".join(f"  k{n}: 1\n  a{n}: $config.kk{n}\n" for n in range(2_000))
    ),
    "thousands of references to thousands of values": lambda: (
        f"config:\n  m: {{{', '.join(f'k{n}: 1' for n in range(5_000))}}}\n"
        + "".join(f"  a{n}: $config.m\n" for n in range(5_000))
    ),
    "thousands of keys twice": lambda: (
        "config:\n" + "".join(f"  k{n}: 1\n" for n in range(10_000)) * 2
    ),
    "a merge of thousands of keys": lambda: (
        "a: &a\n" + "".join(f"  k{n}: 1\n" for n in range(9_990)) + "b: {<<: *a}\n"
    ),
    "a text of texts of texts": lambda: (
        "config:\n  a0: xxxxxxxxxx\n"
        + "".join(f"  a{n + 1}: '{f'${{config.a{n}}}' * 300}'\n" for n in range(5))
    ),
    "a text of wide characters that doubles": lambda: (
        "config:\n  a0: 🎈\n"
        + "".join(f"  a{n + 1}: '{f'${{config.a{n}}}' * 2}'\n" for n in range(40))
    ),
    "a circle of thousands": lambda: (
        "config:\n" + "".join(f"  k{n}: $config.k{(n + 1) % 3_000}\n" for n in range(3_000))
    ),
    "everything refers to everything": lambda: (
        "config:\n" + "".join(f"  k{n}: '{ALL}'\n" for n in range(100))
    ),
    "thousands of hidden names": lambda: (
        "component: {x: A}\npipeline:\n" + "".join(f"  p{n}: A\n" for n in range(3_000))
        + "".join(f"p{n}: {{component: {{x: A}}}}\n" for n in range(3_000))
    ),
    "thousands of bad names in one line": lambda: (
        f"{{component: {{{', '.join(f'{n}x: A' for n in range(8_000))}}}}}\n"
    ),
    "thousands of references to nothing in one line": lambda: (
        f"config: {{{', '.join(f'a{n}: $nowhere{n}' for n in range(3_000))}}}\n"
    ),
    "thousands of secrets": lambda: (
        "config:\n" + "".join(f"  k{n}_password: hunter{n}x\n" for n in range(3_000))
        + "".join(f"  a{n}: $nowhere{n}\n" for n in range(500))
    ),
    "long names nearly alike": lambda: (
        f"component:\n  ? {'ab' * 50_000}\n  : A\n? {'ba' * 50_000}\n: {{component: {{b: A}}}}\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", COSTLY.values(), ids=COSTLY)
def test_small_files_cost_little(file: Path, text: Callable[[], str]) -> None:
    """What grows with the square of a file, or faster, is met by a limit or a better way."""
    content = text().encode()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert examine(file, content)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def test_numbers_that_cannot_be_written_stay_text(file: Path) -> None:
    """Python reads any hexadecimal number, and fails when it is to write it in decimals."""
    digits = "f" * 100_000
    file.write_text(f"config: {{a: 0x{digits}, b: '${{config.a}}!', c: 0o{'7' * 5_000}}}\n")
    config = lg.plan(file).document.root["config"]
    assert config["a"] == f"0x{digits}"
    assert config["b"] == f"0x{digits}!"
    assert isinstance(config["c"], str)
    file.write_text(f"config: {{a: 0x{'f' * 3_500}, b: '${{config.a}}!'}}\n")
    assert lg.plan(file).document.root["config"]["b"] == f"{16**3_500 - 1}!"


@pytest.mark.parametrize(
    "text",
    [
        "component: !secret\n  bomb: a bomb\n  tracker: Toy\n  tracker:~",
        "component: !secret {a: hunter2hunter2}\nhunter2hunter2: {hunter2hunter2: [a: ]",
    ],
)
def test_carets_stand_where_secrets_were_masked(file: Path, text: str) -> None:
    """A secret's text may stand in a key as well, and is masked there, before the caret."""
    assert examine(file, text.encode()) == "LG103"


NUMBER = 16**5_000


@pytest.mark.parametrize(
    ("conf", "codes"),
    [
        ({"config": {"a": NUMBER, "b": "x ${config.a}", "c": {NUMBER: 1}}}, []),
        ({"integration_framework": {NUMBER: {NUMBER: None}}}, ["LG204"]),
        ({"component": {"a": NUMBER}}, ["LG306"]),
        ({NUMBER: {"a": 1}}, ["LG302"]),
    ],
)
def test_numbers_from_python_may_be_of_any_size(conf: dict[Any, Any], codes: list[str]) -> None:
    """They are written as hexadecimal ones where a text is wanted."""
    faults = lg.validate(conf, overrides={"config.huge": NUMBER})
    assert [fault.code for fault in faults] == codes
    assert all(map(str, faults))


def test_tags_that_ask_for_too_much_are_refused(file: Path) -> None:
    """A number that is no float cannot be made one."""
    file.write_text(f"config: {{a: !!float {'9' * 4_000}}}\n")
    assert [fault.code for fault in lg.validate(file)] == ["LG105"]


def test_honest_workflows_are_let_through(file: Path) -> None:
    """A hundred thousand integrations, each with an alias's worth of config, pass every limit."""
    pipelines = 1_000
    lines = ["pipeline:\n", *(f"  p{n}: A\n" for n in range(pipelines))]
    members = "".join(f"    c{n}: A\n" for n in range(99))
    for number in range(pipelines):
        lines += [f"p{number}:\n", "  config: {note: $config.note}\n", "  component:\n", members]
    file.write_text(f"config: {{note: {'x' * 100_000}}}\n{''.join(lines)}")
    start = time.monotonic()
    assert len(lg.plan(file).order) == 100 * pipelines + 1
    assert time.monotonic() - start < 60
