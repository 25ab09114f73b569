"""Faults made fit to be shown: each with its line, and none with a secret in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any, Final

from lolpop_graph.errors import Fault
from lolpop_graph.model import Place
from lolpop_graph.secrecy import MASK, Secrets, layer_names, secret_step
from lolpop_graph.source import Source
from lolpop_graph.spans import Span, value_spans

_VALUE: Final = "..."
_LONGEST_LINE: Final = 10_000
"""Thousands of faults in one line of a machine's would each mean going through all of it."""
_BESIDE: Final = 200
"""What is kept of a line on either side of its caret, which is more than is ever shown."""
_UNSAID: Final = "(not shown, since it may be a secret)"
_MAY_QUOTE: Final = frozenset(
    (
        *("absent", "cause", "class_name", "found", "known", "module", "raised_at", "reason"),
        *("remedy", "searched", "unread"),
    )
)
"""The fields, beside those that a kind says, in which a value of the document may stand."""
_COMMENT: Final = re.compile(r"(^|\s)#.*")
_DEFAULT: Final = re.compile(r"(\$\{env:[^,${}]*),[^${}]*")
_STEPS: Final = re.compile(r"[.\[\]]")
_REFERENCE: Final = re.compile(r"\$[^\s${}]+|\$\{[^${}]*\}?")
_PIECES: Final = re.compile(r"(\$\{[^${}]*\}?)|(?:(?!\$\{).)+", re.DOTALL)


