"""The methods of a workflow's root that a call may name."""

from __future__ import annotations

from lolpop_graph.faults import NoSuchMethod
from lolpop_graph.model import Integration, Place
from lolpop_graph.wired import PUBLIC_NAMES


def no_such_method(root: Integration, cls: type, method: str, place: Place) -> NoSuchMethod | None:
    """The fault for a method that the class of a root, declared at a place, does not have."""
    known = tuple(sorted(_methods(cls)))
    if method in known:
        return None
    return NoSuchMethod(
        place=place,
        method=method,
        class_name=cls.__name__,
        layer=root.layer.name,
        known=known,
    )


def _methods(cls: type) -> list[str]:
    """The public methods of a class beyond those that every integration has."""
    return [
        name
        for name in dir(cls)
        if not name.startswith("_") and name not in PUBLIC_NAMES and callable(getattr(cls, name))
    ]
