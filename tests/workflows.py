"""Workflows to test with: written by hand at a desk, or drawn at random from a seed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

import lolpop_graph as lg
from tests.oracle import DEFAULT_FRAMEWORK
from tests.toys import NAMES, exported

if TYPE_CHECKING:
    from pathlib import Path

LAYERS = (
    "component", "pipeline", "widget", "2nd-stage", "on", "7", "étape", "a b", "no",
    "1.5", "null", "~", "x_y", "0x1F", "true", "step: one", "1:30", "Runner", "-", "#",
)  # fmt: skip
ROOT_LAYERS = ("runner", "on", "7", "2nd-stage", "étape", "root layer", "null")
MEMBERS = (0, 1, 1, 2, 2, 3, 4)
LEVELS = (0, 1, 2, 2, 3, 3, 3)
BIGGEST = 40
PIPELINES = {
    "config": {"update_peer_integrations": True},
    "process": "ProcessPipeline",
    "train": "TrainPipeline",
    "deploy": "DeployPipeline",
    "predict": "PredictPipeline",
    "monitor": "MonitorPipeline",
}
"""The section of pipelines of a workflow that has all that come with the package."""
PLAIN = re.compile(r"\w[\w.-]*|~")


@dataclass(frozen=True)
class Workflow:
    """A framework and a document, both of plain dictionaries."""

    seed: int
    framework: dict[str, Any]
    document: dict[str, Any]

    def text(self) -> str:
        """The document as YAML."""
        return dump(self.document)


@dataclass
class Draw:
    """The dice, and how many more integrations a workflow may have."""

    rng: Random
    left: int = BIGGEST

    def maybe(self, chance: float = 0.5) -> bool:
        """Whether something happens."""
        return self.rng.random() < chance


def random_workflow(seed: int) -> Workflow:
    """The workflow of a seed: the same on every machine and in every run."""
    draw = Draw(Random(seed))
    framework = random_framework(draw)
    ((root_layer, below),) = framework.items()
    document = random_block(draw, below or {})
    root = "Recorder"
    document[root_layer] = {draw.rng.choice(NAMES): root} if draw.maybe() else root
    if framework is not DEFAULT_FRAMEWORK or draw.maybe():
        document["integration_framework"] = framework
    return Workflow(seed, framework, shuffled(draw, document))


def random_framework(draw: Draw) -> dict[str, Any]:
    """The default one now and then, and else one to four levels."""
    if draw.maybe(0.15):
        return DEFAULT_FRAMEWORK
    root = draw.rng.choice(ROOT_LAYERS)
    others = [layer for layer in LAYERS if layer != root]
    return {root: random_layers(draw, draw.rng.choice(LEVELS), others)}


def random_layers(draw: Draw, levels: int, pool: list[str]) -> dict[str, Any] | None:
    """One to three layers, the same names again and again at different places."""
    if not levels:
        return None if draw.maybe() else {}
    few = draw.rng.sample(pool, 5)
    chosen = draw.rng.sample(few, draw.rng.randint(1, 3))
    return {
        layer: random_layers(draw, draw.rng.choice([levels - 1, levels - 1, 0]), few)
        for layer in chosen
    }


def random_block(draw: Draw, layers: dict[str, Any]) -> dict[str, Any]:
    """Sections and blocks of one integration, in any order."""
    free = draw.rng.sample(NAMES, len(NAMES))
    block: dict[str, Any] = {}
    for layer, below in layers.items():
        members = [free.pop() for _ in range(how_many(draw, len(free)))]
        if members or draw.maybe():
            block[layer] = random_section(draw, members)
        for name in members:
            inner = random_block(draw, below or {})
            if inner or draw.maybe(0.2):
                block[name] = inner or draw.rng.choice([None, {}])
    if draw.maybe(0.2):
        block["config"] = draw.rng.choice([None, {}, {"metric": "f1"}])
    return shuffled(draw, block)


def how_many(draw: Draw, free: int) -> int:
    """How many integrations a section declares, within what is left."""
    number = min(draw.rng.choice(MEMBERS), draw.left, free)
    draw.left -= number
    return number


def random_section(draw: Draw, members: list[str]) -> dict[str, Any] | None:
    """A section with its members, and perhaps with flags before, between or after them."""
    section: dict[str, Any] = dict.fromkeys(members, "Recorder")
    flags = {
        flag: draw.maybe()
        for flag in ("pass_integration_to_siblings", "update_peer_integrations")
        if draw.maybe(0.4)
    }
    if flags or draw.maybe(0.1):
        section["config"] = flags
    return shuffled(draw, section) or draw.rng.choice([None, {}])


def shuffled(draw: Draw, mapping: dict[str, Any]) -> dict[str, Any]:
    """The same entries in another order."""
    return dict(draw.rng.sample(list(mapping.items()), len(mapping)))


def dump(value: Any, indent: int = 0) -> str:
    """Block-style YAML: keys are plain where YAML lets them, so that `on` stands as written."""
    lines = []
    for key, inner in value.items():
        start = f"{' ' * indent}{scalar(key)}:"
        if isinstance(inner, dict) and inner:
            lines.append(f"{start}\n{dump(inner, indent + 2)}")
        else:
            lines.append(f"{start}{leaf(inner)}\n")
    return "".join(lines)


def scalar(text: str) -> str:
    """A key or a text, quoted only where it must be."""
    return text if PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def leaf(value: Any) -> str:
    """The value that stands behind a key on the same line."""
    if value is None:
        return ""
    return f" {scalar(value)}" if isinstance(value, str) else f" {json.dumps(value)}"


class Desk:
    """Writes documents into a file, plans and builds them, and closes all in the end."""

    def __init__(self, folder: Path) -> None:
        """Write into this folder."""
        self.file = folder / "workflow.yaml"
        self.open: list[Any] = []

    def plan(self, *parts: str, **options: Any) -> Any:
        """Plan the document made of these parts."""
        self._write(parts)
        return lg.plan(self.file, classes=exported(), **options)

    def build(self, *parts: str, **options: Any) -> Any:
        """Build the document made of these parts."""
        self._write(parts)
        self.open.append(lg.build(self.file, classes=exported(), **options))
        return self.open[-1]

    def root(self, *parts: str, **options: Any) -> Any:
        """Build, and take the root."""
        return self.build(*parts, **options).root

    def close(self) -> None:
        """Close what was built."""
        for workflow in self.open:
            workflow.close()

    def _write(self, parts: tuple[str, ...]) -> None:
        self.file.write_text("".join(parts), encoding="utf-8")


def links(plan: Any, kind: str) -> set[tuple[str, str]]:
    """The links of one kind."""
    return {(u, v) for u, v, found in plan.graph.edges(data="kind") if found == kind}
