"""Files, dictionaries and overrides to one document, every value with its place."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lolpop_graph import faults as f
from lolpop_graph.block import Block
from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.model import Place
from lolpop_graph.reader import Limits, read_text
from lolpop_graph.scalars import as_text
from lolpop_graph.source import Source, base_mark, place_in, source_number
from lolpop_graph.text import printable

_LONGEST_TRAIL = 60

Conf = str | os.PathLike[str] | Mapping[Any, Any]
"""What a workflow is read from: the path of a YAML file, or a mapping with the same meaning."""


@dataclass(slots=True)
class Document:
    """The root's block after all layers and overrides, and the sources that its marks lead to.

    `unresolved` holds the marks of the references that came to nothing.
    """

    root: Block
    sources: list[Source]
    unresolved: set[int] = field(default_factory=set)

    def place(self, mark: int) -> Place:
        """The place that a mark stands for."""
        return place_in(self.sources[source_number(mark)], mark)

    def folder(self, mark: int) -> Path:
        """The folder of the file that a mark lies in; the current one for what is no file."""
        return Path(self.sources[source_number(mark)].folder or Path.cwd())

    @property
    def name(self) -> str:
        """The names of the sources: `base.yaml + prod.yaml`."""
        return " + ".join(source.name for source in self.sources)


def read_document(
    confs: Sequence[Conf], overrides: Mapping[str, Any] | None = None, limits: Limits | None = None
) -> Document:
    """Read and layer `confs`, later ones over earlier, and set `overrides` on the result.

    Mappings merge and everything else replaces. An override's key is a dotted path of the
    document (`train.config.metric`). Raises WorkflowError with the faults of all sources.
    """
    limits = limits or Limits()
    sources: list[Source] = []
    blocks: list[Block] = []
    found: list[Fault] = []
    for number, conf in enumerate(confs):
        try:
            blocks.append(_read(conf, number, sources, limits))
        except WorkflowError as error:
            found += error.faults
    if found:
        raise WorkflowError(found)
    root = blocks[0]
    for block in blocks[1:]:
        root = _merged(root, block, limits.depth)
    document = Document(root, sources)
    if overrides:
        _override(document, overrides, limits)
    return document


def _read(conf: Conf, number: int, sources: list[Source], limits: Limits) -> Block:
    base = base_mark(number)
    if isinstance(conf, Mapping):
        source = Source("conf", labels=[""])
        sources.append(source)
        return _FromPython(source, base, limits.depth).mapping(conf, "", 1)
    path = os.fspath(conf)
    source = Source(path, folder=os.path.dirname(os.path.abspath(path)))
    sources.append(source)
    source.text = _file_text(path, limits)
    return read_text(source, base, limits)


def _file_text(path: str, limits: Limits) -> str:
    """The text of a regular file within the limits; WorkflowError with one fault otherwise."""
    place = Place(path)
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise WorkflowError([f.Unreadable(place=place, reason="it is no regular file")])
        if status.st_size > limits.size:
            raise WorkflowError([f.OverLimit(place=place, what="bytes", limit=limits.size)])
        with open(path, "rb") as file:
            content = file.read()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise WorkflowError([f.Unreadable(place=place, reason=reason)]) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].split(b"\n")
        place = Place(path, line=len(before), column=len(before[-1]) + 1)
        raise WorkflowError([f.NotUtf8(place=place)]) from None


class _FromPython:
    """Python values as those of a document: keys become the text that YAML would have for them.

    Every value gets a mark of its own, or the same where the source is text (`--set`).
    """

    def __init__(self, source: Source, base: int, deepest: int) -> None:
        self.source = source
        self.base = base
        self.deepest = deepest

    def mapping(self, mapping: Mapping[Any, Any], trail: str, depth: int) -> Block:
        """A mapping that stands at a depth, counted from 1."""
        self._check(trail, depth)
        block = Block()
        if isinstance(mapping, Block):
            block.typed = mapping.typed
        for key, value in mapping.items():
            text = key if isinstance(key, str) else self._key_text(key, trail)
            below = f"{trail}.{text}" if trail else text
            if text in block:
                place = Place(self.source.name, trail=below)
                raise WorkflowError([f.DuplicateKey(place=place, key=text, first=place)])
            if not isinstance(key, str):
                block.typed = {**(block.typed or {}), text: key}
            mark = (
                self.base if self.source.text is not None else self.base | self.source.label(below)
            )
            block.put(text, self.value(value, below, depth), mark, mark)
        return block

    def value(self, value: object, trail: str, depth: int) -> Any:
        """A value that stands in a mapping or list at a depth."""
        if isinstance(value, Mapping):
            return self.mapping(value, trail, depth + 1)
        if isinstance(value, list | tuple):
            self._check(trail, depth + 1)
            return [
                self.value(item, f"{trail}[{number}]", depth + 1)
                for number, item in enumerate(value)
            ]
        return value

    def _check(self, trail: str, depth: int) -> None:
        if depth > self.deepest:
            place = Place(self.source.name, trail=f"{trail[:_LONGEST_TRAIL]}...")
            what = "levels of nesting"
            raise WorkflowError([f.OverLimit(place=place, what=what, limit=self.deepest)])

    def _key_text(self, key: object, trail: str) -> str:
        if key is None or isinstance(key, bool | int | float):
            return as_text(key)
        raise WorkflowError([f.KeyNotText(place=Place(self.source.name, trail=trail))])


def _merged(lower: Block, upper: Block, depth: int) -> Block:
    """A new block with the keys of both; `upper` wins, and only two mappings are merged."""
    block = Block()
    dict.update(block, lower)
    block.marks = lower.marks[:]
    if lower.typed or upper.typed:
        block.typed = {**(lower.typed or {}), **(upper.typed or {})}
    slots = {key: slot for slot, key in enumerate(lower)}
    for number, (key, value) in enumerate(upper.items()):
        below = lower.get(key)
        both = type(value) is Block and type(below) is Block and depth > 0
        block[key] = _merged(below, value, depth - 1) if both else value  # type: ignore[arg-type]
        slot = 2 * slots.get(key, len(block) - 1)
        block.marks[slot : slot + 2] = upper.marks[2 * number : 2 * number + 2]
    return block


def _override(document: Document, overrides: Mapping[str, Any], limits: Limits) -> None:
    """Set single values; each override is a line of a source of its own."""
    for path in overrides:
        if not isinstance(path, str) or not all(path.split(".")):
            message = f"an override's key is a dotted path such as config.metric, not {path!r}"
            raise TypeError(message)
    lines = [f"{printable(path)}={_shown(value)}" for path, value in overrides.items()]
    source = Source("--set", "\n".join(lines))
    base = base_mark(len(document.sources))
    document.sources.append(source)
    found = [
        fault
        for start, (path, value) in zip(source.line_starts, overrides.items(), strict=True)
        for fault in _set(document, path, value, (base | start, limits))
    ]
    if found:
        raise WorkflowError(found)


def _shown(value: object) -> str:
    """An override's value in one line, for the place that messages show."""
    return repr(value) if isinstance(value, str | int | float | None) else "..."


def _set(
    document: Document, path: str, value: object, where: tuple[int, Limits]
) -> Iterable[Fault]:
    mark, limits = where
    *parents, last = path.split(".")
    block = document.root
    for number, key in enumerate(parents):
        below = block.get(key)
        if below is not None and type(below) is not Block:
            at = ".".join(parents[: number + 1])
            yield f.OverrideBlocked(place=document.place(mark), path=path, at=at)
            return
        own = Block() if below is None else _merged(below, Block(), limits.depth)
        block.put(key, own, block.key_mark(key) if below is not None else mark, mark)
        block = own
    reader = _FromPython(document.sources[-1], mark, limits.depth)
    block.put(last, reader.value(value, path, len(parents) + 1), mark, mark)
