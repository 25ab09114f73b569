"""What a document says that changes nothing: certain, and found without reading any code."""

from __future__ import annotations

from collections.abc import Iterator

from lolpop_graph import faults as f
from lolpop_graph.block import Block, find_key, plain
from lolpop_graph.config import SETTINGS, configs_of, written
from lolpop_graph.decorated import DecoratorGroup, says_what_is_wrapped
from lolpop_graph.document import Document
from lolpop_graph.errors import Fault
from lolpop_graph.expand import LAYER_FLAGS, PASSES_KEY, PEERS_KEY, flag, section_of
from lolpop_graph.framework import Framework
from lolpop_graph.model import FRAMEWORK_KEY, Group, Integration, Layer, groups_in
from lolpop_graph.questions.sameness import same
from lolpop_graph.source import source_number

Marked = Iterator[tuple[int, Fault | None]]
"""The marks that were looked at, each with what is wrong there or None.

What an alias brings to several places has one mark, and is at fault if it is at all of them.
"""


def find_idle(
    document: Document, framework: Framework, order: list[Integration]
) -> Iterator[Fault]:
    """Find what could be taken out of a document without any effect."""
    for marked in (
        _default_flags(document, order),
        _empty_parts(document, order),
        _repeated_values(document, order),
        _unused_layers(document, framework, order),
    ):
        yield from _at_all_places(document, marked)


def _at_all_places(document: Document, marked: Marked) -> Iterator[Fault]:
    """The faults of marks that are at fault wherever they are used, and that override nothing."""
    found: dict[int, Fault | None] = {}
    for mark, fault in marked:
        if found.get(mark, fault) is None or mark in document.overridden:
            fault = None  # noqa: PLW2901 - one good place is enough
        found[mark] = fault
    for mark, fault in found.items():
        if fault is not None:
            yield fault.changed(place=document.place(mark))


def _default_flags(document: Document, order: list[Integration]) -> Marked:
    """The flags of layers, those at fault that are set to what they are anyway."""
    del document
    for group in groups_in(order):
        defaults = {PASSES_KEY: True, PEERS_KEY: group.layer.is_leaf}
        is_wired = group.parent and type(group) is not DecoratorGroup
        for name, default in defaults.items() if is_wired else ():
            key = find_key(group.config, name)
            if key is not None:
                is_default = flag(group.config, name) is default
                fault = f.FlagByDefault(flag=name, layer=group.layer.name, value=default)
                yield group.config.key_mark(key), fault if is_default else None


def _empty_parts(document: Document, order: list[Integration]) -> Marked:
    """Sections, blocks and configs, those at fault that hold nothing."""
    for owner in order:
        layers = {layer.name for layer in owner.layer.sections}
        children = {name for group in owner.groups for name in group.members}
        for key, value in owner.block.items():
            what = _part(key, layers, children)
            if not what:
                continue
            fault = f.NothingInside(what=what, owner=owner.path)
            yield owner.block.key_mark(key), None if value else fault
            if key in layers and isinstance(value, Block) and "config" in value:
                yield from _section(owner, key, value)
    yield from _root_config(document, order[0])


def _part(key: str, layers: set[str], children: set[str]) -> str:
    if key == "config":
        return "`config`"
    return f"section `{key}`" if key in layers else f"block `{key}`" if key in children else ""


def _section(owner: Integration, layer: str, section: Block) -> Marked:
    mark = section.key_mark("config")
    what = f"section `{layer}`"
    if not section["config"]:
        yield mark, f.NothingInside(what=f"`config` of the {what}", owner=owner.path)
    elif len(section) == 1:
        yield mark, f.SectionWithoutNames(what=what, owner=owner.path)
    else:
        yield mark, None


def _root_config(document: Document, root: Integration) -> Marked:
    """The config beside the root's name, where the root is declared in a section of its own."""
    section = section_of(document, root.group)
    if "config" in section:
        what = f"`config` of the section `{root.layer.name}`"
        fault = f.NothingInside(what=what, owner=root.path)
        yield section.key_mark("config"), None if section["config"] else fault


def _repeated_values(document: Document, order: list[Integration]) -> Marked:
    """Config keys, those at fault that have the value which they would inherit in this file."""
    for integration in order:
        own, *above = _configs_of(integration)
        yield from _repeated(document, own, above, integration.group)
    for group in groups_in(order):
        if group.parent is not None:
            yield from _repeated(document, group.config, _configs_of(group.parent), group)


def _configs_of(integration: Integration) -> list[Block]:
    return [config for _, config in configs_of(integration, written)]


def _repeated(document: Document, config: Block, above: list[Block], group: Group) -> Marked:
    for key, value in config.items():
        if key.casefold() in SETTINGS or key.casefold() in LAYER_FLAGS:
            continue
        mark, fault = config.key_mark(key), None
        is_near = says_what_is_wrapped(group, key)
        places = [each for each in above if not is_near or each is group.config]
        inherited = next(((each, name) for each in places if (name := find_key(each, key))), None)
        if inherited is not None and same(plain(inherited[0][inherited[1]]), plain(value)):
            other = inherited[0].key_mark(inherited[1])
            # A file may be used without the one that is layered over it.
            if source_number(other) == source_number(mark) and other != mark:
                fault = f.ValueRepeated(key=key, inherited=document.place(other))
        yield mark, fault


def _unused_layers(document: Document, framework: Framework, order: list[Integration]) -> Marked:
    """The layers that the document's framework names, those at fault that nothing declares."""
    tree = document.root.get(FRAMEWORK_KEY)
    if not isinstance(tree, Block) or framework.root.name not in tree:
        return
    used = {group.layer.path for group in groups_in(order) if group.members}
    waiting: list[tuple[Layer, Block]] = [(framework.root, tree)]
    while waiting:
        layer, block = waiting.pop()
        if layer.name not in block:
            continue
        fault = None
        if layer.path not in used:
            below = tuple(each.name for each in layer.walk() if each is not layer)
            fault = f.LayerUnused(layer=layer.name, below=below)
        yield block.key_mark(layer.name), fault
        inside = block[layer.name]
        if fault is None and isinstance(inside, Block):
            waiting += [(child, inside) for child in layer.children]
