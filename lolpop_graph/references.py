"""`$a.b`, `${env:NAME}` and `${file:folder}`: found, ordered as a DAG, replaced."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from lolpop_graph import faults as f
from lolpop_graph.block import Block
from lolpop_graph.document import Document
from lolpop_graph.errors import Fault
from lolpop_graph.model import FRAMEWORK_KEY
from lolpop_graph.scalars import as_text, describe
from lolpop_graph.secrecy import items_in
from lolpop_graph.source import Source
from lolpop_graph.text import misspelling

_WHOLE = re.compile(r"\$([^\s${}]+)")
_PIECE = re.compile(r"\$\$|\$\{([^{}]*)\}|\$\{[^}]*\}?|[^$]+|\$")
ENVIRONMENT_STEP: Final = "env:"
"""How a reference begins that names a variable of the environment."""
FILE_STEP: Final = "file:"
"""How a reference begins that asks for something of the file in which it is written."""
FOLDER: Final = f"{FILE_STEP}folder"
"""What a reference to the folder of its own file names."""
OUTSIDE: Final = (ENVIRONMENT_STEP, FILE_STEP)
"""How references begin that lead to no value of the document."""
_MOST_VALUES, _MOST_TEXT = 1_000_000, 16 * 2**20
_MOST_DIGITS = 9


@dataclass(eq=False, slots=True)
class _Site:
    """A text with references: the container and key that it stands at."""

    container: Any
    key: Any
    path: str
    mark: int
    pieces: list[tuple[bool, str]] = field(default_factory=list)
    state: str = "new"
    is_private: bool = False
    """Whether a part of the text is from the environment."""

    @property
    def is_whole(self) -> bool:
        """Whether the text is one reference and nothing else."""
        return len(self.pieces) == 1 and self.pieces[0][0]


def resolve_references(document: Document, beside: Block | None = None) -> list[Fault]:
    """Replace every reference of a document, in place, and return what is wrong with them.

    Where a block of a source `beside` the document is given, those in it are replaced by values
    of the document. The text of the framework is no value and is left alone. A reference whose
    own target is at fault is left as it is and not reported.
    """
    if not any(_may_refer(source) for source in document.sources):
        return []
    return _Resolver(document).resolve(document.root if beside is None else beside)


def pieces_in(text: str) -> list[tuple[bool, str]]:
    """A text as pieces, each what a reference names (True) or plain text (False).

    What a malformed reference names is the empty text.
    """
    whole = _WHOLE.fullmatch(text)
    if whole:
        return [(True, whole[1])]
    return [
        (True, match[1] or "")
        if match[0].startswith("${")
        else (False, "$" if match[0] == "$$" else match[0])
        for match in _PIECE.finditer(text)
    ]


def _may_refer(source: Source) -> bool:
    """Whether a dollar sign can be in a source's values; a backslash may stand for one."""
    return not source.folder or any(sign in (source.text or "") for sign in "$\\")


