"""Every check of a workflow that needs no class; each yields what it finds, `check` asks all."""

from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Callable, Iterator

from lolpop_graph import faults as f
from lolpop_graph.block import Block, find_key
from lolpop_graph.checks.decorators import bad_decorators
from lolpop_graph.checks.draft import Draft
from lolpop_graph.checks.misspelt import misspelt_names, misspelt_settings
from lolpop_graph.checks.placement import find_bad_sweep
from lolpop_graph.checks.unread import find_unread_keys
from lolpop_graph.config import PLUGINS_KEY, SEARCH_KEY, SETTINGS
from lolpop_graph.decorated import DecoratorGroup
from lolpop_graph.errors import Fault, Severity
from lolpop_graph.expand import LAYER_FLAGS, section_of
from lolpop_graph.model import (
    DECORATOR,
    FRAMEWORK_KEY,
    Group,
    Integration,
    Place,
    find_given,
    groups_in,
)
from lolpop_graph.scalars import describe
from lolpop_graph.text import misspelling
from lolpop_graph.wired import LOGGER, NOTIFIER

_METHODS = {LOGGER: "log", NOTIFIER: "notify"}

_SEARCHES = (PLUGINS_KEY, SEARCH_KEY)
_LAYER_SETTINGS = (*LAYER_FLAGS, *SETTINGS)


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
    find_bad_sweep,
    find_bad_layer_configs,
    find_bad_keys,
    find_misspelt_names,
    find_hidden_names,
)
