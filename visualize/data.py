"""A graph as data: what is written of it, and that as JSON which networkx reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from visualize.groups import read_groups, read_links, refuse_unknown
from visualize.render import RenderError
from visualize.style import CHILD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import networkx as nx

    from visualize.view import View

MOST_LINKS: Final = 2_000_000
"""Links that a file may hold one by one; whoever reads so many needs gigabytes for them."""

NODE_ATTRIBUTES: Final = (
    *("name", "layer", "layer_path", "class_name", "group", "parent", "config_keys", "source"),
    *("decorated_by", "change", "verdict", "hooks"),
)
"""What is written of a node: of its `config` the keys alone, as `config_keys`."""
EDGE_ATTRIBUTES: Final = ("kind", "change")

_LINES: Final = 5_000
"""How many lines are put together before they are encoded."""


def to_json(graph: nx.DiGraph[str], view: View) -> bytes:
    """Return the graph as networkx's node-link data, whose edges stand under `edges`.

    Every link is written, or with the view's `links` "groups" the tree and the links between
    groups, or with "none" the tree alone. Raises RenderError for more than MOST_LINKS,
    ValueError where the view names what is not there.
    """
    return encoded(_json_lines(shown_part(graph, view), view))


def _json_lines(graph: nx.DiGraph[str], view: View) -> Iterator[str]:
    attributes = json.dumps(graph_attributes(graph, view))
    yield f'{{\n"directed": true,\n"multigraph": false,\n"graph": {attributes},\n'
    nodes = ({**node_attributes(data), "id": path} for path, data in graph.nodes(data=True))
    yield from _list("nodes", map(json.dumps, nodes))
    yield ",\n"
    # Each path is written many times.
    texts = {path: json.dumps(path) for path in graph}
    said = Once(lambda data: "".join(f'"{key}": {json.dumps(data[key])}, ' for key in data))
    edges = (
        f'{{{said.text(data)}"source": {texts[source]}, "target": {texts[target]}}}'
        for source, target, data in written_edges(graph, view)
    )
    yield from _list("edges", edges)
    yield "\n}\n"


def _list(key: str, items: Iterable[str]) -> Iterator[str]:
    """Yield a list under a key, each of its items on a line."""
    yield f'"{key}": ['
    before = "\n"
    for item in items:
        yield before + item
        before = ",\n"
    yield "\n]"


# What is written, whatever the format ---------------------------------------------------------


def shown_part(graph: nx.DiGraph[str], view: View) -> nx.DiGraph[str]:
    """Return the part of the graph that the view's `only` and `depth` leave, with what is above.

    Raises ValueError for a path that is none.
    """
    if view.only is None and view.depth is None:
        return graph
    refuse_unknown(view.only or (), graph)
    levels: dict[str, int] = {}
    shown: set[str] = set()
    for path, data in graph.nodes(data=True):
        parent = data["parent"]
        levels[path] = 1 if parent is None else levels[parent] + 1
        if view.only is None or path in view.only:
            shown.add(path)
    for path in reversed(list(graph)):
        if path in shown and graph.nodes[path]["parent"] is not None:
            shown.add(graph.nodes[path]["parent"])
    return _part(graph, [path for path in graph if path in shown and _is_in(levels[path], view)])


def _is_in(level: int, view: View) -> bool:
    return view.depth is None or level <= view.depth


def _part(graph: nx.DiGraph[str], paths: list[str]) -> nx.DiGraph[str]:
    """Return a copy of the graph with these nodes alone, in their order."""
    import networkx as nx  # noqa: PLC0415 - few ask for a part

    part: nx.DiGraph[str] = nx.DiGraph(**graph.graph)
    part.add_nodes_from((path, dict(graph.nodes[path])) for path in paths)
    for source in paths:
        row = graph.adj[source].items()
        part.add_edges_from((source, to, dict(data)) for to, data in row if to in part)
    groups = {data["group"] for _, data in part.nodes(data=True)}
    for name in {"group_links", "changed_links"} & part.graph.keys():
        links = part.graph[name]
        kept = {link: None for link in links if {*link[:2]} <= groups}
        part.graph[name] = {k: links[k] for k in kept} if isinstance(links, dict) else tuple(kept)
    return part


def graph_attributes(graph: nx.DiGraph[str], view: View) -> dict[str, Any]:
    """Return the graph's `name`, `group_links`, and `links` where not every one is written.

    The links between groups are the graph's own, or derived from its edges if it is to have those.
    `changed_links` becomes a list of links, each with its change.
    """
    said = as_data({"name": graph.graph["name"]}) if "name" in graph.graph else {}
    links = graph.graph.get("group_links")
    if view.links == "groups" and links is None:
        links = read_links(graph, read_groups(graph))
    if view.links != "none" and links is not None:
        said["group_links"] = [list(link) for link in links]
    if changed := graph.graph.get("changed_links"):
        said["changed_links"] = [[*link, change] for link, change in changed.items()]
    return said if written_links(view) == "all" else {**said, "links": view.links}


def node_attributes(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is written of a node, as plain data; no value of its config."""
    config = data.get("config")
    keys = {"config_keys": list(config)} if isinstance(config, Mapping) else {}
    return present({**keys, **data}, NODE_ATTRIBUTES)


def written_edges(
    graph: nx.DiGraph[str], view: View
) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield the edges that a view shows, in the order of the graph; RenderError for too many."""
    is_all = written_links(view) == "all"
    if is_all and (count := graph.number_of_edges()) > MOST_LINKS:
        reason = f"of {count:,} links, a file would hold more than {MOST_LINKS:,}"
        raise RenderError(reason, "write the links between groups alone (--links groups)")
    for source, target, data in graph.edges(data=True):
        if is_all or data.get("kind") == CHILD:
            yield source, target, data


def written_links(view: View) -> str:
    """Return the view's choice of links, which for data is all of them unless another is made."""
    return view.links or "all"


def present(data: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return those of the attributes that are there, as plain data."""
    return {name: as_data(data[name]) for name in names if name in data}


def as_data(value: Any) -> Any:
    """Return a value as JSON has it: a place by its own `as_dict`, what is no data as its text."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if hasattr(value, "as_dict"):
        return as_data(value.as_dict())
    if isinstance(value, Mapping):
        return {str(key): as_data(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_data(item) for item in value]
    return str(value)


class Once:
    """The texts of edges' attributes, each made once for all edges that have the same."""

    def __init__(self, write: Callable[[dict[str, Any]], str]) -> None:
        """Remember what `write` makes of attributes."""
        self._write = write
        self._texts: dict[tuple[object, ...], str] = {}

    def text(self, data: Mapping[str, Any]) -> str:
        """Return the text for the attributes of an edge."""
        key = tuple(map(data.get, EDGE_ATTRIBUTES))
        if key not in self._texts:
            self._texts[key] = self._write(present(data, EDGE_ATTRIBUTES))
        return self._texts[key]


def encoded(pieces: Iterable[str]) -> bytes:
    """Return the pieces of a text as the content of a file."""
    chunks, waiting = list[bytes](), list[str]()
    for piece in pieces:
        waiting.append(piece)
        if len(waiting) == _LINES:
            chunks.append("".join(waiting).encode())
            waiting.clear()
    return b"".join([*chunks, "".join(waiting).encode()])