class _Resolver:
    """One resolution of one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.faults: list[Fault] = []
        self.sites: dict[tuple[int, Any], _Site] = {}
        self.sizes: dict[int, tuple[int, int]] = {}
        self.settled: set[int] = set()
        self.keys: dict[int, tuple[str, ...]] = {}
        self.tagged = {
            item
            for source in document.sources
            for item in items_in(source.secrets)
            if isinstance(item, str)
        }
        self.values = 0
        self.text = 0

    def resolve(self, block: Block) -> list[Fault]:
        for site in _sites(self.document, block):
            self.sites[id(site.container), site.key] = site
        for site in list(self.sites.values()):
            site.pieces = self._pieces(site)
        for site in list(self.sites.values()):
            self._resolve_from(site)
        failed = (site.mark for site in self.sites.values() if site.state == "failed")
        self.document.unresolved.update(failed)
        return self.faults

    def _pieces(self, site: _Site) -> list[tuple[bool, str]]:
        """A text as pieces, each a reference (True) or plain text (False)."""
        text: str = site.container[site.key]
        pieces = pieces_in(text)
        if (True, "") in pieces:
            for match in _PIECE.finditer(text):
                if match[0].startswith("${") and not match[1]:
                    self._fault(f.ReferenceMalformed, site, text=match[0])
            site.state = "failed"
        return pieces

    def _fault(self, kind: type[Fault], site: _Site, **data: Any) -> None:
        self.faults.append(kind(place=self.document.place(site.mark), **data))

    def _resolve_from(self, start: _Site) -> None:
        """Resolve a site after all that it needs; a stack, since chains may be long."""
        stack = [start]
        while stack:
            site = stack[-1]
            if site.state in {"done", "failed"}:
                stack.pop()
                continue
            site.state = "waiting"
            needed = self._try(site)
            waiting = [other for other in needed if other.state == "waiting"]
            if waiting:
                self._cycle(waiting[0], stack)
            elif any(other.state == "failed" for other in needed):
                site.state = "failed"
            stack += [other for other in needed if other.state == "new"]

    def _cycle(self, first: _Site, stack: list[_Site]) -> None:
        on_path = [site for site in stack if site.state == "waiting"]
        steps = on_path[on_path.index(first) :]
        self._fault(
            f.ReferenceCycle,
            first,
            steps=tuple(site.path for site in steps),
            places=tuple(self.document.place(site.mark) for site in steps),
        )
        for site in on_path:
            site.state = "failed"

    def _try(self, site: _Site) -> list[_Site]:
        """Replace a site's text, or return the sites that have to be resolved before."""
        needed: list[_Site] = []
        values: list[Any] = []
        for is_reference, text in site.pieces:
            if not is_reference:
                values.append(text)
            elif text.startswith(ENVIRONMENT_STEP):
                values.append(self._environment(site, text.removeprefix(ENVIRONMENT_STEP)))
            elif text.startswith(FILE_STEP):
                values.append(self._of_file(site, text))
            else:
                values.append(self._value(site, text, needed))
        if not needed and site.state != "failed":
            self._replace(site, values)
        return needed

    def _replace(self, site: _Site, values: list[Any]) -> None:
        texts: list[str] = []
        depth = 0
        if site.is_whole:
            size, depth = self._size(values[0])
            self.values += size - 1
        else:
            texts = [self._piece_text(site, *pair) for pair in enumerate(values)]
            # Counted before they are joined: a thousand pieces may name one long text.
            self.text += sum(map(len, texts))
        for count, most, what in (
            (self.values, _MOST_VALUES, "values that exist by references alone"),
            (self.text, _MOST_TEXT, "characters that exist by references alone"),
            (depth, self.document.limits.depth, "levels of nesting"),
        ):
            if count > most:
                self._fault(f.OverLimit, site, what=what, limit=most)
                self.values = self.text = 0
                site.state = "failed"
                return
        if site.state != "failed":
            self._keep_private(site, values[0] if site.is_whole else "".join(texts))
            self.document.written[id(site.container), site.key] = site.container[site.key]
            site.container[site.key] = values[0] if site.is_whole else "".join(texts)
            site.state = "done"

    def _keep_private(self, site: _Site, value: object) -> None:
        """Let a text be as secret, once it is resolved, as it is before, or as a part of it."""
        text = site.container[site.key]
        if text in self.tagged:
            self.document.secrets.add(value)
        elif site.is_private:
            self.document.secrets.add(value, shown=text)

    def _piece_text(self, site: _Site, number: int, value: object) -> str:
        if value is None or isinstance(value, str | bool | int | float):
            return as_text(value)
        reference = f"${{{site.pieces[number][1]}}}"
        self._fault(f.ReferenceNotText, site, reference=reference, found=describe(value))
        site.state = "failed"
        return ""

    def _environment(self, site: _Site, text: str) -> str:
        name, has_default, default = text.partition(",")
        value = os.environ.get(name)
        if value is not None:
            self.document.secrets.add(value, shown=f"${{env:{name}}}")
            site.is_private = True
            return value
        if not has_default:
            self._fault(f.EnvironmentMissing, site, name=name, close=misspelling(name, os.environ))
            site.state = "failed"
        return default

    def _of_file(self, site: _Site, text: str) -> str:
        """The folder of the file in which a reference is written; empty where it is at fault."""
        folder = self.document.file_folder(site.mark)
        if text != FOLDER:
            reference, allowed = f"${text}", (FOLDER,)
            self._fault(
                f.ReferenceNowhere, site, reference=reference, missing=text, allowed=allowed
            )
        elif not folder:
            self._fault(f.NoFile, site)
        else:
            return folder
        site.state = "failed"
        return ""

    def _value(self, site: _Site, path: str, needed: list[_Site]) -> Any:
        """What a path leads to; adds to `needed` what is unresolved on the way or below."""
        value: Any = self.document.root
        walked: list[str] = []
        for step in path.split("."):
            key = key_in(value, step)
            walked.append(step)
            if key is None or walked == [FRAMEWORK_KEY]:
                self._nowhere(site, path, ".".join(walked), value)
                return None
            unresolved = self.sites.get((id(value), key))
            if unresolved is not None and unresolved.state != "done":
                needed.append(unresolved)
                return None
            value = value[key]
        found = (self.sites.get((id(container), key)) for container, key in self._walk(value))
        below = [other for other in found if other is not None and other.state != "done"]
        if not below:
            # Nothing in it changes any more, and many references may name it.
            self.settled.add(id(value))
        needed += below
        return value

    def _walk(self, value: Any) -> Iterator[tuple[Any, Any]]:
        """Every container and key in a value, each container once, but for settled ones."""
        seen: set[int] = set()
        waiting = [value]
        while waiting:
            container = waiting.pop()
            here = id(container)
            if not isinstance(container, Block | list) or here in seen or here in self.settled:
                continue
            seen.add(here)
            for key, item in _items(container):
                yield container, key
                waiting.append(item)

    def _nowhere(self, site: _Site, path: str, missing: str, value: object) -> None:
        allowed = self._keys(value) if isinstance(value, Block) else ()
        self._fault(
            f.ReferenceNowhere, site, reference=f"${path}", missing=missing, allowed=allowed
        )
        site.state = "failed"

    def _keys(self, block: Block) -> tuple[str, ...]:
        """The keys that a reference may name in a block, one tuple for all who ask."""
        known = self.keys.get(id(block))
        if known is None:
            known = tuple(key for key in block if key != FRAMEWORK_KEY)
            self.keys[id(block)] = known
        return known

    def _size(self, value: Any) -> tuple[int, int]:
        """How many values, and levels of them, a value has once it is written out."""
        if not isinstance(value, Block | list):
            return 1, 0
        known = self.sizes.get(id(value))
        if known is None:
            items = value.values() if isinstance(value, Block) else value
            sizes = [self._size(item) for item in items]
            size = 1 + sum(size for size, _ in sizes)
            depth = 1 + max((depth for _, depth in sizes), default=0)
            known = self.sizes[id(value)] = size, depth
        return known


