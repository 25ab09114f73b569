"""What the terms of a selection stand for, each found in one walk over the integrations."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from lolpop_graph.errors import Fault
from lolpop_graph.faults import SelectsNothing
from lolpop_graph.model import Integration
from lolpop_graph.questions.selection.grammar import Term

_CLASS_NAME = re.compile(r"[\w.:]+")


ShownClass = Callable[[Integration], str | None]


class Property(NamedTuple):
    """What a term asks for, and which texts an integration has of it.

    `what` is its name in messages. `separators` are the letters that no `*` passes over; where
    case does not count, `folds`, the texts are folded. `texts` is given an integration, and what
    tells its class as it may be shown.
    """

    what: str
    separators: str
    texts: Callable[[Integration, ShownClass], Iterable[str]]
    folds: bool = False


def _class_texts(integration: Integration, shown_class: ShownClass) -> Iterable[str]:
    name = shown_class(integration)
    if not name:
        return ()
    # What stands for a secret is no name, of which a part would be another one.
    return {name, re.split("[.:]", name)[-1]} if _CLASS_NAME.fullmatch(name) else {name}


PROPERTIES: Final = {
    "": Property("integration", ".", lambda each, _: {each.name, each.path}),
    "layer": Property("layer", "/", lambda each, _: {each.layer.name, each.layer.path}),
    "class": Property("class", "", _class_texts),
    "group": Property("group", "./", lambda each, _: (each.group.id,)),
    "config": Property(
        "config key", "", lambda each, _: {key.casefold() for key in each.config}, folds=True
    ),
}
"""By what stands before the colon; the grammar knows the same names."""


class Terms:
    """Finds the integrations that a term stands for, by their indexes in the build order.

    `layers` are the names and paths of all layers, used or not; `class_name` tells the class of
    an integration as it may be shown.
    """

    def __init__(
        self,
        order: Sequence[Integration],
        layers: Iterable[str],
        class_name: ShownClass,
    ) -> None:
        """Look at the integrations of one workflow, which are in build order."""
        self.order = order
        self.layers = tuple(dict.fromkeys(layers))
        self.class_name = class_name
        self._lists: dict[str, dict[str, list[int]]] = {}

    def find(self, term: Term) -> Iterable[int]:
        """The indexes of those with the property."""
        by_text, pattern = self._by_text(term.key), term.pattern
        if pattern.exact:
            return by_text.get(_text(term), ())
        is_match = glob(pattern.text, PROPERTIES[term.key].separators)
        return (at for text in by_text if is_match(text) for at in by_text[text])

    def fault(self, term: Term) -> Fault | None:
        """What is wrong with a term that names something the workflow does not have."""
        text = term.pattern.text
        is_layer = term.key == "layer" and text in self.layers
        if not term.pattern.exact or is_layer or _text(term) in self._by_text(term.key):
            return None
        what = PROPERTIES[term.key].what
        return SelectsNothing(what=what, name=text, known=self._known(term))

    def _known(self, term: Term) -> tuple[str, ...]:
        """What may have been meant: paths for a path, names for a name."""
        if term.key == "layer":
            return self.layers
        known: Iterator[str] = iter(self._by_text(term.key))
        if not term.key:
            has_dot = "." in term.pattern.text
            known = (each.path if has_dot else each.name for each in self.order)
        return tuple(dict.fromkeys(known))

    def _by_text(self, key: str) -> dict[str, list[int]]:
        """The integrations by each text that a property of them has."""
        if key not in self._lists:
            found: defaultdict[str, list[int]] = defaultdict(list)
            texts = PROPERTIES[key].texts
            for integration in self.order:
                for text in texts(integration, self.class_name):
                    found[text].append(integration.index)
            self._lists[key] = dict(found)
        return self._lists[key]


def glob(pattern: str, separators: str) -> Callable[[str], bool]:
    """A test of texts: `*` is any letters but separators, `?` is one of them.

    What follows a `*` is looked for once, at the first place where it fits, which is where it can
    be if it is anywhere: so that no pattern takes more time than its length times the text's.
    """
    letter = f"[^{separators}]" if separators else "."
    first, *rest = (
        "".join(letter if char == "?" else re.escape(char) for char in piece)
        for piece in re.split(r"\*+", pattern)
    )
    middle = "".join(f"(?>{letter}*?{piece})" for piece in rest[:-1])
    last = f"{letter}*{rest[-1]}" if rest else ""
    matches = re.compile(f"{first}{middle}{last}", re.DOTALL).fullmatch
    return lambda text: matches(text) is not None


def _text(term: Term) -> str:
    """The text that a term without a glob asks for."""
    text = term.pattern.text
    return text.casefold() if PROPERTIES[term.key].folds else text
