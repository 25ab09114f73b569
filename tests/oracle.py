"""A literal reading of the wiring rules: dictionaries are copied, attributes set one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Names = dict[str, str]
Link = tuple[str, str, str]
Position = tuple[tuple[int, int], ...]

DEFAULT_FRAMEWORK: dict[str, Any] = {"runner": {"component": None, "pipeline": {"component": None}}}


@dataclass
class Wiring:
    """What each path is given, is told of its peers, and declares itself."""

    given: dict[str, Names] = field(default_factory=dict)
    peers: dict[str, Names] = field(default_factory=dict)
    children: dict[str, Names] = field(default_factory=dict)
    links: set[Link] = field(default_factory=set)
    order: list[str] = field(default_factory=list)
    position: dict[str, Position] = field(default_factory=dict)

    def attributes(self, path: str) -> Names:
        """Set the farthest first, so that the nearest declaration of a name is what stays."""
        attributes: Names = {}
        for names in (self.given[path], self.peers[path], self.children[path]):
            for name, held in names.items():
                attributes[name] = held
        return attributes

    def names(self) -> set[str]:
        """Every name that occurs anywhere in the document."""
        return {path.rpartition(".")[2] for path in self.order}


def wire(document: dict[str, Any], framework: dict[str, Any] | None = None) -> Wiring:
    """Wire a document of plain dictionaries by the rules, one after the other."""
    tree = framework or document.get("integration_framework") or DEFAULT_FRAMEWORK
    ((root_layer, below),) = tree.items()
    wiring = Wiring()
    root = root_name(document, root_layer)
    _create(wiring, root, {}, ())
    _process_layers(wiring, root, below or {}, document)
    return wiring


def root_name(document: dict[str, Any], root_layer: str) -> str:
    """Call the root as its one-entry mapping says, or else like its layer."""
    declared = document.get(root_layer)
    if isinstance(declared, dict):
        (name,) = declared
        return str(name)
    return root_layer


def _create(wiring: Wiring, path: str, given: Names, position: Position) -> None:
    wiring.given[path] = dict(given)
    wiring.peers[path] = {}
    wiring.children[path] = {}
    wiring.order.append(path)
    wiring.position[path] = position
    for held in given.values():
        wiring.links.add((held, path, "sibling"))


def _process_layers(
    wiring: Wiring, path: str, layers: dict[str, Any], block: dict[str, Any]
) -> None:
    passed = dict(wiring.given[path])
    for index, (layer, below) in enumerate(layers.items()):
        section = dict(block.get(layer) or {})
        flags = section.pop("config", None) or {}
        as_the_layer_begins = dict(passed)
        group: Names = {}
        for rank, name in enumerate(section):
            child = f"{path}.{name}"
            group[name] = child
            wiring.children[path][name] = child
            wiring.links.add((path, child, "child"))
            _create(wiring, child, as_the_layer_begins, (*wiring.position[path], (index, rank)))
            _process_layers(wiring, child, below or {}, block.get(name) or {})
        if flags.get("pass_integration_to_siblings", True):
            passed.update(group)
        if flags.get("update_peer_integrations", not below):
            _introduce(wiring, group)


def _introduce(wiring: Wiring, group: Names) -> None:
    for member in group.values():
        for name, other in group.items():
            if member != other:
                wiring.peers[member][name] = other
                wiring.links.add((other, member, "peer"))
