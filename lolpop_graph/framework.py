"""The tree of layers: read from a document or a graph, with one root and no cycle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from lolpop_graph import faults as f
from lolpop_graph.block import Block
from lolpop_graph.errors import WorkflowError
from lolpop_graph.model import DECORATOR, DEFAULT_FRAMEWORK, FRAMEWORK_KEY, Layer, Place
from lolpop_graph.scalars import as_text, describe

if TYPE_CHECKING:
    import networkx as nx

RESERVED_KEYS = frozenset(("config", FRAMEWORK_KEY))
DOCUMENT_KEY = "a key that the document needs"
"""What has the reserved keys, for messages about names that are taken."""

_MOST_LAYERS, _DEEPEST = 10_000, 100


class Framework:
    """The tree of layers of a workflow; `root` is its one root.

    Make one with `default`, `from_tree` (nested mappings, as a document has them) or
    `from_graph`.
    """

    __slots__ = ("root",)

    def __init__(self, root: Layer) -> None:
        """Take the tree below `root` as it is; use one of the makers to have it checked."""
        self.root = root
        if DECORATOR not in self.names():
            for layer in self.layers():
                layer.decorators = Layer(DECORATOR, layer) if layer.children else None

    @property
    def decorators(self) -> tuple[Layer, ...]:
        """The layers of decorators, which are no part of the tree; none where that has its own."""
        return tuple(layer.decorators for layer in self.layers() if layer.decorators)

    @classmethod
    def default(cls) -> Framework:
        """The framework of a workflow that names none: runner, component, pipeline/component."""
        return _default()

    @classmethod
    def from_tree(
        cls,
        tree: object,
        place: Place | None = None,
        place_of: Callable[[int], Place] | None = None,
    ) -> Framework:
        """Read nested mappings, each key a layer, each value None or what is below it.

        Raises WorkflowError where there is not one root, a layer stands below itself (as
        YAML aliases allow), or a name is reserved; `place` is where the tree is written, and
        `place_of` tells for the marks of its blocks where the layers are.
        """
        if not isinstance(tree, Mapping) and tree is not None:
            found = describe(tree)
            raise WorkflowError(
                [f.NotAMapping(place=place, what="the integration framework", found=found)]
            )
        where = _Where(place, place_of)
        roots = list(_Node("", tree).entries(where))
        names = tuple(root.name for root in roots)
        _fail_unless_one_root(names, where.key(roots[1]) if len(roots) > 1 else place)
        return cls(_grow(roots[0], where))

    @classmethod
    def from_graph(cls, graph: nx.DiGraph[Any]) -> Framework:
        """Read a graph with an edge from each layer to each layer directly below it.

        A node is named by its attribute `name`, else by its own text. A node with two parents
        occurs twice in the tree. Raises WorkflowError that names all roots, or the cycle.
        """
        if not graph.is_directed():
            raise TypeError("a framework is made from a directed graph, nx.DiGraph")
        children = {
            node: _GraphNode(graph.nodes[node].get("name", as_layer_name(node)), graph, node)
            for node in graph.nodes
        }
        roots = [node for node in graph.nodes if graph.in_degree(node) == 0]
        if len(roots) != 1:
            if not roots and children:
                roots = [next(iter(children))]
            else:
                _fail_unless_one_root(tuple(children[node].name for node in roots), None)
        framework = cls(_grow(children[roots[0]], _Where()))
        _fail_if_unreached_cycle(graph, roots[0], children)
        return framework

    def layers(self) -> Iterator[Layer]:
        """All layers, each before those below it, in the order written."""
        return self.root.walk()

    def names(self) -> frozenset[str]:
        """The names of all layers."""
        return frozenset(layer.name for layer in self.layers())

    def find(self, name: str) -> Layer | None:
        """The first layer of that name, in the order of `layers`, or None."""
        return next((layer for layer in self.layers() if layer.name == name), None)

    def below(self, layer: Layer) -> Framework:
        """The framework whose root is `layer`, as a pipeline built by itself has it."""
        return Framework(_copy(layer, None))

    def to_graph(self) -> nx.DiGraph[str]:
        """A graph with a node for each occurrence of a layer: its path, with a `name`."""
        import networkx as nx  # noqa: PLC0415 - heavy, and most runs never need it

        graph: nx.DiGraph[str] = nx.DiGraph()
        for layer in self.layers():
            graph.add_node(layer.path, name=layer.name)
            if layer.parent:
                graph.add_edge(layer.parent.path, layer.path)
        return graph

    def as_tree(self) -> dict[str, Any]:
        """Nested dictionaries, as a document has them."""
        return {self.root.name: _as_tree(self.root)}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Framework):
            return NotImplemented
        return [layer.path for layer in self.layers()] == [layer.path for layer in other.layers()]

    def __hash__(self) -> int:
        return hash(self.root.path)

    def __str__(self) -> str:
        """The layers, one a line, each indented below its parent."""
        return "\n".join("  " * layer.path.count("/") + layer.name for layer in self.layers())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """The picture of the tree, and its text, that a notebook shows."""
        from lolpop_graph.display import picture_of_layers  # noqa: PLC0415 - few draw

        return picture_of_layers(self.to_graph(), str(self)).bundle(include, exclude)

    def __repr__(self) -> str:
        """`<Framework runner: 4 layers>`."""
        return f"<Framework {self.root.name}: {sum(1 for _ in self.layers())} layers>"


@cache
def _default() -> Framework:
    return Framework.from_tree(DEFAULT_FRAMEWORK)


def as_layer_name(value: object) -> str:
    """The text of a layer's name, as YAML would write it."""
    return as_text(value) if value is None or isinstance(value, bool) else str(value)


