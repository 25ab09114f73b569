"""The workflow as a networkx graph whose rows are answered from the groups, not stored."""

from __future__ import annotations

import copy
from collections.abc import Callable, ItemsView, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import networkx as nx

from lolpop_graph.block import Block, plain_config
from lolpop_graph.decorated import wrapping
from lolpop_graph.links import EDGE_KINDS, EdgeKind, Links, edge_kind
from lolpop_graph.model import Integration, groups_in

if TYPE_CHECKING:
    from lolpop_graph.model import Place
    from lolpop_graph.secrecy import Secrets


class Attributes(dict[str, Any]):
    """The attributes of a node or an edge: a dictionary that refuses to be changed.

    They are made when asked for, or shared by all edges of a kind, so that a change would be
    lost or would reach too far. A copy is a plain dictionary.
    """

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this graph is read-only; nx.DiGraph(graph) is a copy that can be changed")

    __setitem__ = __delitem__ = __ior__ = _refuse
    update = pop = popitem = clear = setdefault = _refuse

    def copy(self) -> dict[str, Any]:
        """A plain dictionary."""
        return dict(self)

    def __copy__(self) -> dict[str, Any]:
        return dict(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, Any]:
        return copy.deepcopy(dict(self), memo)

    def __reduce__(self) -> tuple[type[dict[str, Any]], tuple[dict[str, Any]]]:
        return dict, (dict(self),)


class Lazy(Mapping[Any, Any]):
    """A mapping that is made when it is first looked into; a copy of it is a plain dictionary."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], dict[Any, Any]]) -> None:
        """Keep what makes the whole mapping."""
        self._make = make
        self._made: dict[Any, Any] | None = None

    def _all(self) -> dict[Any, Any]:
        if self._made is None:
            self._made = self._make()
        return self._made

    def __getitem__(self, key: Any) -> Any:
        return self._all()[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        return repr(self._all())

    def __reduce__(self) -> tuple[type[dict[Any, Any]], tuple[dict[Any, Any]]]:
        return dict, (dict(self._all()),)


_EDGE_DATA = {kind.name: Attributes(kind=kind.name) for kind in EDGE_KINDS}

NodeData = Callable[[Integration], dict[str, Any]]


class WorkflowGraph(nx.DiGraph):  # type: ignore[type-arg]  # generic in networkx's stubs alone
    """A read-only DiGraph of integrations; `nx.DiGraph(graph)` is a copy that can be changed.

    Nodes are paths, in build order; their attributes are those of `node_data` and, of what is
    wrapped, of `decoration`. Edges carry `kind`. `graph.graph["group_links"]` holds the links
    between groups, as (source group, target group, kind), and `graph.graph["name"]` the document's
    name. Two mappings are made when they are looked into: `layer_config_source` has, by group,
    where each key of its layer's config is written, `link_rules`, by link of `group_links`, the
    rule in words and its place or None.
    """

    _node: Any
    _adj: Any
    _pred: Any

    def copy(self, as_view: bool = False) -> Any:  # noqa: FBT001, FBT002 - networkx's signature
        """A view, or a graph of its own that can be changed."""
        return super().copy(as_view=True) if as_view else nx.DiGraph(self)

    def to_directed_class(self) -> type[nx.DiGraph[str]]:
        """What networkx makes when it needs a directed graph to write into."""
        return nx.DiGraph

    def number_of_edges(self, u: str | None = None, v: str | None = None) -> int:
        """How many edges there are, or how many (0 or 1) from u to v."""
        if u is None:
            return sum(map(len, self._pred.values()))
        return int(self.has_edge(u, v))

    def size(self, weight: str | None = None) -> Any:
        """How many edges there are, or the sum of their weights."""
        return self.number_of_edges() if weight is None else super().size(weight)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process as a graph of its own that can be changed."""
        return _plain_graph, (dict(self.graph), [*self.nodes.data()], [*self.edges.data()])

    def __deepcopy__(self, memo: dict[int, Any]) -> nx.DiGraph[str]:
        """A graph of its own that can be changed."""
        make, parts = self.__reduce__()
        return make(*copy.deepcopy(parts, memo))  # type: ignore[no-any-return]


def _plain_graph(
    attributes: dict[str, Any],
    nodes: list[tuple[str, dict[str, Any]]],
    edges: list[tuple[str, str, dict[str, Any]]],
) -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph(**attributes)
    graph.add_nodes_from(nodes)
    graph.add_edges_from(edges)
    return graph


def workflow_graph(
    links: Links, node_data: NodeData, attributes: Mapping[str, Any]
) -> WorkflowGraph:
    """The graph of the integrations in `links`, whose nodes have the attributes of `node_data`."""
    graph = WorkflowGraph()
    graph._node = _Nodes(links.by_path, node_data)  # noqa: SLF001 - networkx's documented extension point
    graph._adj = _Rows(links, _Successors)  # noqa: SLF001
    graph._pred = _Rows(links, _Predecessors)  # noqa: SLF001
    graph.graph.update(attributes)
    nx.freeze(graph)
    return graph


def ordering(graph: WorkflowGraph) -> nx.DiGraph[str]:
    """A view of a graph with the edges whose source has to be built before their target."""
    ordered = {kind.name for kind in EDGE_KINDS if kind.orders}
    edges = graph.edges
    view: nx.DiGraph[str] = nx.subgraph_view(
        graph, filter_edge=lambda source, target: edges[source, target]["kind"] in ordered
    )
    return view


