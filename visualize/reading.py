"""Files that `draw` wrote as data -> the graph, which can be drawn and asked again."""

from __future__ import annotations

import json
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from visualize.graphml import as_written, unflattened

if TYPE_CHECKING:
    import networkx as nx

_MAY_LACK = ("class_name", "parent")
"""What a node of GraphML lacks where it is None."""


class ReadError(ValueError):
    """A file or text that is no graph which `draw` wrote as JSON or GraphML."""


def read_graph(source: str | bytes | PathLike[str]) -> nx.DiGraph[str]:
    """Return the graph in a file that `draw` wrote as JSON or GraphML, or in the content of one.

    A text that begins with `{` or `<` is content, any other text a path. The graph draws the same
    pictures as the one that was written; of an integration's config it has `config_keys`, and
    places are dictionaries. Raises ReadError for what is no such graph, OSError for no file.
    """
    content = _content(source)
    try:
        is_json = content.lstrip()[:1] == b"{"
        graph = _from_json(content) if is_json else _from_graphml(content)
        _restore_links(graph.graph)
    except ReadError:
        raise
    except Exception as error:
        # The parsers of JSON and XML, and networkx behind them, raise all kinds of errors.
        msg = f"this is no graph that `draw` wrote: {error or type(error).__name__}"
        raise ReadError(msg) from error
    return graph


def _restore_links(attributes: dict[str, Any]) -> None:
    """Let links between groups be the tuples that they were."""
    if "group_links" in attributes:
        attributes["group_links"] = tuple(tuple(link) for link in attributes["group_links"])
    if "changed_links" in attributes:
        changed = attributes["changed_links"]
        attributes["changed_links"] = {tuple(link): change for *link, change in changed}


def _content(source: str | bytes | PathLike[str]) -> bytes:
    if isinstance(source, bytes):
        return source
    if isinstance(source, str) and source.lstrip()[:1] in {"{", "<"}:
        return source.encode(errors="surrogatepass")
    return Path(source).read_bytes()


def _from_json(content: bytes) -> nx.DiGraph[str]:
    import networkx as nx  # noqa: PLC0415 - drawing needs none of it

    data = json.loads(content)
    _check(data)
    return nx.DiGraph(nx.node_link_graph(data, edges="edges"))


def _check(data: dict[str, Any]) -> None:
    """Refuse what networkx would read as another graph than is written."""
    if not data.get("directed") or data.get("multigraph"):
        raise ReadError(
            "a workflow's graph is directed, and has one edge at most from node to node"
        )
    ids = [node["id"] for node in data["nodes"]]
    ends = {edge[end] for edge in data["edges"] for end in ("source", "target")}
    if not all(isinstance(name, str) for name in ids):
        raise ReadError("a node of the graph has an id that is no text")
    if len({*ids}) < len(ids):
        raise ReadError("two nodes of the graph have one id")
    if unknown := sorted(map(str, ends.difference(ids))):
        msg = f"an edge of the graph leads to {unknown[0]!r}, which is no node"
        raise ReadError(msg)


def _from_graphml(content: bytes) -> nx.DiGraph[str]:
    import networkx as nx  # noqa: PLC0415 - drawing needs none of it

    found = nx.read_graphml(BytesIO(content))
    graph: nx.DiGraph[str] = nx.DiGraph(**unflattened(found.graph))
    for path, data in found.nodes(data=True):
        graph.add_node(as_written(path), **{**dict.fromkeys(_MAY_LACK), **unflattened(data)})
    for source, target, data in found.edges(data=True):
        graph.add_edge(as_written(source), as_written(target), **unflattened(data))
    return graph
