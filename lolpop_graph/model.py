"""The values that the other modules hand to each other: places, layers, groups, integrations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from lolpop_graph.block import EMPTY, Block

FRAMEWORK_KEY: Final = "integration_framework"
"""The key of a document under which its tree of layers stands."""

DECORATOR: Final = "decorator"
"""The layer of what wraps others, which every framework has that declares none of that name."""

TESTS_KEY: Final = "tests"
"""The key of a document under which tests of the workflow stand."""

SWEEP_KEY: Final = "sweep"
"""The key of a document under which many runs of the workflow are described."""

RESOURCES_KEY: Final = "resources"
"""The key of a block under which stands what a worker must have to run the integration."""

RETRIES_KEY: Final = "retries"
"""The key of a block that says how often a call of the integration is tried again."""

DEFAULT_FRAMEWORK: Final = {"runner": {"component": None, "pipeline": {"component": None}}}
"""The tree of layers of a document that names none."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written: a file, and in it a line and a column, both counted from 1.

    What was given as a Python dictionary or on the command line has no lines: there `line` and
    `column` are 0 and `trail` holds the keys that lead to it. `overrides` is the place in a
    lower layer that this one replaces. `snippet` is the line as it may be shown, without its
    values, and `caret` the column in that; a place has them once it is part of a message.
    """

    file: str
    line: int = 0
    column: int = 0
    trail: str = ""
    overrides: Place | None = field(default=None, compare=False)
    snippet: str = field(default="", repr=False, compare=False)
    caret: int = field(default=0, repr=False, compare=False)

    def as_dict(self) -> dict[str, Any]:
        """The same for machines: file, line, column, trail, overrides."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "trail": self.trail,
            "overrides": self.overrides.as_dict() if self.overrides else None,
        }

    def __str__(self) -> str:
        """`workflow.yaml:4:3`, or `conf: train.config` for a place without lines."""
        if self.line:
            return f"{self.file}:{self.line}:{self.column}"
        return f"{self.file}: {self.trail}" if self.trail else self.file


class Layer:
    """One abstraction of the framework, at one of the places where it occurs.

    `path` names it from the root (`runner/pipeline/component`); `children` are the layers
    below it, in the order written; a layer without any is a leaf. `decorators` is the layer of
    what wraps the integrations below, None for a leaf and where the framework has its own.
    """

    __slots__ = ("children", "decorators", "name", "parent", "path")

    def __init__(self, name: str, parent: Layer | None = None) -> None:
        """Make the layer `name` below `parent`, which is told nothing of it."""
        self.name = name
        self.parent = parent
        self.path: str = f"{parent.path}/{name}" if parent else name
        self.children: tuple[Layer, ...] = ()
        self.decorators: Layer | None = None

    @property
    def sections(self) -> tuple[Layer, ...]:
        """The layers of which a block of this one may have a section, in the order of wiring."""
        return (self.decorators, *self.children) if self.decorators else self.children

    @property
    def is_leaf(self) -> bool:
        """Whether no layer stands below this one."""
        return not self.children

    def walk(self) -> Iterator[Layer]:
        """The layer and all below it, each before what is below it, in the order written."""
        waiting = [self]
        while waiting:
            layer = waiting.pop()
            yield layer
            waiting.extend(reversed(layer.children))

    def __repr__(self) -> str:
        """`<Layer runner/pipeline>`."""
        return f"<Layer {self.path}>"


class Group:
    """The integrations that one section declares: the same parent, the same layer.

    `config` is the layer's config there, `given` the scope that each member was given;
    `passes` says whether the group is passed to later layers beside it, `peers` whether its
    members become attributes of each other.
    """

    __slots__ = ("config", "given", "layer", "members", "parent", "passes", "peers")

    def __init__(self, layer: Layer, parent: Integration | None, given: Scope | None) -> None:
        """Make the empty group of `layer` below `parent`."""
        self.layer = layer
        self.parent = parent
        self.given = given
        self.members: dict[str, Integration] = {}
        self.config: Block = EMPTY
        self.passes = True
        self.peers = layer.is_leaf

    @property
    def id(self) -> str:
        """`runner.train/component`: the parent's path and the layer; the layer for the root."""
        return f"{self.parent.path}/{self.layer.name}" if self.parent else self.layer.name

    def __repr__(self) -> str:
        """`<Group runner.train/component>`."""
        return f"<Group {self.id}>"


