"""The questions that a plan answers, one module each, imported when it is asked."""

from lolpop_graph.questions.asked import Questions

__all__ = ["Questions"]
