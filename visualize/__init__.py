"""Pictures of a workflow's graph: `draw` makes any, by way of `to_dot` and `render`.

The graph may be any networkx.DiGraph whose nodes, parents before their children, have these
attributes:

- `name`, `layer`, `layer_path` and `class_name` (or None): what the node and its group say;
- `parent`: the parent's node, or None;
- `group`: an id that the members of one layer below one parent share.

An edge's attribute `kind` is `child` (parent to child), `sibling` (what is given to whom it is
given) or `peer` (in both directions). If `graph.graph["group_links"]` holds the links between
groups, as tuples (source group, target group, kind), the edges are not read for a picture of
groups. Values of the configuration are never drawn.

A page tells more where the graph has it: a node's `source` is a place (with `file`, `line` and
`column`, or any text), `config_source` maps the keys of its own config to places (or `config` has
those keys); `graph.graph["layer_config_source"]` maps groups to the same of their layers' configs,
and `graph.graph["link_rules"]` maps links between groups to a sentence and a place.

A graph that compares two workflows says so in attributes that are otherwise left out: a node's
`change` is `added`, `removed` or `changed` (or None), and `graph.graph["changed_links"]` maps
links between groups, as the tuples of `group_links`, to their change. An edge may have a `change`
as well, which is drawn where links are drawn one by one. Changes are drawn with a sign each.

A graph that tells what hooks found has `graph.graph["tested"]`; nodes with hooks have a `verdict`,
`failed`, `unreached`, `warned` or `passed`, and `hooks`, a list of lines that are drawn with them.

Written as JSON or GraphML, a graph can be had again with `read_graph`. Then its nodes have
`config_keys`, a list, in the place of `config`, and `source`, the place of a node, is a dictionary.

What of a graph is shown, and how, is a `View`; its fields are keywords of `draw` and `to_dot`.
`layers_to_dot` draws a framework's tree of layers.
`folding` tells what a large picture folds by itself.
"""

from visualize.dot import to_dot
from visualize.formats import FORMATS, draw
from visualize.layers import layers_to_dot
from visualize.reading import ReadError, read_graph
from visualize.render import RenderError, render
from visualize.scene import folding
from visualize.view import View

__all__ = [
    "FORMATS",
    "ReadError",
    "RenderError",
    "View",
    "draw",
    "folding",
    "layers_to_dot",
    "read_graph",
    "render",
    "to_dot",
]
