"""The tree of layers: read from a document or a graph, with one root and no cycle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from lolpop_graph import faults as f
from lolpop_graph.block import Block
from lolpop_graph.errors import WorkflowError
from lolpop_graph.model import Layer, Place
from lolpop_graph.scalars import as_text, describe

if TYPE_CHECKING:
    import networkx as nx

FRAMEWORK_KEY = "integration_framework"
RESERVED_KEYS = frozenset(("config", FRAMEWORK_KEY))
_MOST_LAYERS, _DEEPEST = 10_000, 100

_DEFAULT: Mapping[str, Any] = {"runner": {"component": None, "pipeline": {"component": None}}}


class Framework:
    """The tree of layers of a workflow; `root` is its one root.

    Make one with `default`, `from_tree` (nested mappings, as a document has them) or
    `from_graph`.
    """

    __slots__ = ("root",)

    def __init__(self, root: Layer) -> None:
        """Take the tree below `root` as it is; use one of the makers to have it checked."""
        self.root = root

    @classmethod
    def default(cls) -> Framework:
        """The framework of a workflow that names none: runner, component, pipeline/component."""
        return _default()

    @classmethod
    def from_tree(cls, tree: object, place: Place | None = None) -> Framework:
        """Read nested mappings, each key a layer, each value None or what is below it.

        Raises WorkflowError where there is not one root, a layer stands below itself (as
        YAML aliases allow), or a name is reserved; `place` is where the tree is written.
        """
        if not isinstance(tree, Mapping) and tree is not None:
            found = describe(tree)
            raise WorkflowError(
                [f.NotAMapping(place=place, what="the integration framework", found=found)]
            )
        children = {name: _Node(name, below) for name, below in _entries(tree, place)}
        _fail_unless_one_root(tuple(children), place)
        (root,) = children.values()
        return cls(_grow(root, place))

    @classmethod
    def from_graph(cls, graph: nx.DiGraph[Any]) -> Framework:
        """Read a graph with an edge from each layer to each layer directly below it.

        A node is named by its attribute `name`, else by its own text. A node with two parents
        occurs twice in the tree. Raises WorkflowError that names all roots, or the cycle.
        """
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
        framework = cls(_grow(children[roots[0]], None))
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

    def __str__(self) -> str:
        """The layers, one a line, each indented below its parent."""
        return "\n".join("  " * layer.path.count("/") + layer.name for layer in self.layers())

    def __repr__(self) -> str:
        """`<Framework runner: 4 layers>`."""
        return f"<Framework {self.root.name}: {sum(1 for _ in self.layers())} layers>"


@cache
def _default() -> Framework:
    return Framework.from_tree(_DEFAULT)


def as_layer_name(value: object) -> str:
    """The text of a layer's name, as YAML would write it."""
    return value if isinstance(value, str) else as_text(value) if value is None else str(value)


class _Node:
    """A layer of nested mappings that is not yet part of the tree."""

    def __init__(self, name: str, below: object) -> None:
        self.name = name
        self.below = below
        self.identity = id(below) if isinstance(below, Mapping) else id(self)

    def entries(self, place: Place | None) -> Iterator[_Node]:
        for name, below in _entries(self.below, place, self.name):
            yield _Node(name, below)


class _GraphNode(_Node):
    """A layer of a graph that is not yet part of the tree."""

    def __init__(self, name: object, graph: nx.DiGraph[Any], node: object) -> None:
        super().__init__(as_layer_name(name), None)
        self.graph = graph
        self.node = node
        self.identity = hash(("node", node))

    def entries(self, place: Place | None) -> Iterator[_Node]:
        del place
        for node in self.graph.successors(self.node):
            name = self.graph.nodes[node].get("name", as_layer_name(node))
            yield _GraphNode(name, self.graph, node)


def _entries(
    tree: object, place: Place | None, owner: str = "the framework"
) -> Iterator[tuple[str, object]]:
    if tree is None:
        return
    if not isinstance(tree, Mapping):
        found = describe(tree)
        raise WorkflowError([f.NotAMapping(place=place, what=f"the layer `{owner}`", found=found)])
    for key, below in tree.items():
        yield as_layer_name(key), below


def _grow(root: _Node, place: Place | None) -> Layer:
    """The tree of layers below a root, or WorkflowError with the first cycle met."""
    top = Layer(root.name)
    if root.name in RESERVED_KEYS:
        raise WorkflowError([f.LayerNameTaken(place=place, name=root.name)])
    trail: list[tuple[_Node, Layer, Iterator[_Node]]] = [(root, top, root.entries(place))]
    count = 1
    while trail:
        _, layer, entries = trail[-1]
        node = next(entries, None)
        if node is None:
            trail.pop()
            continue
        steps = [above for above, _, _ in trail]
        _fail_if_above(node, steps, place)
        child = Layer(node.name, layer)
        _fail_if_name_taken(child, layer, top, place)
        layer.children += (child,)
        trail.append((node, child, node.entries(place)))
        count += 1
        if count > _MOST_LAYERS:
            raise WorkflowError([f.OverLimit(place=place, what="layers", limit=_MOST_LAYERS)])
        if len(trail) > _DEEPEST:
            raise WorkflowError([f.OverLimit(place=place, what="levels of layers", limit=_DEEPEST)])
    return top


def _fail_unless_one_root(roots: tuple[str, ...], place: Place | None) -> None:
    if not roots:
        raise WorkflowError([f.FrameworkEmpty(place=place)])
    if len(roots) > 1:
        what = "the integration framework"
        raise WorkflowError([f.SeveralRoots(place=place, what=what, roots=roots)])


def _fail_if_above(node: _Node, steps: list[_Node], place: Place | None) -> None:
    for number, above in enumerate(steps):
        if above.identity == node.identity:
            names = tuple(step.name for step in steps[number:])
            raise WorkflowError([f.FrameworkCycle(place=place, steps=names)])


def _fail_if_name_taken(child: Layer, parent: Layer, top: Layer, place: Place | None) -> None:
    twice = any(other.name == child.name for other in parent.children)
    root_twice = parent is top and child.name == top.name
    if child.name in RESERVED_KEYS or twice or root_twice:
        raise WorkflowError([f.LayerNameTaken(place=place, name=child.name)])


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


def framework_of(root: Block, place: Place | None) -> Framework:
    """The framework that a document names, or the default one."""
    if FRAMEWORK_KEY not in root:
        return Framework.default()
    return Framework.from_tree(root[FRAMEWORK_KEY], place)
