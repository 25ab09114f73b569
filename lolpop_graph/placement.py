"""What a document says of runs elsewhere: an integration's needs, its retries, and a sweep.

A new key of a block is one of `PLACEMENT_KEYS` with a reader here, a branch in
`checks.placement.find_bad_placement`, and a definition in `questions.schema.placement`. It is
heeded by `remote.driver.session`, the orchestrators in `export`, and, where it says what workers
need, by `sweeps.dask`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from lolpop_graph import faults as f
from lolpop_graph.block import EMPTY, Block
from lolpop_graph.decorated import DecoratorGroup
from lolpop_graph.document import Document
from lolpop_graph.errors import WorkflowError
from lolpop_graph.expand import is_root_key
from lolpop_graph.framework import Framework
from lolpop_graph.model import RESOURCES_KEY, RETRIES_KEY, SWEEP_KEY, Integration, Layer

PLACEMENT_KEYS: Final = (RESOURCES_KEY, RETRIES_KEY)
"""The keys of an integration's block that say how its calls run on workers."""

OVER, GRID, SET, METHOD = "over", "grid", "set", "method"
SWEEP_KEYS: Final = (OVER, GRID, SET, METHOD)
"""The keys of a section `sweep`, which are options of the command by the same names."""


def resources_of(integration: Integration) -> Mapping[str, float]:
    """What a worker must have to run a call of an integration: names and positive amounts.

    It is what the block says of the integration directly below the root with which it goes; empty
    where that says nothing. It was checked when the workflow was planned.
    """
    written = _written(integration, RESOURCES_KEY)
    needs = written if isinstance(written, Block) else {}
    return {name: float(amount) for name, amount in needs.items()}


def retries_of(integration: Integration) -> int:
    """How often a call of an integration is tried again once it has raised; 0 if nothing is said.

    It is what the block says of the integration directly below the root with which it goes. It was
    checked when the workflow was planned.
    """
    return int(_written(integration, RETRIES_KEY) or 0)


def _written(integration: Integration, key: str) -> Any:
    placed = next(filter(runs_elsewhere, integration.lineage()), None)
    is_said = placed is not None and key in placed.block and is_placement(placed, key)
    return placed.block[key] if placed is not None and is_said else None


def is_placement(integration: Integration, key: str) -> bool:
    """Whether one of `PLACEMENT_KEYS` means placement in a block.

    It does not where an integration that the block declares, or a layer of the framework, is
    called so: these keep their meaning.
    """
    *_, root = integration.lineage()
    is_layer = any(layer.name == key for layer in root.layer.walk())
    return not is_layer and integration.child(key) is None


def runs_elsewhere(integration: Integration) -> bool:
    """Whether calls of an integration may run on workers, and not within those of another one.

    It stands directly below the root, and is no decorator. What is below it goes with it.
    """
    is_wrapping = type(integration.group) is DecoratorGroup
    return not is_wrapping and is_placed(integration.layer)


def is_placed(layer: Layer) -> bool:
    """Whether `runs_elsewhere` holds for the integrations of a layer."""
    return layer.parent is not None and layer.parent.parent is None


def remote_integrations(order: Sequence[Integration], layer: str | None) -> frozenset[Integration]:
    """The integrations of a layer directly below the root, and all below them.

    Without a `layer` it is each one that is no leaf. Raises WorkflowError (LG823) where there is no
    such layer, or none that is no leaf.
    """
    root = order[0].layer
    chosen = [each for each in root.children if _is_chosen(each, layer)]
    if not chosen:
        known = tuple(each.name for each in root.children)
        raise WorkflowError([f.NoRemoteLayer(layer=layer or "", root=root.name, known=known)])
    found: set[Integration] = set()
    for integration in order[1:]:
        if integration.layer in chosen or integration.parent in found:
            found.add(integration)
    return frozenset(found)


def _is_chosen(layer: Layer, name: str | None) -> bool:
    return not layer.is_leaf if name is None else layer.name == name


def said_of_runs(integration: Integration, framework: Framework) -> Block:
    """What the block of an integration says by the keys `resources`, `retries` and `sweep`."""
    block = integration.block
    keys = [key for key in (*PLACEMENT_KEYS, SWEEP_KEY) if key in block]
    said = Block() if keys else EMPTY
    for key in keys:
        if integration.parent is None:
            is_meant = key == SWEEP_KEY and is_root_key(key, framework, integration)
        else:
            is_meant = key != SWEEP_KEY and is_placement(integration, key)
        if is_meant:
            said.put(key, block[key], block.key_mark(key), block.value_mark(key))
    return said


def sweep_section(document: Document, framework: Framework, root: Integration) -> Block | None:
    """The section `sweep` of a document, its references replaced, or None where it has none.

    Its keys are those of `SWEEP_KEYS`; it was checked when the workflow was planned.
    """
    if SWEEP_KEY not in document.root or not is_root_key(SWEEP_KEY, framework, root):
        return None
    section = document.root[SWEEP_KEY]
    return section if isinstance(section, Block) else None


def over_path(document: Document, section: Block) -> Path | None:
    """The absolute path of the file that a section `sweep` runs over; None where it names none.

    It is relative to the folder of the file in which it is written, and to the current one
    where it is given from Python or by an override.
    """
    over = section.get(OVER)
    return document.folder(section.value_mark(OVER)) / over if over else None
