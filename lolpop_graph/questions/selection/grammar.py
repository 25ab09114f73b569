"""The grammar of selections: what one is made of, and how it is read from its text.

A new property is a name in PROPERTIES here and a row of that name in `terms`, a new
relation a name in RELATIONS and a case in the package itself; the help of `select` lists both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, NoReturn

from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.faults import SelectionMalformed
from lolpop_graph.model import Place
from lolpop_graph.text import did_you_mean, shortened

PROPERTIES: Final = ("layer", "class", "group", "config")
"""What can be asked of an integration itself: `layer:component`."""
RELATIONS: Final = ("below", "above", "sees", "given-to")
"""How it can stand to others: `below:runner.train`, `sees:(layer:component and *_tracker)`."""

LONGEST: Final = 1_000_000
LONGEST_GLOB: Final = 1_000
DEEPEST: Final = 50

_OPERATORS: Final = ("and", "or", "not")
_BESIDE: Final = 200
"""What is kept of a selection on either side of a caret, which is more than is ever shown."""
_BLANKS: Final = re.compile(r"\s*")
_WORD: Final = re.compile(r'[^\s()"]+')
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_FIELD: Final = re.compile(r'([^\s()":]+):')
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_SIGNS: Final = {"|": "or", "||": "or", ",": "or", "&": "and", "&&": "and", "!": "not", "-": "not"}


@dataclass(frozen=True, slots=True)
class Pattern:
    """A name, or a glob if it is not `exact`; `at` is where it stands in the selection."""

    text: str
    exact: bool = True
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        """As it is written: in quotes only where it must be."""
        if not self.exact or (_is_bare(self.text) and not _is_glob(self.text)):
            return self.text
        escaped = self.text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'


@dataclass(frozen=True, slots=True)
class Term:
    """The integrations with one property; those of a name or path where `key` is empty."""

    key: str
    pattern: Pattern

    def __str__(self) -> str:
        """`layer:component`."""
        return f"{self.key}:{self.pattern}" if self.key else str(self.pattern)


@dataclass(frozen=True, slots=True)
class Related:
    """The integrations that stand in a relation to at least one of others."""

    relation: str
    others: Expression

    def __str__(self) -> str:
        """`below:train`, or `below:(train or process)`."""
        is_name = isinstance(self.others, Term) and not self.others.key
        return f"{self.relation}:{self.others}" if is_name else f"{self.relation}:({self.others})"


@dataclass(frozen=True, slots=True)
class Not:
    """The integrations that another selection leaves out."""

    part: Expression

    def __str__(self) -> str:
        """`not train`."""
        return f"not {_within(self.part, Both, Either)}"


@dataclass(frozen=True, slots=True)
class Both:
    """The integrations that all parts have."""

    parts: tuple[Expression, ...]

    def __str__(self) -> str:
        """`layer:component and not *_tracker`."""
        return " and ".join(_within(part, Both, Either) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Either:
    """The integrations that at least one part has."""

    parts: tuple[Expression, ...]

    def __str__(self) -> str:
        """`train or process`."""
        return " or ".join(_within(part, Either) for part in self.parts)


Expression = Term | Related | Not | Both | Either


def parse(text: str, source: str = "selection") -> Expression:
    """Read a selection; WorkflowError with a fault that points into its text if it is none.

    `source` is what the text is called in messages, such as the option that it was given with.
    """
    return _Reader(text, source).read()


def place_in(text: str, at: int, source: str) -> Place:
    """The place of a letter of a selection, with the text around it and the caret."""
    first = max(0, at - _BESIDE)
    snippet = text[first : at + _BESIDE]
    return Place(source, 1, at + 1, snippet=snippet or " ", caret=at - first + 1)


def _within(part: Expression, *weaker: type) -> str:
    return f"({part})" if isinstance(part, weaker) else str(part)


def _is_glob(text: str) -> bool:
    return "*" in text or "?" in text


def _is_bare(text: str) -> bool:
    """Whether a text can stand without quotes, whatever it is the operand of."""
    return bool(_WORD.fullmatch(text)) and text not in _OPERATORS and ":" not in text


class _Reader:
    """Reads one selection by recursive descent; `here` is how far it has come."""

    def __init__(self, text: str, source: str) -> None:
        self.text = text
        self.source = source
        self.here = 0
        self.depth = 0
        self.found: list[Fault] = []

    def read(self) -> Expression:
        """The whole text; unknown words in front of colons are reported together."""
        if len(self.text) > LONGEST:
            self._fail(0, f"a selection has at most {LONGEST:,} characters")
        self._skip()
        if self.here == len(self.text):
            self._fail(0, "the selection is empty", "`*` selects every integration")
        expression = self._either()
        if self.here < len(self.text):
            self._fail_behind_term()
        if self.found:
            raise WorkflowError(self.found)
        return expression

    def _either(self) -> Expression:
        parts = [self._both()]
        while self._takes("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _both(self) -> Expression:
        parts = [self._one()]
        while self._takes("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _one(self) -> Expression:
        """A term or what stands in parentheses, with the `not`s in front of it."""
        before = self.depth
        while self._takes("not"):
            self._descend()
        nots, part = self.depth - before, self._atom()
        self.depth = before
        for _ in range(nots):
            part = Not(part)
        return part

    def _atom(self) -> Expression:
        if self._next() == "(":
            return self._parenthesised()
        prefix = _FIELD.match(self.text, self.here)
        if prefix is None:
            return Term("", self._pattern("a term"))
        self._skip(prefix.end())
        return self._after_colon(prefix[1], prefix.start())

    def _after_colon(self, key: str, at: int) -> Expression:
        if key in PROPERTIES:
            return Term(key, self._pattern(f"`{key}:`"))
        if key not in RELATIONS:
            self._note_unknown(key, at)
        if self._next() == "(":
            return Related(key, self._parenthesised())
        nested = _FIELD.match(self.text, self.here)
        if nested and key in RELATIONS:
            cure = f"put it in parentheses: `{key}:({shortened(self._word())})`"
            problem = f"behind `{key}:` stands a name, or a selection in parentheses"
            self._fail(self.here, problem, cure)
        return Related(key, Term("", self._pattern(f"`{key}:`")))

    def _note_unknown(self, key: str, at: int) -> None:
        cure = f"{did_you_mean(key, (*PROPERTIES, *RELATIONS))} (a name with `:` stands in quotes)"
        self._note(at, f"a selection knows no `{key}:`", cure)

    def _parenthesised(self) -> Expression:
        opened, before = self.here, self.depth
        self._descend()
        self._skip(self.here + 1)
        inner = self._either()
        if self._next() != ")":
            if self.here < len(self.text):
                self._fail_behind_term()
            self._fail(opened, "this parenthesis is not closed")
        self._skip(self.here + 1)
        self.depth = before
        return inner

    def _pattern(self, wanted_by: str) -> Pattern:
        """The name or glob that stands here, because of what stands before it."""
        at = self.here
        if self._next() == '"':
            quoted = _QUOTED.match(self.text, at)
            if quoted is None:
                self._fail(at, "this quotation mark is not closed")
            self._skip(quoted.end())
            return Pattern(_ESCAPED.sub(r"\1", quoted[1]), at=at)
        word = self._word()
        if not word or word in _OPERATORS:
            self._fail_without_operand(word, wanted_by)
        is_glob = _is_glob(word)
        if is_glob and len(word) > LONGEST_GLOB:
            self._fail(at, f"a glob has at most {LONGEST_GLOB:,} characters")
        self._skip(at + len(word))
        return Pattern(word, exact=not is_glob, at=at)

    def _takes(self, operator: str) -> bool:
        """Whether an operator stands here; it is passed if it does."""
        if self._word() != operator:
            return False
        self._skip(self.here + len(operator))
        return True

    def _word(self) -> str:
        word = _WORD.match(self.text, self.here)
        return word[0] if word else ""

    def _next(self) -> str:
        return self.text[self.here : self.here + 1]

    def _skip(self, here: int | None = None) -> None:
        """Go on to a place, and behind the blanks there."""
        blanks = _BLANKS.match(self.text, self.here if here is None else here)
        self.here = blanks.end() if blanks else self.here

    def _descend(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            self._fail(self.here, f"a selection has at most {DEEPEST} levels of parentheses")

    def _fail_without_operand(self, word: str, wanted_by: str) -> NoReturn:
        """Say that something is missing here: at the end, or before an operator or `)`."""
        before = self.text[: self.here].rstrip()
        last = before.rpartition(" ")[2].rpartition("(")[2]
        if wanted_by == "a term" and last in _OPERATORS:
            wanted_by = f"`{last}`"
        cure = f'quote it if it is a name: "{word}"' if word else ""
        if wanted_by == "a term":
            what = f"`{word or self._next()}`" if self.here < len(self.text) else "this"
            self._fail(self.here, f"something to select is missing before {what}", cure)
        self._fail(self.here, f"{wanted_by} needs something behind it", cure)

    def _fail_behind_term(self) -> NoReturn:
        """Say what is wrong with what stands where only `and`, `or` or the end can."""
        at, word = self.here, self._word()
        if self._next() == ")":
            self._fail(at, "this parenthesis closes none that is open")
        operator = word.casefold() if word.casefold() in _OPERATORS else _SIGNS.get(word)
        if operator and operator != "not":
            self._fail(at, f"`{word}` is no operator here", f"write `{operator}`")
        shown = shortened(word or self._next())
        cure = "put `and` or `or` between them, or double quotes around a name with blanks"
        self._fail(at, f"there is no `and` or `or` before `{shown}`", cure)

    def _fail(self, at: int, problem: str, remedy: str = "") -> NoReturn:
        self._note(at, problem, remedy)
        raise WorkflowError(self.found)

    def _note(self, at: int, problem: str, remedy: str) -> None:
        place = place_in(self.text, at, self.source)
        self.found.append(SelectionMalformed(place=place, problem=problem, remedy=remedy))
