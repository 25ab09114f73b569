"""How two integrations stand to each other: the one rule of wiring that decides it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lolpop_graph.decorated import Choice, DecoratorGroup, decorators_in
from lolpop_graph.links import Child, Decorates, Peer, Sibling, edge_kind
from lolpop_graph.model import Integration, find_given

CHILD, SIBLING, PEER, DECORATES = Child.name, Sibling.name, Peer.name, Decorates.name
ITSELF, WRAPS = "itself", "wraps"
HIDDEN, APART, WITHHELD, LATER = "hidden", "apart", "withheld", "later"
ABOVE, BELOW, BESIDE, INSIDE = "above", "below", "beside", "inside"
UNWRAPPED = "unwrapped"

HELD = frozenset((CHILD, SIBLING, WRAPS, PEER))
"""The rules by which the receiver has the source as an attribute."""


@dataclass(frozen=True, slots=True)
class Link:
    """What decides whether a receiver has a source as the attribute of its name.

    `kind` is that of the edge of the graph which says so, None where there is none. `hiding` is
    what the receiver has under that name instead. `branch` is the integration in whose block the
    receiver stands, or the receiver itself, among what the source's parent declares.
    """

    receiver: Integration
    source: Integration
    rule: str
    kind: str | None = None
    hiding: Integration | None = None
    branch: Integration | None = None

    @property
    def is_held(self) -> bool:
        """Whether the receiver has the source as an attribute."""
        return self.rule in HELD


def find_link(receiver: Integration, source: Integration) -> Link:
    """The link between two integrations, or what is between them instead."""
    if source is receiver:
        return Link(receiver, source, ITSELF)
    if source.parent is receiver:
        return Link(receiver, source, CHILD, CHILD)
    if type(source.group) is DecoratorGroup:
        wraps = choice_of(source).covers(receiver)
        return Link(receiver, source, *((DECORATES, DECORATES) if wraps else (UNWRAPPED,)))
    if source.index < receiver.index < source.end:
        return Link(receiver, source, ABOVE)
    if receiver.index < source.index < receiver.end:
        return Link(receiver, source, BELOW)
    return _from_aside(receiver, source)


def choice_of(decorator: Integration) -> Choice:
    """What a decorator wraps."""
    owner: Any = decorator.parent
    return next(each for each in decorators_in(owner) if each.decorator is decorator)


def _from_aside(receiver: Integration, source: Integration) -> Link:
    """The link between two of which none stands below the other."""
    owner = source.parent
    branch = next((each for each in receiver.lineage() if each.parent is owner), None)
    if branch is None:
        return Link(receiver, source, INSIDE)
    if branch.group is source.group:
        return _within_group(receiver, source, branch)
    return _from_layer_to_layer(receiver, source, branch)


def _within_group(receiver: Integration, source: Integration, branch: Integration) -> Link:
    """The link between members of a group, or from one to what is below another."""
    if branch is not receiver:
        return Link(receiver, source, BESIDE, branch=branch)
    if not source.group.peers:
        return Link(receiver, source, APART, branch=branch)
    hiding = receiver.child(source.name)
    return Link(receiver, source, HIDDEN if hiding else PEER, PEER, hiding, branch)


def _from_layer_to_layer(receiver: Integration, source: Integration, branch: Integration) -> Link:
    """The link from a member of a layer to what is in or below another layer beside it."""
    if source.index > branch.index:
        return Link(receiver, source, LATER, branch=branch)
    if not source.group.passes:
        return Link(receiver, source, WITHHELD, branch=branch)
    edge = edge_kind(source, receiver)
    kind = edge.name if edge else None
    found = receiver.reach(source.name)
    if found is not source:
        return Link(receiver, source, HIDDEN, kind, found, branch)
    rule = WRAPS if source.name == receiver.name else SIBLING
    return Link(receiver, source, rule, kind, branch=branch)


def nearer(receiver: Integration, source: Integration) -> Integration | None:
    """What would hide a source from a receiver if the source's group were given to it."""
    owner, name = source.parent, source.name
    near = receiver.child(name) or receiver.peer(name)
    found = near or find_given(receiver.group.given, name)
    if near or not found or not owner or not found.parent:
        return found
    return found if found.parent.index > owner.index else None


def reached_without(receiver: Integration, hiding: Integration) -> Integration | None:
    """What a receiver would have under a name if what hides it were not passed on to it."""
    name, scope = hiding.name, receiver.group.given
    while scope is not None:
        found = scope.group.members.get(name)
        if found is not None and found is not hiding:
            return found
        scope = scope.outer
    return None


def left_without(link: Link) -> Integration | None:
    """What a receiver would have under the name if the source that it has were taken away."""
    receiver, source = link.receiver, link.source
    if link.rule == PEER:
        return find_given(receiver.group.given, source.name)
    return reached_without(receiver, source) if link.rule in {SIBLING, WRAPS} else None


def route(receiver: Integration, source: Integration) -> str:
    """How code of the receiver reaches the source: `self.parent.process.cleaner`."""
    if receiver is source:
        return "self"
    steps: list[str] = []
    holder: Integration | None = source
    while holder is not None:
        if receiver.reach(holder.name) is holder:
            return ".".join(["self", holder.name, *reversed(steps)])
        steps.append(holder.name)
        holder = holder.parent
    return _route_by_parents(receiver, source)


def _route_by_parents(receiver: Integration, source: Integration) -> str:
    up, above = ["self"], receiver
    while not above.index <= source.index < above.end and above.parent:
        above = above.parent
        up.append("parent")
        if above.reach(source.name) is source:
            return ".".join([*up, source.name])
    down = source.path[len(above.path) :].removeprefix(".")
    return ".".join([*up, *([down] if down else [])])
