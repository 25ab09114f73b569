"""The workflows that are measured, and the same objects read and wired by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

import lolpop_graph as lg


@dataclass(frozen=True)
class Size:
    """A root with `tools` components of its own and `lines` pipelines of `parts` each."""

    tools: int
    lines: int
    parts: int

    @property
    def integrations(self) -> int:
        """How many integrations there are, the root included."""
        return 1 + self.tools + self.lines + self.lines * self.parts

    @property
    def links(self) -> int:
        """How many edges the graph has: children, what is given, and peers both ways."""
        children = self.integrations - 1
        given = self.tools * self.lines * (1 + self.parts)
        peers = _mutual(self.tools) + self.lines * _mutual(self.parts)
        return children + given + peers


SIZES = {
    size.integrations: size
    for size in (Size(5, 3, 4), Size(20, 50, 20), Size(20, 100, 100), Size(100, 1000, 100))
}


def _mutual(members: int) -> int:
    return members * (members - 1)


class Runner(lg.BaseRunner):
    """The root."""


class Line(lg.BasePipeline):
    """A pipeline."""


class Part(lg.BaseComponent):
    """A component, of the root or of a pipeline."""


CLASSES = (Runner, Line, Part)


def document(size: Size) -> str:
    """The workflow as YAML text; every integration has a block with a config of three keys."""
    return "\n".join(_lines(size)) + "\n"


def _lines(size: Size) -> Iterator[str]:
    tools = [f"tool_{number}" for number in range(size.tools)]
    lines = [f"line_{number}" for number in range(size.lines)]
    parts = [f"part_{number}" for number in range(size.parts)]
    yield "runner: Runner"
    yield from _config(0, "")
    yield from _section("component", "Part", tools, "")
    yield from _section("pipeline", "Line", lines, "")
    for number, tool in enumerate(tools):
        yield f"{tool}:"
        yield from _config(number, "  ")
    for number, line in enumerate(lines):
        yield f"{line}:"
        yield from _config(number, "  ")
        yield from _section("component", "Part", parts, "  ")
        for place, part in enumerate(parts):
            yield f"  {part}:"
            yield from _config(place, "    ")


def _section(layer: str, class_name: str, names: list[str], indent: str) -> Iterator[str]:
    if names:
        yield f"{indent}{layer}:"
        yield from (f"{indent}  {name}: {class_name}" for name in names)


def _config(number: int, indent: str) -> Iterator[str]:
    yield f"{indent}config:"
    yield f"{indent}  depth: {number}"
    yield f"{indent}  rate: 0.25"
    yield f"{indent}  metric: accuracy"


def ours(path: Path) -> lg.Workflow:
    """Read with places, expand, check, make the DiGraph, build and wire."""
    plan = lg.plan(path, classes=CLASSES)
    assert plan.graph is not None
    return plan.build()


class Plain:
    """An integration as somebody without a library would write it."""

    def __init__(self, name: str, config: dict[str, Any], parent: Plain | None) -> None:
        """Keep what every integration knows."""
        self.name = name
        self.config = config
        self.parent = parent


def by_hand(path: Path) -> Plain:
    """Read with PyYAML's fastest safe loader, and set every link with `setattr`.

    No places, no checks, no graph, and only the default framework: what is compared is the
    least that a workflow needs.
    """
    conf = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    root = Plain("runner", conf["config"], None)
    tools = _children(root, conf, "component")
    _introduce(tools)
    for line in _children(root, conf, "pipeline"):
        _give(line, tools)
        parts = _children(line, conf[line.name], "component")
        for part in parts:
            _give(part, tools)
        _introduce(parts)
    return root


def _children(parent: Plain, block: dict[str, Any], layer: str) -> list[Plain]:
    children = [Plain(name, block[name]["config"], parent) for name in block.get(layer, ())]
    _give(parent, children)
    return children


def _give(receiver: Plain, given: list[Plain]) -> None:
    for one in given:
        setattr(receiver, one.name, one)


def _introduce(members: list[Plain]) -> None:
    for member in members:
        for other in members:
            if other is not member:
                setattr(member, other.name, other)
