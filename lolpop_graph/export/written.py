"""Whether a file is one that was exported, and as it was: nothing else is replaced."""

from __future__ import annotations

import hashlib
import re

_MARK = re.compile(rb"\A(.*\n)# lolpop-graph \S+ wrote this; ([0-9a-f]{16})\n\Z", re.DOTALL)


def marked(text: str, version: str) -> str:
    """A text with a last line by which it is known again."""
    body = f"{text}\n"
    digest = _digest(body.encode())
    return f"{body}# lolpop-graph {version.replace(' ', '-')} wrote this; {digest}\n"


def is_ours(content: bytes) -> bool:
    """Whether a file holds what was written into it, and not a character that is other."""
    found = _MARK.match(content.replace(b"\r\n", b"\n"))
    return found is not None and _digest(found[1]) == found[2].decode()


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=8).hexdigest()
