"""The methods of a workflow's root that a call may name, and what is said where one raises."""

from __future__ import annotations

from collections.abc import Callable

from lolpop_graph.faults import NoSuchMethod, StepRaised
from lolpop_graph.lifecycle import describe_error
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


def method_raised(
    root: Integration, method: str, error: BaseException, place: Callable[[Integration], Place]
) -> StepRaised:
    """The fault for a method of a root that raised an error."""
    return StepRaised(
        place=place(root),
        path=root.path,
        class_name=root.class_name or "the base class",
        step=f"`{method}`",
        cause=describe_error(error),
    )


def _methods(cls: type) -> list[str]:
    """The public methods of a class beyond those that every integration has."""
    return [
        name
        for name in dir(cls)
        if not name.startswith("_") and name not in PUBLIC_NAMES and callable(getattr(cls, name))
    ]
