"""Random workflows with configs everywhere, in layers, and the look-up of a key done by hand."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from tests.oracle import root_name
from tests.workflows import random_workflow

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYS = ("metric", "depth", "rows", "target", "Größe", "shell_like")
VALUES = (1, 0, "f1", "", None, True, [1, 2], [], {"x": 1}, {"x": 2, "y": [3]}, {"Y": 1}, 0.5)
CLASSES = {
    "Toy": (),
    "Demanding": (),
    "Defaulting": (("Defaulting", {"metric": "base", "depth": 3}),),
    "DefaultingChild": (
        ("DefaultingChild", {"metric": "derived"}),
        ("Defaulting", {"metric": "base", "depth": 3}),
    ),
}
"""Toys with the defaults of each class that they inherit from, nearest first."""
ENVIRONMENT = {"DEPTH": "from outside", "TARGET": "outside too", "SHELL_LIKE": ""}

Keys = tuple[str, ...]
Found = tuple[str, str, Any]
"""Where a value is, by the words of an explanation: kind, place, value."""


@dataclass
class Configured:
    """A workflow in layers of plain dictionaries, and what they are together."""

    framework: dict[str, Any]
    layers: list[dict[str, Any]]
    overrides: dict[str, Any]
    merged: dict[str, Any] = field(default_factory=dict)


def configured_workflow(seed: int) -> Configured:
    """The workflow of a seed, with up to two layers over the lowest one, and overrides."""
    rng = Random(f"configs {seed}")
    workflow = random_workflow(seed)
    base = copy.deepcopy(workflow.document)
    spots = list(_spots(base, workflow.framework))
    _name_classes(rng, base, workflow.framework)
    spelled = {(spot, "metric"): "metric" for spot in spots}
    layers = [base, *({} for _ in range(rng.choice([0, 0, 1, 1, 2])))]
    for layer in layers:
        for spot in spots:
            if rng.random() < 0.4:
                _fill(rng, layer, spot, spelled)
    overrides = dict(_overrides(rng, spots, spelled) if rng.random() < 0.5 else ())
    made = Configured(workflow.framework, layers, overrides)
    for layer in layers:
        made.merged = merged(made.merged, copy.deepcopy(layer))
    for path, value in overrides.items():
        _put(made.merged, tuple(path.split(".")), copy.deepcopy(value))
    return made


def _spots(document: dict[str, Any], framework: dict[str, Any]) -> Iterator[Keys]:
    """The keys that lead to each config that may stand in a document."""
    for _, keys, _, _ in blocks(document, framework):
        yield (*keys, "config")
    for _, keys, layers, block in blocks(document, framework):
        yield from (
            (*keys, layer, "config") for layer in layers if isinstance(block.get(layer), dict)
        )


def blocks(
    document: dict[str, Any], framework: dict[str, Any]
) -> Iterator[tuple[str, Keys, dict[str, Any], dict[str, Any]]]:
    """Each integration's path, the keys that lead to its block, the layers below it, its block."""
    ((root_layer, below),) = framework.items()
    waiting = [(root_name(document, root_layer), Keys(), below or {}, document)]
    while waiting:
        path, keys, layers, block = waiting.pop()
        yield path, keys, layers, block
        for layer, inner in layers.items():
            for name in block.get(layer) or {}:
                if name != "config":
                    own = block.get(name) or {}
                    waiting.append((f"{path}.{name}", (*keys, name), inner or {}, own))


def _name_classes(rng: Random, document: dict[str, Any], framework: dict[str, Any]) -> None:
    """Let integrations have classes with defaults."""
    for _, _, layers, block in blocks(document, framework):
        for layer in layers:
            for name in block.get(layer) or {}:
                if name != "config":
                    block[layer][name] = rng.choice(list(CLASSES))


def _fill(
    rng: Random, layer: dict[str, Any], spot: Keys, spelled: dict[tuple[Keys, str], str]
) -> None:
    for key in rng.sample(KEYS, rng.randint(1, 3)):
        _put(layer, (*spot, _spelling(rng, spot, key, spelled)), copy.deepcopy(rng.choice(VALUES)))


