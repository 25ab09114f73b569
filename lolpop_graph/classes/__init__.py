"""Class name -> class: where a name is looked up, what is trusted; imports nothing else."""

from lolpop_graph.classes.finder import ClassFinder

__all__ = ["ClassFinder"]
