"""Every check of a workflow that needs no class; each yields what it finds, `check` asks all."""

from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from lolpop_graph import faults as f
from lolpop_graph.block import Block, find_key
from lolpop_graph.config import PLUGINS_KEY, SEARCH_KEY, SETTINGS
from lolpop_graph.decorated import DecoratorGroup, has_decorators
from lolpop_graph.decorator_checks import bad_decorators
from lolpop_graph.document import Document
from lolpop_graph.errors import Fault, Severity
from lolpop_graph.expand import LAYER_FLAGS, may_have_tests, section_of
from lolpop_graph.framework import DOCUMENT_KEY, RESERVED_KEYS, Framework
from lolpop_graph.misspelt import misspelt_names, misspelt_settings
from lolpop_graph.model import (
    DECORATOR,
    FRAMEWORK_KEY,
    TESTS_KEY,
    Group,
    Integration,
    Place,
    find_given,
    groups_in,
)
from lolpop_graph.scalars import describe
from lolpop_graph.text import misspelling
from lolpop_graph.wired import LOGGER, NOTIFIER, PUBLIC_NAMES

_METHODS = {LOGGER: "log", NOTIFIER: "notify"}

_SEARCHES = (PLUGINS_KEY, SEARCH_KEY)
_LAYER_SETTINGS = (*LAYER_FLAGS, *SETTINGS)


@dataclass
class Draft:
    """What the checks look at: a document, its framework, and what they were expanded to."""

    document: Document
    framework: Framework
    order: Sequence[Integration]

    def without_caused(self, found: Iterable[Fault]) -> Iterator[Fault]:
        """The faults but for those at a reference that leads nowhere, which is one already."""
        unresolved = {self.document.place(mark) for mark in self.document.unresolved}
        yield from (fault for fault in found if fault.place not in unresolved)

    @cached_property
    def has_decorators(self) -> bool:
        """Whether anything in it is wrapped."""
        return has_decorators(self.order)

    @cached_property
    def layer_names(self) -> frozenset[str]:
        """The names of all layers."""
        return self.framework.names()

    @cached_property
    def unused_layers(self) -> frozenset[str]:
        """The names of the layers that no section of the document declares anything of."""
        return self.layer_names - {group.layer.name for group in groups_in(self.order)}

    @cached_property
    def taken(self) -> dict[str, str]:
        """The names that no integration can have, each with what has it."""
        taken = dict.fromkeys(PUBLIC_NAMES, "a public name of every integration")
        taken |= dict.fromkeys(self.layer_names, "a layer of the framework")
        taken |= dict.fromkeys(RESERVED_KEYS, DOCUMENT_KEY)
        return taken


def check(draft: Draft, *, lenient: bool = False) -> Iterator[Fault]:
    """All that is wrong with a draft, and notes on names that are hidden.

    What only comes of a reference that leads nowhere is not reported again. Who is `lenient`
    is warned of what nothing reads, instead of being refused it.
    """
    misread = list(_find_misspelt_framework(draft))
    if misread:
        # All that follows would be measured by another framework than the one that is meant.
        yield from misread
        return
    for look in CHECKS:
        for fault in draft.without_caused(look(draft)):
            if lenient and isinstance(fault, f.UnknownSection | f.UnknownBlock):
                yield fault.changed(severity=Severity.WARNING)
            else:
                yield fault


def _find_misspelt_framework(draft: Draft) -> Iterator[Fault]:
    """Find a framework that stands under a key which is nearly the right one."""
    root, owner = draft.document.root, draft.order[0]
    if FRAMEWORK_KEY in root:
        return
    for key, value in root.items():
        if misspelling(key, [FRAMEWORK_KEY]) and isinstance(value, Block):
            place = draft.document.place(root.key_mark(key))
            allowed = (FRAMEWORK_KEY,)
            yield f.UnknownBlock(place=place, name=key, owner=owner.path, allowed=allowed)


