"""The methods of a workflow's root that a call may name, and what is said where one raises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from lolpop_graph.block import plain
from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.faults import NoSuchMethod, StepRaised
from lolpop_graph.lifecycle import describe_error
from lolpop_graph.model import Integration, Place
from lolpop_graph.secrecy import Secret
from lolpop_graph.wired import PUBLIC_NAMES

if TYPE_CHECKING:
    from lolpop_graph.casting import Casting
    from lolpop_graph.document import Document


class Planned(Protocol):
    """As much of a plan as is asked for its root's methods."""

    document: Document
    integrations: Sequence[Integration]

    def place(self, integration: Integration) -> Place:
        """Where an integration is declared."""

    def shown(self, fault: Fault) -> Fault:
        """A fault with its line, and without secrets."""

    def find_classes(self) -> Casting:
        """Find every class and check what it requires."""


def class_with(plan: Planned, method: str) -> type:
    """The class of a plan's root; WorkflowError (LG704) if it has no public method of that name.

    It finds all classes of the plan, and raises what is wrong with them.
    """
    root = plan.integrations[0]
    info = plan.find_classes().info(root)
    cls = info.cls if info else object
    if fault := no_such_method(root, cls, method, plan.place(root)):
        raise WorkflowError([plan.shown(fault)])
    return cls


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


def arguments_for(plan: Planned, values: Sequence[Any]) -> list[Any]:
    """What a method is given for values from outside; the plan is told which are a `Secret`."""
    plan.document.secrets.add([value.value for value in values if isinstance(value, Secret)])
    return [plain(value.value if isinstance(value, Secret) else value) for value in values]


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
