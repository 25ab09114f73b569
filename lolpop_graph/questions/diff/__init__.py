"""What is different between two workflows in meaning, whatever their files look like."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from lolpop_graph.block import Block, plain
from lolpop_graph.expand import LAYER_FLAGS, PASSES_KEY, PEERS_KEY, class_mark
from lolpop_graph.model import Group, Integration, Layer, Place
from lolpop_graph.questions.diff.answer import (
    UNSET,
    Difference,
    Edited,
    Flag,
    Gone,
    Key,
    Layers,
    Moved,
    Pair,
    Reordered,
    Section,
)
from lolpop_graph.questions.diff.links import linked
from lolpop_graph.questions.diff.sides import Side
from lolpop_graph.questions.sameness import same
from lolpop_graph.secrecy import MASK

if TYPE_CHECKING:
    from lolpop_graph.questions.asked import Questions

Shown = tuple[Place | None, Any]


def diff(old_plan: Questions, new_plan: Questions) -> Difference:
    """Compare two plans."""
    old, new = Side(old_plan), Side(new_plan)
    moved = tuple(_moved(old, new))
    elsewhere = {path for each in moved for path in (each.old, each.new)}
    return Difference(
        old=old.document.name,
        new=new.document.name,
        added=tuple(_only_in(new, old, elsewhere)),
        removed=tuple(_only_in(old, new, elsewhere)),
        moved=moved,
        changed=tuple(_edited(old, new)),
        sections=tuple(_sections(old, new)),
        order=tuple(_reordered(old, new)),
        layers=_layers(old.plan.framework.root, new.plan.framework.root),
        links=tuple(linked(old, new)),
        _plans=(old_plan, new_plan),
    )


# Integrations ---------------------------------------------------------------------------------


def _only_in(one: Side, other: Side, elsewhere: set[str]) -> Iterator[Gone]:
    """What one side has and the other has not, but for what has moved with all below it."""
    behind = 0
    for relative, each in one.integrations.items():
        if each.path in elsewhere:
            behind = each.end
        if each.index >= behind and relative not in other.integrations:
            yield one.gone(each)


def _moved(old: Side, new: Side) -> Iterator[Moved]:
    """What is on both sides the same but for its place, and could be nothing else.

    Nothing that is above it may be gone, and its name must be that of nothing else that has
    come or gone: a parent under another name is another one, with all that it holds.
    """
    gone, come = _topmost(old, new), _topmost(new, old)
    for name, each in gone.items():
        found = come.get(name)
        if each and found and _same_part(each, found):
            yield Moved(
                each.path,
                found.path,
                found.layer.name,
                new.plan.shown_class(found),
                old.place_of(each),
                new.place_of(found),
            )


def _topmost(one: Side, other: Side) -> dict[str, Integration | None]:
    """By name, what the other side has not, while it has its parent; None for two of a name."""
    found: dict[str, Integration | None] = {}
    for relative, each in one.integrations.items():
        if relative in other.integrations or each.parent is None:
            continue
        if one.relative(each.parent.path) in other.integrations:
            found[each.name] = None if each.name in found else each
    return found


def _same_part(one: Integration, other: Integration) -> bool:
    """Whether two integrations are the same with all that is below them."""
    if (one.layer.name, one.class_name) != (other.layer.name, other.class_name):
        return False
    if not same(plain(one.config), plain(other.config)):
        return False
    ours, theirs = ([g for g in each.groups if g.members] for each in (one, other))
    return len(ours) == len(theirs) and all(map(_same_group, ours, theirs))


def _same_group(one: Group, other: Group) -> bool:
    return (
        (one.layer.name, one.passes, one.peers) == (other.layer.name, other.passes, other.peers)
        and [*one.members] == [*other.members]
        and same(plain(one.config), plain(other.config))
        and all(map(_same_part, one.members.values(), other.members.values()))
    )


def _edited(old: Side, new: Side) -> Iterator[Edited]:
    """What both sides have, and is not the same."""
    for relative, theirs in new.integrations.items():
        ours = old.integrations.get(relative)
        if ours is None:
            continue
        keys = tuple(_keys(old, ours.config, new, theirs.config))
        runs = tuple(_keys(old, old.said_of_runs(ours), new, new.said_of_runs(theirs)))
        name = _pair(old, ours, new, theirs, (ours.name, theirs.name))
        layer = _pair(old, ours, new, theirs, (ours.layer.name, theirs.layer.name))
        cls = None if _same_class(ours, theirs) else _classes(old, ours, new, theirs)
        if keys or runs or name or layer or cls:
            yield Edited(theirs.path, name, layer, cls, keys, runs)


def _pair(
    old: Side, ours: Integration, new: Side, theirs: Integration, texts: tuple[str, str]
) -> Pair | None:
    if texts[0] == texts[1]:
        return None
    return Pair(*texts, old.place_of(ours), new.place_of(theirs))


def _classes(old: Side, ours: Integration, new: Side, theirs: Integration) -> Pair:
    return Pair(
        old.plan.shown_class(ours),
        new.plan.shown_class(theirs),
        old.place(class_mark(old.document, ours)),
        new.place(class_mark(new.document, theirs)),
    )


def _same_class(ours: Integration, theirs: Integration) -> bool:
    """Whether two classes are one: `package.module:Class` may be written with a dot as well."""
    one, other = ours.class_name, theirs.class_name
    if one == other or one is None or other is None:
        return one == other
    is_one_way = (":" in one) != (":" in other)
    return is_one_way and one.replace(":", ".") == other.replace(":", ".")


# Configs and flags ----------------------------------------------------------------------------


def _sections(old: Side, new: Side) -> Iterator[Section]:
    """The groups that have members on both sides, and another config or other flags."""
    for group_id, theirs in new.groups.items():
        ours = old.groups.get(group_id)
        if ours is None:
            continue
        keys = tuple(_keys(old, ours.config, new, theirs.config, leave_out=LAYER_FLAGS))
        flags = tuple(_flags(old, ours, new, theirs))
        if keys or flags:
            yield Section(theirs.id, flags, keys)


def _flags(old: Side, ours: Group, new: Side, theirs: Group) -> Iterator[Flag]:
    """The flags that do not have one effect."""
    values = {PASSES_KEY: (ours.passes, theirs.passes), PEERS_KEY: (ours.peers, theirs.peers)}
    for flag, (was, holds) in values.items():
        if was != holds:
            yield Flag(flag, holds, old.place_of_flag(ours, flag), new.place_of_flag(theirs, flag))


def _keys(
    old: Side, ours: Block, new: Side, theirs: Block, leave_out: Iterable[str] = ()
) -> Iterator[Key]:
    """The keys of two configs that differ; case does not count in keys."""
    if not ours and not theirs:
        return
    before, after = ({key.casefold(): key for key in block} for block in (ours, theirs))
    for folded in dict.fromkeys((*after, *before)):
        if folded in leave_out:
            continue
        was, key = before.get(folded), after.get(folded)
        if was is None or key is None:
            change = "removed" if key is None else "added"
        elif same(plain(ours[was]), plain(theirs[key])):
            continue
        else:
            change = "changed"
        first, second = _shown(_side(old, ours, was), _side(new, theirs, key))
        shown = new.plan.masked.name(key) if key is not None else old.plan.masked.name(str(was))
        yield Key(shown, change, first[0], second[0], first[1], second[1])  # type: ignore[arg-type]


def _side(side: Side, block: Block, key: str | None) -> Shown:
    """Where a key stands and what it is there, as far as it may be shown."""
    if key is None:
        return None, UNSET
    return side.place(block.key_mark(key)), side.plan.masked_values.value(block[key], key)


def _shown(old: Shown, new: Shown) -> tuple[Shown, Shown]:
    """What is secret on one side is so on the other as well: only one may say that it is."""
    if MASK not in (old[1], new[1]):
        return old, new
    return tuple((place, value if value is UNSET else MASK) for place, value in (old, new))  # type: ignore[return-value]


# Order and layers -----------------------------------------------------------------------------


def _reordered(old: Side, new: Side) -> Iterator[Reordered]:
    """The members that have to be moved to make the old order of their group the new one."""
    for group_id, theirs in new.groups.items():
        ours = old.groups.get(group_id)
        if ours is None:
            continue
        place = {old.relative(each.path): n for n, each in enumerate(ours.members.values())}
        both = [each for each in theirs.members.values() if new.relative(each.path) in place]
        stay = _longest_rise([place[new.relative(each.path)] for each in both])
        for number, each in enumerate(both):
            if number not in stay:
                before = old.integrations[new.relative(each.path)]
                after = both[number - 1].path if number else None
                yield Reordered(each.path, after, old.place_of(before), new.place_of(each))


def _longest_rise(numbers: list[int]) -> set[int]:
    """The positions of a longest rising part of some numbers, which are all different."""
    ends: list[int] = []
    at: list[int] = []
    before: list[int | None] = []
    for position, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(at[length - 1] if length else None)
        ends[length : length + 1] = [number]
        at[length : length + 1] = [position]
    found: set[int] = set()
    step = at[-1] if at else None
    while step is not None:
        found.add(step)
        step = before[step]
    return found


def _layers(old: Layer, new: Layer) -> Layers:
    """Compare two trees of layers, whose roots may have other names."""
    ours, theirs = _tree(old), _tree(new)
    both = [path for path in theirs if path in ours]
    reordered = (theirs[path].path for path in both if not _same_order(ours[path], theirs[path]))
    return Layers(
        tuple(theirs[path].path for path in theirs if path not in ours),
        tuple(ours[path].path for path in ours if path not in theirs),
        tuple(reordered),
    )


def _tree(root: Layer) -> dict[str, Layer]:
    return {layer.path[len(root.path) :]: layer for layer in root.walk()}


def _same_order(one: Layer, other: Layer) -> bool:
    names = [[layer.name for layer in each.children] for each in (one, other)]
    common = {*names[0]} & {*names[1]}
    ours, theirs = ([name for name in each if name in common] for each in names)
    return ours == theirs
