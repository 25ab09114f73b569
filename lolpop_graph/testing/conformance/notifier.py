"""What every notifier has to keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import pytest

from lolpop_graph.testing.conformance import Build, Conformance
from lolpop_graph.testing.conformance.logger import Unspeakable


class NotifierConformance(Conformance):
    """A notifier delivers what is serious enough, and never ends the work.

    A test class overrides the fixture `received`, and says in `unreachable` the config with which
    nothing can be delivered, if there is such a thing.
    """

    part_type = "notifier"
    unreachable: ClassVar[Mapping[str, Any] | None] = None

    @pytest.fixture
    def received(self) -> Callable[[], str]:
        """A function that gives all that has been delivered so far, as a text."""
        raise NotImplementedError

    def test_messages_are_delivered(self, built: Any, received: Callable[[], str]) -> None:
        """In any language, over several lines, and as an error where no level is said."""
        built.notify("né\nà Łódź 雪 {level} 100 %")
        built.notify("second", "critical")
        found = received()
        assert all(part in found for part in ("né", "à Łódź 雪 {level} 100 %", "second"))

    def test_the_level_decides(self, build_part: Build, received: Callable[[], str]) -> None:
        """What is less serious is not told."""
        notifier = build_part(notify_level="ERROR")
        notifier.notify("little", "WARNING")
        notifier.notify("much", "ERROR")
        assert "much" in received()
        assert "little" not in received()

    def test_any_object_is_a_message(self, built: Any, received: Callable[[], str]) -> None:
        """Numbers, exceptions, and what has no text: none of them ends the work."""
        for message in (7.25, ValueError("wrong"), Unspeakable()):
            built.notify(message)
        assert all(part in received() for part in ("7.25", "ValueError: wrong", "Unspeakable"))

    def test_an_unknown_level_is_refused(self, built: Any) -> None:
        """A message that nobody would ever get is an error."""
        with pytest.raises(ValueError, match="LOUD"):
            built.notify("hello", "LOUD")

    def test_an_unknown_threshold_is_told_early(self, build_part: Build) -> None:
        """When the workflow is set up, and not when something has happened."""
        with pytest.raises(Exception, match="notify_level"):
            build_part(notify_level="LOUD")

    def test_integrations_reach_it(self, built: Any, received: Callable[[], str]) -> None:
        """What another integration of the workflow notifies is delivered."""
        built.parent.notify("from the runner")
        assert "from the runner" in received()

    def test_what_cannot_be_delivered_is_logged(
        self, build_part: Build, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The work goes on, and the log has the message."""
        if self.unreachable is None:
            pytest.skip("it can always deliver")
        build_part(**self.unreachable).notify("nobody listens")
        assert "nobody listens" in caplog.text
