"""The questions that a plan answers, one package each, imported when it is asked.

The types of the answers have their names here: `from lolpop_graph.questions import Why`.

A new question is a package here and a method of `Questions` that imports it; if there is a command
for it, see `lolpop_graph.cli`. Its answer is a frozen dataclass, whose `as_dict` is what the
command writes as JSON; it has a row in `_HOME` below. Texts and places reach an answer by
`plan.masked` or `document.showing`, values of configs by `plan.masked_values`: no secret is in it.

What several questions need is found in one place each: `masked` knows secrets, `class_texts` what
the code of classes says, `sameness` when two values are one, `why.links` the rule that links two
integrations or keeps them apart, and `lolpop_graph.config` where a key is looked up. The words of
an answer stand in `lolpop_graph.cli`; those of `explain` are here, since `str` of it gives them.
"""

from __future__ import annotations

from importlib import import_module as _import_module
from typing import TYPE_CHECKING, Any

from lolpop_graph.questions.asked import Questions

if TYPE_CHECKING:
    from lolpop_graph.questions.diff.answer import Difference
    from lolpop_graph.questions.explain.answer import Explanation
    from lolpop_graph.questions.lint.layers import Swap
    from lolpop_graph.questions.selection import Selection
    from lolpop_graph.questions.why import Why
    from lolpop_graph.questions.why.groups import GroupRule

_HOME = {
    "Difference": "diff.answer",
    "Explanation": "explain.answer",
    "GroupRule": "why.groups",
    "Selection": "selection",
    "Swap": "lint.layers",
    "Why": "why",
}

__all__ = ["Difference", "Explanation", "GroupRule", "Questions", "Selection", "Swap", "Why"]


if not TYPE_CHECKING:  # A checker of types would take any name for a public one.

    def __getattr__(name: str) -> Any:
        """Import the type of an answer when it is first asked for."""
        if name not in _HOME:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message, name=name)
        return getattr(_import_module(f"{__name__}.{_HOME[name]}"), name)
