"""Which classes a workflow could name: what is installed, and what its own places have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lolpop_graph.classes.installed import InstalledPart, Inventory
from lolpop_graph.model import groups_in
from lolpop_graph.planning import plugin_folders
from lolpop_graph.searches import Search, Searches

if TYPE_CHECKING:
    from lolpop_graph.questions.asked import Questions


def installed(plan: Questions, layer: str | None) -> tuple[InstalledPart, ...]:
    """The parts of a layer, or of all, as the groups of a plan would find them."""
    inventory = Inventory()
    searches = Searches(plan.document, plugin_folders(plan.options))
    by_layer: dict[str, dict[Search, None]] = {}
    for group in groups_in(plan.integrations):
        by_layer.setdefault(group.layer.name, {})[searches.of(group)] = None
    # The root's group stands for layers that the workflow has no integration of.
    root, *_ = by_layer.values()
    layers = [each.name for each in plan.framework.layers()]
    wanted = [layer] if layer is not None else dict.fromkeys([*layers, *inventory.layers()])
    found = (
        part
        for name in wanted
        for search in by_layer.get(name, root)
        for part in inventory.parts(name, **search.paths)
    )
    return tuple(dict.fromkeys(found))
