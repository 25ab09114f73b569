"""Keys of blocks that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator

from lolpop_graph import faults as f
from lolpop_graph.block import Block
from lolpop_graph.checks.draft import Draft
from lolpop_graph.checks.placement import find_bad_placement, placement_keys
from lolpop_graph.decorated import DecoratorGroup
from lolpop_graph.errors import Fault
from lolpop_graph.expand import is_root_key
from lolpop_graph.model import DECORATOR, FRAMEWORK_KEY, SWEEP_KEY, TESTS_KEY, Integration
from lolpop_graph.placement import runs_elsewhere
from lolpop_graph.scalars import describe


def find_unread_keys(draft: Draft) -> Iterator[Fault]:
    """Find keys of blocks that are no section, no child's block and no config.

    Sections of a layer that the framework alone misspells are told once.
    """
    told: set[tuple[str, str | None]] = set()
    for owner in draft.order:
        block = owner.block
        is_plain = len(block) == 1 and type(block.get("config")) is Block
        if not block or is_plain or _is_doubtful(draft, owner):
            continue
        for fault in _find_unread_in(draft, owner):
            if isinstance(fault, f.UnknownSection):
                key = (fault.section, fault.meant)
                if key in told and fault.meant in draft.unused_layers:
                    continue
                told.add(key)
            yield fault


def _find_unread_in(draft: Draft, owner: Integration) -> Iterator[Fault]:
    above = owner.layer
    layers = (*(layer.name for layer in above.children), *([DECORATOR] if above.decorators else []))
    children = tuple(name for group in owner.groups for name in group.members)
    read = {*layers, *children, "config"}
    elsewhere = () if owner.index else tuple(_root_keys(draft, owner))
    unread = [key for key in owner.block if key not in read and key not in elsewhere]
    for key in owner.block.keys() & read:
        yield from _shape_fault(draft, owner, key)
    placement = tuple(placement_keys(owner)) if unread else ()
    for key in placement:
        if key in unread:
            unread.remove(key)
            yield from find_bad_placement(draft, owner, key)
    if runs_elsewhere(owner):
        elsewhere = (*elsewhere, *placement)
    allowed = (*children, *layers, "config", *elsewhere)
    for key in _without_caused(draft, owner.block, unread, layers):
        yield _unread_fault(draft, owner, key, (layers, allowed))


def _root_keys(draft: Draft, root: Integration) -> Iterator[str]:
    """What only the root's block has: the framework, its own class, tests, and a sweep."""
    yield FRAMEWORK_KEY
    yield root.layer.name
    yield from (key for key in (TESTS_KEY, SWEEP_KEY) if is_root_key(key, draft.framework, root))


def _without_caused(
    draft: Draft, block: Block, unread: list[str], layers: tuple[str, ...]
) -> Iterator[str]:
    """Leave out blocks that wait for a section which is misspelt, or which cannot be read."""
    sections = [key for key in unread if _is_section(draft, key, block[key])]
    waiting = {name for key in sections if isinstance(block[key], Block) for name in block[key]}
    is_broken = any(not isinstance(block.get(name), Block | None) for name in layers)
    yield from (key for key in unread if key in sections or not (is_broken or key in waiting))


def _is_doubtful(draft: Draft, owner: Integration) -> bool:
    """Whether a name has another meaning too, so that its block may be meant for that."""
    if owner.parent is None:
        return False
    if owner.name == DECORATOR and type(owner.group) is DecoratorGroup:
        return True
    groups = [group for group in owner.parent.groups if owner.name in group.members]
    return len(groups) > 1 or owner.name in draft.taken


def _shape_fault(draft: Draft, owner: Integration, key: str) -> Iterator[Fault]:
    value = owner.block[key]
    if value is not None and not isinstance(value, Block):
        place = draft.document.place(owner.block.value_mark(key))
        yield f.NotAMapping(place=place, what=f"`{key}`", found=describe(value))


def _unread_fault(
    draft: Draft, owner: Integration, key: str, known: tuple[tuple[str, ...], tuple[str, ...]]
) -> Fault:
    layers, allowed = known
    place = draft.document.place(owner.block.key_mark(key))
    if _is_section(draft, key, owner.block[key]):
        return f.UnknownSection(
            place=place, section=key, owner=owner.layer.name, allowed=layers, path=owner.path
        )
    return f.UnknownBlock(place=place, name=key, owner=owner.path, allowed=allowed)


def _is_section(draft: Draft, key: str, value: object) -> bool:
    """Whether an unread key looks like a section: a layer's name, or names with classes."""
    return key in draft.layer_names or (
        isinstance(value, Block)
        and any(isinstance(item, str) for name, item in value.items() if name != "config")
    )
