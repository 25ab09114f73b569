"""Where a text's values stand, so that a line of it can be shown without them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import yaml
from yaml import events

from lolpop_graph.model import FRAMEWORK_KEY
from lolpop_graph.secrecy import SECRET_TAG, Region, layer_names, looks_secret

_Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST: Final = 1_000
_KEY_AHEAD: Final = re.compile(r"[^:\n]*:(?=\s|$)")
_COLON: Final = re.compile(r"\s*:?[ \t]*")
_STARTS = (events.MappingStartEvent, events.SequenceStartEvent)
_ENDS = (events.MappingEndEvent, events.SequenceEndEvent)
_NODES = (*_STARTS, events.ScalarEvent, events.AliasEvent)


class Span(NamedTuple):
    """A part of a text that is a value: its ends, whether it is secret, and what it reads."""

    start: int
    end: int
    is_secret: bool
    text: str = ""


def value_spans(text: str) -> list[Span]:
    """The values of a YAML text, in order, but for class names and layers.

    From where it is no YAML, all that may belong to a value is one, apart from the character
    that the parser stumbled on; all is, where it read ahead and nobody knows how far.
    """
    scan = _Scan()
    try:
        parser = _Parser(text)
        while len(scan.open) < _DEEPEST:
            event = parser.get_event()
            if event is None:
                return scan.spans
            scan.take(event)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        mark = getattr(error, "problem_mark", None)
        if mark is not None:
            return [*scan.spans, *scan.tail(text, mark.index)]
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

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.open = [_Open(Region.BLOCK, is_mapping=False, hides=False)]
        self.layers = layer_names()
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
        inside.key = getattr(event, "value", "")
        if isinstance(event, _STARTS):
            self._begin(event, Region.CONFIG, hides=inside.hides)
        elif inside.hides:
            self._hide(event, is_secret=True)
        elif inside.region is Region.FRAMEWORK:
            self.layers.add(inside.key)

    def _take_value(self, event: Any, inside: _Open) -> None:
        is_mapping = isinstance(event, events.MappingStartEvent)
        hides = self._hides(inside, is_mapping=is_mapping) or (
            getattr(event, "tag", None) == SECRET_TAG
        )
        if isinstance(event, _STARTS):
            below = inside.region.below(inside.key or "", self.layers)
            inside.key = None
            self._begin(event, below if len(self.open) > 1 else Region.BLOCK, hides=hides)
        else:
            is_value = isinstance(event, events.ScalarEvent) and not self._is_for_all(inside)
            if hides or is_value:
                self._hide(event, is_secret=hides)
            inside.key = None

    def _hides(self, inside: _Open, *, is_mapping: bool) -> bool:
        return inside.hides or inside.region.hides(inside.key or "", is_mapping=is_mapping)

    def _is_for_all(self, inside: _Open) -> bool:
        """Whether a text that comes next is one for all to see, as a class's name is."""
        is_class = inside.region is Region.SECTION and inside.key != "config"
        is_root = inside.region is Region.BLOCK and inside.key in {*self.layers, FRAMEWORK_KEY}
        return is_class or is_root or inside.region is Region.FRAMEWORK

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
        if (is_value_next and self._hides(inside, is_mapping=False)) or (
            follows_secret and is_same_line
        ):
            return [Span(self._after_colon(text), len(text), is_secret=True)]
        if is_value_next and inside.key is not None:
            start = len(text) if self._is_for_all(inside) else self._after_colon(text)
            return _all_but(start, stumbled_at, len(text))
        return self._line_ahead(text, stumbled_at)

    def _after_colon(self, text: str) -> int:
        match = _COLON.match(text, self.end)
        return match.end() if match else self.end

    def _line_ahead(self, text: str, stumbled_at: int) -> list[Span]:
        """The values of a line that begins with a key, or with nobody knows what."""
        start = max(self.end, text.rfind("\n", 0, stumbled_at) + 1)
        key = _KEY_AHEAD.match(text, start)
        line_end = text.find("\n", stumbled_at)
        line = text[start : line_end if line_end >= 0 else len(text)]
        if any(looks_secret(word) for word in re.split(r"[\s:{}\[\],\"']+", line)):
            return [Span(key.end() if key else start, len(text), is_secret=True)]
        if self.open[-1].region is Region.SECTION:
            return []
        return _all_but(key.end() if key else start, stumbled_at, len(text))


def _all_but(start: int, shown: int, end: int) -> list[Span]:
    """The part of a text from `start` to `end` but for the character at `shown`."""
    if not start <= shown < end:
        return [Span(start, end, is_secret=False)]
    return [Span(start, shown, is_secret=False), Span(shown + 1, end, is_secret=False)]
