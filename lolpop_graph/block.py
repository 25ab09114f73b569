"""A mapping of a workflow document: an ordered dictionary that knows where its keys stand."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from itertools import count, islice
from typing import Any


class Block(dict[str, Any]):
    """A mapping with, for each key in order, the marks of the key and of its value.

    Keys are the text that is written. `typed` holds the keys that YAML 1.2 reads as another
    type (`{0: 1.0}`), for mappings inside config values, where a library wants the number.
    A mark is a whole number that `Document.place` turns into a place.
    """

    __slots__ = ("_slots", "marks", "typed")

    def __init__(self) -> None:
        """Make an empty block."""
        self.marks: array[int] = array("Q")
        self.typed: dict[str, Any] | None = None
        self._slots: dict[str, int] | None = None

    def __repr__(self) -> str:
        """`<Block of config, train>`: keys alone, since values may be secret."""
        return f"<Block of {', '.join(self)}>"

    def put(self, key: str, value: Any, key_mark: int, value_mark: int) -> None:
        """Set `key`, at the end if it is new, else where it stands, with its marks."""
        if key in self:
            self.marks[self._slot(key) : self._slot(key) + 2] = array("Q", (key_mark, value_mark))
        else:
            self.marks.extend((key_mark, value_mark))
        self[key] = value

    def key_mark(self, key: str) -> int:
        """The mark of a key that is there."""
        return self.marks[self._slot(key)]

    def value_mark(self, key: str) -> int:
        """The mark of the value of a key that is there."""
        return self.marks[self._slot(key) + 1]

    def _slot(self, key: str) -> int:
        # Keys are only ever added, so that what is known of the earlier ones stays true.
        if self._slots is None:
            self._slots = {}
        known = len(self._slots)
        if known < len(self):
            self._slots.update(zip(islice(self, known, None), count(2 * known, 2), strict=False))
        return self._slots[key]


EMPTY = Block()
"""What stands for a block that is not written; nobody writes into it."""


def plain(value: Any) -> Any:
    """Copy a value into plain dictionaries and lists, which its receiver may change.

    What is no mapping and no list, such as an object given from Python, is the same object.
    Of keys that are equal once they are read (`1` and `0x1`), the later ones stay text.
    """
    if type(value) is Block:
        typed, copied = value.typed or {}, dict[Any, Any]()
        for key, item in value.items():
            read = typed.get(key, key)
            copied[key if read in copied else read] = plain(item)
        return copied
    if type(value) is dict:
        return {key: plain(item) for key, item in value.items()}
    if type(value) is list:
        return [plain(item) for item in value]
    return value


def plain_config(block: Mapping[str, Any]) -> dict[str, Any]:
    """Copy a `config` block: its keys stay text, what is below is as `plain` has it."""
    return {key: plain(value) for key, value in block.items()}


def find_key(mapping: Mapping[str, Any], key: str) -> str | None:
    """The key of a config that is `key` without regard to case, or None."""
    if key in mapping:
        return key
    folded = key.casefold()
    return next((have for have in mapping if have.casefold() == folded), None)
