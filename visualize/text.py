"""Text of a workflow, made harmless and short enough to be drawn."""

from __future__ import annotations

import unicodedata

LONGEST = 60
"""Characters of one line; a longer line keeps its two ends."""

# Graphviz reads backslashes and entities in labels itself, so both are doubled here.
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "&": "&amp;"})
_CONTROL_PICTURES = 0x2400
_NO_TEXT = {"Cs", "Cn", "Zl", "Zp"}
_BIDI_CONTROLS = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_REPLACEMENT = "\ufffd"


def quoted(*lines: str) -> str:
    """Return the lines as one quoted DOT string that Graphviz shows as they are written."""
    return '"' + "\\n".join(plain(line).translate(_ESCAPES) for line in lines) + '"'


def left_aligned(*lines: str) -> str:
    """Return the lines as one quoted DOT string, flush left."""
    return '"' + "".join(plain(line).translate(_ESCAPES) + "\\l" for line in lines) + '"'


def plain(text: str) -> str:
    """Return the text on one line, without characters that a reader or XML cannot take."""
    # Each character stays one, so that what is cut out of a long text need not be looked at.
    return "".join(_visible(character) for character in shortened(text))


def shortened(text: str) -> str:
    """Return the text, its middle cut out where it is longer than LONGEST."""
    if len(text) <= LONGEST:
        return text
    half = (LONGEST - 1) // 2
    return f"{text[:half]}…{text[-half:]}"


def columns(text: str) -> int:
    """Return how many letters' room the text takes; East Asian characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in plain(text))


def _visible(character: str) -> str:
    if character < " ":
        return chr(_CONTROL_PICTURES + ord(character))
    if "\x7f" <= character <= "\x9f" or character in _BIDI_CONTROLS:
        return _REPLACEMENT
    return _REPLACEMENT if unicodedata.category(character) in _NO_TEXT else character
