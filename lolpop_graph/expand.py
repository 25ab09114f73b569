"""Framework and document to integrations: the rules of wiring in one walk, nothing imported."""

from __future__ import annotations

from typing import Any

from lolpop_graph.block import EMPTY, Block, find_key
from lolpop_graph.decorated import DecoratorGroup
from lolpop_graph.document import Document
from lolpop_graph.framework import Framework
from lolpop_graph.model import DECORATOR, TESTS_KEY, Group, Integration, Layer, Scope

PASSES_KEY = "pass_integration_to_siblings"
PEERS_KEY = "update_peer_integrations"
LAYER_FLAGS = (PASSES_KEY, PEERS_KEY)


def expand(root_block: Block, framework: Framework, root_class: str | None) -> list[Integration]:
    """Every integration of a document, in build order: each after all that it is given.

    What is malformed is passed over here, and reported by the checks. `root_class` is used
    where it is not None, else what the document says.
    """
    root = _root(root_block, framework.root, root_class)
    order = [root]
    _declare(root, None, order)
    return order


def alone(root: Integration) -> list[Integration]:
    """The build order of a root without what is below it."""
    root.groups = ()
    root.end = 1
    return [root]


def _root(block: Block, layer: Layer, root_class: str | None) -> Integration:
    group = Group(layer, None, None)
    group.passes = group.peers = False
    name, class_name, mark = layer.name, None, 0
    declared = block.get(layer.name)
    if isinstance(declared, str):
        class_name, mark = declared, block.key_mark(layer.name)
    elif isinstance(declared, Block):
        group.config = _settings(declared)
        for key, value in declared.items():
            if key != "config":
                name, mark = key, declared.key_mark(key)
                class_name = value if isinstance(value, str) else None
    root = Integration(name, name, group, root_class or class_name, block, mark, 0)
    group.members[name] = root
    return root


def _declare(owner: Integration, passed: Scope | None, order: list[Integration]) -> None:
    """Declare what stands below `owner`, layer by layer; it recurses as deep as the framework."""
    groups = []
    layers = owner.group.layer.children
    if DECORATOR in owner.block and has_decorators(owner):
        layers = owner.group.layer.sections
    for layer in layers:
        section = owner.block.get(layer.name)
        if type(section) is not Block:
            continue
        is_wrapping = layer is owner.group.layer.decorators
        group = (DecoratorGroup if is_wrapping else Group)(layer, owner, passed)
        groups.append(group)
        if "config" in section:
            group.config = _settings(section)
            if not is_wrapping:
                _set_flags(group)
        _declare_members(owner, group, section, order)
        if group.passes and group.members:
            passed = Scope(group, passed)
    owner.groups = tuple(groups)
    owner.end = len(order)


def has_decorators(owner: Integration) -> bool:
    """Whether `decorator` in a block is a section, and not the block of what it calls so."""
    sections = (owner.block.get(layer.name) for layer in owner.layer.children)
    is_name = any(type(section) is Block and DECORATOR in section for section in sections)
    return owner.layer.decorators is not None and not is_name


def _declare_members(
    owner: Integration, group: Group, section: Block, order: list[Integration]
) -> None:
    blocks, members, prefix = owner.block, group.members, owner.path + "."
    goes_on = group.layer.children
    marks = iter(section.marks)
    for name, class_name in section.items():
        mark = next(marks)
        next(marks)
        if name == "config":
            continue
        block = blocks.get(name)
        members[name] = integration = Integration(
            name,
            prefix + name,
            group,
            class_name if type(class_name) is str else None,
            block if type(block) is Block else EMPTY,
            mark,
            len(order),
        )
        order.append(integration)
        if goes_on:
            _declare(integration, group.given, order)


def _settings(section: Block) -> Block:
    config = section.get("config")
    return config if type(config) is Block else EMPTY


def _set_flags(group: Group) -> None:
    passes, peers = flag(group.config, PASSES_KEY), flag(group.config, PEERS_KEY)
    group.passes = True if passes is None else passes
    group.peers = group.layer.is_leaf if peers is None else peers


def section_of(document: Document, group: Group) -> Block:
    """The section that declares a group; an empty one for a root of which only a class is said."""
    block = group.parent.block if group.parent else document.root
    section = block.get(group.layer.name)
    return section if isinstance(section, Block) else EMPTY


def has_tests(document: Document, framework: Framework, root: Integration) -> bool:
    """Whether a document has a section of workflow tests."""
    return TESTS_KEY in document.root and is_root_key(TESTS_KEY, framework, root)


def is_root_key(key: str, framework: Framework, root: Integration) -> bool:
    """Whether a key at the top of a document, such as `tests`, has the meaning that it has there.

    It has not where a layer of the framework, the root or an integration below it is called so.
    """
    taken = {*framework.names(), root.name, *(name for g in root.groups for name in g.members)}
    return key not in taken


def class_mark(document: Document, integration: Integration) -> int:
    """Where the class of an integration is written, or its name where no class is."""
    section, name = section_of(document, integration.group), integration.name
    if name in section:
        return section.value_mark(name)
    block, root = document.root, integration.layer.name
    return block.value_mark(root) if isinstance(block.get(root), str) else integration.mark


def flag(config: Block, key: str) -> bool | None:
    """The value of a flag, or None where it is not set or no flag."""
    found: Any = find_key(config, key)
    value = config[found] if found is not None else None
    return value if isinstance(value, bool) else None
