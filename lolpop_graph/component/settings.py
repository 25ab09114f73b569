"""Config values of a part, looked at when a workflow is set up, before any work is done."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Self

from lolpop_graph.component.report import Bound
from lolpop_graph.text import did_you_mean

_WORDS = {
    bool: "true or false",
    str: "a text",
    int: "a number",
    float: "a number",
    list: "a list",
    tuple: "a list",
    type(None): "null",
}


class Settings:
    """Reads config values and collects what is wrong with them, for a `with` block in `setup`.

        with Settings(self._get_config) as settings:
            self._share = settings.number("max_missing_share", low=0, high=1)

    The end of the block raises ValueError with a sentence for each fault. Values may be private:
    sentences tell keys and kinds of values, not values.
    """

    def __init__(self, get: Callable[[str], Any]) -> None:
        """Read values with `get`, which answers None for a key that nobody sets."""
        self._get = get
        self._faults: list[str] = []

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        """Raise ValueError with all that is wrong, unless another error is under way."""
        if self._faults and error is None:
            raise ValueError("; ".join(self._faults))

    def fault(self, sentence: str) -> None:
        """Note one more thing that is wrong."""
        self._faults.append(sentence)

    def raw(self, key: str) -> Any:
        """The value as it is."""
        return self._get(key)

    def number(self, key: str, low: float | None = None, high: float | None = None) -> float | None:
        """A number within limits, the ends included; None for null."""
        return self.number_in(self._get(key), f"`{key}`", low, high)

    def number_in(
        self, value: Any, where: str, low: float | None = None, high: float | None = None
    ) -> float | None:
        """The same for a value that stands within another one, `where`."""
        if value is None:
            return None
        if not is_number(value):
            self.fault(f"{where} must be a number{_within(low, high)}, not {word_for(value)}")
        elif not Bound(low, high).admits(value):
            self.fault(f"{where} must be a number{_within(low, high)}")
        else:
            return float(value)
        return None

    def whole(self, key: str, low: int = 0) -> int | None:
        """A whole number that is not less than `low`; None for null."""
        value = self._get(key)
        if value is None or (is_number(value) and value == int(value) >= low):
            return None if value is None else int(value)
        self.fault(f"`{key}` must be a whole number that is not less than {low}")
        return None

    def flag(self, key: str) -> bool:
        """True or false; false for null."""
        value = self._get(key)
        if value is not None and not isinstance(value, bool):
            self.fault(f"`{key}` must be true or false, not {word_for(value)}")
        return value is True

    def text(self, key: str) -> str | None:
        """A text; None for null."""
        value = self._get(key)
        if value is not None and not isinstance(value, str):
            self.fault(f"`{key}` must be a text, not {word_for(value)}")
            return None
        return value

    def choice(self, key: str, known: Iterable[str]) -> str | None:
        """One of some texts; None for null."""
        value, allowed = self.text(key), list(known)
        if value is not None and value not in allowed:
            self.fault(f"`{key}` cannot be that; {did_you_mean(value, allowed)}")
            return None
        return value

    def names(self, key: str) -> list[str]:
        """A list of texts, or one text alone; empty for null."""
        value = self._get(key)
        names = [value] if isinstance(value, str) else value
        if names is None:
            return []
        if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
            self.fault(f"`{key}` must be a list of texts")
            return []
        return list(names)

    def mapping(self, key: str, example: str) -> dict[Any, Any]:
        """A mapping such as the `example`; empty for null."""
        value = self._get(key)
        if value is not None and not isinstance(value, Mapping):
            self.fault(f"`{key}` must be a mapping such as {example}, not {word_for(value)}")
            return {}
        return dict(value or {})

    def bound(self, value: Any, where: str) -> Bound | None:
        """The limits that a mapping such as `{min: 0, max: 1}` says, either of them or both."""
        if not isinstance(value, Mapping) or not value or value.keys() - {"min", "max"}:
            self.fault(f"{where} must be a mapping with `min`, `max` or both, such as {{min: 0}}")
            return None
        low, high = (
            self.number_in(value.get(end), f"`{end}` of {where}") for end in ("min", "max")
        )
        if low is not None and high is not None and low > high:
            self.fault(f"`min` of {where} is greater than its `max`")
        if low is None and high is None and all(value[end] is None for end in value):
            self.fault(f"{where} must say `min`, `max` or both: null says neither")
        return Bound(low, high)


def names_in(value: Any, key: str) -> list[str]:
    """The names of columns that a key of an entry holds; ValueError if it is no list of texts."""
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return value
    hint = f"write [{value}]" if isinstance(value, str) else "such as [id, name]"
    message = f"`{key}` is a list of names of columns: {hint}"
    raise ValueError(message)


def is_number(value: Any) -> bool:
    """Whether this is a finite number, and neither true nor false."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def word_for(value: Any) -> str:
    """What kind of value this is, in the words of YAML."""
    if isinstance(value, Mapping):
        return "a mapping"
    return _WORDS.get(type(value), "a value of another kind")


def _within(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f" from {low:g} to {high:g}"
    if low is not None:
        return f" of at least {low:g}"
    return f" of at most {high:g}" if high is not None else ""