class _Node:
    """A layer of nested mappings that is not yet part of the tree."""

    def __init__(self, name: str, below: object, home: object = None) -> None:
        self.name = name
        self.below = below
        self.home = home
        self.identity: object = id(below) if isinstance(below, Mapping) else id(self)

    def entries(self, where: _Where) -> Iterator[_Node]:
        if self.below is None:
            return
        if not isinstance(self.below, Mapping):
            what, found = f"the layer `{self.name}`", describe(self.below)
            raise WorkflowError([f.NotAMapping(place=where.value(self), what=what, found=found)])
        for key, below in self.below.items():
            yield _Node(as_layer_name(key), below, self.below)


class _GraphNode(_Node):
    """A layer of a graph that is not yet part of the tree."""

    def __init__(self, name: object, graph: nx.DiGraph[Any], node: object) -> None:
        super().__init__(as_layer_name(name), None)
        self.graph = graph
        self.node = node
        self.identity = ("node", node)

    def entries(self, where: _Where) -> Iterator[_Node]:
        del where
        for node in self.graph.successors(self.node):
            name = self.graph.nodes[node].get("name", as_layer_name(node))
            yield _GraphNode(name, self.graph, node)


@dataclass(frozen=True, slots=True)
class _Where:
    """Where layers are written: the tree, and where its blocks have marks each layer."""

    tree: Place | None = None
    place_of: Callable[[int], Place] | None = None

    def key(self, node: _Node) -> Place | None:
        """Where a layer's name stands."""
        home, place_of = node.home, self.place_of
        return place_of(home.key_mark(node.name)) if place_of and type(home) is Block else self.tree

    def value(self, node: _Node) -> Place | None:
        """Where what is below a layer stands."""
        home, place_of = node.home, self.place_of
        return (
            place_of(home.value_mark(node.name)) if place_of and type(home) is Block else self.tree
        )


