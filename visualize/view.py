"""What of a graph is shown and how: the choices that all formats share.

A new field of View is a keyword of `draw` as it is; for commands and the magic of notebooks it is
an option of its name in `lolpop_graph.cli.viewing`. `scene` reads it for pictures, `page.data` for
pages, and if it says something to data too, `data` does, and `formats.OF_DATA` has its name.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal, get_args

Links = Literal["groups", "all", "none"]
Direction = Literal["LR", "TB"]
ThemeName = Literal["light", "dark"]
Detail = Literal["class", "config-keys", "source"]

LINKS: tuple[Links, ...] = get_args(Links)
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
THEME_NAMES: tuple[ThemeName, ...] = get_args(ThemeName)
DETAILS: tuple[Detail, ...] = get_args(Detail)

_CHOICES = {"links": LINKS, "direction": DIRECTIONS, "theme": THEME_NAMES}


@dataclass(frozen=True)
class View:
    """How a graph is drawn; ValueError names the choices where a field has none of them.

    `links` chooses what is drawn beside the tree of integrations: one line for each pair of linked
    "groups", "all" links one by one, or "none"; where nothing is said, pictures have those of
    groups and data has all. The tree grows in the `direction` "LR", from left to right, or "TB",
    from top to bottom. `theme` is "light" or "dark".

    `depth` is how many levels of the tree are drawn, the root being the first; None draws all, and
    folds what is too large to be read. `only` are the paths to draw, together with what is above
    them; None draws all. `collapse` are paths of integrations, whose boxes then stand for all that
    is below them as well, and ids of groups, which then are one box. `show` says what stands in a
    box beside the name: "class", "config-keys" (never their values), "source".
    """

    links: Links | None = None
    direction: Direction = "LR"
    theme: ThemeName = "light"
    depth: int | None = None
    only: Collection[str] | None = None
    collapse: Collection[str] = ()
    show: Collection[str] = ("class",)

    def __post_init__(self) -> None:
        """Refuse what is no choice, and keep collections as they are now."""
        for field, choices in _CHOICES.items():
            value = getattr(self, field)
            if value not in choices and not (field == "links" and value is None):
                msg = f"{field} must be one of {', '.join(choices)}, not {value!r}"
                raise ValueError(msg)
        if self.depth is not None and (type(self.depth) is not int or self.depth < 1):
            msg = f"depth must be a whole number from 1, or None for all, not {self.depth!r}"
            raise ValueError(msg)
        for field in ("only", "collapse", "show"):
            object.__setattr__(self, field, _collected(field, getattr(self, field)))
        if unknown := set(self.show).difference(DETAILS):
            msg = f"show must be some of {', '.join(DETAILS)}, not {min(unknown)!r}"
            raise ValueError(msg)


def _collected(field: str, value: Any) -> frozenset[str] | None:
    if value is None and field == "only":
        return None
    if isinstance(value, str) or not isinstance(value, Collection):
        msg = f"{field} must be a collection of texts, not {value!r}"
        raise ValueError(msg)  # noqa: TRY004 - as for every other field
    if not all(isinstance(item, str) for item in value):
        msg = f"{field} must hold texts alone"
        raise ValueError(msg)
    return frozenset(value)


def view_of(view: View | None, fields: dict[str, Any]) -> View:
    """Return the view that is given whole, or else by its fields; TypeError for an unknown one."""
    if view is None:
        return View(**fields)
    if fields:
        msg = f"a view is given whole or by its fields, not both: {', '.join(fields)}"
        raise TypeError(msg)
    return view
