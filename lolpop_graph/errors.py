"""The base of all faults, and the one exception that carries them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, ClassVar, Self, dataclass_transform

from lolpop_graph.model import Place
from lolpop_graph.text import caret, layering, printable, shortened

_LONGEST_SENTENCE, _LONGEST_PLACE = 2_000, 1_000
"""In characters; a hostile name may have millions of them."""


class Severity(StrEnum):
    """How bad a fault is: only an error stops a plan."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass_transform(kw_only_default=True, frozen_default=True)
class _Data:
    """Objects whose fields are declared and given by name, as those of a dataclass are."""

    _fields: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        own = {name for name, kind in cls.__annotations__.items() if "ClassVar" not in str(kind)}
        cls._fields |= own

    def __init__(self, **data: Any) -> None:
        absent = [name for name in self._fields - data.keys() if not hasattr(type(self), name)]
        wrong = [*absent, *(data.keys() - self._fields)]
        if wrong:
            message = f"{type(self).__name__} lacks, or has no, fields {sorted(wrong)}"
            raise TypeError(message)
        self.__dict__.update(data)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.__dict__ == self.__dict__

    def __hash__(self) -> int:
        return hash((type(self), str(self.__dict__.get("place"))))

    def __repr__(self) -> str:
        data = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({data})"


class Fault(_Data):
    """One thing that is wrong: data, with the words made when somebody reads them.

    Each kind of fault is a subclass (`lolpop_graph.faults`) with a stable `code`; `sentence`
    says what is wrong and `cure` what would mend it, or is empty. Forty dataclasses would take
    longer to make than most workflows to plan.
    """

    code: ClassVar[str]
    quotes: ClassVar[frozenset[str]] = frozenset()
    """The fields that may repeat a value of the document, which may be a secret."""
    shows_value: ClassVar[bool] = False
    """Whether the value that the caret points at is shown, if it is none of a secret."""
    blames_call: ClassVar[bool] = False
    """Whether the call names what is not there, and the workflow itself may be in order."""
    severity: Severity = Severity.ERROR
    place: Place | None = None

    @property
    def sentence(self) -> str:
        """What is wrong, in one plain sentence."""
        raise NotImplementedError

    @property
    def cure(self) -> str:
        """What would mend it; empty where nobody can say."""
        return ""

    @property
    def where(self) -> str:
        """The place at the beginning of a message: `workflow.yaml:4:3: `; empty without one."""
        return f"{shortened(str(self.place), _LONGEST_PLACE)}: " if self.place else ""

    def __str__(self) -> str:
        """Place, code and sentence, the line with a caret, and the cure."""
        sentence = shortened(self.sentence, _LONGEST_SENTENCE)
        lines = [printable(f"{self.where}{self.severity} {self.code}: {sentence}")]
        if self.place:
            lines += [f"    {line}" for line in (*caret(self.place), layering(self.place)) if line]
        if self.cure:
            lines.append(f"    {printable(shortened(self.cure, _LONGEST_SENTENCE))}")
        return "\n".join(lines)

    def changed(self, **data: Any) -> Self:
        """The same fault with other data, such as another `place` or `severity`."""
        return type(self)(**{**self.__dict__, **data})

    def as_dict(self) -> dict[str, Any]:
        """The same for machines: code, severity, place, sentence, cure."""
        place = self.place or Place("")
        return {
            "code": self.code,
            "severity": str(self.severity),
            **place.as_dict(),
            "sentence": self.sentence,
            "cure": self.cure,
        }


class WorkflowError(Exception):
    """The workflow is at fault: `faults` holds every fault found, in the order of the file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Carry `faults`, of which there is at least one."""
        self.faults = tuple(in_order(faults))
        super().__init__(self.faults)

    def __str__(self) -> str:
        """All faults in words, one below the other."""
        return "\n".join(str(fault) for fault in self.faults)


class ElsewhereError(WorkflowError):
    """Something does not work in several processes: it is no error of what a method itself does."""


def errors_in(faults: Iterable[Fault]) -> list[Fault]:
    """Those of `faults` that are errors, and no warnings or notes."""
    return [fault for fault in faults if fault.severity is Severity.ERROR]


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """The faults file by file, in the order of each; those without a place come last.

    What an alias brings into two blocks is at fault once.
    """
    found = list(faults)
    files: dict[str, int] = {}
    for fault in found:
        if fault.place:
            files.setdefault(fault.place.file, len(files))

    def position(fault: Fault) -> tuple[int, int, int]:
        place = fault.place
        return (files[place.file], place.line, place.column) if place else (len(files), 0, 0)

    unique: dict[object, Fault] = {}
    for fault in found:
        trail = fault.place.trail if fault.place else ""
        unique.setdefault((position(fault), trail, fault.code, fault.sentence), fault)
    return sorted(unique.values(), key=position)
