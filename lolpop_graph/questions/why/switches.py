"""What would link two integrations, or part them: settings of the document, with their places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lolpop_graph.block import Block, find_key
from lolpop_graph.expand import PASSES_KEY, PEERS_KEY, section_of
from lolpop_graph.links import group_end
from lolpop_graph.model import FRAMEWORK_KEY, Group, Layer, Place, find_given
from lolpop_graph.questions.why import links as rules
from lolpop_graph.questions.why.links import Link
from lolpop_graph.text import counted

if TYPE_CHECKING:
    from lolpop_graph.questions.asked import Questions


@dataclass(frozen=True)
class Switch:
    """One setting that would change whether a receiver has a source.

    `keys` lead to it in the document, `value` is what to set, `place` is where it is set now, or
    the section that it belongs to; None where the document says nothing of either. `reach` says
    how many others that would change as well.
    """

    keys: tuple[str, ...]
    value: Any
    place: Place | None
    sentence: str
    reach: str = ""

    @property
    def key(self) -> str:
        """The key itself: `update_peer_integrations`."""
        return self.keys[-1]

    def as_dict(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "keys": list(self.keys),
            "value": self.value,
            "place": self.place.as_dict() if self.place else None,
            "sentence": self.sentence,
            "reach": self.reach,
        }


def switches(plan: Questions, link: Link) -> tuple[Switch, ...]:
    """The settings that would, all together, turn a link into none or the other way round."""
    return tuple(_switches(plan, link))


def _switches(plan: Questions, link: Link) -> Iterator[Switch]:
    receiver, source, hiding = link.receiver, link.source, link.hiding
    match link.rule:
        case rules.SIBLING | rules.WRAPS:
            yield flag_switch(plan, source.group, PASSES_KEY, value=False)
        case rules.PEER:
            yield flag_switch(plan, source.group, PEERS_KEY, value=False)
        case rules.APART if not receiver.child(source.name):
            yield flag_switch(plan, source.group, PEERS_KEY, value=True)
        case rules.WITHHELD if not rules.nearer(receiver, source):
            yield flag_switch(plan, source.group, PASSES_KEY, value=True)
        case rules.LATER if not rules.nearer(receiver, source):
            yield order_switch(plan, link)
            if not source.group.passes:
                yield flag_switch(plan, source.group, PASSES_KEY, value=True)
        case rules.HIDDEN if hiding and link.kind != rules.PEER:
            yield from _uncovering(plan, link)


def _uncovering(plan: Questions, link: Link) -> Iterator[Switch]:
    """The switch that takes away what hides a source, if the source is what comes then."""
    receiver, hiding = link.receiver, link.hiding
    if hiding is None or hiding.parent is receiver:
        return
    if hiding.group is receiver.group:
        if find_given(receiver.group.given, hiding.name) is link.source:
            yield flag_switch(plan, hiding.group, PEERS_KEY, value=False)
    elif rules.reached_without(receiver, hiding) is link.source:
        yield flag_switch(plan, hiding.group, PASSES_KEY, value=False)


def flag_switch(plan: Questions, group: Group, key: str, *, value: bool) -> Switch:
    """A flag of the section that declares a group, set to a value."""
    owner = group.parent
    written = find_key(group.config, key) or key
    shown = f"`{written}: {str(value).lower()}`"
    where = f"in `{group.layer.name}.config` of {block_of(group)}"
    return Switch(
        keys=(*(owner.block_keys() if owner else ()), group.layer.name, "config", written),
        value=value,
        place=flag_place(plan, group, key) or section_place(plan, group),
        sentence=f"{shown} {where}",
        reach=_peer_reach(group) if key == PEERS_KEY else _pass_reach(group),
    )


def block_of(group: Group) -> str:
    """Whose block a group's section stands in: the document is the root's."""
    owner = group.parent
    if owner is None or owner.parent is None:
        return "the document"
    return f"the block of `{owner.path}`"


def _pass_reach(group: Group) -> str:
    """How many integrations are given a group as soon as it is passed on."""
    count = group.parent.end - group_end(group) if group.parent else 0
    members = len(group.members)
    what = f"all {counted(members, 'member')} of `{group.id}`" if members > 1 else "it alone"
    return f"for {what} and {counted(count, 'receiver')}"


def _peer_reach(group: Group) -> str:
    count = len(group.members)
    return f"for all {count} members of the group" if count > 2 else "both ways"  # noqa: PLR2004


def order_switch(plan: Questions, link: Link) -> Switch:
    """The framework with the layer of a source right before that of the receiver's branch."""
    branch = link.branch or link.receiver
    first, second = link.source.layer, branch.layer
    place = layer_place(plan, first)
    sentence = f"`{first.name}` before `{second.name}`{below_what(first)} in the framework"
    if plan.options.get("framework") is not None:
        sentence += " that the call gives"
    elif place is None:
        sentence = f"an `{FRAMEWORK_KEY}` in the document with {sentence.partition(' in the ')[0]}"
    root = plan.framework.root
    return Switch(
        keys=(FRAMEWORK_KEY,),
        value={root.name: _moved(root, first, second)},
        place=place,
        sentence=sentence,
        reach="for all that these layers declare",
    )


def below_what(layer: Layer) -> str:
    """The words, with a blank before them, for the layer below which this one stands, if any."""
    return f" below `{layer.parent.name}`" if layer.parent else ""


def _moved(layer: Layer, first: Layer, second: Layer) -> dict[str, Any] | None:
    """What is below a layer as nested dictionaries, `first` right before `second`."""
    below = list(layer.children)
    if first in below:
        below.remove(first)
        below.insert(below.index(second), first)
    return {child.name: _moved(child, first, second) for child in below} or None


# Places -----------------------------------------------------------------------------------------


def flag_place(plan: Questions, group: Group, key: str) -> Place | None:
    """Where a flag of a group is written, with its line; None where it is not."""
    written = find_key(group.config, key)
    if written is None:
        return None
    return _line(plan, group.config.value_mark(written), shows_value=True)


def section_place(plan: Questions, group: Group) -> Place | None:
    """Where the section that declares a group is written, with its line."""
    block = group.parent.block if group.parent else plan.document.root
    if group.layer.name not in block or not section_of(plan.document, group):
        return None
    return _line(plan, block.key_mark(group.layer.name))


def layer_place(plan: Questions, layer: Layer) -> Place | None:
    """Where a layer is written in the document's framework; None for one that is not."""
    if FRAMEWORK_KEY not in plan.document.root or plan.options.get("framework") is not None:
        return None
    names = [layer.name]
    while layer.parent is not None:
        layer = layer.parent
        names.insert(0, layer.name)
    block: Any = plan.document.root[FRAMEWORK_KEY]
    for name in names[:-1]:
        block = block.get(name) if isinstance(block, Block) else None
    if not isinstance(block, Block) or names[-1] not in block:
        return None
    return _line(plan, block.key_mark(names[-1]))


def declared_place(plan: Questions, mark: int) -> Place:
    """Where an integration is declared, with its line."""
    return _line(plan, mark)


def _line(plan: Questions, mark: int, *, shows_value: bool = False) -> Place:
    return plan.document.showing.line(plan.document.place(mark), shows_value=shows_value)


def peers_since(group: Group) -> str:
    """Why the members of a group see each other, or do not."""
    key = find_key(group.config, PEERS_KEY)
    if key is not None:
        return f"`{PEERS_KEY}: {str(group.peers).lower()}` is set in their section"
    leaf = "a leaf" if group.layer.is_leaf else "no leaf"
    return f"`{group.layer.name}` is {leaf} of the framework"
