"""What is built is set up in build order, and closed in the reverse."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from types import TracebackType
from typing import Any

from lolpop_graph import faults as f
from lolpop_graph.declarations import ClassInfo
from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.interrupts import Held
from lolpop_graph.model import Integration, Place

_CALLERS = (
    __name__,
    *(f"lolpop_graph.{name}" for name in ("decorate", "instantiate", "parallel", "wrapping")),
)
"""The modules that call constructors, `wrap`, `setup` and `close`."""

Built = tuple[Integration, Any, ClassInfo]
"""An integration, the object built for it, and its class; a tuple, since no code of Python's runs
to make one, in which a signal could come before the object is remembered."""


Failure = tuple[Integration, ClassInfo, str, BaseException]
"""An integration that failed, its class, the step in which it did, and what was raised."""


class Lifecycle:
    """The objects that a workflow built, in build order, from the first to the last call."""

    def __init__(
        self, place: Callable[[Integration], Place], shown: Callable[[Fault], Fault]
    ) -> None:
        """Begin with nothing built.

        `place` tells where an integration is declared, `shown` makes a fault fit to be shown;
        `kept_from` becomes the name of what left the objects open for something else.
        """
        self.built: list[Built] = []
        self.kept_from = ""
        self._place = place
        self._shown = shown
        self._is_closed = False

    def set_up(self, held: Held) -> None:
        """Call `setup` where a class defines it; WorkflowError, after closing, where one raises.

        Between two calls the signals come that `held` let wait.
        """
        for integration, instance, info in self._to_set_up():
            if info.has_setup and not self._is_closed:
                try:
                    instance.setup()
                except (Exception, SystemExit) as error:
                    raise self.failure(integration, info, "`setup`", error) from error
            if held.waiting:
                held.checkpoint()

    def _to_set_up(self) -> Sequence[Built]:
        return self.built

    @property
    def is_closed(self) -> bool:
        """Whether all that was built is closed, or is about to be."""
        return self._is_closed

    def close(self, but: Collection[int] = ()) -> list[Fault]:
        """Call `close` where a class defines it, and return a fault for each that raised.

        All are called, whatever some of them raise, and whatever signal comes; what is no
        Exception, such as KeyboardInterrupt, is raised when they were. A second call does nothing.
        Those of the indices in `but` stay open, unless one of the others raises.
        """
        with Held(__name__) as held:
            raised = self._close_all(but)
            if raised and but:
                raised += self._close_all()
            faults = [
                self._close_fault(*one)
                for one in raised
                if isinstance(one[1], Exception | SystemExit)
            ]
            try:
                held.end()
                _raise_interruption(error for _, error in raised)
            except BaseException as error:
                _add_notes(error, faults)
                raise
        return faults

    def abandon(self, error: BaseException) -> None:
        """Close what was built because of `error`, which gets a note of each that raises too.

        None of them replaces it; only a signal does that comes meanwhile.
        """
        with Held(__name__):
            _add_notes(error, [self._close_fault(*raised) for raised in self._close_all()])

    def _close_all(self, but: Collection[int] = ()) -> list[tuple[Built, BaseException]]:
        """Close all that is not closed yet, `but` for some; return what raised what."""
        if self._is_closed:
            return []
        self._is_closed = not but
        ending = self.built
        if but:
            ending = [built for built in self.built if built[0].index not in but]
            self.built = [built for built in self.built if built[0].index in but]
        raised = ((built, closing(built)) for built in reversed(ending))
        return [(built, error) for built, error in raised if error is not None]

    def _close_fault(self, built: Built, error: BaseException) -> Fault:
        integration, _, info = built
        fault = f.CloseRaised(
            place=self._place(integration),
            path=integration.path,
            class_name=info.cls.__name__,
            cause=describe_error(error),
            kept_from=self.kept_from,
        )
        return self._shown(fault)

    def failure(
        self, integration: Integration, info: ClassInfo, step: str, error: Exception | SystemExit
    ) -> WorkflowError:
        """The error that says who raised in which step, after all that was built is closed.

        The traceback of `error` begins in the user's code from now on.
        """
        failure = WorkflowError(
            [self._step_fault(integration, info, step, error, self.built[::-1])]
        )
        self.abandon(failure)
        return failure

    def first_failure(self, failures: Sequence[Failure]) -> BaseException:
        """What to raise for failures in build order, after all that was built is closed.

        It is the error of the first, which gets notes of the other ones.
        """
        (integration, info, step, cause), *others = failures
        raised = cause
        if isinstance(cause, Exception | SystemExit):
            raised = self.failure(integration, info, step, cause)
            raised.__cause__ = cause
        else:
            self.abandon(raised)
        _add_notes(raised, [self._step_fault(*other) for other in others])
        return raised

    def _step_fault(
        self,
        integration: Integration,
        info: ClassInfo,
        step: str,
        error: BaseException,
        closed: Iterable[Built] = (),
    ) -> Fault:
        error.__traceback__ = _users_part(error.__traceback__)
        fault = f.StepRaised(
            place=self._place(integration),
            path=integration.path,
            class_name=info.cls.__name__,
            step=step,
            cause=describe_error(error),
            closed=tuple(each.path for each, _, _ in closed),
        )
        return self._shown(fault)

    def arrange(self) -> None:
        """Put into build order what was built, where that was done in another one."""
        self.built.sort(key=lambda built: built[0].index)


def describe_error(error: BaseException) -> str:
    """The kind of an error and its first line: `ValueError: no such column`."""
    try:
        lines = str(error).splitlines()
    except Exception:  # noqa: BLE001 - what an error says of itself is the user's code as well
        lines = []
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def _users_part(trace: TracebackType | None) -> TracebackType | None:
    """A traceback without the frames of ours above the user's code."""
    while trace is not None and trace.tb_frame.f_globals.get("__name__") in _CALLERS:
        trace = trace.tb_next
    return trace


def _add_notes(error: BaseException, faults: Iterable[Fault]) -> None:
    """Say on an error what went wrong beside it."""
    for fault in faults:
        error.add_note(str(fault))


def _raise_interruption(errors: Iterable[BaseException]) -> None:
    """Raise the first error that is no Exception, if there is one."""
    for error in errors:
        if not isinstance(error, Exception | SystemExit):
            raise error


def closing(built: Built) -> BaseException | None:
    """Close one object; what it raises is returned."""
    _, instance, info = built
    if info.has_close:
        try:
            instance.close()
        except BaseException as error:  # noqa: BLE001 - every other one must be closed all the same
            return error
    return None
