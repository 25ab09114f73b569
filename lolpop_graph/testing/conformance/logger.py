"""What every logger has to keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lolpop_graph.testing.conformance import Build, Conformance


class Unspeakable:
    """An object whose text raises."""

    def __str__(self) -> str:
        raise RuntimeError


class LoggerConformance(Conformance):
    """A logger takes whatever it is told, from the configured level on.

    A test class overrides the fixture `written`.
    """

    part_type = "logger"

    @pytest.fixture
    def written(self) -> Callable[[], str]:
        """A function that gives all that has been written so far."""
        raise NotImplementedError

    def test_messages_are_written(self, built: Any, written: Callable[[], str]) -> None:
        """In any language, over several lines, with a percent sign, and with a level by name."""
        for message in ("100 % né\nà Łódź 雪", "second {}"):
            built.log(message)
        built.log("third", "error")
        parts = ("100 % né", "à Łódź 雪", "second {}", "third", "ERROR")
        assert all(part in written() for part in parts)

    def test_the_level_decides(self, build_part: Build, written: Callable[[], str]) -> None:
        """What is less serious is left out."""
        logger = build_part(log_level="WARNING")
        logger.log("little", "INFO")
        logger.log("much", "WARNING")
        assert "much" in written()
        assert "little" not in written()

    def test_any_object_is_a_message(self, built: Any, written: Callable[[], str]) -> None:
        """Numbers, nothing, exceptions, and what has no text: none of them ends the work."""
        for message in (7.25, None, ValueError("wrong"), Unspeakable()):
            built.log(message, "WARNING")
        assert all(part in written() for part in ("7.25", "None", "wrong", "Unspeakable"))

    def test_an_unknown_level_is_refused(self, built: Any) -> None:
        """A message that would never be seen is an error."""
        with pytest.raises(ValueError, match="LOUD"):
            built.log("hello", "LOUD")

    def test_integrations_reach_it(self, built: Any, written: Callable[[], str]) -> None:
        """What another integration of the workflow logs is written."""
        built.parent.log("from the runner")
        assert "from the runner" in written()
