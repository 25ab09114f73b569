"""What a page knows of a graph: tables of numbers and texts, small enough to be sent as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from visualize.groups import read_changes, read_groups, read_links, selected, topmost
from visualize.page.absent import absent
from visualize.page.layout import CELL_HEIGHT, GAP, HEADING, PADDING, place
from visualize.style import CHILD, EDGES, SIGNS, EdgeStyle, edge_style, layer_styles

if TYPE_CHECKING:
    import networkx as nx

    from visualize.groups import Group, GroupLink, Integration
    from visualize.style import LayerStyle
    from visualize.view import View

METRICS = {"cell": CELL_HEIGHT, "gap": GAP, "heading": HEADING, "padding": PADDING}


def page_data(
    graph: nx.DiGraph[str], view: View
) -> tuple[dict[str, Any], Mapping[str, LayerStyle]]:
    """Return all that the page shows, and how its layers look, in the order in which it has them.

    Keys and places of the configuration are in it, and no value. Raises KeyError for a missing
    attribute, ValueError where the view names what is not there, RenderError where Graphviz
    cannot place the groups.
    """
    page = _Page(graph, view)
    return page.data(), page.styles


class _Texts:
    """Texts that are sent once, however often they stand somewhere."""

    def __init__(self) -> None:
        self.all: dict[str, int] = {}

    def number(self, text: object) -> int:
        return self.all.setdefault(str(text), len(self.all))


class _Page:
    """The tables of one graph while they are filled."""

    def __init__(self, graph: nx.DiGraph[str], view: View) -> None:
        self.graph = graph
        self.view = view
        self.everything = read_groups(graph)
        styles = layer_styles(group.layer for group in self.everything.values())
        is_whole = view.only is None
        self.groups = self.everything if is_whole else selected(self.everything, view.only or ())
        self.texts = _Texts()
        self.place = {group: i for i, group in enumerate(self.groups)}
        members = (m.path for group in self.groups.values() for m in group.members)
        self.node = {path: i for i, path in enumerate(members)}
        shown = dict.fromkeys(group.layer for group in self.groups.values())
        self.styles = {layer: styles[layer] for layer in shown}
        self.layers = list(self.styles)
        self.is_changed = "changed_links" in graph.graph or bool(graph.graph.get("tested"))

    def data(self) -> dict[str, Any]:
        links = read_links(self.graph, self.groups)
        changes = read_changes(self.graph)
        drawn = topmost(links, self.groups, changes)
        kinds = list(dict.fromkeys([CHILD, *EDGES, *(link.kind for link in links)]))
        used = {CHILD, *(link.kind for link in links)}
        number = {kind: i for i, kind in enumerate(kind for kind in kinds if kind in used)}
        boxes, shelves = place(self.groups, self.view.direction)
        return {
            "title": str(self.graph.graph.get("name", "")),
            "view": self._view(),
            "metrics": METRICS,
            "layers": self.layers,
            "signs": SIGNS,
            "shapes": [_shape(style) for style in self.styles.values()],
            "kinds": [_kind(kind, edge_style(kind)) for kind in number],
            # What is compared or tested has edges for the tree alone.
            "edges": 0 if self.is_changed else self.graph.number_of_edges(),
            "groups": [
                [*self._group(group), box.columns, box.cell, box.x, box.y]
                for group, box in zip(self.groups.values(), boxes.values(), strict=True)
            ],
            "nodes": [self._node(m) for g in self.groups.values() for m in g.members],
            "shelves": [[self.place[group] for group in shelf] for shelf in shelves],
            "links": [[*self._ends(link), number[link.kind], *self._rule(link)] for link in links],
            "drawn": [
                [
                    *self._ends(reach.link),
                    number[reach.link.kind],
                    int(reach.whole),
                    *([changes[reach.link]] if reach.link in changes else []),
                ]
                for reach in drawn
            ],
            "wrapped": self._wrapped(),
            "absent": self._absent(),
            "texts": list(self.texts.all),
        }

    def _view(self) -> dict[str, Any]:
        """Return what the page begins with."""
        view = self.view
        return {
            "direction": view.direction,
            "links": view.links or "groups",
            "theme": view.theme,
            "depth": view.depth,
            "collapse": sorted(view.collapse),
            "isPart": view.only is not None,
        }

    def _group(self, group: Group) -> list[Any]:
        """Return id (0 where parent and layer say it), layer, parent, members, keys."""
        parent = -1 if group.parent is None else self.node[group.parent.path]
        said = group.layer if group.parent is None else f"{group.parent.path}/{group.layer}"
        config = self.graph.graph.get("layer_config_source") or {}
        return [
            0 if said == group.id else group.id,
            self.layers.index(group.layer),
            parent,
            len(group.members),
            self._keys(config.get(group.id) or {}),
        ]

    def _node(self, member: Integration) -> list[Any]:
        """Return name, path (0 where parent and name say it), class, place, keys and change."""
        data = self.graph.nodes[member.path]
        parent, class_name = data["parent"], member.class_name
        said = member.name if parent is None else f"{parent}.{member.name}"
        return [
            member.name,
            0 if said == member.path else member.path,
            -1 if class_name is None else self.texts.number(class_name),
            self._place(data.get("source")),
            self._keys(data.get("config_source", member.keys)),
            *([member.change or ""] if member.change or member.context else []),
            *([int(member.context)] if member.context or member.hooks else []),
            *([[self.texts.number(line) for line in member.hooks]] if member.hooks else []),
        ]

    def _absent(self) -> list[Any]:
        """Return where each would stand, names and paths as numbers of texts, and targets."""
        if self.groups is self.everything:
            return []
        return [
            [
                each.at,
                [[self.texts.number(m.name), self.texts.number(m.path)] for m in each.members],
                [self.place[target] for target in each.targets],
            ]
            for each in absent(self.graph, self.everything, self.groups)
        ]

    def _wrapped(self) -> list[Any]:
        """Return for each list of decorators, outermost first, the nodes that they wrap."""
        found: dict[tuple[int, ...], list[int]] = {}
        for path, number in self.node.items():
            names = self.graph.nodes[path].get("decorated_by", ())
            if decorators := tuple(self.node[name] for name in names if name in self.node):
                found.setdefault(decorators, []).append(number)
        return [[list(decorators), nodes] for decorators, nodes in found.items()]

    def _keys(self, written: Mapping[str, Any] | Iterable[str]) -> list[Any]:
        """Return each key, as a text's number, with its place."""
        places = written if isinstance(written, Mapping) else {}
        return [[self.texts.number(key), self._place(places.get(key))] for key in written]

    def _place(self, place: Any) -> list[Any]:
        """Return a place as a text's number, or that of a file with line and column."""
        if place is None or place == "":
            return []
        if isinstance(place, Mapping):
            file, line, column = (place.get(key) for key in ("file", "line", "column"))
        else:
            file, line, column = (getattr(place, key, 0) for key in ("file", "line", "column"))
        if file and line:
            return [self.texts.number(file), line, column]
        return [self.texts.number(file if isinstance(place, Mapping) else place)]

    def _ends(self, link: GroupLink) -> tuple[int, int]:
        return self.place[link.source], self.place[link.target]

    def _rule(self, link: GroupLink) -> Iterator[Any]:
        """Yield the rule's words, as a text's number, and its place, where the graph has them."""
        rule = (self.graph.graph.get("link_rules") or {}).get(tuple(link))
        if rule is not None:
            yield self.texts.number(rule[0])
            yield self._place(rule[1])


def _kind(name: str, style: EdgeStyle) -> dict[str, Any]:
    return {
        "name": name,
        "words": " ".join(style.meaning),
        "group": " ".join(style.group_meaning),
        "part": " ".join(style.partial.group_meaning) if style.partial else "",
        "mutual": style.mutual,
        "gives": style.gives,
        "mark": style.mark,
        "tree": name == CHILD,
        "arrow": style.arrowhead != "none",
    }


def _shape(style: LayerStyle) -> str:
    return "round" if "rounded" in style.style else style.shape