class Scope:
    """The names that integrations are given: those of one group, and those of an outer scope.

    A scope is never changed, so all to whom the same is given share one; this is what keeps
    the cost of wiring at the number of integrations instead of the number of links.
    """

    __slots__ = ("group", "outer")

    def __init__(self, group: Group, outer: Scope | None) -> None:
        """Lay the names of `group` over those of `outer`."""
        self.group = group
        self.outer = outer

    def __repr__(self) -> str:
        """The ids of the groups, nearest first."""
        return f"<Scope {' over '.join(group.id for group in groups_of(self))}>"


def groups_in(order: Sequence[Integration]) -> Iterator[Group]:
    """The groups of a workflow, the root's first, from its integrations in build order."""
    yield order[0].group
    for integration in order:
        yield from integration.groups


def groups_of(scope: Scope | None) -> Iterator[Group]:
    """The groups of a scope, nearest first."""
    while scope is not None:
        yield scope.group
        scope = scope.outer


def has_peers(group: Group) -> bool:
    """Whether a group has members that become attributes of each other."""
    return group.peers and len(group.members) > 1


def find_given(scope: Scope | None, name: str) -> Integration | None:
    """What `name` stands for in a scope: the nearest declaration, or None."""
    while scope is not None:
        found = scope.group.members.get(name)
        if found is not None:
            return found
        scope = scope.outer
    return None


class Integration:
    """One named, configured object of a workflow, before it is built.

    `path` is its id (`runner.train.model_trainer`), `index` its place in the build order and
    `end` that of the first integration after all below it. `block` is the mapping under its
    name, `config` its own config in there, `mark` where its name is written.
    """

    __slots__ = (
        "block",
        "class_name",
        "end",
        "group",
        "groups",
        "index",
        "mark",
        "name",
        "parent",
        "path",
    )

    def __init__(  # noqa: PLR0913, PLR0917 - written once for each integration: no detour here
        self,
        name: str,
        path: str,
        group: Group,
        class_name: str | None,
        block: Block,
        mark: int,
        index: int,
    ) -> None:
        """Make an integration without anything below it."""
        self.name = name
        self.path = path
        self.group = group
        self.parent = group.parent
        self.class_name = class_name
        self.block = block
        self.mark = mark
        self.index = index
        self.end = index + 1
        self.groups: tuple[Group, ...] = ()

    @property
    def layer(self) -> Layer:
        """The layer that it belongs to."""
        return self.group.layer

    @property
    def config(self) -> Block:
        """Its own config as written; empty where there is none."""
        config = self.block.get("config")
        return config if isinstance(config, Block) else EMPTY

    def child(self, name: str) -> Integration | None:
        """The integration `name` that its block declares, or None."""
        for group in self.groups:
            found = group.members.get(name)
            if found is not None:
                return found
        return None

    def peer(self, name: str) -> Integration | None:
        """The other member `name` of its group, if members of it see each other, or None."""
        found = self.group.members.get(name) if self.group.peers else None
        return None if found is self else found

    def reach(self, name: str) -> Integration | None:
        """What its attribute `name` will be: child, else peer, else given; None if nothing."""
        return self.child(name) or self.peer(name) or find_given(self.group.given, name)

    def lineage(self) -> Iterator[Integration]:
        """It, its parent, and so on to the root."""
        integration: Integration | None = self
        while integration is not None:
            yield integration
            integration = integration.parent

    def block_keys(self) -> tuple[str, ...]:
        """The keys of the document that lead to its block: none for the root, whose it is all."""
        return tuple(each.name for each in self.lineage())[-2::-1]

    def __repr__(self) -> str:
        """`<Integration runner.train>`: without its class, which may be a secret's value."""
        return f"<Integration {self.path}>"