def _grow(root: _Node, where: _Where) -> Layer:
    """The tree of layers below a root, or WorkflowError with the first cycle met."""
    top = Layer(root.name)
    _fail_if_name_taken(root, None, set(), where)
    trail: list[tuple[_Node, Layer, Iterator[_Node]]] = [(root, top, root.entries(where))]
    named: defaultdict[Layer, set[str]] = defaultdict(set)
    count = 1
    while trail:
        _, layer, entries = trail[-1]
        node = next(entries, None)
        if node is None:
            trail.pop()
            continue
        steps = [above for above, _, _ in trail]
        _fail_if_above(node, steps, where)
        child = Layer(node.name, layer)
        _fail_if_name_taken(node, layer, named[layer], where)
        named[layer].add(child.name)
        layer.children += (child,)
        trail.append((node, child, node.entries(where)))
        count += 1
        if count > _MOST_LAYERS:
            raise WorkflowError([f.OverLimit(place=where.tree, what="layers", limit=_MOST_LAYERS)])
        if len(trail) > _DEEPEST:
            raise WorkflowError(
                [f.OverLimit(place=where.tree, what="levels of layers", limit=_DEEPEST)]
            )
    return top


def _fail_unless_one_root(roots: tuple[str, ...], place: Place | None) -> None:
    if not roots:
        raise WorkflowError([f.FrameworkEmpty(place=place)])
    if len(roots) > 1:
        what = "the integration framework"
        raise WorkflowError([f.SeveralRoots(place=place, what=what, roots=roots)])


def _fail_if_above(node: _Node, steps: list[_Node], where: _Where) -> None:
    for number, above in enumerate(steps):
        if above.identity == node.identity:
            # An alias may give the layer that is met again another name.
            circle = [*steps[number + 1 :], node] if node.name != above.name else steps[number:]
            names = tuple(step.name for step in circle)
            places = tuple(map(where.key, circle))
            raise WorkflowError(
                [f.FrameworkCycle(place=where.key(node), steps=names, places=places)]
            )


def _fail_if_name_taken(node: _Node, parent: Layer | None, beside: set[str], where: _Where) -> None:
    taken_by = ""
    if node.name in RESERVED_KEYS:
        taken_by = DOCUMENT_KEY
    elif parent and parent.parent is None and node.name == parent.name:
        taken_by = "the root layer, whose class the document names under that key"
    elif node.name in beside:
        taken_by = "another layer beside it"
    if taken_by:
        raise WorkflowError(
            [f.LayerNameTaken(place=where.key(node), name=node.name, taken_by=taken_by)]
        )


def _fail_if_unreached_cycle(
    graph: nx.DiGraph[Any], root: object, children: Mapping[Any, _Node]
) -> None:
    """A cycle beside the tree has no root, so growing from the root never meets it."""
    import networkx as nx  # noqa: PLC0415 - heavy, and most runs never need it

    reached = nx.descendants(graph, root) | {root}
    for node in graph.nodes:
        if node not in reached:
            cycle = nx.find_cycle(graph.subgraph(set(graph.nodes) - reached))
            names = tuple(children[start].name for start, *_ in cycle)
            raise WorkflowError([f.FrameworkCycle(steps=names)])


def _copy(layer: Layer, parent: Layer | None) -> Layer:
    copied = Layer(layer.name, parent)
    copied.children = tuple(_copy(child, copied) for child in layer.children)
    return copied


def _as_tree(layer: Layer) -> dict[str, Any] | None:
    return {child.name: _as_tree(child) for child in layer.children} or None


def framework_of(root: Block, place_of: Callable[[int], Place]) -> Framework:
    """The framework that a document names, or the default one."""
    if FRAMEWORK_KEY not in root:
        return Framework.default()
    is_tree = isinstance(root[FRAMEWORK_KEY], Mapping | None)
    mark = root.key_mark(FRAMEWORK_KEY) if is_tree else root.value_mark(FRAMEWORK_KEY)
    place = place_of(mark)
    return Framework.from_tree(root[FRAMEWORK_KEY], place, place_of)
