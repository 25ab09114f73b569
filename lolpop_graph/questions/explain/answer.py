"""What `explain` answers: every value that a config key could have, and the one that it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from lolpop_graph.errors import Fault
from lolpop_graph.model import Place
from lolpop_graph.text import printable

Kind = Literal["own", "layer", "inherited", "class", "environment"]
"""Where a value may stand: the own config, a layer's, an ancestor's, a class, the environment."""


@dataclass(frozen=True)
class Reference:
    """One step from a text with references to its value.

    The text `written` stands at the path `at`; it names `to`, which stands at `place` and has
    the `value`. A variable of the environment has no place, nor has the folder of a file.
    """

    at: str
    written: str
    to: str
    value: Any
    place: Place | None

    def as_dict(self) -> dict[str, Any]:
        """The same for machines."""
        return {**vars(self), "place": self.place.as_dict() if self.place else None}


@dataclass(frozen=True)
class LayerValue:
    """What one layer of a document has where several have something, the highest first.

    Of two mappings the keys are merged, and both `count`; else the lower one is replaced.
    """

    value: Any
    place: Place
    counts: bool

    def as_dict(self) -> dict[str, Any]:
        """The same for machines."""
        return {**vars(self), "place": self.place.as_dict()}


@dataclass(frozen=True)
class Vacancy:
    """A place where the key is looked for and not found.

    `where` names the place as a Candidate does; `setting` is what sets the key there: a dotted
    path of the document, or the name of a variable.
    """

    kind: Kind
    where: str
    setting: str

    def as_dict(self) -> dict[str, Any]:
        """The same for machines."""
        return dict(vars(self))


@dataclass(frozen=True)
class Candidate:
    """One value that a key has in one place; the first candidate `wins`, the others are hidden.

    `where` is the path of an integration for its config, the id of a group for its layer's
    config, a class's name, or the variable's; `key` is the key as it is written there. Secrets
    are masked. `references` are the steps that led to the value, `layers` what each layer of the
    document has there, if several have something.
    """

    kind: Kind
    where: str
    key: str
    value: Any
    place: Place | None
    setting: str
    wins: bool
    references: tuple[Reference, ...] = ()
    layers: tuple[LayerValue, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            **vars(self),
            "place": self.place.as_dict() if self.place else None,
            "references": [step.as_dict() for step in self.references],
            "layers": [layer.as_dict() for layer in self.layers],
        }


@dataclass(frozen=True, repr=False)
class Explanation:
    """Where the value of a config key comes from, for one integration.

    `candidates` are in look-up order, and `empty` are the places that have nothing. `unknown`
    says why the defaults of the class are not among them, and is empty where they are; `fault`
    is what kept the class from being found. `type` is that of a field of the class's `Config`, and
    empty for other keys. `required` is whether the class requires the key;
    `close` a key in reach that may be meant where nothing sets this one.
    """

    path: str
    key: str
    class_name: str
    candidates: tuple[Candidate, ...]
    empty: tuple[Vacancy, ...]
    required: bool = False
    type: str = ""
    close: str | None = None
    unknown: str = ""
    fault: Fault | None = None
    notes: tuple[str, ...] = ()

    @property
    def winner(self) -> Candidate | None:
        """The candidate that the look-up ends at; None where nothing sets the key."""
        return self.candidates[0] if self.candidates else None

    @property
    def is_set(self) -> bool:
        """Whether anything sets the key, be it to null."""
        return self.winner is not None

    @property
    def value(self) -> Any:
        """The value of the winner, masked if it is secret; None where there is no winner."""
        return self.winner.value if self.winner else None

    def as_dict(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            **vars(self),
            "is_set": self.is_set,
            "value": self.value,
            "candidates": [each.as_dict() for each in self.candidates],
            "empty": [each.as_dict() for each in self.empty],
            "fault": self.fault.as_dict() if self.fault else None,
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        """What the command says first: `<Explanation target of runner is churned>`."""
        return f"<Explanation {str(self).partition(chr(10))[0]}>"

    def __str__(self) -> str:
        """What the command `explain` prints."""
        from lolpop_graph.questions.explain.text import lines  # noqa: PLC0415 - it reads these

        shown = ("".join(text for text, _ in line) for line in lines(self))
        return "\n".join(map(printable, shown))
