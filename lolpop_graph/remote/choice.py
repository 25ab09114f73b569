"""Which integrations of a workflow live on workers."""

from __future__ import annotations

from collections.abc import Sequence

from lolpop_graph import faults as f
from lolpop_graph.errors import WorkflowError
from lolpop_graph.model import Integration, Layer


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
