"""One HTML file that shows a graph: it needs no server, no network and no other file."""

from visualize.page.document import to_page

__all__ = ["to_page"]
