"""The page of parts names every part that there is, and every extra that it names is one."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from lolpop_graph.cli import lolpop_graph

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "parts.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\w+) \| (\w+) \| (.*?) \| (.*?) ?\|$", re.MULTILINE)


def rows() -> list[tuple[str, str, str, str]]:
    """The rows of the tables of parts: type, class, extra or components, and config."""
    return [row for row in ROW.findall(PAGE) if row[0] not in ("type", "example")]


@pytest.fixture(scope="module")
def parts() -> dict[tuple[str, str], Path]:
    """The file of each part that comes with the package, by its type and class."""
    found = {}
    for layer in ("component", "pipeline", "runner"):
        printed = CliRunner().invoke(lolpop_graph, ["list", layer, "--json"]).stdout
        for part in json.loads(printed):
            if part["place"] == "this package":
                found[part["type"], part["name"]] = Path(part["file"])
    return found


def test_every_part_is_listed_once(parts: dict[tuple[str, str], Path]) -> None:
    """And nothing is listed that is not there."""
    assert sorted((kind, name) for kind, name, *_ in rows()) == sorted(parts)


def test_every_implementation_is_a_part(parts: dict[tuple[str, str], Path]) -> None:
    """A class of a type's folder that nothing derives from, and that derives from its base."""
    for folder in (ROOT / "lolpop_graph" / "component").glob("*/"):
        bases = bases_in(folder)
        used = {base for found in bases.values() for base in found}
        root = "Base" + folder.name.title().replace("_", "")
        leaves = {name for name in bases.keys() - used if derives(name, root, bases)}
        assert {name for kind, name in parts if kind == folder.name} == leaves - {root}


def bases_in(folder: Path) -> dict[str, set[str]]:
    """The names of the bases of each class in the modules of a folder."""
    return {
        node.name: {ast.unparse(base) for base in node.bases}
        for path in folder.glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    }


def derives(name: str, root: str, bases: dict[str, set[str]]) -> bool:
    """Whether a class is the root or has it among its ancestors."""
    return name == root or any(derives(base, root, bases) for base in bases.get(name, ()))


def test_every_extra_is_one(parts: dict[tuple[str, str], Path]) -> None:
    """The extra of a component stands in pyproject.toml, and `all` has it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    (everything,) = extras["all"]
    named = {extra for kind, name, extra, _ in rows() if "component" in str(parts[kind, name])}
    assert named - {"none"} <= extras.keys()
    assert named - {"none"} <= set(re.split(r"[\[\],]", everything))


def test_every_config_key_is_read(parts: dict[tuple[str, str], Path]) -> None:
    """A key in a row stands in the code of the part, of its base, or of what both share."""
    shared = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "lolpop_graph" / "component").glob("*.py")
    )
    for kind, name, _, config in rows():
        beside = "".join(
            path.read_text(encoding="utf-8") for path in parts[kind, name].parent.glob("*.py")
        )
        for key in re.findall(r"`(\w+)`", config):
            # As a text that is looked up, or as the name of a field.
            found = re.search(rf'"{key}"|\b{key}: ', beside + shared)
            assert found, f"{name}: {key}"
