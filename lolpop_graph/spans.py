"""Where a text's values stand, so that a line of it can be shown without them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from yaml import events

from lolpop_graph.model import FRAMEWORK_KEY
from lolpop_graph.parser import SYNTAX_ERRORS, Parser
from lolpop_graph.secrecy import SECRET_TAG, Region, layer_names, looks_secret

_DEEPEST: Final = 1_000
_KEY_AHEAD: Final = re.compile(r"[^:\n]*:(?=\s|$)")
_WORDS: Final = re.compile(r"[\s:{}\[\],\"']+")
_COLON: Final = re.compile(r"\s*:?[ \t]*")
_NAME: Final = re.compile(r"[\w.:${}-]*")
_STARTS = (events.MappingStartEvent, events.SequenceStartEvent)
_ENDS = (events.MappingEndEvent, events.SequenceEndEvent)
_NODES = (*_STARTS, events.ScalarEvent, events.AliasEvent)


class Span(NamedTuple):
    """A part of a text that is a value: its ends, whether it is secret, and what it reads."""

    start: int
    end: int
    is_secret: bool
    text: str = ""


def value_spans(text: str, layers: Iterable[str] = ()) -> list[Span]:
    """The values of a YAML text, in order, but for class names and layers.

    `layers` are the names of layers that are known beside those in the text. From where it is
    no YAML, all that may belong to a value is one, apart from the character that the parser
    stumbled on; all is, where it read ahead and nobody knows how far.
    """
    scan = _Scan(layers)
    try:
        parser = Parser(text)
        while len(scan.open) < _DEEPEST:
            event = parser.get_event()
            if event is None:
                return scan.spans
            scan.take(event)
    except SYNTAX_ERRORS as error:
        mark = getattr(error, "problem_mark", None)
        if mark is not None:
            tail = scan.tail(text, mark.index)
            return [*scan.spans, *tail]
    return [*scan.spans, Span(scan.end, len(text), is_secret=False)]


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read; a mapping's `key` is that of the value to come."""

    region: Region
    is_mapping: bool
    hides: bool
    key: str | None = None


