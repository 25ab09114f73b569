"""The extras: each exists, all fit together, and every module that a part needs is in one."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from lolpop_graph.classes.loading import EXTRAS

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OPTIONAL: dict[str, list[str]] = PROJECT["optional-dependencies"]
OF_PARTS = sorted({*EXTRAS.values(), "all"})


def required(extra: str) -> Iterator[Requirement]:
    """All that an extra asks for, by way of other extras of ours too."""
    for text in OPTIONAL[extra]:
        requirement = Requirement(text)
        if requirement.name == PROJECT["name"]:
            for other in requirement.extras:
                yield from required(other)
        else:
            yield requirement


@pytest.mark.parametrize("extra", OF_PARTS)
def test_what_is_installed_together_is_what_each_extra_asks_for(extra: str) -> None:
    """One environment satisfies all extras of parts, so that they resolve together."""
    found = list(required(extra))
    assert found
    for requirement in found:
        try:
            installed = version(requirement.name)
        except PackageNotFoundError:
            pytest.skip(f"{requirement.name} is not installed")
        assert requirement.specifier.contains(installed, prereleases=True), str(requirement)


def test_all_has_every_part() -> None:
    """What the extras of parts ask for, `all` asks for; drawing and scaffolding are no parts."""
    everything = {requirement.name for requirement in required("all")}
    for extra in {*OF_PARTS} - {"render", "scaffold"}:
        assert {requirement.name for requirement in required(extra)} <= everything, extra


def test_tables_are_of_one_pandas() -> None:
    """Every extra that names pandas asks for the same, which is older than 3."""
    texts = [text for texts in OPTIONAL.values() for text in texts]
    asked = {str(each.specifier) for each in map(Requirement, texts) if each.name == "pandas"}
    assert asked == {"<3,>=2.2"}


@pytest.mark.parametrize("layer", ["component", "pipeline", "runner"])
def test_a_missing_module_leads_to_an_extra(layer: str) -> None:
    """Whatever a part imports is Python's, ours, always there, or in the table of extras."""
    always = {"networkx", "yaml", "graphviz", "click", "rich", "pydantic"}
    known = {*sys.stdlib_module_names, *EXTRAS, *always, "lolpop_graph"}
    missing = {
        (str(path.relative_to(ROOT)), name)
        for path in (ROOT / "lolpop_graph" / layer).rglob("*.py")
        for name in imported(path)
        if name not in known
    }
    assert not missing


def imported(path: Path) -> Iterator[str]:
    """The top-level modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]