@dataclass
class Showing:
    """Shows the faults of one workflow: from its sources, without its secrets.

    A line is shown with its keys, its class names and what the caret points at; every other
    value is `...`, since any may be private, and a secret is always `***`.
    """

    sources: Sequence[Source]
    secrets: Secrets = field(default_factory=Secrets)
    layers: set[str] = field(default_factory=layer_names)
    _spans: dict[int, list[Span]] = field(default_factory=dict, repr=False)
    _names: dict[tuple[int, bool], tuple[Any, Any]] = field(default_factory=dict, repr=False)

    def faults(self, found: Iterable[Fault]) -> list[Fault]:
        """The faults as they may be shown."""
        return [self.fault(fault) for fault in found]

    def fault(self, fault: Fault) -> Fault:
        """One fault with its line and without secrets."""
        self.learn()
        place = fault.place
        source = self.source(place)
        span = self._span(source, place)
        is_secret = span.is_secret if span else self._secret_end(place) is not None
        data: dict[str, Any] = {}
        if is_secret:
            data = dict.fromkeys(fault.quotes & vars(fault).keys(), _UNSAID)
        if place:
            data["place"] = self.line(place, shows_value=fault.shows_value)
        for name, value in vars(fault).items():
            if name not in data:
                may_quote = name in fault.quotes or name in _MAY_QUOTE
                data[name] = self._scrubbed(value, is_name=not may_quote)
        return fault.changed(**data)

    def line(self, place: Place, *, shows_value: bool = False) -> Place:
        """A place with its line, where it has one; the value that stands there may be shown."""
        self.learn()
        source = self.source(place)
        if source is None:
            return self._scrubbed_place(place)
        span = self._span(source, place)
        is_shown = shows_value and span and not span.is_secret
        return self._with_line(source, place, span if is_shown else None)

    def place(self, place: Place) -> Place:
        """A place without secrets in the keys that lead to it."""
        self.learn()
        return self._scrubbed_place(place)

    def learn(self) -> None:
        """Take what reads as a secret in any source for one, even if nobody parsed it."""
        for source in self.sources:
            if source.text is not None and id(source) not in self._spans:
                spans = self._spans[id(source)] = value_spans(source.text, self.layers)
                self._names.clear()
                for span in spans:
                    if span.is_secret:
                        self.secrets.add(span.text)

    def _scrubbed_place(self, place: Place) -> Place:
        """A place whose trail, which is made of keys, has no secret in it."""
        overrides = self._scrubbed_place(place.overrides) if place.overrides else None
        end = self._secret_end(place)
        is_below = end is not None and end < len(place.trail)
        trail = f"{place.trail[:end]}{MASK}" if is_below else place.trail
        trail = self.secrets.scrub(trail, is_name=True)
        return replace(place, trail=trail, overrides=overrides)

    def _secret_end(self, place: Place | None) -> int | None:
        """The end of the first key in a place's trail below which all is secret, if there is one.

        It is that of the whole trail where the value itself is secret, and nothing below it.
        """
        if place is None or place.line:
            return None
        ends = [*(match.end() for match in _STEPS.finditer(place.trail)), len(place.trail)]
        number = secret_step(_STEPS.split(place.trail), self.layers)
        return None if number is None else ends[number]

    def _scrubbed(self, value: Any, *, is_name: bool) -> Any:
        if type(value) is str:
            return self.secrets.scrub(value, is_name=is_name)
        if isinstance(value, Place):
            return self._scrubbed_place(value)
        if type(value) is not tuple:
            return value
        # Thousands of faults may each have the same thousands of names.
        known = self._names.get((id(value), is_name))
        if known is None:
            scrubbed = tuple(self._scrubbed(item, is_name=is_name) for item in value)
            known = self._names[id(value), is_name] = value, scrubbed
        return known[1]

    def source(self, place: Place | None) -> Source | None:
        """The source whose text a place stands in, if there is one."""
        if place is None or not place.line:
            return None
        named = (source for source in self.sources if source.name == place.file)
        return next((source for source in named if source.text is not None), None)

    def _span(self, source: Source | None, place: Place | None) -> Span | None:
        """The value that stands at a place, if there is one."""
        if source is None or place is None:
            return None
        offset = source.line_starts[place.line - 1] + place.column - 1
        spans = self._spans[id(source)]
        last = bisect_right(spans, offset, key=attrgetter("start")) - 1
        return spans[last] if last >= 0 and offset < spans[last].end else None

    def _with_line(self, source: Source, place: Place, shown: Span | None) -> Place:
        """The place with its line, in which all values are hidden but what counts of `shown`."""
        text = source.text or ""
        start, end = source.line_ends(place.line)
        if end - start > _LONGEST_LINE:
            return place
        at = start + place.column - 1
        pieces, here, caret = [], start, at - start
        spans = self._spans[id(source)]
        for number in range(bisect_right(spans, start, key=attrgetter("end")), len(spans)):
            span = spans[number]
            if span.start >= end:
                break
            first, last = max(span.start, start), min(span.end, end)
            if first >= last:
                continue
            mask = MASK if span.is_secret else _VALUE
            mask = _reference_in(text[first:last]) if span is shown else mask
            pieces += [_without_comment(text[here:first]), mask]
            here = last
            if last <= at:
                caret += len(mask) - (last - first)
            elif first <= at:
                caret -= at - first
        line = "".join([*pieces, _without_comment(text[here:end])])
        snippet = self.secrets.scrub(line)
        # A secret before the caret may have had more letters, or fewer, than what stands for it.
        caret = min(len(self.secrets.scrub(line[:caret])), len(snippet))
        cut = max(0, caret - _BESIDE)
        return replace(place, snippet=snippet[cut : caret + _BESIDE], caret=caret - cut + 1)


def _without_comment(text: str) -> str:
    """A part of a line without what a comment in it says, which may be an old value."""
    return _COMMENT.sub(r"\1# ...", text)


def _reference_in(text: str) -> str:
    """A value that is one reference, or has none; of others the references without the rest."""
    text = _DEFAULT.sub(rf"\1,{_VALUE}", text)
    if "$" not in text or _REFERENCE.fullmatch(text.strip("\"'")):
        return text
    pieces = (match[0] if match[1] else _VALUE for match in _PIECES.finditer(text))
    return "".join(pieces)