class _Scan:
    """One pass over a text's events."""

    def __init__(self, layers: Iterable[str]) -> None:
        self.spans: list[Span] = []
        self.open = [_Open(Region.BLOCK, is_mapping=False, hides=False)]
        self.layers = layer_names() | set(layers)
        self.end = 0

    def take(self, event: Any) -> None:
        """Go on by one event."""
        if isinstance(event, _ENDS):
            self.open.pop()
        elif isinstance(event, _NODES):
            inside = self.open[-1]
            if inside.is_mapping and inside.key is None:
                self._take_key(event, inside)
            else:
                self._take_value(event, inside)
            self.end = event.end_mark.index  # type: ignore[union-attr]  # every event has one

    def _take_key(self, event: Any, inside: _Open) -> None:
        key = inside.key = getattr(event, "value", "")
        hides = inside.hides or getattr(event, "tag", None) == SECRET_TAG
        # Without a blank, `{password:x}` is a key.
        hides = hides or (":" in key and looks_secret(key.partition(":")[0]))
        if isinstance(event, _STARTS):
            self._begin(event, Region.CONFIG, hides=hides)
        elif hides:
            self._hide(event, is_secret=True)
        elif ":" in key and inside.region is Region.CONFIG and not event.style:
            start = event.start_mark.index + key.index(":") + 1
            self.spans.append(Span(start, event.end_mark.index, is_secret=False))
        elif inside.region is Region.FRAMEWORK:
            self.layers.add(inside.key)

    def _take_value(self, event: Any, inside: _Open) -> None:
        hides = self._hides(inside, event) or getattr(event, "tag", None) == SECRET_TAG
        if isinstance(event, _STARTS):
            below = inside.region.below(inside.key or "", self.layers)
            inside.key = None
            self._begin(event, below if len(self.open) > 1 else Region.BLOCK, hides=hides)
        else:
            is_scalar = isinstance(event, events.ScalarEvent)
            is_value = is_scalar and not self._is_for_all(inside, event.value)
            if hides or is_value:
                self._hide(event, is_secret=hides)
            inside.key = None

    def _hides(self, inside: _Open, event: Any) -> bool:
        """Whether what comes next is secret because of where it stands."""
        is_mapping = isinstance(event, events.MappingStartEvent)
        text = getattr(event, "value", None)
        return inside.hides or inside.region.hides(inside.key or "", text, is_mapping=is_mapping)

    def _is_for_all(self, inside: _Open, text: str) -> bool:
        """Whether a text that comes next is one for all to see, as a class's name is."""
        key = inside.key or ""
        is_class = inside.region is Region.SECTION and key != "config" and ":" not in key
        is_root = inside.region is Region.BLOCK and key in {*self.layers, FRAMEWORK_KEY}
        is_layer = inside.region is Region.FRAMEWORK
        return (is_class or is_root or is_layer) and bool(_NAME.fullmatch(text))

    def _begin(self, event: Any, region: Region, *, hides: bool) -> None:
        is_mapping = isinstance(event, events.MappingStartEvent)
        self.open.append(_Open(region, is_mapping=is_mapping, hides=hides))

    def _hide(self, event: Any, *, is_secret: bool) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        text = getattr(event, "value", None) or getattr(event, "anchor", None) or ""
        self.spans.append(Span(start, end, is_secret, text if is_secret else ""))

    def tail(self, text: str, stumbled_at: int) -> list[Span]:
        """What may belong to a value where the text breaks off."""
        inside = self.open[-1]
        is_value_next = inside.key is not None or not inside.is_mapping
        follows_secret = self.spans and self.spans[-1].is_secret and self.spans[-1].end == self.end
        is_same_line = "\n" not in text[self.end : stumbled_at]
        if (is_value_next and self._hides(inside, None)) or (follows_secret and is_same_line):
            return [Span(self._after_colon(text), len(text), is_secret=True)]
        has_begun = bool(text[self._after_colon(text) : stumbled_at].partition("\n")[0].strip())
        if is_value_next and inside.key is not None and (has_begun or is_same_line):
            return _all_but(self._after_colon(text), stumbled_at, len(text))
        self._show_key(text, stumbled_at)
        return self._lines_ahead(text, stumbled_at)

    def _show_key(self, text: str, stumbled_at: int) -> None:
        """Let a line's key be seen which a wrong indentation has made a part of a value."""
        line_start = text.rfind("\n", 0, stumbled_at) + 1
        last = self.spans[-1] if self.spans else None
        is_key = text[stumbled_at : stumbled_at + 1] == ":"
        if is_key and last and not last.is_secret and last.start < line_start < last.end:
            self.spans[-1] = last._replace(end=line_start)

    def _after_colon(self, text: str) -> int:
        match = _COLON.match(text, self.end)
        return match.end() if match else self.end

    def _lines_ahead(self, text: str, stumbled_at: int) -> list[Span]:
        """The values of lines that begin with keys, or with nobody knows what."""
        spans: list[Span] = []
        start = self.end
        for line in text[start : stumbled_at + 1].splitlines(keepends=True) or [""]:
            end = start + len(line)
            if end > stumbled_at:
                # The rest of the line, and what follows it.
                end = len(text)
            key = _KEY_AHEAD.match(text, start)
            after = min(key.end() if key else start, end)
            is_secret = any(looks_secret(word) for word in _WORDS.split(text[start:end]))
            if is_secret:
                spans.append(Span(after, end, is_secret=True))
            else:
                spans += _all_but(after, stumbled_at, end)
            start = end
        return spans


def _all_but(start: int, shown: int, end: int) -> list[Span]:
    """The part of a text from `start` to `end` but for the character at `shown`."""
    if not start <= shown < end:
        return [Span(start, end, is_secret=False)]
    return [Span(start, shown, is_secret=False), Span(shown + 1, end, is_secret=False)]