def find_bad_root(draft: Draft) -> Iterator[Fault]:
    """Find a root declared with more than one name, or as something that is no class."""
    block, name = draft.document.root, draft.framework.root.name
    declared = block.get(name)
    if isinstance(declared, Block):
        names = tuple(key for key in declared if key != "config")
        if len(names) > 1:
            place = draft.document.place(declared.key_mark(names[1]))
            yield f.SeveralRoots(place=place, what="the workflow", roots=names)
        for key in names[:1]:
            place = draft.document.place(declared.key_mark(key))
            if key != name:
                yield from _name_fault(draft, key, place)
            yield from _class_fault(draft, declared, key)
    elif declared is not None:
        yield from _class_fault(draft, block, name)


def find_bad_names(draft: Draft) -> Iterator[Fault]:
    """Find names that cannot be attributes or are taken."""
    fine: set[str] = set()
    for integration in draft.order[1:]:
        name = integration.name
        if name in fine:
            continue
        faults = list(_name_fault(draft, name, None))
        if not faults:
            fine.add(name)
            continue
        yield from _name_fault(draft, name, draft.document.place(integration.mark))


def find_bad_decorators(draft: Draft) -> Iterator[Fault]:
    """Find settings of decorators that are malformed or name nothing, and flags beside them."""
    for group in groups_in(draft.order):
        if type(group) is DecoratorGroup:
            yield from bad_decorators(draft.document, group, draft.order)
            named = group.members.get(DECORATOR)
            if named is not None:
                place, taken_by = draft.document.place(named.mark), "the section that it stands in"
                yield f.NameTaken(place=place, name=DECORATOR, taken_by=taken_by)


def _name_fault(draft: Draft, name: str, place: Place | None) -> Iterator[Fault]:
    # Python normalises the names in its source, so another form could never be written there.
    is_attribute = name.isidentifier() and unicodedata.is_normalized("NFKC", name)
    if not is_attribute or keyword.iskeyword(name) or name.startswith("_"):
        yield f.NameNotIdentifier(place=place, name=name)
    elif name in draft.taken:
        yield f.NameTaken(place=place, name=name, taken_by=draft.taken[name])


def find_names_twice(draft: Draft) -> Iterator[Fault]:
    """Find names that two sections of one block declare."""
    for owner in draft.order:
        if len(owner.groups) < 2:  # noqa: PLR2004 - it takes two sections
            continue
        seen: dict[str, Group] = {}
        for group in owner.groups:
            for name in group.members:
                if name in seen:
                    first, second = (
                        owner.block[seen[name].layer.name],
                        owner.block[group.layer.name],
                    )
                    yield f.NameTwice(
                        place=draft.document.place(second.key_mark(name)),
                        name=name,
                        first=draft.document.place(first.key_mark(name)),
                        layers=(seen[name].layer.name, group.layer.name),
                    )
                seen.setdefault(name, group)


def find_missing_classes(draft: Draft) -> Iterator[Fault]:
    """Find integrations whose class is no text."""
    for integration in draft.order[1:]:
        if integration.class_name is None or not integration.class_name.strip():
            section = section_of(draft.document, integration.group)
            yield from _class_fault(draft, section, integration.name)


def _class_fault(draft: Draft, block: Block, name: str) -> Iterator[Fault]:
    value = block[name]
    if not isinstance(value, str) or not value.strip():
        found = "an empty text" if isinstance(value, str) else describe(value)
        place = draft.document.place(block.value_mark(name))
        is_mapping = isinstance(value, Block)
        yield f.NoClass(place=place, name=name, found=found, is_mapping=is_mapping)


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
    allowed = (*children, *layers, "config", *elsewhere)
    for key in _without_caused(draft, owner.block, unread, layers):
        yield _unread_fault(draft, owner, key, (layers, allowed))


def _root_keys(draft: Draft, root: Integration) -> Iterator[str]:
    """What only the root's block has: the framework, its own class, and tests of the workflow."""
    yield FRAMEWORK_KEY
    yield root.layer.name
    if may_have_tests(draft.framework, root):
        yield TESTS_KEY


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


