"""Calls one hook, and judges what it answers."""

from __future__ import annotations

import inspect
import linecache
import time
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final

from lolpop_graph.functions import describe_kind
from lolpop_graph.hooks.report import Failure
from lolpop_graph.hooks.resolved import Hook
from lolpop_graph.lifecycle import describe_error
from lolpop_graph.text import shortened

_MOST_WORDS: Final = 2_000
_PAIR: Final = 2


@dataclass
class Call:
    """One call of a method: of which object, with which arguments, and what came of it."""

    integration: Any
    workflow: Any
    method: str
    args: Mapping[str, Any]
    result: Any = None
    error: BaseException | None = None


def call_hook(hook: Hook, call: Call) -> tuple[Failure | None, float]:
    """What is wrong as a hook sees it, or None, and how many seconds it took.

    A hook passes with None and True and with an empty text; it fails with False, with a text that
    says why, with `(False, text)` and with an AssertionError. Anything else that it raises, but
    for Ctrl-C, is a crash, which is a failure too.
    """
    start = time.perf_counter()
    try:
        answer = _answer(hook, call)
    except AssertionError as error:
        failure: Failure | None = Failure(_words_of(error))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever it is, the hook did not say yes
        shown = "".join(traceback.format_exception(_users_part(error)))
        failure = Failure(_short(f"raised {describe_error(error)}"), shown, is_crash=True)
    else:
        failure = judged(answer)
    return failure, time.perf_counter() - start


def judged(answer: Any) -> Failure | None:
    """What an answer says is wrong, or None."""
    if isinstance(answer, tuple) and len(answer) == _PAIR and isinstance(answer[1], str):
        verdict = _truth(answer[0])
        if verdict is not None:
            return None if verdict else Failure(_short(answer[1] or "said False"))
    if isinstance(answer, str):
        return Failure(_short(answer)) if answer.strip() else None
    verdict = _truth(answer)
    if verdict is None:
        return Failure(f"answered with {describe_kind(answer)}, which says neither yes nor no")
    return None if verdict else Failure("said False")


def _truth(answer: Any) -> bool | None:
    """Yes or no, or None for what is neither; NumPy has truth values of its own."""
    if answer is None or isinstance(answer, bool):
        return answer is not False
    if type(answer).__name__ in {"bool", "bool_"} and getattr(answer, "shape", None) == ():
        return bool(answer)
    return None


def _answer(hook: Hook, call: Call) -> Any:
    """Call the function of a hook with what its parameters are named after."""
    given = {
        **call.args,
        **hook.settings,
        "integration": call.integration,
        "workflow": call.workflow,
        "method": call.method,
        "args": dict(call.args),
    }
    if hook.moment == "post":
        given |= {"result": call.result, "error": call.error}
    bound = inspect.BoundArguments(hook.signature, dict(_filled(hook, given)))
    return hook.function(*bound.args, **bound.kwargs)


def _filled(hook: Hook, given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The parameters of a hook with what they are given."""
    parameters = hook.signature.parameters
    for each in parameters.values():
        if each.kind is inspect.Parameter.VAR_KEYWORD:
            rest = {key: hook.settings[key] for key in hook.settings if key not in parameters}
            yield each.name, rest
        elif each.kind is not inspect.Parameter.VAR_POSITIONAL and each.name in given:
            yield each.name, given[each.name]
        elif each.default is not inspect.Parameter.empty:
            yield each.name, each.default


def _words_of(error: AssertionError) -> str:
    """What an assertion says, or the line that asserts."""
    try:
        said = str(error).strip()
    except Exception:  # noqa: BLE001 - what an error says of itself is the user's code as well
        said = ""
    return _short(said or f"does not hold: {_line_of(error.__traceback__)}")


def _line_of(trace: TracebackType | None) -> str:
    line, file = 0, ""
    while trace is not None:
        line, file = trace.tb_lineno, trace.tb_frame.f_code.co_filename
        trace = trace.tb_next
    return linecache.getline(file, line).strip() or "an assertion"


def _users_part(error: BaseException) -> BaseException:
    """An error whose traceback begins in the user's code."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_globals.get("__name__") == __name__:
        trace = trace.tb_next
    return error.with_traceback(trace)


def _short(text: str) -> str:
    return shortened(text, _MOST_WORDS)
