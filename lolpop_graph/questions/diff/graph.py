"""Two workflows in one graph, whose attributes say what has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx

from lolpop_graph.links import Child

if TYPE_CHECKING:
    from lolpop_graph.questions.asked import Questions
    from lolpop_graph.questions.diff.answer import Difference


Link = tuple[str, str, str]


def union_graph(difference: Difference, old: Questions, new: Questions) -> nx.DiGraph[str]:
    """The new workflow and what it has no more, under the new root's name.

    Nodes have the attributes of a plan's graph, with `config_keys` for `config`, and `change`.
    The graph's `changed_links` are the links between groups that only one workflow has.
    """
    graph: nx.DiGraph[str] = nx.DiGraph(name=f"{difference.old} → {difference.new}")
    rename = _Renaming(old.integrations[0].path, new.integrations[0].path)
    changes = _Changes(difference, {rename.path(path) for path in old.graph})
    for path, data in new.graph.nodes(data=True):
        graph.add_node(path, **_data(data, changes.of(path, data)))
    for path, data in old.graph.nodes(data=True):
        here = rename.path(path)
        if here not in graph:
            gone = {**data, "parent": rename.path(data["parent"]), "group": rename.group(data)}
            graph.add_node(here, **_data(gone, "removed"))
    before = {(rename.id(source), rename.id(target), kind) for source, target, kind in _links(old)}
    _add_links(graph, before, _links(new))
    for path in graph:
        parent = graph.nodes[path]["parent"]
        if parent is not None:
            graph.add_edge(parent, path, kind=Child.name)
    return graph


class _Renaming:
    """The old root's name replaced by the new one's."""

    def __init__(self, old: str, new: str) -> None:
        self.old = old
        self.new = new

    def path(self, path: str | None) -> Any:
        """A path, or None."""
        return path if path is None else self.new + path[len(self.old) :]

    def id(self, group: str) -> str:
        """A group's id, which is a layer's name for the root's own group."""
        is_below = group.startswith((f"{self.old}.", f"{self.old}/"))
        return str(self.path(group)) if is_below else group

    def group(self, data: dict[str, Any]) -> str:
        """The id of the group of a node below the root."""
        return self.id(data["group"])


def _data(data: dict[str, Any], change: str | None) -> dict[str, Any]:
    kept = {key: value for key, value in data.items() if key != "config"}
    said = {"change": change} if change else {}
    return {**kept, "config_keys": [*data["config"]], **said}


class _Changes:
    """What has changed of each integration of the new workflow: a layer's config is its group's."""

    def __init__(self, difference: Difference, before: set[str]) -> None:
        self.before = before
        self.paths = {
            *(each.path for each in difference.changed),
            *(each.path for each in difference.order),
        }
        self.groups = {each.group for each in difference.sections}

    def of(self, path: str, data: dict[str, Any]) -> str | None:
        """Whether it is added or changed, or None."""
        if path not in self.before:
            return "added"
        return "changed" if path in self.paths or data["group"] in self.groups else None


def _links(plan: Questions) -> dict[Link, None]:
    return dict.fromkeys(plan.graph.graph["group_links"])


def _add_links(
    graph: nx.DiGraph[str],
    old: set[Link],
    new: dict[Link, None],
) -> None:
    gone = sorted(old.difference(new))
    graph.graph["group_links"] = (*new, *gone)
    come = {link: "added" for link in new if link not in old}
    graph.graph["changed_links"] = {**come, **dict.fromkeys(gone, "removed")}
