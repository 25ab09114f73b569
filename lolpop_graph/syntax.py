"""What a YAML parser's complaints mean, for who has never read a parser, and what would mend it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from lolpop_graph.faults import Malformed
from lolpop_graph.source import Source, place_in

_CLOSERS = {"[": "]", "{": "}"}
_KEY_AND_VALUE = "write `key: value`, with a colon and a blank after the key"
_QUOTE_IT = "put the value in quotes"


class _Words(NamedTuple):
    """What is wrong, what would mend it, and whether that is where the broken thing begins."""

    problem: str
    cure: str = ""
    at_start: bool = False


@dataclass(frozen=True, slots=True)
class _Complaint:
    """The parser's words, the offset that they are about, and where what it was reading begins.

    `start` has offset, line and column, counted from 0, or is None.
    """

    problem: str
    context: str
    text: str
    index: int
    start: tuple[int, int, int] | None

    @property
    def at(self) -> str:
        """The character that stands there; empty at the end."""
        return self.text[self.index : self.index + 1]

    @property
    def before(self) -> str:
        """What stands before it in its line."""
        return self.text[: self.index].rpartition("\n")[2]

    @property
    def above(self) -> str:
        """The nearest line above it that has more than blanks."""
        lines = self.text[: self.index - len(self.before)].splitlines()
        return next((line for line in reversed(lines) if line.strip()), "")

    @property
    def begun(self) -> str:
        """Where what is being read begins, as line and column."""
        return f"{self.start[1] + 1}:{self.start[2] + 1}" if self.start else ""

    @property
    def opener(self) -> str:
        """The character that it begins with."""
        return self.text[self.start[0]] if self.start and self.start[0] < len(self.text) else ""

    @property
    def has_lines_between(self) -> bool:
        """Whether it begins in another line."""
        return self.start is not None and "\n" in self.text[self.start[0] : self.index]


def syntax_fault(error: Exception, source: Source, base: int) -> Malformed:
    """A parser's complaint about a source whose marks begin at `base`, as a fault with a place."""
    complaint = _complaint(error, source.text or "")
    words = _in_words(complaint)
    start = complaint.start if words.at_start else None
    place = place_in(source, base | (start[0] if start else complaint.index))
    return Malformed(place=place, problem=words.problem, remedy=words.cure)


def _complaint(error: Any, text: str) -> _Complaint:
    problem, context = getattr(error, "problem", None) or "", getattr(error, "context", None) or ""
    start = getattr(error, "context_mark", None)
    mark = getattr(error, "problem_mark", None) or start
    if mark is None:
        problem = getattr(error, "reason", "") or problem
        return _Complaint(problem, "", text, _offset(error, text), None)
    begun = (start.index, start.line, start.column) if start and context else None
    return _Complaint(problem, context, text, mark.index, begun)


def _offset(error: Any, text: str) -> int:
    offset: int = getattr(error, "position", 0) or 0
    if getattr(error, "encoding", None) != "unicode":
        # The C parser counts bytes here.
        return len(text.encode()[:offset].decode(errors="ignore"))
    return offset


def _in_words(found: _Complaint) -> _Words:
    for problem, context, words in _TABLE:
        if problem in found.problem and context in found.context:
            return words if isinstance(words, _Words) else words(found)
    told = " ".join(part for part in (found.problem, found.context) if part)
    begun = f" that begins at {found.begun}" if found.context and found.start else ""
    return _Words(f"{told}{begun}" if told else "the text is not readable")


def _no_key(found: _Complaint) -> _Words:
    """Something stands where the next key of a mapping in lines belongs."""
    if found.at and found.at in "]}":
        return _Words(f"`{found.at}` closes what is not open", "take it away, or open it before")
    if found.before.strip():
        more = ", in which a `'` is written twice" if found.before.rstrip()[-1] == "'" else ""
        return _Words("a value is complete before here", f"put the whole value in quotes{more}")
    if found.at == "-":
        cure = "indent the list below the key that it belongs to, or write keys alone"
        return _Words("an item of a list stands among keys", cure)
    return _Words(
        f"this line is indented otherwise than the keys before it, from {found.begun} on",
        "indent it exactly like those that it belongs to",
    )


