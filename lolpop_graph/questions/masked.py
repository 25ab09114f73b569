"""Values, texts and places of an answer without the secrets in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lolpop_graph.block import plain
from lolpop_graph.config import candidates, written
from lolpop_graph.document import Document
from lolpop_graph.model import Place
from lolpop_graph.questions.reference_steps import Hop, Step
from lolpop_graph.references import ENVIRONMENT_STEP, pieces_in
from lolpop_graph.secrecy import MASK, looks_secret, secret_step

if TYPE_CHECKING:
    from lolpop_graph.questions.asked import Questions


def learn_from_classes(questions: Questions) -> None:
    """Take for secret what the texts of the classes say is."""
    for path, keys in questions.secret_keys.items():
        owner = questions.integration(path)
        for key in keys:
            for _, value in candidates(owner, key, written, None):
                questions.document.showing.secrets.add(value)


class Masked:
    """Masks what one document has; what any layer of it calls secret is known from the start."""

    def __init__(self, document: Document) -> None:
        """Learn the secrets of all layers."""
        self._showing = document.showing
        self._secrets = document.showing.secrets
        self._layers = document.showing.layers
        self._showing.learn()
        for part in document.parts:
            root = part.value
            for key in reversed(part.keys):
                root = {key: root}
            self._secrets.add_from(root, self._layers)

    def name(self, key: str) -> str:
        """A key, or keys with dots between them."""
        return self._secrets.scrub(key, is_name=True)

    def place(self, place: Place) -> Place:
        """A place, whose keys may hold a secret."""
        return self._showing.place(place)

    def value(self, value: Any, key: str, steps: list[Step] | None = None) -> Any:
        """A value that stands under `key`, and came by references in `steps`."""
        self._secrets.add_from({"config": {key: value}}, self._layers)
        shown = self._secrets.masked(value, key)
        if shown == value and any(
            step.target and self._is_secret(step.target) for step in steps or ()
        ):
            # A short secret is not looked for within other values.
            return MASK
        return shown

    def target(self, hop: Hop) -> Any:
        """A value that a reference leads to."""
        return MASK if self._is_secret(hop) else self.value(plain(hop.value), str(hop.key))

    def _is_secret(self, hop: Hop) -> bool:
        return secret_step(hop.keys, self._layers) is not None

    def written(self, step: Step) -> str:
        """A text with references; of what is secret the references alone."""
        text = step.text
        is_secret = looks_secret(step.at.keys[-1]) or self._is_secret(step.at)
        if is_secret and text != f"${step.to}":
            pieces = (_reference(piece) if is_one else MASK for is_one, piece in pieces_in(text))
            text = "".join(pieces)
        return self._secrets.scrub(text)


def _reference(piece: str) -> str:
    """A reference as it is written in a text, without the default that it may have."""
    name, comma, _ = piece.partition(",") if piece.startswith(ENVIRONMENT_STEP) else (piece, "", "")
    return f"${{{name}{f',{MASK}' if comma else ''}}}"
