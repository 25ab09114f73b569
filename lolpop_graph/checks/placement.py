"""What is wrong with `resources`, `retries` and a section `sweep`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from lolpop_graph import faults as f
from lolpop_graph.block import Block
from lolpop_graph.checks.draft import Draft
from lolpop_graph.decorated import DecoratorGroup
from lolpop_graph.errors import Fault
from lolpop_graph.expand import is_root_key
from lolpop_graph.model import (
    DECORATOR,
    FRAMEWORK_KEY,
    RESOURCES_KEY,
    RETRIES_KEY,
    SWEEP_KEY,
    TESTS_KEY,
    Integration,
)
from lolpop_graph.placement import (
    GRID,
    METHOD,
    OVER,
    PLACEMENT_KEYS,
    SET,
    SWEEP_KEYS,
    is_placement,
    runs_elsewhere,
)
from lolpop_graph.scalars import describe, read_plain
from lolpop_graph.secrecy import items_in

_ELSEWHERE = ("on", "workers", "out", "resume")
"""What belongs to one call of `sweep` and not to the workflow."""


def placement_keys(owner: Integration) -> Iterator[str]:
    """The keys of placement that may stand in a block; one of them may be taken by a name."""
    yield from (key for key in PLACEMENT_KEYS if is_placement(owner, key))


def find_bad_placement(draft: Draft, owner: Integration, key: str) -> Iterator[Fault]:
    """Find what is wrong with one of the keys of placement in a block."""
    block = owner.block
    if not runs_elsewhere(owner):
        place = draft.document.place(block.key_mark(key))
        reason, instead = _why_idle(draft, owner)
        yield f.PlacementIdle(place=place, key=key, path=owner.path, reason=reason, instead=instead)
    if key == RESOURCES_KEY:
        yield from _resources(draft, owner, block[key], block.value_mark(key))
    elif key == RETRIES_KEY and block[key] is not None:
        problem = _not_whole(_from_text(draft, block, key))
        yield from _malformed(draft, owner, block.value_mark(key), f"`{RETRIES_KEY}`", problem)


def _why_idle(draft: Draft, owner: Integration) -> tuple[str, tuple[str, ...]]:
    placed = tuple(each.path for each in draft.order if runs_elsewhere(each))
    if owner.parent is None:
        return "the root runs where it is called", placed
    if type(owner.group) is DecoratorGroup:
        return "a decorator runs wherever what it wraps runs", placed
    above = [each.path for each in owner.lineage() if each is not owner and runs_elsewhere(each)]
    return f"it runs wherever `{above[0]}` runs", tuple(above)


def _resources(draft: Draft, owner: Integration, needs: object, mark: int) -> Iterator[Fault]:
    if not isinstance(needs, Block):
        if needs is not None:
            problem = f"must be a mapping of names to amounts and is {describe(needs)}"
            remedy = "write what a worker must have, such as `{GPU: 1, memory: 4e9}`"
            yield from _malformed(draft, owner, mark, f"`{RESOURCES_KEY}`", problem, remedy)
        return
    for name in needs:
        problem = _not_positive(_from_text(draft, needs, name))
        what, at = f"`{name}` among the `{RESOURCES_KEY}`", needs.value_mark(name)
        remedy = "write the amount as a number, such as 1 or 4e9; take away what is not needed"
        yield from _malformed(draft, owner, at, what, problem, remedy)


def _malformed(  # noqa: PLR0913, PLR0917 - each says one thing about the fault
    draft: Draft, owner: Integration, mark: int, what: str, problem: str, remedy: str = ""
) -> Iterator[Fault]:
    if problem:
        place = draft.document.place(mark)
        yield f.PlacementMalformed(
            place=place, path=owner.path, what=what, problem=problem, remedy=remedy
        )


def _from_text(draft: Draft, block: Block, key: str) -> Any:
    """A value, of which the environment has given a number as a text."""
    value = block[key]
    is_reference = (id(block), key) in draft.document.written
    return read_plain(value) if is_reference and isinstance(value, str) else value


def _not_whole(value: object) -> str:
    must = "must be a whole number, 0 or more,"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{must} and is {describe(value)}"
    if isinstance(value, float):
        return f"{must} and is none"
    return f"{must} and is below 0" if value < 0 else ""


def _not_positive(value: object) -> str:
    must = "must be a number above 0"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{must} and is {describe(value)}"
    if not math.isfinite(value):
        return f"{must} and is not finite"
    return "" if value > 0 else f"{must} and is not"


def find_bad_sweep(draft: Draft) -> Iterator[Fault]:
    """Find what is wrong with the section `sweep`, if the document has one."""
    root = draft.order[0]
    if SWEEP_KEY in draft.document.root and is_root_key(SWEEP_KEY, draft.framework, root):
        yield from _SweepCheck(draft).check()


class _SweepCheck:
    """One look at one section `sweep`."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.document = draft.document

    def check(self) -> Iterator[Fault]:
        root = self.document.root
        section = root[SWEEP_KEY]
        if not isinstance(section, Block):
            if section is not None:
                problem = f"must be a mapping and is {describe(section)}"
                yield self._fault(root.value_mark(SWEEP_KEY), f"`{SWEEP_KEY}`", problem)
            return
        for key, value in section.items():
            mark = section.value_mark(key)
            if key not in SWEEP_KEYS:
                yield self._unknown(key, section.key_mark(key))
            elif key in {OVER, METHOD}:
                yield from self._text(key, value, mark)
            elif value is not None:
                yield from self._settings(key, value, mark)

    def _unknown(self, key: str, mark: int) -> Fault:
        if key in _ELSEWHERE:
            problem = f"is no key of `{SWEEP_KEY}`: it is said with each call"
            remedy = f"take it away, and call the command with `--{key}`"
            return self._fault(mark, f"`{key}`", problem, remedy=remedy)
        problem = f"is no key of `{SWEEP_KEY}`"
        return self._fault(mark, f"`{key}`", problem, allowed=SWEEP_KEYS, written=key)

    def _text(self, key: str, value: object, mark: int) -> Iterator[Fault]:
        what = {
            OVER: "the path of a file, a text,",
            METHOD: "the name of a method of the root, a text,",
        }
        if value is None:
            return
        if not isinstance(value, str):
            yield self._fault(mark, f"`{key}`", f"must be {what[key]} and is {describe(value)}")
        elif not value.strip():
            yield self._fault(mark, f"`{key}`", f"must be {what[key]} and is empty")
        elif key == METHOD and (value.startswith("_") or not value.isidentifier()):
            yield self._fault(mark, f"`{key}`", "must be the name of a public method and is none")

    def _settings(self, key: str, value: object, mark: int) -> Iterator[Fault]:
        """The mapping of dotted paths to values, or to lists of values in a grid."""
        if not isinstance(value, Block):
            problem = f"must be a mapping of dotted paths and is {describe(value)}"
            remedy = "write `train.config.depth: [4, 8, 16]`" if key == GRID else ""
            remedy = remedy or "write `config.train_data: data/{store}.parquet`"
            yield self._fault(mark, f"`{key}`", problem, remedy=remedy)
            return
        for path, given in value.items():
            at = value.key_mark(path)
            if not all(step.strip() for step in path.split(".")):
                problem = "is no dotted path such as `train.config.depth`"
                yield self._fault(at, f"`{path}` in `{key}`", problem)
                continue
            if key != GRID or not self._is_column(path):
                yield from self._leads_nowhere(path, at)
            if key == GRID:
                yield from self._values(path, given, value.value_mark(path))

    def _is_column(self, axis: str) -> bool:
        """Whether an axis of the grid need be no path, since a value in `set` names it."""
        settings = self.document.root[SWEEP_KEY].get(SET)
        # Unquoted, `{limit}` is a mapping to YAML.
        return any(item == axis or f"{{{axis}}}" in str(item) for item in items_in(settings))

    def _values(self, path: str, given: object, mark: int) -> Iterator[Fault]:
        what, must = f"`{path}` in `{GRID}`", "must be a list of the values to try"
        if isinstance(given, Block):
            remedy = f"write the whole path as one key: `{path}.{next(iter(given), 'key')}: [...]`"
            yield self._fault(mark, what, f"{must} and is a mapping", remedy=remedy)
        elif not isinstance(given, list):
            problem = f"{must} and is {describe(given)}"
            remedy = f"put brackets around it, or write it in `{SET}` if it is the same in all runs"
            yield self._fault(mark, what, problem, remedy=remedy)
        elif not given:
            problem = f"{must} and is empty, so that there would be no run"
            yield self._fault(mark, what, problem)

    def _leads_nowhere(self, path: str, mark: int) -> Iterator[Fault]:
        """Follow a path through the blocks of integrations, as far as these lead."""
        root = owner = self.draft.order[0]
        first, *rest = steps = path.split(".")
        place = self.document.place(mark)
        if first == root.layer.name and rest and rest[0] not in {root.name, "config"}:
            meant = ".".join(rest)
            yield f.SweepNowhere(place=place, path=path, step=first, owner=root.path, meant=meant)
            return
        for step in steps:
            child = owner.child(step)
            if child is None:
                allowed = tuple(self._keys(owner))
                if step not in allowed:
                    yield f.SweepNowhere(
                        place=place, path=path, step=step, owner=owner.path, allowed=allowed
                    )
                return
            owner = child

    def _keys(self, owner: Integration) -> Iterator[str]:
        """What a block may have."""
        yield from (name for group in owner.groups for name in group.members)
        yield from (layer.name for layer in owner.layer.children)
        yield "config"
        yield from ([DECORATOR] if owner.layer.decorators else [])
        if owner.parent is None:
            yield from (owner.layer.name, FRAMEWORK_KEY, TESTS_KEY)
        elif runs_elsewhere(owner):
            yield from placement_keys(owner)

    def _fault(self, mark: int, what: str, problem: str, **data: Any) -> Fault:
        place = self.document.place(mark)
        return f.SweepMalformed(place=place, what=what, problem=problem, **data)
