"""What the terms of a selection stand for, each found in one walk over the integrations."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from lolpop_graph.errors import Fault
from lolpop_graph.faults import SelectsNothing
from lolpop_graph.model import Integration
from lolpop_graph.questions.selection_grammar import Term

_SEPARATORS = {"name": ".", "layer": "/", "group": "./", "class": "", "config": ""}
_CLASS_NAME = re.compile(r"[\w.:]+")
_WHAT = {"layer": "layer", "class": "class", "group": "group", "config": "config key"}


class Terms:
    """Finds the integrations that a term stands for, by their indexes in the build order.

    `layers` are the names and paths of all layers, used or not; `class_name` tells the class of
    an integration as it may be shown.
    """

    def __init__(
        self,
        order: Sequence[Integration],
        layers: Iterable[str],
        class_name: Callable[[Integration], str | None],
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
            return by_text.get(_folded(pattern.text, term.key), ())
        is_match = glob(pattern.text, _SEPARATORS[term.key or "name"])
        return (at for text in by_text if is_match(text) for at in by_text[text])

    def fault(self, term: Term) -> Fault | None:
        """What is wrong with a term that names something the workflow does not have."""
        text = term.pattern.text
        is_layer = term.key == "layer" and text in self.layers
        known_text = _folded(text, term.key) in self._by_text(term.key)
        if not term.pattern.exact or is_layer or known_text:
            return None
        return SelectsNothing(
            what=_WHAT.get(term.key, "integration"), name=text, known=self._known(term)
        )

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
            texts = getattr(self, f"_{key or 'name'}_texts")
            for integration in self.order:
                for text in texts(integration):
                    found[text].append(integration.index)
            self._lists[key] = dict(found)
        return self._lists[key]

    def _name_texts(self, integration: Integration) -> Iterable[str]:
        return {integration.name, integration.path}

    def _layer_texts(self, integration: Integration) -> Iterable[str]:
        return {integration.layer.name, integration.layer.path}

    def _group_texts(self, integration: Integration) -> Iterable[str]:
        return (integration.group.id,)

    def _class_texts(self, integration: Integration) -> Iterable[str]:
        name = self.class_name(integration)
        if not name:
            return ()
        # What stands for a secret is no name, of which a part would be another one.
        return {name, re.split("[.:]", name)[-1]} if _CLASS_NAME.fullmatch(name) else {name}

    def _config_texts(self, integration: Integration) -> Iterable[str]:
        return {key.casefold() for key in integration.config}


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


def _folded(text: str, key: str) -> str:
    return text.casefold() if key == "config" else text