def _spelling(rng: Random, spot: Keys, key: str, spelled: dict[tuple[Keys, str], str]) -> str:
    """A key with letters of any case: the same one in all layers, or it would be two keys."""
    return spelled.setdefault((spot, key), rng.choice([key, key.upper(), key.title(), key]))


def _overrides(
    rng: Random, spots: list[Keys], spelled: dict[tuple[Keys, str], str]
) -> Iterator[tuple[str, Any]]:
    for spot in rng.sample(spots, min(3, len(spots))):
        key = rng.choice(KEYS)
        keys = (*spot, _spelling(rng, spot, key, spelled))
        if not any("." in each for each in keys):
            yield ".".join(keys), rng.choice(VALUES)


def _put(block: dict[str, Any], keys: Keys, value: Any) -> None:
    *above, last = keys
    for key in above:
        if not isinstance(block.get(key), dict):
            block[key] = {}
        block = block[key]
    block[last] = value


def merged(lower: Any, upper: Any) -> Any:
    """Of two mappings the keys of both, else the upper one."""
    if isinstance(lower, dict) and isinstance(upper, dict):
        own = {key: merged(lower[key], upper[key]) if key in upper else lower[key] for key in lower}
        return {**own, **{key: value for key, value in upper.items() if key not in lower}}
    return upper


def looked_up(made: Configured, key: str) -> dict[str, list[Found]]:
    """For each path, all that a key has: own, layer's, the parents', defaults, environment."""
    ((root_layer, _),) = made.framework.items()
    found: dict[str, list[Found]] = {}
    for path, keys, _, block in blocks(made.merged, made.framework):
        parent, _, name = path.rpartition(".")
        above = _at(made.merged, keys[:-1]) if keys else made.merged
        layer = next(
            (each for each in _layers(made, keys[:-1]) if name in (above.get(each) or {})), ""
        )
        section = above[layer] if keys else made.merged.get(root_layer)
        config = (section.get("config") or {}) if isinstance(section, dict) else {}
        group = f"{parent}/{layer}" if keys else root_layer
        own = [(path, value) for value in _having(block.get("config") or {}, key)]
        layers = [("layer", group, value) for value in _having(config, key)]
        ancestors = [
            ("inherited" if kind == "own" else kind, where, value)
            for kind, where, value in found.get(parent, [])
            if kind in {"own", "layer", "inherited"}
        ]
        cls = section[name] if keys else "Recorder"
        defaults = [
            ("class", ancestor, value)
            for ancestor, values in CLASSES.get(cls, ())
            for value in _having(values, key)
        ]
        outside = [("environment", "environment", f"${{env:{key.upper()}}}")]
        found[path] = [
            *(("own", where, value) for where, value in own),
            *layers,
            *ancestors,
            *defaults,
            *(outside if key.upper() in ENVIRONMENT else []),
        ]
    return found


def _layers(made: Configured, keys: Keys) -> dict[str, Any]:
    """The layers below the integration whose block stands at keys."""
    return next(
        layers for _, here, layers, _ in blocks(made.merged, made.framework) if here == keys
    )


def _at(block: dict[str, Any], keys: Keys) -> Any:
    for key in keys:
        block = block[key]
    return block


def _having(config: dict[str, Any], key: str) -> list[Any]:
    return [value for have, value in config.items() if have.casefold() == key.casefold()]


def layers_with(made: Configured, keys: Keys) -> list[Any]:
    """What the layers and overrides have at keys, the highest first, and what they hide too."""
    found = []
    for path, value in reversed(made.overrides.items()):
        if tuple(path.split(".")) == keys:
            found.append(value)
    for layer in reversed(made.layers):
        here: Any = layer
        for key in keys:
            here = here.get(key, ...) if isinstance(here, dict) else ...
        if here is not ...:
            found.append(here)
    return found
