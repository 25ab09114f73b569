"""Further attempts with tenacity."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NoReturn

import tenacity

from lolpop_graph.decorator.calls import qualified
from lolpop_graph.integration import BaseDecorator

_BETWEEN = (__name__, "concurrent.futures", "tenacity")
"""The modules whose steps lie between the caller of a method and the method."""


class RetryDecorator(BaseDecorator):
    """Calls a method again that raises, and in the end raises what the last call raised.

    Config, beside that of every decorator: `attempts`, how many calls there are at most (default
    3); `wait`, the seconds before the second one (default 1), each further wait being `backoff`
    times as long (default 2) and at most `longest_wait` (default 60); `exceptions`, the names of
    the errors that are worth another call (default `OSError`, which network and disk raise), each
    bare or in full (`package.module.Error`), its subclasses included.

    An async method is awaited again. A generator, an async generator and a context manager run
    after the call, so that nothing of them could be tried again: they are left as they are, which
    is logged as a warning.
    """

    __DEFAULT_CONF__ = {
        "config": {
            "attempts": 3,
            "wait": 1,
            "backoff": 2,
            "longest_wait": 60,
            "exceptions": ["OSError"],
        }
    }

    def __init__(self) -> None:
        """Read the config; ValueError for what cannot be."""
        attempts = self._get_config("attempts")
        if type(attempts) is not int or attempts < 1:
            message = f"`attempts` must be a whole number from 1 on, and is {attempts!r}"
            raise ValueError(message)
        names = self._get_config("exceptions")
        self._exceptions = frozenset([names] if isinstance(names, str) else names)
        self._keywords: dict[str, Any] = {
            "stop": tenacity.stop_after_attempt(attempts),
            "wait": tenacity.wait_exponential(
                multiplier=self._seconds("wait"),
                exp_base=self._seconds("backoff"),
                max=self._seconds("longest_wait"),
            ),
            "retry": tenacity.retry_if_exception(self._is_worth_it),
            "reraise": True,
        }

    def wrap(self, method: Callable[..., Any], integration: Any) -> Callable[..., Any]:
        """The method, which is called again where it raises."""
        name = qualified(method, integration)
        inner = inspect.unwrap(method)
        if inspect.isgeneratorfunction(inner) or inspect.isasyncgenfunction(inner):
            self.log(f"{name} yields, and cannot be tried again", "WARNING")
            return method
        keywords = {**self._keywords, "before_sleep": lambda state: self._report(name, state)}
        if inspect.iscoroutinefunction(method):

            async def awaited(*args: Any, **kwargs: Any) -> Any:
                retrying = tenacity.AsyncRetrying(**keywords)
                try:
                    return await retrying(method, *args, **kwargs)
                except Exception as error:  # noqa: BLE001 - it is raised again
                    _raise(error)

            return awaited

        def called(*args: Any, **kwargs: Any) -> Any:
            try:
                return tenacity.Retrying(**keywords)(method, *args, **kwargs)
            except Exception as error:  # noqa: BLE001 - it is raised again
                _raise(error)

        return called

    def _seconds(self, key: str) -> float:
        value = self._get_config(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
            message = f"`{key}` must be a number from 0 on, and is {value!r}"
            raise ValueError(message)
        return float(value)

    def _is_worth_it(self, error: BaseException) -> bool:
        """Whether an error, or a class that it is of, has one of the names."""
        return isinstance(error, Exception) and any(
            not self._exceptions.isdisjoint((cls.__name__, f"{cls.__module__}.{cls.__qualname__}"))
            for cls in type(error).__mro__
        )

    def _report(self, name: str, state: tenacity.RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        action = state.next_action
        self.log(
            f"{name} raised {type(error).__name__} in call {state.attempt_number}, and is called "
            f"again in {action.sleep if action else 0:.3g} s",
            "WARNING",
        )


def _raise(error: Exception) -> NoReturn:
    """Raise an error without the steps of the library that lie between here and the method."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_globals.get("__name__", "").startswith(_BETWEEN):
        trace = trace.tb_next
    raise error.with_traceback(trace)
