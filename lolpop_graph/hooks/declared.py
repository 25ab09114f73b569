"""What a `tests:` section and files of tests say, each hook with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from lolpop_graph import faults as f
from lolpop_graph.block import EMPTY, Block, plain
from lolpop_graph.document import Conf, Document, read_beside
from lolpop_graph.errors import Fault
from lolpop_graph.expand import has_tests
from lolpop_graph.framework import Framework
from lolpop_graph.model import TESTS_KEY, Integration, Place
from lolpop_graph.references import resolve_references
from lolpop_graph.scalars import describe

Moment = Literal["pre", "post"]

MOMENTS: Final[tuple[Moment, ...]] = ("pre", "post")
SEVERITIES: Final = ("fail", "warn")
_FILE: Final = "a file of tests"
_KEYS: Final = ("function", "name", "with", "severity")


@dataclass(frozen=True)
class Target:
    """What hooks are attached to: an integration's path or an expression, and a method's name."""

    integrations: str
    integrations_mark: int
    method: str
    method_mark: int


@dataclass(frozen=True)
class Declared:
    """One hook as it is written: `function` is a text, or what Python gave for one."""

    target: Target
    moment: Moment
    function: Any
    mark: int
    name: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    settings_block: Block = field(default_factory=lambda: EMPTY)
    warns: bool = False


class Declarations:
    """The hooks of a workflow's own section and of further files; `faults` is what is malformed.

    The files are read as sources of a copy of the workflow's `document`, so that references in
    them lead to the values of the workflow, and secrets are hidden as anywhere.
    """

    def __init__(
        self,
        document: Document,
        framework: Framework,
        root: Integration,
        files: Iterable[Conf] = (),
    ) -> None:
        """Read them; WorkflowError where a file cannot be read."""
        given = [*files]
        self.document, blocks = read_beside(document, given, _FILE)
        self.faults: list[Fault] = []
        self.hooks: list[Declared] = []
        if has_tests(document, framework, root):
            self._read(document.root[TESTS_KEY], document.root.value_mark(TESTS_KEY))
        for conf, (block, mark) in zip(given, blocks, strict=True):
            self.faults += resolve_references(self.document, block)
            before = len(self.hooks) + len(self.faults)
            self._read(*_without_key(block, mark, root))
            # What Python gives may be put together, and have nothing to say this time.
            if not isinstance(conf, Mapping) and len(self.hooks) + len(self.faults) == before:
                self._fault(mark, _FILE, "must have a hook, and this one has none")
        self.faults += self.document.faults

    def place(self, mark: int) -> Place:
        """The place of a mark."""
        return self.document.place(mark)

    def folder(self, mark: int) -> Path:
        """The folder of the file in which a mark lies."""
        return self.document.folder(mark)

    def _read(self, tests: object, mark: int) -> None:
        for key, at, methods, methods_mark in self._entries(tests, mark, "the tests"):
            what = f"what is tested of `{key}`"
            for method, here, moments, moments_mark in self._entries(methods, methods_mark, what):
                target = Target(key, at, method, here)
                what = f"what is tested of `{method}`"
                for moment, place, value, value_mark in self._entries(moments, moments_mark, what):
                    self._moment(target, moment, place, value, value_mark)

    def _moment(self, target: Target, moment: str, place: int, value: Any, mark: int) -> None:
        """The hooks before or after a method: one, or a list of them."""
        if moment not in MOMENTS:
            what = f"`{moment}` is neither `pre` nor `post`:"
            problem = "hooks stand before a method or after it"
            self._fault(place, what, problem, allowed=MOMENTS, written=moment)
            return
        values, marks = [value], [mark]
        if isinstance(value, list):
            values, marks = value, [*self.document.value_marks(value, mark)]
        for each, where in zip(values, marks, strict=True):
            self.hooks += self._hook(target, moment, each, where)

    def _hook(self, target: Target, moment: Any, value: Any, mark: int) -> Iterator[Declared]:
        """One hook, if it is well formed: a function's name, or a mapping with more about it."""
        if not isinstance(value, Block):
            if value is None:
                self._fault(mark, f"a hook in `{moment}`", "has no function")
            else:
                yield Declared(target, moment, value, mark)
            return
        unknown = [key for key in value if key not in _KEYS]
        for key in unknown:
            problem = "is nothing that a hook can have"
            at = value.key_mark(key)
            self._fault(at, f"`{key}`", problem, allowed=_KEYS, written=key)
        if "function" not in value:
            if not unknown:
                self._fault(mark, "a hook", "has no `function`")
            return
        settings = value.get("with") or EMPTY
        if self._is_sound(value, settings) and not unknown:
            yield Declared(
                target,
                moment,
                value["function"],
                value.value_mark("function"),
                value.get("name"),
                plain(settings),
                settings,
                value.get("severity") == "warn",
            )

    def _is_sound(self, hook: Block, settings: object) -> bool:
        """Whether name, settings and severity of a hook are what they have to be."""
        sound = True
        name, severity = hook.get("name", ""), hook.get("severity", "fail")
        if not isinstance(name, str) or ("name" in hook and not name.strip()):
            self._fault(hook.value_mark("name"), "the name of a hook", "must be a text")
            sound = False
        if not isinstance(settings, Block):
            problem = f"must be a mapping of values and is {describe(settings)}"
            self._fault(hook.value_mark("with"), "`with`", problem)
            sound = False
        if severity not in SEVERITIES:
            at, found = hook.value_mark("severity"), describe(severity)
            problem = f"must be `fail` or `warn` and is {found}"
            written = severity if isinstance(severity, str) else ""
            self._fault(at, "the severity", problem, allowed=SEVERITIES, written=written)
            sound = False
        return sound

    def _entries(self, value: object, mark: int, what: str) -> Iterator[tuple[str, int, Any, int]]:
        """The keys and values of a mapping with their marks; nothing of what is none."""
        if isinstance(value, Block):
            for key, item in value.items():
                yield key, value.key_mark(key), item, value.value_mark(key)
        elif value is not None:
            self._fault(mark, what, f"must be a mapping and is {describe(value)}")

    def _fault(self, mark: int, what: str, problem: str, **data: Any) -> None:
        place = self.place(mark)
        self.faults.append(f.TestsMalformed(place=place, what=what, problem=problem, **data))


def _without_key(block: Block, mark: int, root: Integration) -> tuple[Any, int]:
    """What a file of tests has, which may stand under the key `tests` as in a workflow."""
    if [*block] == [TESTS_KEY] and root.name != TESTS_KEY:
        return block[TESTS_KEY], block.value_mark(TESTS_KEY)
    return block, mark
