"""A graph as GraphML, which Gephi, yEd, igraph and others open: attributes are text and numbers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape, quoteattr

from visualize.data import (
    Once,
    encoded,
    graph_attributes,
    node_attributes,
    shown_part,
    written_edges,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import networkx as nx

    from visualize.view import View

_NAMESPACE: Final = "http://graphml.graphdrawing.org/xmlns"
_PLACE: Final = ("file", "line", "column", "trail", "overrides")
_NUMBERS: Final = frozenset(("source_line", "source_column"))
_AS_JSON: Final = frozenset(
    (
        *("config_keys", "decorated_by", "group_links", "changed_links", "source_overrides"),
        "hooks",
    )
)
"""What GraphML has no type for: it is the text of a JSON value there."""
_KEYS: Final = {
    "graph": ("name", "group_links", "changed_links", "links"),
    "node": (
        *("name", "layer", "layer_path", "class_name", "group", "parent", "config_keys"),
        *(f"source_{part}" for part in _PLACE),
        *("decorated_by", "change", "verdict", "hooks"),
    ),
    "edge": ("kind", "change"),
}
# XML has no way to write these, and readers change a carriage return.
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|\\\\(?=u{)")
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]{1,6})\}")


def to_graphml(graph: nx.DiGraph[str], view: View) -> bytes:
    r"""Return the graph as GraphML, with the same nodes, edges and limits as `to_json`.

    A place becomes `source_file`, `source_line` and so on; lists become JSON in text; None is left
    out. A character that XML cannot have is written as `\u{1b}`.
    """
    return encoded(_lines(shown_part(graph, view), view))


def _lines(graph: nx.DiGraph[str], view: View) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="{_NAMESPACE}">\n'
    for place, names in _KEYS.items():
        for name in names:
            kind = "int" if name in _NUMBERS else "string"
            yield (
                f'<key id="{place}_{name}" for="{place}" attr.name="{name}" attr.type="{kind}"/>\n'
            )
    yield f'<graph edgedefault="directed">{_data("graph", graph_attributes(graph, view))}\n'
    ids = {path: quoteattr(legal(path)) for path in graph}
    for path, data in graph.nodes(data=True):
        yield f"<node id={ids[path]}>{_data('node', _flat(node_attributes(data)))}</node>\n"
    said = Once(lambda data: _data("edge", data))
    for source, target, edge in written_edges(graph, view):
        yield f"<edge source={ids[source]} target={ids[target]}>{said.text(edge)}</edge>\n"
    yield "</graph>\n</graphml>\n"


def _flat(attributes: dict[str, Any]) -> dict[str, Any]:
    """Return a node's attributes with those of its place beside them."""
    place = attributes.pop("source", None) or {}
    named = place.items() if isinstance(place, dict) else [("file", place)]
    return {**attributes, **{f"source_{part}": value for part, value in named}}


def _data(place: str, attributes: Mapping[str, Any]) -> str:
    """Return the elements that hold the attributes which GraphML is told of."""
    return "".join(
        f'<data key="{place}_{name}">{escape(legal(_text(name, attributes[name])))}</data>'
        for name in _KEYS[place]
        if attributes.get(name) is not None
    )


def _text(name: str, value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if name in _AS_JSON else str(value)


def legal(text: str) -> str:
    r"""Return the text with `\u{...}` for what XML cannot have; `as_written` undoes it."""
    return _ILLEGAL.sub(lambda found: f"\\u{{{ord(found[0]):x}}}", text)


def as_written(text: str) -> str:
    """Return the text that `legal` was given."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def unflattened(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes that `to_graphml` was given, from those that networkx reads."""
    known = {name for names in _KEYS.values() for name in names}
    made = {name: _value(name, attributes[name]) for name in attributes if name in known}
    place = {part: made.pop(f"source_{part}", None) for part in _PLACE}
    if place["file"] is not None:
        # Of a place, a text that is empty is read as one that is not there.
        made["source"] = {**place, "trail": place["trail"] or ""}
    return made


def _value(name: str, value: Any) -> Any:
    written = as_written(value) if isinstance(value, str) else value
    return json.loads(written) if name in _AS_JSON else written
