"""Wording shared by all messages: lists of names, suggestions, carets, cycles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lolpop_graph.model import Place

_MOST_NAMES = 12
_WIDEST_SNIPPET = 160
_LONGEST_TEXT = 80
_LONGEST_NAME = 60
_FEW_NAMES = 40
_MOST_STEPS = 40
_MOST_EDITS = 2
_SHORT = 4


def quoted(names: Iterable[object], joint: str = "or") -> str:
    """`` `a`, `b` or `c` ``; a long list is cut and says by how many."""
    given = list(names)
    marked = [f"`{name}`" for name in given[:_MOST_NAMES]]
    if len(given) > _MOST_NAMES:
        return f"{', '.join(marked)} and {len(given) - _MOST_NAMES} more"
    if len(marked) > 1:
        return f"{', '.join(marked[:-1])} {joint} {marked[-1]}"
    return "".join(marked)


def shortened(text: str, longest: int = _LONGEST_TEXT) -> str:
    """The text, or the beginning of one that has more than `longest` characters."""
    return text if len(text) <= longest else f"{text[:longest]}..."


def counted(number: int, noun: str) -> str:
    """`1 member`, `2 members`."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def suggestion(wrong: str, right: Iterable[str]) -> str | None:
    """The name among `right` that `wrong` was most likely meant to be, or None."""
    return _closest(wrong, right, 0.6)


def misspelling(key: str, right: Iterable[str]) -> str | None:
    """The name among `right` that a key is likely to misspell, which may well be none, or None.

    Closer than what is suggested where something is known to be wrong: a short name one letter
    from another may well be meant.
    """
    near = [name for name in right if abs(len(name) - len(key)) <= _MOST_EDITS]
    if not near:
        return None
    letters = set(key.casefold())
    maybe = [
        name for name in near if len(letters.symmetric_difference(name.casefold())) <= _MOST_EDITS
    ]
    return _closest(key, maybe, 0.8, near=len(key) >= _SHORT) if maybe else None


def _closest(wrong: str, right: Iterable[str], cutoff: float, *, near: bool = True) -> str | None:
    """The name most like a wrong one: the same but for case, one letter `near` it, or similar."""
    import difflib  # noqa: PLC0415 - a faultless workflow never needs it

    word, names = wrong.casefold(), tuple(right)
    if len(names) > _FEW_NAMES:
        left = _by_letters_left_out(names)
        return next((left[part] for part in _letters_left_out(word) if part in left), None)
    folded = {name.casefold(): name for name in names}
    if word in folded:
        return folded[word]
    beside = [name for name in folded if near and _is_one_letter_apart(word, name)]
    if beside and (len(beside) == 1 or len(word) > _LONGEST_NAME):
        return folded[beside[0]]
    similar = beside or [name for name in folded if max(len(name), len(word)) <= _LONGEST_NAME]
    close = difflib.get_close_matches(word, similar, n=1, cutoff=0.0 if beside else cutoff)
    return folded[close[0]] if close else None


def one_letter_apart(wrong: str, right: tuple[str, ...]) -> str | None:
    """A name among many that `wrong` is one letter from, or None; short names say nothing."""
    if len(wrong) < _SHORT:
        return None
    word, left = wrong.casefold(), _by_letters_left_out(right)
    found = (left[part] for part in _letters_left_out(word) if part in left)
    return next((name for name in found if _is_one_letter_apart(word, name.casefold())), None)


def _is_one_letter_apart(one: str, other: str) -> bool:
    """Whether one letter is another, missing, too many, or has changed places with the next."""
    length = min(len(one), len(other))
    if not length or abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at in range(length) if one[at] != other[at]), length)
    one, other = one[start:], other[start:]
    return one[1:] == other[1:] or one[1:] == other or one == other[1:] or _is_swap(one, other)


def _is_swap(one: str, other: str) -> bool:
    return one[:2] == other[1::-1] and one[2:] == other[2:]


@lru_cache(maxsize=4)
def _by_letters_left_out(names: tuple[str, ...]) -> dict[str, str]:
    """Each name by every text that is left of it without one letter.

    Comparing thousands of wrong names with thousands of right ones would take minutes; here a
    wrong name is looked up by what is left of itself, which finds the commonest slips.
    """
    near: dict[str, str] = {}
    for name in names:
        for left in _letters_left_out(name.casefold()):
            near.setdefault(left, name)
    return near


def _letters_left_out(name: str) -> Iterator[str]:
    """The name, and what is left of it without each of its letters; nothing of a long one."""
    if len(name) <= _LONGEST_NAME:
        yield name
        yield from (name[:at] + name[at + 1 :] for at in range(len(name)))


def did_you_mean(wrong: str, right: Iterable[str], otherwise: str = "") -> str:
    """`did you mean `x`?` where something is close, else the allowed names, else `otherwise`."""
    allowed = list(right)
    close = suggestion(wrong, allowed)
    if close is not None:
        return f"did you mean `{close}`?"
    must = "must be one of" if len(allowed) > 1 else "must be"
    return f"{must} {quoted(allowed)}" if allowed else otherwise


def whole_path(short: str, paths: Sequence[str]) -> str:
    """`did you mean `runner.train`?` for the end of some path, or one below another root.

    For others what `did_you_mean` says.
    """
    for end in (short, short.partition(".")[2]):
        whole = [path for path in paths if end and path.endswith((f".{end}", f"/{end}"))]
        if whole:
            return f"did you mean {quoted(whole)}?"
    return did_you_mean(short, paths)


def arrows(steps: Sequence[str], places: Sequence[Place | None]) -> str:
    """A cycle as an ordered path that ends where it began: `a (x.yaml:1:1) -> b -> a`.

    Of a long one the beginning is told.
    """
    pairs = zip_longest(steps[:_MOST_STEPS], places[:_MOST_STEPS])
    told = [f"{step} ({place})" if place else str(step) for step, place in pairs]
    more = [f"{len(steps) - _MOST_STEPS:,} more"] if len(steps) > _MOST_STEPS else []
    return " -> ".join([*told, *more, steps[0]])


def caret(place: Place) -> list[str]:
    """The offending line and, under it, a caret at the place's column; empty without a line."""
    if not place.snippet:
        return []
    first = max(0, place.caret - 1 - _WIDEST_SNIPPET // 2)
    shown = printable(place.snippet[first : first + _WIDEST_SNIPPET])
    gutter = f"{place.line} | "
    return [f"{gutter}{shown}", " " * (len(gutter) + place.caret - 1 - first) + "^"]


def layering(place: Place) -> str:
    """`from prod.yaml:4:3, which overrides base.yaml:12:3`; empty where nothing is overridden."""
    places = [str(place)]
    while place.overrides:
        place = place.overrides
        places.append(str(place))
    return f"from {', which overrides '.join(places)}" if len(places) > 1 else ""


def printable(text: str) -> str:
    """The text with each tab and control character as one blank, so that carets stay in line."""
    return "".join(char if char.isprintable() else " " for char in text)
