"""What is likely not meant where a part of a workflow lives on workers, by the code of classes.

Each worker has objects of its own. What a method leaves in one, a call that runs on another worker
does not find, nor does the driver.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from lolpop_graph import faults as f
from lolpop_graph.classes.states import Doing, States, read_states, states_of
from lolpop_graph.errors import Fault
from lolpop_graph.model import Integration
from lolpop_graph.questions.class_texts import ClassTexts

if TYPE_CHECKING:
    from lolpop_graph.casting import Casting
    from lolpop_graph.questions.asked import Questions

_CONTEXT = "remote_context"
"""The method of a component that tells calls elsewhere what it holds here."""


class _Part(NamedTuple):
    """An attribute of an object."""

    owner: Integration
    name: str


@dataclass
class _Call:
    """What a call of a remote method changes and reads, of all objects that it gets to."""

    to: Integration
    method: str
    changed: dict[_Part, str] = field(default_factory=dict)
    read: dict[_Part, str] = field(default_factory=dict)


def notes_for_remote(
    plan: Questions, remote: Collection[Integration], casting: Casting | None = None
) -> list[Fault]:
    """Warnings of what goes wrong, or is lost, where `remote` live on workers.

    The classes are those that were found (`casting`), or else their texts are read and nothing is
    imported. What cannot be told from code, such as calls through names that are not written, is
    not told. The faults are as they may be shown.
    """
    notes = _Notes(plan, remote, casting)
    return plan.document.showing.faults(notes.stays_behind())


class _Notes:
    """Looks at one workflow of which a part is remote."""

    def __init__(
        self, plan: Questions, remote: Collection[Integration], casting: Casting | None
    ) -> None:
        self.plan = plan
        self.remote = frozenset(remote)
        self.root = plan.integrations[0]
        self._states = _from_classes(casting) if casting else _from_texts(plan)
        self._known: dict[Integration, States] = {}

    def states(self, integration: Integration) -> States:
        if integration not in self._known:
            self._known[integration] = self._states(integration)
        return self._known[integration]

    def stays_behind(self) -> Iterator[Fault]:
        """What a call leaves behind, and another one, or the root, reads without leaving it too."""
        calls = [self._reach(*each) for each in self._called()]
        told: set[_Part] = set()
        for call in calls:
            for part in sorted(call.changed, key=lambda each: (each.owner.path, each.name)):
                written = call.changed[part]
                reader = self._reader(part, calls)
                if reader and part not in told and not self._is_everywhere(part):
                    told.add(part)
                    yield f.StaysBehind(
                        place=self.plan.document.place(call.to.mark),
                        path=call.to.path,
                        method=call.method,
                        name=part.name,
                        owner=part.owner.path,
                        written=written,
                        reader=reader,
                        is_root=reader == self.root.path,
                    )

    def _reader(self, part: _Part, calls: list[_Call]) -> str:
        if part in self._read_here():
            return self.root.path
        readers = (each for each in calls if part in each.read and part not in each.changed)
        return next((f"{each.to.path}.{each.method}" for each in readers), "")

    def _is_everywhere(self, part: _Part) -> bool:
        """Whether calls on other workers are told of it, or can make it anew."""
        states = self.states(part.owner)
        return _CONTEXT in states.methods or part.name in states.cached

    def _of_root(self) -> list[Doing]:
        return list(self.states(self.root).does.values())

    def _asked_here(self) -> Iterator[_Part]:
        """What the root's code asks of remote integrations."""
        for doing in self._of_root():
            for each in doing.asked:
                found = self._end(self.root, each.steps)
                if found and found.owner in self.remote and not each.is_set:
                    yield found

    def _called(self) -> list[_Part]:
        """The methods of remote integrations that the root's code names."""
        return [
            found
            for found in dict.fromkeys(self._asked_here())
            if found.name in self.states(found.owner).methods
        ]

    def _read_here(self) -> set[_Part]:
        """What the root's code reads of remote integrations, also through properties."""
        found: set[_Part] = set()
        for part in self._asked_here():
            states = self.states(part.owner)
            if part.name in states.properties:
                found |= self._reach(*part).read.keys()
            elif part.name in states.changed:
                found.add(part)
        return found

    def _reach(self, owner: Integration, method: str) -> _Call:
        """Follow a call through all objects whose methods it names."""
        call = _Call(owner, method)
        waiting, seen = [_Part(owner, method)], set[_Part]()
        while waiting:
            at = waiting.pop()
            doing = self.states(at.owner).does.get(at.name)
            if at in seen or doing is None:
                continue
            seen.add(at)
            for name, spot in doing.changed.items():
                if at.owner.reach(name) is None:
                    call.changed.setdefault(_Part(at.owner, name), _written(spot.file, spot.line))
            for name, spot in doing.read.items():
                if at.owner.reach(name) is None:
                    call.read.setdefault(_Part(at.owner, name), _written(spot.file, spot.line))
            for each, file in doing.asked.items():
                found = self._end(at.owner, each.steps)
                if found is None:
                    continue
                if found.name in self.states(found.owner).does and not each.is_set:
                    waiting.append(found)
                else:
                    into = call.changed if each.is_set else call.read
                    into.setdefault(found, _written(file, each.line))
        return call

    def _end(self, start: Integration, steps: tuple[str, ...]) -> _Part | None:
        """What the steps of an expression lead to, an attribute of an integration."""
        owner: Integration | None = start
        for step in steps[:-1]:
            owner = owner.reach(step) if owner else None
        return _Part(owner, steps[-1]) if owner else None


def _from_classes(casting: Casting) -> Callable[[Integration], States]:
    def states(integration: Integration) -> States:
        info = casting.info(integration)
        return states_of(info.cls) if info else States()

    return states


def _from_texts(plan: Questions) -> Callable[[Integration], States]:
    texts = ClassTexts(plan)
    read: dict[object, States] = {}

    def states(integration: Integration) -> States:
        name = integration.class_name
        asked = (name, texts.search(integration.group))
        if asked not in read:
            read[asked] = read_states(texts.lineage(*asked)) if name else States()  # type: ignore[arg-type]
        return read[asked]

    return states


def _written(file: str, line: int) -> str:
    """Where a line of code is: the name of its file, and the number of the line."""
    return f"{PurePath(file).name}:{line}"