def _no_value(found: _Complaint) -> _Words:
    """A colon stands where the text before it cannot be a key."""
    depth = len(found.before) - len(found.before.lstrip())
    above = len(found.above) - len(found.above.lstrip())
    if ": " in found.before:
        return _Words("a second colon stands in this line", "put the value, or the key, in quotes")
    if depth > above and ": " in found.above:
        cure = "indent it like the line above, or take the value there away"
        return _Words("this line is indented deeper than the one above, which has a value", cure)
    return _Words(
        "this line was read as more of the text above it, where a key has no colon and blank",
        f"{_KEY_AND_VALUE}, in the line above",
    )


def _no_colon(found: _Complaint) -> _Words:
    if found.opener == "-":
        cure = "write a blank after the dash of a list's item"
        return _Words("this is neither a key with a colon nor an item", cure, at_start=True)
    return _Words("there is no colon after this key", _KEY_AND_VALUE, at_start=True)


def _not_closed(found: _Complaint) -> _Words:
    """A list or mapping in brackets goes on with neither a comma nor its end."""
    closer = _CLOSERS.get(found.opener, "}")
    if found.at and found.at in "]}":
        problem = f"`{found.at}` cannot close the `{found.opener}` from {found.begun}"
        return _Words(problem, f"take it away, or close that with `{closer}` before")
    if found.has_lines_between:
        problem = f"this `{found.opener}` is not closed where it should be"
        return _Words(problem, f"close it with `{closer}`, or put a comma between", at_start=True)
    problem = f"a comma or `{closer}` is missing before here"
    cure = f"put `,` between the parts of what `{found.opener}` begins, or close it with `{closer}`"
    return _Words(problem, f"{cure}; a text with brackets in it needs quotes")


def _no_end(found: _Complaint) -> _Words:
    problem = f"the quote `{found.opener}` that opens here is never closed"
    return _Words(problem, "close it, or take it away", at_start=True)


def _no_token(found: _Complaint) -> _Words:
    if found.at == "\t":
        return _Words("a tab stands where blanks belong", "indent with blanks instead of tabs")
    sign = "a backtick" if found.at == "`" else f"`{found.at}`"
    return _Words(f"a value cannot begin with {sign}", _QUOTE_IT)


def _no_control(found: _Complaint) -> _Words:
    cure = r"take it away, or write `\x..` in double quotes"
    if found.at == "\0":
        cure = "save the file as text, in the encoding UTF-8"
    return _Words("control characters are not allowed", cure)


def _no_name(found: _Complaint) -> _Words:
    what = "an alias" if "alias" in found.context else "an anchor"
    return _Words(f"`{found.opener}` begins {what}, and no name follows", _QUOTE_IT, at_start=True)


_TABLE: tuple[tuple[str, str, _Words | Callable[[_Complaint], _Words]], ...] = (
    ("did not find expected key", "block mapping", _no_key),
    ("mapping values are not allowed", "", _no_value),
    ("could not find expected ':'", "", _no_colon),
    ("did not find expected ',' or", "", _not_closed),
    ("found unexpected end of stream", "quoted scalar", _no_end),
    ("found unexpected document indicator", "quoted scalar", _no_end),
    ("found character that cannot start any token", "", _no_token),
    (
        "tab character",
        "",
        _Words("a tab stands where blanks belong", "indent with blanks instead of tabs"),
    ),
    ("did not find expected alphabetic or numeric character", "", _no_name),
    (
        "did not find expected '-' indicator",
        "",
        _Words("a key stands among the items of a list", "begin it with `- `, or indent it less"),
    ),
    (
        "found unknown escape character",
        "",
        _Words(
            "a backslash in double quotes begins no character here",
            "use single quotes, in which it is a backslash, or write it twice",
        ),
    ),
    (
        "did not find expected hexdecimal number",
        "",
        _Words(
            "a backslash in double quotes begins no character here",
            "use single quotes, in which it is a backslash, or write it twice",
        ),
    ),
    (
        "did not find expected comment or line break",
        "block scalar",
        _Words(
            "`|` and `>` begin a text in the lines below, and here something follows in this one",
            "begin the text in the next line, indented, or put the value in quotes",
        ),
    ),
    ("control characters are not allowed", "", _no_control),
    (
        "did not find expected <document start>",
        "",
        _Words("the document ends above, by `...`", "take that line away, or what follows it"),
    ),
    (
        "incompatible YAML document",
        "",
        _Words("this version of YAML is not read", "write `%YAML 1.2`, or take the line away"),
    ),
    (
        "",
        "directive",
        _Words("`%` in the first column begins a directive", "put the key in quotes"),
    ),
)
"""Parts of the parser's words and of what it was reading, with ours; the first that fits counts."""
