"""Selections: the integrations that an expression such as `layer:component and not a` names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.framework import Framework
from lolpop_graph.model import Integration
from lolpop_graph.questions.selection.grammar import (
    Both,
    Either,
    Expression,
    Not,
    Related,
    Term,
    parse,
    place_in,
)
from lolpop_graph.questions.selection.sight import Sight
from lolpop_graph.questions.selection.terms import ShownClass, Terms

if TYPE_CHECKING:
    import networkx as nx

    from lolpop_graph.questions.asked import Questions


@dataclass(frozen=True)
class Selection:
    """Some integrations of a plan: an iterable of their `paths`, which are in build order.

    `text` is what was asked for.
    """

    text: str
    paths: tuple[str, ...]
    plan: Questions = field(repr=False, compare=False)

    @cached_property
    def graph(self) -> nx.DiGraph[str]:
        """The part of the plan's graph with these integrations, as a view that can be drawn.

        What stands above them is in it as well, since an integration is drawn below its parent;
        `graph.graph["selected"]` has the paths that were asked for.
        """
        return _part(self.plan, self)

    def as_dict(self) -> dict[str, Any]:
        """The same for machines: the selection, the number of integrations, and `rows`."""
        return {"selection": self.text, "count": len(self), "integrations": self.rows()}

    def rows(self) -> list[dict[str, Any]]:
        """For each integration its path, name, layer, layer path and class."""
        return [self._row(self.plan.integration(path)) for path in self.paths]

    def _row(self, integration: Integration) -> dict[str, Any]:
        return {
            "path": integration.path,
            "name": integration.name,
            "layer": integration.layer.name,
            "layer_path": integration.layer.path,
            "class_name": self.plan.shown_class(integration),
        }

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.paths)

    def __iter__(self) -> Iterator[str]:
        """The paths, in build order."""
        return iter(self.paths)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.paths)

    def __contains__(self, path: object) -> bool:
        """Whether the integration at a path is one of them."""
        return path in self._known

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What a notebook shows: the text, and a picture of what is selected, if something is."""
        if not self.paths:
            return {"text/plain": repr(self)}
        from lolpop_graph.display import picture_of  # noqa: PLC0415 - few draw
        from visualize import View  # noqa: PLC0415

        view = View(only=self.paths)
        return picture_of(self.plan.graph, repr(self), view).bundle(include, exclude)

    def __repr__(self) -> str:
        """`<Selection 'layer:component': 6 of 12 integrations>`."""
        return (
            f"<Selection {self.text!r}: {len(self)} of {len(self.plan.integrations)} integrations>"
        )


def select(plan: Questions, text: str, source: str = "selection") -> Selection:
    """The integrations of a plan that a text selects; WorkflowError points into the text.

    `source` is what the text is called in messages, such as the option that it was given with.
    """
    expression = parse(text, source)
    finder = Finder(plan.integrations, plan.framework, plan.shown_class)
    if found := list(finder.faults(expression, text, source)):
        raise WorkflowError(found)
    chosen = finder.find(expression)
    paths = tuple(each.path for each in plan.integrations if each.index in chosen)
    return Selection(text, paths, plan)


class Finder:
    """Finds what expressions stand for, each different one once."""

    def __init__(
        self, order: Sequence[Integration], framework: Framework, shown_class: ShownClass
    ) -> None:
        """Look at the integrations of one workflow, which are in build order."""
        self.order = order
        known = (*framework.layers(), *framework.decorators)
        layers = (text for each in known for text in (each.name, each.path))
        self.terms = Terms(order, layers, shown_class)
        self._all = frozenset(range(len(self.order)))
        self._known: dict[Expression, frozenset[int]] = {}

    def faults(self, expression: Expression, text: str, source: str) -> Iterator[Fault]:
        """The names in an expression that the workflow does not have, with their places."""
        for term in _terms(expression):
            fault = self.terms.fault(term)
            if fault:
                yield fault.changed(place=place_in(text, term.pattern.at, source))

    def find(self, expression: Expression) -> frozenset[int]:
        """The indexes of the integrations that an expression stands for."""
        known = self._known.get(expression)
        if known is None:
            known = self._known[expression] = self._found(expression)
        return known

    def _found(self, expression: Expression) -> frozenset[int]:
        match expression:
            case Term():
                return frozenset(self.terms.find(expression))
            case Related(relation, others):
                return frozenset(self._related(relation, self.find(others)))
            case Not(part):
                return self._all - self.find(part)
            case Both(parts):
                return frozenset.intersection(*map(self.find, parts))
            case Either(parts):
                return frozenset().union(*map(self.find, parts))

    def _related(self, relation: str, others: frozenset[int]) -> Iterable[int]:
        match relation:
            case "below":
                return self._below(others)
            case "above":
                return self._above(others)
            case "sees":
                return self._sight.seeing(others)
            case _:
                return self._sight.seen_by(others)

    @cached_property
    def _sight(self) -> Sight:
        return Sight(self.order)

    def _below(self, others: frozenset[int]) -> Iterator[int]:
        end = 0
        for at in sorted(others):
            # What is below one that is below another was told with that.
            yield from range(max(at + 1, end), self.order[at].end)
            end = max(end, self.order[at].end)

    def _above(self, others: frozenset[int]) -> Iterable[int]:
        found: set[int] = set()
        for at in others:
            parent = self.order[at].parent
            while parent is not None and parent.index not in found:
                found.add(parent.index)
                parent = parent.parent
        return found


def _terms(expression: Expression) -> Iterator[Term]:
    waiting: list[Expression] = [expression]
    while waiting:
        match waiting.pop():
            case Term() as term:
                yield term
            case Related(_, part) | Not(part):
                waiting.append(part)
            case Both(parts) | Either(parts):
                waiting += reversed(parts)


def _part(plan: Questions, paths: Iterable[str]) -> nx.DiGraph[str]:
    """A view of a plan's graph with what is at some paths and above them."""
    import networkx as nx  # noqa: PLC0415 - it takes a while, and most selections need none of it

    chosen = tuple(paths)
    kept: dict[str, str] = {}
    for path in chosen:
        for integration in plan.integration(path).lineage():
            if integration.path in kept:
                break
            kept[integration.path] = integration.group.id
    groups = {*kept.values()}
    # A filter with a set of its own would have the nodes in the order of that set.
    part: nx.DiGraph[str] = nx.subgraph_view(plan.graph, filter_node=kept.__contains__)
    links = (link for link in plan.graph.graph["group_links"] if groups.issuperset(link[:2]))
    part.graph = {**plan.graph.graph, "group_links": tuple(links), "selected": chosen}
    return part
