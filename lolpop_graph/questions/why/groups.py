"""By which rule one group is linked to another, for pictures that tell it of each line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lolpop_graph.expand import PASSES_KEY, PEERS_KEY
from lolpop_graph.model import Group, Place
from lolpop_graph.questions.why.links import CHILD, DECORATES, PEER
from lolpop_graph.questions.why.switches import (
    block_of,
    flag_place,
    peers_since,
    section_place,
)
from lolpop_graph.questions.why.words import why_passed

if TYPE_CHECKING:
    from lolpop_graph.questions.asked import Questions


@dataclass(frozen=True)
class GroupRule:
    """Why the members of one group are linked to those of another: a sentence, and where it is so.

    `place` is that of the flag that says it, else of the section that declares the source group;
    None where the document says nothing, as of a root without a class.
    """

    sentence: str
    place: Place | None

    def as_dict(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "sentence": self.sentence,
            "place": self.place.as_dict() if self.place else None,
        }


def group_rule(
    plan: Questions, groups: Mapping[str, Group], source: str, target: str, kind: str
) -> GroupRule:
    """The rule of a link between groups as `plan.graph.graph["group_links"]` has it.

    KeyError for the id of a group that there is none of.
    """
    given, to = groups[source], groups[target]
    if kind == PEER:
        sentence = f"members of `{source}` see each other: {peers_since(given)}"
        return GroupRule(sentence, flag_place(plan, given, PEERS_KEY) or section_place(plan, given))
    if kind == CHILD:
        sentence = f"`{to.layer.name}` is declared in {block_of(to)}"
        return GroupRule(sentence, section_place(plan, to))
    if kind == DECORATES:
        sentence = f"what is declared in {block_of(given)} under `{given.layer.name}` wraps it"
        return GroupRule(sentence, section_place(plan, given))
    place = flag_place(plan, given, PASSES_KEY) or section_place(plan, given)
    return GroupRule(_passed(given, to), place)


def _passed(given: Group, to: Group) -> str:
    branch, levels = to, 0
    while branch.parent is not None and branch.parent is not given.parent:
        branch, levels = branch.parent.group, levels + 1
    return why_passed(given, branch, levels)