def key_in(value: Any, step: str) -> Any:
    """The key or index that a step of a path names in a value, or None."""
    if isinstance(value, Block):
        return step if step in value else None
    is_index = step.isascii() and step.isdigit() and len(step) <= _MOST_DIGITS
    if isinstance(value, list) and is_index and int(step) < len(value):
        return int(step)
    return None


def _sites(document: Document, block: Block) -> Iterator[_Site]:
    """The texts of a block with a dollar sign, in the order written, the framework's apart."""
    seen: set[int] = set()
    marks_in = document.value_marks
    waiting: list[tuple[Any, str, int]] = [(block, "", 0)]
    while waiting:
        container, trail, mark = waiting.pop()
        if id(container) in seen:
            continue
        seen.add(id(container))
        below = []
        for (key, value), value_mark in zip(
            _items(container), marks_in(container, mark), strict=True
        ):
            path = f"{trail}.{key}" if trail else str(key)
            if path == FRAMEWORK_KEY:
                continue
            if isinstance(value, str) and "$" in value:
                yield _Site(container, key, path, value_mark)
            elif isinstance(value, Block | list):
                below.append((value, path, value_mark))
        waiting += reversed(below)


def _items(container: Any) -> Iterable[tuple[Any, Any]]:
    return container.items() if isinstance(container, Block) else enumerate(container)


def named_keys(document: Document) -> Callable[[Block, str], bool]:
    """What tells whether a reference of the document names a config key, or what is around it."""
    marks: set[int] = set()
    whole: set[int] = set()
    for text in document.written.values():
        for is_reference, path in pieces_in(text):
            if is_reference and not path.startswith(OUTSIDE):
                _follow(document.root, path.split("."), marks, whole)
    return lambda block, key: block.key_mark(key) in marks or id(block) in whole


def _follow(block: object, steps: list[str], marks: set[int], whole: set[int]) -> None:
    """Note the keys that lead to where a reference points, and the blocks below that."""
    for step in steps:
        if not isinstance(block, Block) or step not in block:
            return
        marks.add(block.key_mark(step))
        block = block[step]
    waiting = [block]
    while waiting:
        below = waiting.pop()
        if isinstance(below, Block) and id(below) not in whole:
            whole.add(id(below))
            waiting += below.values()
