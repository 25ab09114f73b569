"""Lets hooks watch the methods of what was built, and counts what they say."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from lolpop_graph.hooks.calling import Call, call_hook
from lolpop_graph.hooks.planned import Built, Planned
from lolpop_graph.hooks.report import Failure, HookResult, Verdict
from lolpop_graph.hooks.resolved import Hook
from lolpop_graph.wrapping import Method, wrap_method

_MOST_FAILURES: Final = 10
"""How many failures of one hook are kept; all are counted."""

_is_in_hook: ContextVar[bool] = ContextVar("is_in_hook", default=False)


class Stopped(BaseException):
    """A hook has failed, and the run ends: no Exception, after which other code might go on."""


@dataclass
class _Tally:
    """What came of one hook so far."""

    calls: int = 0
    failed: int = 0
    has_crashed: bool = False
    seconds: float = 0.0
    failures: list[Failure] = field(default_factory=list)


class Watch:
    """The hooks of one run, attached to the methods that they watch."""

    def __init__(self, plan: Planned, hooks: Sequence[Hook], *, keep_going: bool) -> None:
        """Prepare to attach them."""
        self.hooks = hooks
        self._plan = plan
        self._keep_going = keep_going
        self._tallies = {hook: _Tally() for hook in hooks}
        self._stopped_by: Hook | None = None
        self._workflow: Built | None = None
        self._attached: list[tuple[Any, str, Any, Any]] = []

    def attach(self, workflow: Built) -> None:
        """Let the hooks watch the methods of what was built, outside of its decorators."""
        self._workflow = workflow
        met: dict[tuple[str, str], list[Hook]] = {}
        for hook in self.hooks:
            met.setdefault((hook.path, hook.method), []).append(hook)
        for (path, method), hooks in met.items():
            instance = workflow[path]
            before = getattr(instance, "__dict__", {}).get(method)
            wrap_method(instance, method, functools.partial(self._around, instance, hooks))
            standing = instance.__dict__[method]
            self._attached.append((instance, method, before, standing))

    def detach(self) -> None:
        """Take the hooks away again, since doubles outlive the workflow."""
        for instance, method, before, standing in reversed(self._attached):
            # Closing takes away all that stands for methods, and then nothing is to be restored.
            if instance.__dict__.get(method) is not standing:
                continue
            del instance.__dict__[method]
            if before is not None:
                instance.__dict__[method] = before
        self._attached.clear()

    def results(self) -> tuple[HookResult, ...]:
        """What came of each hook."""
        return tuple(map(self._result, self.hooks))

    def stopped_by(self) -> HookResult | None:
        """The result of the hook that ended the run, if one did."""
        return self._result(self._stopped_by) if self._stopped_by else None

    def _result(self, hook: Hook) -> HookResult:
        tally, clean = self._tallies[hook], self._plan.without_secrets
        return HookResult(
            path=hook.path,
            class_name=hook.class_name,
            method=hook.method,
            moment=hook.moment,
            name=clean(hook.name),
            verdict=_verdict(hook, tally),
            warns=hook.warns,
            calls=tally.calls,
            failed=tally.failed,
            failures=tuple(
                Failure(clean(each.message), clean(each.traceback), each.is_crash)
                for each in tally.failures
            ),
            seconds=tally.seconds,
            place=hook.place,
        )

    def _around(self, instance: Any, hooks: Sequence[Hook], method: Method) -> Method:
        """A method that hooks watch."""
        pre = [hook for hook in hooks if hook.moment == "pre"]
        post = [hook for hook in hooks if hook.moment == "post"]
        signature = _signature_of(method)

        def call(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call | None:
            if _is_in_hook.get():
                return None
            bound = _arguments(signature, args, kwargs)
            name = hooks[0].method
            return None if bound is None else Call(instance, self._workflow, name, bound)

        @functools.wraps(method)
        def watched(*args: Any, **kwargs: Any) -> Any:
            made = call(args, kwargs)
            if made is None:
                return method(*args, **kwargs)
            with self._asked(pre, post, made):
                made.result = method(*args, **kwargs)
            return made.result

        @functools.wraps(method)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            made = call(args, kwargs)
            if made is None:
                return await method(*args, **kwargs)
            with self._asked(pre, post, made):
                made.result = await method(*args, **kwargs)
            return made.result

        return awaited if inspect.iscoroutinefunction(method) else watched

    @contextmanager
    def _asked(self, pre: Sequence[Hook], post: Sequence[Hook], call: Call) -> Iterator[None]:
        """Ask the hooks before and after a `with` block, in which the method runs."""
        self._ask(pre, call)
        try:
            yield
        except Exception as error:
            call.error = error
            self._ask([hook for hook in post if hook.takes_error], call)
            raise
        self._ask(post, call)

    def _ask(self, hooks: Sequence[Hook], call: Call) -> None:
        """Call all hooks of one moment; Stopped where one of them fails and that ends the run."""
        stops = None
        for hook in hooks:
            tally = self._tallies[hook]
            token = _is_in_hook.set(True)
            try:
                failure, seconds = call_hook(hook, call)
            finally:
                _is_in_hook.reset(token)
            tally.calls += 1
            tally.seconds += seconds
            if failure is None:
                continue
            tally.failed += 1
            tally.has_crashed |= failure.is_crash
            if len(tally.failures) < _MOST_FAILURES:
                tally.failures.append(failure)
            if failure.is_crash or not hook.warns:
                stops = stops or hook
        if stops is not None and not self._keep_going:
            self._stopped_by = self._stopped_by or stops
            raise Stopped


def _verdict(hook: Hook, tally: _Tally) -> Verdict:
    """What is said of a hook; one that crashed has failed, whatever its severity."""
    if not tally.calls:
        return "unreached"
    if tally.has_crashed or (tally.failed and not hook.warns):
        return "failed"
    return "warned" if tally.failed else "passed"


def _signature_of(method: Method) -> inspect.Signature | None:
    try:
        return inspect.signature(method)
    except (TypeError, ValueError):
        return None


def _arguments(
    signature: inspect.Signature | None, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> dict[str, Any] | None:
    """The arguments of a call by their names; None for a call that the method will refuse."""
    if signature is None:
        return dict(kwargs)
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError:
        return None
    bound.apply_defaults()
    named = dict(bound.arguments)
    for each in signature.parameters.values():
        if each.kind is inspect.Parameter.VAR_KEYWORD:
            named |= named.pop(each.name, {})
    return named
