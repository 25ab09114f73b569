"""What is written of the classes that a plan names: found without importing any of them.

`lint` asks for what their code uses, `schema` for what they say of themselves. `explain` and
`build` have the classes as objects, from `lolpop_graph.casting`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lolpop_graph.classes.texts import Lineage, TextFinder
from lolpop_graph.classes.users import UsesReader
from lolpop_graph.classes.uses import Uses
from lolpop_graph.model import Group
from lolpop_graph.planning import plugin_folders, trusted
from lolpop_graph.searches import Search, Searches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lolpop_graph.model import Integration
    from lolpop_graph.questions.asked import Questions


class ClassTexts:
    """Finds the texts of a plan's classes; what is asked twice is read once."""

    def __init__(self, plan: Questions) -> None:
        """Find what the plan would find."""
        self._order = plan.integrations
        self._finder = TextFinder(**trusted(plan.options))
        self._searches = Searches(plan.document, plugin_folders(plan.options))
        self._reader = UsesReader()
        self._lineages: dict[tuple[str, Search], Lineage] = {}
        self._uses: dict[tuple[str, Search], Uses] = {}

    def search(self, group: Group) -> Search:
        """Where the classes of a group are searched."""
        return self._searches.of(group)

    def members(self) -> Iterator[tuple[Integration, Search]]:
        """Every integration with where its class is searched, group by group."""
        return self._searches.of_members(self._order)

    def lineage(self, class_name: str, search: Search) -> Lineage:
        """What is written of a class and of what it inherits; no definitions if it is not found."""
        asked = class_name, search
        if asked not in self._lineages:
            found = self._finder.find(class_name, search.layer, **search.paths)
            self._lineages[asked] = found
        return self._lineages[asked]

    def given(self, class_name: str) -> list[type]:
        """The classes that the caller gave under a name: there is no need to find these."""
        return self._finder.given(class_name)

    def uses(self, class_name: str, search: Search) -> Uses:
        """What the code of a class uses, and of what it inherits."""
        asked = class_name, search
        if asked not in self._uses:
            self._uses[asked] = self._reader.of(self.lineage(*asked))
        return self._uses[asked]