def find_bad_layer_configs(draft: Draft) -> Iterator[Fault]:
    """Find configs of layers that are no mapping, and flags that are neither true nor false."""
    for group in groups_in(draft.order):
        section = section_of(draft.document, group)
        if "config" not in section:
            continue
        config = section["config"]
        if config is not None and not isinstance(config, Block):
            place = draft.document.place(section.value_mark("config"))
            what = f"the config of the layer `{group.layer.name}`"
            yield f.NotAMapping(place=place, what=what, found=describe(config))
        for flag in LAYER_FLAGS if isinstance(config, Block) else ():
            key = find_key(config, flag)
            if key is not None and not isinstance(config[key], bool):
                place = draft.document.place(config.value_mark(key))
                yield f.FlagNotBoolean(place=place, flag=flag, found=describe(config[key]))


def find_bad_keys(draft: Draft) -> Iterator[Fault]:
    """Find config keys that are one but for case, that nothing reads, or that read like others."""
    fine: set[tuple[bool, tuple[str, ...]]] = set()
    for integration in draft.order:
        keys = bool(integration.groups), tuple(integration.config)
        # Most integrations have the keys of another one, so that most need one look-up here.
        if keys not in fine:
            place, config = draft.document.place, integration.config
            faults = [
                *_idle_flags(draft, integration),
                *_same_keys(draft, config),
                *misspelt_settings(config, SETTINGS, place),
                *_blanks_missing(draft, config),
            ]
            if not faults and integration.parent:
                fine.add(keys)
            yield from faults
    for group in groups_in(draft.order):
        yield from _same_keys(draft, group.config)
        yield from misspelt_settings(group.config, _LAYER_SETTINGS, draft.document.place)
        yield from _blanks_missing(draft, group.config)


def find_misspelt_names(draft: Draft) -> Iterator[Fault]:
    """Find names that look like those which `log` and `notify` look for, or like another one."""
    if draft.document.is_layered:
        sections = (section_of(draft.document, group) for group in groups_in(draft.order))
        yield from misspelt_names(sections, draft.document.place)
    names = {each.name for each in draft.order[1:]}
    like = {name: meant for name in names if (meant := misspelling(name, _METHODS))}
    for integration in draft.order[1:] if like else ():
        name, meant = integration.name, like.get(integration.name)
        if meant is None or meant == name:
            continue
        if integration.parent and integration.parent.reach(meant) is None:
            place = draft.document.place(integration.mark)
            yield f.NameMisspelt(place=place, name=name, meant=meant, method=_METHODS[meant])


def _idle_flags(draft: Draft, integration: Integration) -> Iterator[Fault]:
    config = integration.config
    is_above_nothing = integration.parent and not integration.groups
    for flag in (*LAYER_FLAGS, *_SEARCHES) if is_above_nothing else LAYER_FLAGS:
        key = find_key(config, flag)
        if key is not None:
            place = draft.document.place(config.key_mark(key))
            yield f.FlagIdle(place=place, flag=flag, path=integration.path)


def _blanks_missing(draft: Draft, config: Block) -> Iterator[Fault]:
    for key, value in config.items():
        if value is None and ":" in key:
            place = draft.document.place(config.key_mark(key))
            yield f.BlankMissing(place=place, key=key.partition(":")[0])


def _same_keys(draft: Draft, config: Block) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for key in config:
        other = seen.setdefault(key.casefold(), key)
        if other != key:
            place = draft.document.place(config.key_mark(key))
            yield f.SameKey(place=place, key=key, other=other)


def find_hidden_names(draft: Draft) -> Iterator[Fault]:
    """Note the integrations that hide a farther one of the same name."""
    for integration in draft.order:
        hidden = find_given(integration.group.given, integration.name)
        # Two of one block are refused as such.
        if hidden is not None and hidden.parent is not integration.parent:
            place = draft.document.place(integration.mark)
            yield f.HiddenName(place=place, path=integration.path, hidden=hidden.path)


CHECKS: tuple[Callable[[Draft], Iterator[Fault]], ...] = (
    find_bad_root,
    find_bad_names,
    find_names_twice,
    find_missing_classes,
    find_bad_decorators,
    find_unread_keys,
    find_bad_layer_configs,
    find_bad_keys,
    find_misspelt_names,
    find_hidden_names,
)
