"""What is built is set up in build order, and closed in the reverse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from lolpop_graph import faults as f
from lolpop_graph.declarations import ClassInfo
from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.model import Integration, Place


class Built(NamedTuple):
    """One object, with the integration that it was built for and its class."""

    integration: Integration
    instance: Any
    info: ClassInfo


class Lifecycle:
    """The objects that a workflow built, in build order, from the first to the last call."""

    def __init__(self, place: Callable[[Integration], Place]) -> None:
        """Begin with nothing built; `place` tells where an integration is declared."""
        self.built: list[Built] = []
        self._place = place
        self._is_closed = False

    def set_up(self) -> None:
        """Call `setup` where a class defines it; WorkflowError, after closing, where one raises."""
        for built in self.built:
            if built.info.has_setup and not self._is_closed:
                try:
                    built.instance.setup()
                except Exception as error:
                    fault = self.failure(built.integration, built.info, "`setup`", error)
                    raise fault from error

    def close(self) -> list[Fault]:
        """Call `close` where a class defines it, and return a fault for each that raised.

        All are called, whatever some of them raise; what is no Exception, such as
        KeyboardInterrupt, is raised when they were. A second call does nothing.
        """
        if self._is_closed:
            return []
        self._is_closed = True
        closed = [(built, _closing(built)) for built in reversed(self.built)]
        faults: list[Fault] = [
            f.CloseRaised(
                place=self._place(built.integration),
                path=built.integration.path,
                class_name=built.info.cls.__name__,
                cause=describe_error(error),
            )
            for built, error in closed
            if isinstance(error, Exception)
        ]
        for _, error in closed:
            if error is not None and not isinstance(error, Exception):
                for fault in faults:
                    error.add_note(str(fault))
                raise error
        return faults

    def abandon(self, error: BaseException) -> None:
        """Close what was built because of `error`, which gets a note of each that raises too."""
        for fault in self.close():
            error.add_note(str(fault))

    def failure(
        self, integration: Integration, info: ClassInfo, step: str, error: Exception
    ) -> WorkflowError:
        """The error that says who raised in which step, after all that was built is closed."""
        fault = f.StepRaised(
            place=self._place(integration),
            path=integration.path,
            class_name=info.cls.__name__,
            step=step,
            cause=describe_error(error),
            closed=tuple(built.integration.path for built in reversed(self.built)),
        )
        failure = WorkflowError([fault])
        self.abandon(failure)
        return failure


def describe_error(error: BaseException) -> str:
    """The kind of an error and its first line: `ValueError: no such column`."""
    try:
        lines = str(error).splitlines()
    except Exception:  # noqa: BLE001 - what an error says of itself is the user's code as well
        lines = []
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def _closing(built: Built) -> BaseException | None:
    """Close one object; what it raises is returned."""
    if built.info.has_close:
        try:
            built.instance.close()
        except BaseException as error:  # noqa: BLE001 - every other one must be closed all the same
            return error
    return None
