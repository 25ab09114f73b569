"""What of a graph is shown and how: the choices that all formats share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

Links = Literal["groups", "all", "none"]
Direction = Literal["LR", "TB"]

LINKS: tuple[Links, ...] = get_args(Links)
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)

_CHOICES = {"links": LINKS, "direction": DIRECTIONS}


@dataclass(frozen=True)
class View:
    """How a graph is drawn; ValueError names the choices where a field has none of them.

    `links` chooses what is drawn beside the tree of integrations: one line for each pair of linked
    "groups", "all" links one by one, or "none"; where nothing is said, pictures have those of
    groups and data has all. The tree grows in the `direction` "LR", from left to right, or "TB",
    from top to bottom.
    """

    links: Links | None = None
    direction: Direction = "LR"

    def __post_init__(self) -> None:
        """Refuse what is no choice."""
        for field, choices in _CHOICES.items():
            value = getattr(self, field)
            if value not in choices and not (field == "links" and value is None):
                msg = f"{field} must be one of {', '.join(choices)}, not {value!r}"
                raise ValueError(msg)


def view_of(view: View | None, fields: dict[str, Any]) -> View:
    """Return the view that is given whole, or else by its fields; TypeError for an unknown one."""
    if view is None:
        return View(**fields)
    if fields:
        msg = f"a view is given whole or by its fields, not both: {', '.join(fields)}"
        raise TypeError(msg)
    return view
