"""What is different between two workflows, as plain data: each change with its places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final, Literal

from lolpop_graph.model import Place

if TYPE_CHECKING:
    import networkx as nx

    from lolpop_graph.questions.asked import Questions

Change = Literal["added", "removed", "changed"]

UNSET: Final = "(not set)"
"""What stands for the value of a key on the side that does not have it."""


@dataclass(frozen=True, slots=True)
class Gone:
    """An integration that only one of the workflows has; `below` is how many are below it."""

    path: str
    layer: str
    class_name: str | None
    place: Place
    below: int


@dataclass(frozen=True, slots=True)
class Moved:
    """An integration that stands elsewhere, and is the same with all that is below it."""

    old: str
    new: str
    layer: str
    class_name: str | None
    old_place: Place
    new_place: Place


@dataclass(frozen=True, slots=True)
class Pair:
    """What is one thing in the old workflow and another in the new one: a class, a layer."""

    old: str | None
    new: str | None
    old_place: Place
    new_place: Place


@dataclass(frozen=True, slots=True)
class Key:
    """A config key that is added, removed or changed, and its places where it has some.

    Values are those of a graph's `config`: secrets are `***`. A side without the key has UNSET.
    """

    key: str
    change: Change
    old_place: Place | None
    new_place: Place | None
    old: Any = field(repr=False)
    new: Any = field(repr=False)


@dataclass(frozen=True, slots=True)
class Edited:
    """An integration of both workflows that has another name, layer, class or own config.

    `runs` are what is different in `resources` and `retries`, and in the `sweep` of the root.
    """

    path: str
    name: Pair | None
    layer: Pair | None
    class_name: Pair | None
    keys: tuple[Key, ...]
    runs: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag of a layer that holds now, or holds no more, written there or by default.

    Where it is not written, its place is that of the group's first member.
    """

    flag: str
    holds: bool
    old_place: Place
    new_place: Place


@dataclass(frozen=True, slots=True)
class Section:
    """A group of both workflows whose layer has another config or other flags there."""

    group: str
    flags: tuple[Flag, ...]
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Reordered:
    """A member that is built after another one of its group than before; None is before all."""

    path: str
    after: str | None
    old_place: Place
    new_place: Place


@dataclass(frozen=True, slots=True)
class Linked:
    """How many links from a group's members to another's are gained and lost."""

    source: str
    target: str
    kind: str
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class Layers:
    """The framework's layers that only one of the workflows has, by path, and their order.

    `reordered` are the layers whose layers below stand in another order.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    reordered: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is a difference."""
        return bool(self.added or self.removed or self.reordered)


@dataclass(frozen=True, repr=False)
class Difference:
    """What is different in `new`, compared with `old`, the names of two workflows.

    It is false where nothing is. Paths are those of the new workflow, where it has them.
    """

    old: str
    new: str
    added: tuple[Gone, ...]
    removed: tuple[Gone, ...]
    moved: tuple[Moved, ...]
    changed: tuple[Edited, ...]
    sections: tuple[Section, ...]
    order: tuple[Reordered, ...]
    layers: Layers
    links: tuple[Linked, ...]
    _plans: tuple[Questions, Questions] = field(repr=False, compare=False)

    def __bool__(self) -> bool:
        """Whether there is a difference."""
        return any(getattr(self, each.name) for each in _parts())

    @property
    def gained(self) -> int:
        """How many links there are more, the tree's apart."""
        return sum(link.gained for link in self.links)

    @property
    def lost(self) -> int:
        """How many links there are no more, the tree's apart."""
        return sum(link.lost for link in self.links)

    @property
    def summary(self) -> str:
        """How much is different, in one line."""
        counts = {
            "added": len(self.added),
            "removed": len(self.removed),
            "moved": len(self.moved),
            "changed": len(self.changed) + len(self.sections),
            "in another place of the order": len(self.order),
            "links gained": self.gained,
            "links lost": self.lost,
        }
        words = [f"{count:,} {what}" for what, count in counts.items() if count]
        layers = ["other layers"] if self.layers else []
        return ", ".join([*words, *layers]) or "no difference"

    def __repr__(self) -> str:
        """`<Difference 'dev.yaml' → 'prod.yaml': 1 added, 3 changed>`."""
        return f"<Difference {self.old!r} → {self.new!r}: {self.summary}>"

    def single_links(self) -> Iterator[tuple[Change, str, str, str]]:
        """Each link gained or lost, as (change, source, target, kind); there may be many."""
        from lolpop_graph.questions.diff.links import single_links  # noqa: PLC0415 - if asked

        return single_links(*self._plans)

    def graph(self) -> nx.DiGraph[str]:
        """Both workflows in one graph, whose attributes say what is added, removed and changed.

        `visualize.draw` colours it. It has the links between groups and the tree alone.
        """
        from lolpop_graph.questions.diff.graph import union_graph  # noqa: PLC0415 - networkx

        return union_graph(self, *self._plans)

    def as_dict(self, *, values: bool = False) -> dict[str, Any]:
        """The same for machines; values of configs, whose secrets are `***`, where asked for."""
        parts = {each.name: _plain(getattr(self, each.name), values=values) for each in _parts()}
        counts = {"links_gained": self.gained, "links_lost": self.lost}
        return {"old": self.old, "new": self.new, "differs": bool(self), **counts, **parts}


def _parts() -> Iterator[Any]:
    """The fields that hold differences."""
    return (each for each in fields(Difference) if each.name not in {"old", "new", "_plans"})


def _plain(value: Any, *, values: bool) -> Any:
    if isinstance(value, Place):
        return value.as_dict()
    if isinstance(value, tuple):
        return [_plain(item, values=values) for item in value]
    if not hasattr(value, "__dataclass_fields__"):
        return value
    names = [each.name for each in fields(value)]
    if isinstance(value, Key):
        names = names[:-2]
        sides = {"old": value.old, "new": value.new} if values else {}
        given = {side: found for side, found in sides.items() if found is not UNSET}
        return {**{name: _plain(getattr(value, name), values=values) for name in names}, **given}
    return {name: _plain(getattr(value, name), values=values) for name in names}