def node_data(
    integration: Integration, place: Callable[[int], Place], secrets: Secrets
) -> dict[str, Any]:
    """The attributes of a node, with `***` for what is secret.

    `name`, `layer`, `layer_path` (`runner/pipeline/component`), `class_name` (None where the
    base class is meant), `group` (`runner.train/component`), `parent` (a path, None for the
    root), `config` (its own, references resolved), `config_source` (where each key of that is
    written) and `source` (the place that declares it).
    """
    parent, class_name = integration.parent, integration.class_name
    return {
        "name": integration.name,
        "layer": integration.layer.name,
        "layer_path": integration.layer.path,
        "class_name": None if class_name is None else secrets.scrub(class_name),
        "group": integration.group.id,
        "parent": parent.path if parent else None,
        "config": secrets.masked(plain_config(integration.config)),
        "config_source": config_source(integration.config, place, secrets),
        "source": place(integration.mark),
    }


def decoration(integration: Integration) -> dict[str, Any]:
    """What a node has beside that if it is wrapped.

    `decorated_by` has the paths of the decorators, the outermost first.
    """
    paths = [choice.decorator.path for choice in wrapping(integration)]
    return {"decorated_by": paths} if paths else {}


def config_source(config: Block, place: Callable[[int], Place], secrets: Secrets) -> Lazy:
    """Where each key of a config is written, the keys as they may be shown."""
    return Lazy(lambda: {secrets.scrub(key): place(config.key_mark(key)) for key in config})


def layer_config_source(
    order: Sequence[Integration], place: Callable[[int], Place], secrets: Secrets
) -> dict[str, Lazy]:
    """By the id of each group whose layer has a config there, where each key of that is written."""
    return {
        group.id: config_source(group.config, place, secrets)
        for group in groups_in(order)
        if group.config
    }


def group_links(
    order: Sequence[Integration], kinds: Sequence[EdgeKind]
) -> Iterator[tuple[str, str, str]]:
    """The links between groups, as (source group, target group, kind), in build order."""
    for group in groups_in(order):
        for kind in kinds:
            for source in kind.source_groups(group):
                if group.members and source.members:
                    yield source.id, group.id, kind.name


class _Nodes(Mapping[str, Attributes]):
    """Node attributes, made when asked for."""

    __slots__ = ("by_path", "data")

    def __init__(self, by_path: Mapping[str, Integration], data: NodeData) -> None:
        self.by_path = by_path
        self.data = data

    def __getitem__(self, path: str) -> Attributes:
        return Attributes(self.data(self.by_path[path]))

    def __contains__(self, path: object) -> bool:
        return path in self.by_path

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_path)

    def __len__(self) -> int:
        return len(self.by_path)


class _Row(Mapping[str, Attributes]):
    """The neighbours of one integration, in one direction."""

    __slots__ = ("integration", "links")

    def __init__(self, links: Links, integration: Integration) -> None:
        self.links = links
        self.integration = integration

    def _kind(self, other: Integration) -> EdgeKind | None:
        raise NotImplementedError

    def _of(self, kind: EdgeKind) -> Iterator[Integration]:
        raise NotImplementedError

    def __getitem__(self, path: str) -> Attributes:
        kind = self._kind(self.links.by_path[path])
        if kind is None:
            raise KeyError(path)
        return _EDGE_DATA[kind.name]

    def __contains__(self, path: object) -> bool:
        other = self.links.by_path.get(path) if isinstance(path, str) else None
        return other is not None and self._kind(other) is not None

    def __iter__(self) -> Iterator[str]:
        for kind in self.links.kinds:
            for other in self._of(kind):
                yield other.path

    def items(self) -> ItemsView[str, Attributes]:
        return _Items(self)

    def copy(self) -> dict[str, Attributes]:
        """A plain dictionary of the row, as networkx expects rows to have."""
        return dict(self.items())


class _Items(ItemsView[str, Attributes]):
    """The pairs of a row, each edge's data taken from its kind without a look-up."""

    __slots__ = ()
    _mapping: _Row

    def __iter__(self) -> Iterator[tuple[str, Attributes]]:
        for kind in self._mapping.links.kinds:
            data = _EDGE_DATA[kind.name]
            for other in self._mapping._of(kind):  # noqa: SLF001 - a part of the row
                yield other.path, data


class _Successors(_Row):
    __slots__ = ()

    def _kind(self, other: Integration) -> EdgeKind | None:
        return edge_kind(self.integration, other)

    def _of(self, kind: EdgeKind) -> Iterator[Integration]:
        return kind.targets(self.integration, self.links)

    def __len__(self) -> int:
        return sum(kind.count_targets(self.integration, self.links) for kind in self.links.kinds)


class _Predecessors(_Row):
    __slots__ = ()

    def _kind(self, other: Integration) -> EdgeKind | None:
        return edge_kind(other, self.integration)

    def _of(self, kind: EdgeKind) -> Iterator[Integration]:
        return kind.sources(self.integration)

    def __len__(self) -> int:
        return sum(kind.count_sources(self.integration, self.links) for kind in self.links.kinds)


class _Rows(Mapping[str, _Row]):
    """The rows of all integrations, in one direction."""

    __slots__ = ("links", "row")

    def __init__(self, links: Links, row: type[_Row]) -> None:
        self.links = links
        self.row = row

    def __getitem__(self, path: str) -> _Row:
        return self.row(self.links, self.links.by_path[path])

    def __contains__(self, path: object) -> bool:
        return path in self.links.by_path

    def __iter__(self) -> Iterator[str]:
        return iter(self.links.by_path)

    def __len__(self) -> int:
        return len(self.links.by_path)
