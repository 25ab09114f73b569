"""The two sides of a comparison, in which the same part has the same name."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from lolpop_graph.block import Block, find_key
from lolpop_graph.model import Group, Integration, Place, groups_in
from lolpop_graph.placement import said_of_runs
from lolpop_graph.questions.diff.answer import Gone

if TYPE_CHECKING:
    from lolpop_graph.questions.asked import Questions

GroupId = tuple[str | None, str]


class Side:
    """One of the two workflows, in which all is found without the root's name.

    The root is the same integration on both sides, whatever it is called.
    """

    def __init__(self, plan: Questions) -> None:
        """Look at a plan."""
        self.plan = plan
        self.document = plan.document
        self.order = plan.integrations
        self.root = plan.integrations[0]
        self._start = len(self.root.path)

    def relative(self, path: str) -> str:
        """A path without the root's name."""
        return path[self._start :]

    def group_id(self, group: Group) -> GroupId:
        """What a group is known by on both sides."""
        if group.parent is None:
            return None, ""
        return self.relative(group.parent.path), group.layer.name

    @cached_property
    def integrations(self) -> dict[str, Integration]:
        """The integrations by what they are known by on both sides, in build order."""
        return {self.relative(each.path): each for each in self.order}

    @cached_property
    def groups(self) -> dict[GroupId, Group]:
        """The groups that have members."""
        return {self.group_id(group): group for group in groups_in(self.order) if group.members}

    def place(self, mark: int) -> Place:
        """A place as it may be shown."""
        return self.plan.masked.place(self.document.place(mark))

    def place_of(self, integration: Integration) -> Place:
        """Where an integration is declared."""
        return self.place(integration.mark)

    def place_of_flag(self, group: Group, flag: str) -> Place:
        """Where a flag is written, or else where the first member of its group is declared."""
        key = find_key(group.config, flag)
        if key is not None:
            return self.place(group.config.key_mark(key))
        return self.place_of(next(iter(group.members.values())))

    def said_of_runs(self, integration: Integration) -> Block:
        """What the block of an integration says of runs on workers, and of many runs."""
        return said_of_runs(integration, self.plan.framework)

    def gone(self, integration: Integration) -> Gone:
        """What is said of an integration that the other side does not have."""
        return Gone(
            integration.path,
            integration.layer.name,
            self.plan.shown_class(integration),
            self.place_of(integration),
            integration.end - integration.index - 1,
        )
