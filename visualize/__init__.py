"""Pictures of a workflow's graph: `draw` makes any, by way of `to_dot` and `render`.

The graph may be any networkx.DiGraph whose nodes, parents before their children, have these
attributes:

- `name`, `layer`, `layer_path` and `class_name` (or None): what the node and its group say;
- `parent`: the parent's node, or None;
- `group`: an id that the members of one layer below one parent share.

An edge's attribute `kind` is `child` (parent to child), `sibling` (what is given to whom it is
given) or `peer` (in both directions). If `graph.graph["group_links"]` holds the links between
groups, as tuples (source group, target group, kind), the edges are not read for a picture of
groups. Nothing else is read: values of the configuration are never drawn.
"""

from visualize.dot import to_dot
from visualize.formats import FORMATS, draw
from visualize.render import RenderError, render

__all__ = ["FORMATS", "RenderError", "draw", "render", "to_dot"]
