"""Files, dictionaries and overrides to one document, every value with its place."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from lolpop_graph import faults as f
from lolpop_graph.block import Block
from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.limits import Limits
from lolpop_graph.model import FRAMEWORK_KEY, Place
from lolpop_graph.reader import read_text
from lolpop_graph.scalars import as_text
from lolpop_graph.secrecy import Secret, Secrets, layer_names
from lolpop_graph.showing import Showing
from lolpop_graph.source import Source, base_mark, place_in, source_number
from lolpop_graph.text import shortened

OVERRIDES = "--set"
"""The name of the source that overrides are."""
_LONGEST_TRAIL = 60
_CHUNK = 2**16
_REFERRING = (b"$", b"\\")
"""What stands in the content of a file that has references; a backslash may stand for a dollar."""

Conf = str | os.PathLike[str] | Mapping[Any, Any]
"""What a workflow is read from: the path of a YAML file, or a mapping with the same meaning."""


@dataclass(frozen=True, slots=True)
class Content(os.PathLike[str]):
    """What a file holds that is not where its `name` says, and the folder where it belongs.

    `reading` remembers what was read of it where nothing changes that: without references, which
    are replaced in place, a document is only read.
    """

    name: str
    content: bytes = field(repr=False)
    folder: str
    reading: dict[tuple[int, Limits], tuple[Source, Block]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __fspath__(self) -> str:
        """The name, for messages."""
        return self.name


class Part(NamedTuple):
    """What one source says of a document that has several: a whole block, or one value.

    `keys` lead to where the value stands: none to the block of a file or mapping, which is
    merged, and those of an override to what it replaces.
    """

    keys: tuple[str, ...]
    value: Any
    mark: int


@dataclass(slots=True)
class Document:
    """The root's block after all layers and overrides, and the sources that its marks lead to.

    `unresolved` holds the marks of the references that came to nothing, `overridden` for each
    mark the one in a lower layer that it replaces; `secrets` is what is found to be secret,
    `layers` the names of layers that the call brings; `faults` are keys that stand twice, of
    which the first value counts. `parts` are the sources of a document that has several, the
    lowest first; `written` has, by the identity of a container and a key, the text that
    references were replaced in.
    """

    root: Block = field(repr=False)
    sources: list[Source]
    limits: Limits = field(default_factory=Limits)
    faults: list[Fault] = field(default_factory=list, repr=False)
    overridden: dict[int, int] = field(default_factory=dict, repr=False)
    unresolved: set[int] = field(default_factory=set, repr=False)
    secrets: Secrets = field(default_factory=Secrets, repr=False)
    layers: set[str] = field(default_factory=set, repr=False)
    parts: list[Part] = field(default_factory=list, repr=False)
    written: dict[tuple[int, Any], str] = field(default_factory=dict, repr=False)
    _showing: Showing | None = field(default=None, repr=False)

    @property
    def showing(self) -> Showing:
        """What shows the faults of this document; to be asked for once references are resolved."""
        if self._showing is None:
            for source in self.sources:
                self.secrets.add(source.secrets)
            self.layers |= layer_names(self.root.get(FRAMEWORK_KEY))
            self.secrets.add_from(self.root, self.layers)
            self._showing = Showing(self.sources, self.secrets, self.layers)
        return self._showing

    def place(self, mark: int) -> Place:
        """The place that a mark stands for, with those that it overrides."""
        lower = self.overridden.get(mark)
        overrides = None if lower is None else self.place(lower)
        return place_in(self.sources[source_number(mark)], mark, overrides)

    def value_marks(self, container: Block | list[Any], mark: int) -> Sequence[int]:
        """The marks of the values in a mapping or list that stands at `mark`, in order."""
        if isinstance(container, Block):
            return container.marks[1::2]
        _, marks = self.sources[source_number(mark)].items.get(id(container), (None, None))
        return marks or [mark] * len(container)

    def folder(self, mark: int) -> Path:
        """The folder of the file that a mark lies in; the current one for what is no file."""
        return Path(self.file_folder(mark) or Path.cwd())

    def file_folder(self, mark: int) -> str:
        """The absolute folder of the file that a mark lies in; empty for what is no file."""
        return self.sources[source_number(mark)].folder

    @property
    def is_layered(self) -> bool:
        """Whether there is more than one source."""
        return len(self.sources) > 1

    @property
    def origins(self) -> list[tuple[str, str]]:
        """The name and the folder of each source but the overrides."""
        return [(each.name, each.folder) for each in self.sources if each.name != OVERRIDES]

    @property
    def name(self) -> str:
        """The names of the sources: `base.yaml + prod.yaml`."""
        return " + ".join(source.name for source in self.sources)


def read_document(
    confs: Sequence[Conf], overrides: Mapping[str, Any] | None = None, limits: Limits | None = None
) -> Document:
    """Read and layer `confs`, later ones over earlier, and set `overrides` on the result.

    Mappings merge and everything else replaces. An override's key is a dotted path of the
    document (`train.config.metric`). Raises WorkflowError with the faults of all sources, as
    they may be shown.
    """
    limits = limits or Limits()
    sources: list[Source] = []
    blocks: list[Block] = []
    found: list[Fault] = []
    twice: list[Fault] = []
    for number, conf in enumerate(confs):
        try:
            blocks.append(_read(conf, number, sources, limits, twice))
        except WorkflowError as error:
            found += error.faults
    if found:
        raise WorkflowError(Showing(sources).faults([*twice, *found]))
    document = Document(blocks[0], sources, limits, twice)
    if overrides or len(blocks) > 1:
        document.parts = [Part((), block, base_mark(number)) for number, block in enumerate(blocks)]
    for block in blocks[1:]:
        document.root = _merged(document.root, block, limits.depth, document.overridden)
    if overrides:
        # They are set in the root's own block, and the lowest source is to stay as it was.
        document.root = _merged(document.root, Block(), 0, {})
        if found := _override(document, overrides, limits):
            raise WorkflowError(document.showing.faults(found))
    return document


def read_beside(
    document: Document, confs: Iterable[Conf], what: str
) -> tuple[Document, list[tuple[Block, int]]]:
    """A copy of a document with further sources, and the block of each of these with its mark.

    They are not laid over the document: its values are what they were. `what` each of them is
    stands in faults. Raises WorkflowError with the faults of all of them.
    """
    beside = replace(document, sources=[*document.sources], faults=[], _showing=None)
    found: list[Fault] = []
    blocks: list[tuple[Block, int]] = []
    for number, conf in enumerate(confs, start=len(document.sources)):
        try:
            block = _read(conf, number, beside.sources, document.limits, beside.faults)
            blocks.append((block, base_mark(number)))
        except WorkflowError as error:
            found += (
                each.changed(what=what) if isinstance(each, f.NotAMapping) else each
                for each in error.faults
            )
    if found:
        raise WorkflowError(beside.showing.faults([*beside.faults, *found]))
    return beside, blocks


def _read(
    conf: Conf, number: int, sources: list[Source], limits: Limits, twice: list[Fault]
) -> Block:
    """Read one source, which is added to `sources`, and its duplicate keys to `twice`."""
    base = base_mark(number)
    if isinstance(conf, Mapping):
        source = Source("conf", labels=[""])
        sources.append(source)
        return _FromPython(source, base, limits).mapping(conf, "", 1)
    path = os.fspath(conf)
    given = conf if isinstance(conf, Content) else None
    if given and (number, limits) in given.reading:
        source, block = given.reading[number, limits]
        sources.append(source)
        return block
    source = Source(path, folder=given.folder if given else os.path.dirname(os.path.abspath(path)))
    sources.append(source)
    content = given.content if given else _file_content(path, limits)
    source.text = _text(path, content, limits)
    block, duplicates = read_text(source, base, limits)
    twice += duplicates
    if given and not duplicates and not any(sign in content for sign in _REFERRING):
        given.reading[number, limits] = source, block
    return block


def _file_content(path: str, limits: Limits) -> bytes:
    """What a regular file holds, or its beginning; WorkflowError with one fault otherwise."""
    place = Place(path)
    try:
        # A pipe without a writer would be waited for.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise WorkflowError([f.Unreadable(place=place, reason="it is no regular file")])
            return _up_to(limits.size + 1, file)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise WorkflowError([f.Unreadable(place=place, reason=reason)]) from None


def _text(path: str, content: bytes, limits: Limits) -> str:
    """The text that a content within the limits is; WorkflowError with one fault otherwise."""
    if len(content) > limits.size:
        raise WorkflowError(
            [f.OverLimit(place=Place(path), what="bytes", limit=limits.size, name="size")]
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].split(b"\n")
        place = Place(path, line=len(before), column=len(before[-1]) + 1)
        raise WorkflowError([f.NotUtf8(place=place)]) from None


def _up_to(most: int, file: BinaryIO) -> bytes:
    """What a file holds, no more than `most` of it; asked at once, that much would be taken."""
    chunks: list[bytes] = []
    while most > 0 and (chunk := file.read(min(most, _CHUNK))):
        chunks.append(chunk)
        most -= len(chunk)
    return b"".join(chunks)


class _FromPython:
    """Python values as those of a document: keys become the text that YAML would have for them.

    Every value of a mapping gets a mark of its own. What stands at several places is counted
    from the second one on, as values that exist by an alias are.
    """

    def __init__(self, source: Source, base: int, limits: Limits) -> None:
        self.source = source
        self.base = base
        self.limits = limits
        self.known: dict[int, object] = {}
        self.within_known = 0
        self.repeated = 0

    def mapping(self, mapping: Mapping[Any, Any], trail: str, depth: int) -> Block:
        """A mapping that stands at a depth, counted from 1."""
        was_known = self._enter(mapping, trail, depth)
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
            mark = self.base | self.source.label(below)
            block.put(text, self.value(value, below, depth), mark, mark)
        self._leave(mapping, was_known)
        return block

    def value(self, value: object, trail: str, depth: int) -> Any:
        """A value that stands in a mapping or list at a depth."""
        if isinstance(value, Secret):
            self.source.secrets.append(value.value)
            value = value.value
        if self.within_known:
            self.repeated += 1
        if isinstance(value, Mapping):
            return self.mapping(value, trail, depth + 1)
        if isinstance(value, list | tuple):
            was_known = self._enter(value, trail, depth + 1)
            items = [
                self.value(item, f"{trail}[{number}]", depth + 1)
                for number, item in enumerate(value)
            ]
            self._leave(value, was_known)
            return items
        return value

    def _enter(self, container: object, trail: str, depth: int) -> bool:
        """Refuse what is too deep or there too often; whether it was there before."""
        repeated = "values that exist by repetition alone"
        for count, name, what in (
            (depth, "depth", "levels of nesting"),
            (self.repeated, "alias_values", repeated),
        ):
            most = getattr(self.limits, name)
            if count > most:
                place = Place(self.source.name, trail=shortened(trail, _LONGEST_TRAIL))
                fault = f.OverLimit(place=place, what=what, limit=most, name=name)
                raise WorkflowError([fault])
        was_known = id(container) in self.known
        self.within_known += was_known
        return was_known

    def _leave(self, container: object, was_known: bool) -> None:  # noqa: FBT001 - from `_enter`
        self.within_known -= was_known
        self.known[id(container)] = container

    def _key_text(self, key: object, trail: str) -> str:
        if key is None or isinstance(key, bool | int | float):
            return as_text(key)
        raise WorkflowError([f.KeyNotText(place=Place(self.source.name, trail=trail))])


def _merged(lower: Block, upper: Block, depth: int, overridden: dict[int, int]) -> Block:
    """A new block with the keys of both; `upper` wins, and only two mappings are merged.

    `overridden` is told which mark replaces which.
    """
    block = Block()
    dict.update(block, lower)
    block.marks = lower.marks[:]
    if lower.typed or upper.typed:
        block.typed = {**(lower.typed or {}), **(upper.typed or {})}
    slots = {key: slot for slot, key in enumerate(lower)}
    for number, (key, value) in enumerate(upper.items()):
        below = lower.get(key)
        marks = upper.marks[2 * number : 2 * number + 2]
        slot = 2 * slots.get(key, len(block))
        both = type(value) is Block and type(below) is Block and depth > 0
        # A mapping in lines of its own has the mark of its first key, which may be new.
        replaced = lower.marks[slot : slot + 1 if both else slot + 2]
        overridden.update(zip(marks, replaced, strict=False))
        block[key] = _merged(below, value, depth - 1, overridden) if both else value  # type: ignore[arg-type]
        block.marks[slot : slot + 2] = marks
    return block


def _override(document: Document, overrides: Mapping[str, Any], limits: Limits) -> list[Fault]:
    """Set single values, a source of their own, and return what hinders some."""
    for path in overrides:
        if not isinstance(path, str) or not all(path.split(".")):
            message = f"an override's key is a dotted path such as config.metric, not {path!r}"
            raise TypeError(message)
    source = Source(OVERRIDES)
    reader = _FromPython(source, base_mark(len(document.sources)), limits)
    document.sources.append(source)
    setting = [_set(document, path, value, reader) for path, value in overrides.items()]
    return [fault for fault in setting if fault]


def _set(document: Document, path: str, value: object, reader: _FromPython) -> Fault | None:
    """Set one value, or say what hinders it."""
    *parents, last = path.split(".")
    block, mark = document.root, reader.base | reader.source.label(path)
    most = reader.limits.depth
    if len(parents) >= most:
        place, what = document.place(mark), "levels of nesting"
        return f.OverLimit(place=place, what=what, limit=most, name="depth")
    for number, key in enumerate(parents):
        below = block.get(key)
        if below is not None and type(below) is not Block:
            at = ".".join(parents[: number + 1])
            return f.OverrideBlocked(place=document.place(mark), path=path, at=at)
        own = Block() if below is None else _merged(below, Block(), 0, {})
        marks = (mark, mark) if below is None else (block.key_mark(key), block.value_mark(key))
        block.put(key, own, *marks)
        block = own
    if last in block:
        document.overridden[mark] = block.value_mark(last)
    block.put(last, reader.value(value, path, len(parents) + 1), mark, mark)
    document.parts.append(Part((*parents, last), block[last], mark))
    return None
