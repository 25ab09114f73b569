"""From declared hooks to those that can be called: their integrations, methods and functions."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from lolpop_graph import faults as f
from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.functions import Function, Functions
from lolpop_graph.hooks.declared import Declarations, Declared, Moment, Target
from lolpop_graph.hooks.planned import Planned
from lolpop_graph.model import Integration, Place
from lolpop_graph.text import shortened
from lolpop_graph.wrapping import can_be_wrapped, public_methods

ClassOf = Callable[[Integration], type | None]
"""The class of an integration, None where it was not found."""

EVERY: Final = "*"
"""What stands for every public method of a class."""
GIVEN: Final = ("integration", "workflow", "method", "args")
"""What every hook can ask for, by the names of its parameters, beside the method's arguments."""
GIVEN_AFTER: Final = ("result", "error")
"""What a hook after the method can ask for as well."""

_BY_NAME: Final = (
    inspect.Parameter.POSITIONAL_ONLY,
    inspect.Parameter.POSITIONAL_OR_KEYWORD,
    inspect.Parameter.KEYWORD_ONLY,
)


@dataclass(frozen=True, eq=False)
class Hook:
    """A function that is called before or after one method of one integration."""

    path: str
    class_name: str
    method: str
    moment: Moment
    name: str
    function: Function = field(repr=False)
    settings: Mapping[str, Any] = field(repr=False)
    warns: bool
    place: Place
    signature: inspect.Signature = field(repr=False)

    @property
    def takes_error(self) -> bool:
        """Whether it is called as well where the method raises."""
        return self.moment == "post" and "error" in self.signature.parameters


class Resolver:
    """Finds what declared hooks stand for; `faults` has what is wrong with them."""

    def __init__(
        self,
        plan: Planned,
        declarations: Declarations,
        class_of: ClassOf | None,
        doubles: Mapping[str, Any],
    ) -> None:
        """Find them in a plan; without classes, integrations alone are looked for.

        `doubles` are the objects, by path, that stand for what would be built.
        """
        self.faults: list[Fault] = []
        self._plan = plan
        self._declared = declarations
        self._class_of = class_of
        self._doubles = doubles
        self._functions = Functions(plan.options.get("trust", ()))
        self._targets: dict[tuple[str, int], list[Integration]] = {}
        self._known: dict[Target, list[tuple[Integration, str]]] = {}

    def hooks(self) -> list[Hook]:
        """All hooks, in the order in which they are called where they meet at one method."""
        return [hook for each in self._declared.hooks for hook in self._resolve(each)]

    def _resolve(self, declared: Declared) -> Iterator[Hook]:
        found = self.integrations(declared.target)
        if self._class_of is None:
            return
        methods = self._methods_of(declared.target, found)
        function = self._function(declared)
        if function is None:
            return
        signature = self._signature(declared, function)
        fits = [
            self._hook(declared, function, signature, owner, method)
            for owner, method in methods
            if signature is not None and self._fits(declared, signature, owner, method)
        ]
        yield from fits

    # Integrations and methods --------------------------------------------------------------------

    def integrations(self, target: Target) -> list[Integration]:
        """The integrations that a target names, by a path or by an expression."""
        key = target.integrations, target.integrations_mark
        if key not in self._targets:
            self._targets[key] = self._integrations(*key)
        return self._targets[key]

    def _integrations(self, text: str, mark: int) -> list[Integration]:
        order = self._plan.integrations
        exact = next((each for each in order if each.path == text), None)
        if exact is not None:
            return [exact]
        place = self._declared.place(mark)
        if all(map(str.isidentifier, text.split("."))):
            known = tuple(self._plan.order)
            self.faults.append(f.HookNowhere(place=place, target=text, known=known))
            return []
        try:
            paths = self._plan.select(text).paths
        except WorkflowError as error:
            first, shown = error.faults[0], shortened(text)
            column = f" (character {first.place.column})" if first.place else ""
            problem = f"{first.sentence}{column}"
            self.faults.append(
                f.HookNowhere(place=place, target=shown, problem=problem, remedy=first.cure)
            )
            return []
        if not paths:
            problem = "no integration is like that"
            self.faults.append(f.HookNowhere(place=place, target=shortened(text), problem=problem))
        return [self._plan.integration(path) for path in paths]

    def _methods_of(
        self, target: Target, integrations: Sequence[Integration]
    ) -> list[tuple[Integration, str]]:
        if target not in self._known:
            self._known[target] = list(self._methods(target, integrations))
        return self._known[target]

    def _methods(
        self, target: Target, integrations: Sequence[Integration]
    ) -> Iterator[tuple[Integration, str]]:
        """Each integration with a method that is meant, of all that have it."""
        lacking: list[tuple[Integration, type, tuple[str, ...]]] = []
        is_found = False
        for owner in integrations:
            cls = self._class_of(owner) if self._class_of else None
            if cls is None:
                is_found = True
                continue
            known = public_methods(cls)
            if target.method != EVERY and not self._has(owner, known, target.method):
                lacking.append((owner, cls, known))
                continue
            is_found = True
            if not can_be_wrapped(cls):
                self._cannot(target, owner, cls)
                continue
            names = known if target.method == EVERY else (target.method,)
            yield from ((owner, name) for name in names)
        # An expression is for all that have the method; a path names one that must have it.
        if lacking and not is_found:
            self._lacks(target, *lacking[0])

    def _has(self, owner: Integration, known: Sequence[str], method: str) -> bool:
        """Whether an integration has a method; a double may have some that its class has not."""
        double = self._doubles.get(owner.path)
        is_made_up = double is not None and not method.startswith("_")
        return method in known or (is_made_up and callable(getattr(double, method, None)))

    def _lacks(self, target: Target, owner: Integration, cls: type, known: tuple[str, ...]) -> None:
        fault = f.HookMethodMissing(
            place=self._declared.place(target.method_mark),
            method=target.method,
            owner=owner.path,
            class_name=cls.__name__,
            known=known,
        )
        self.faults.append(fault)

    def _cannot(self, target: Target, owner: Integration, cls: type) -> None:
        fault = f.HookMethodMissing(
            place=self._declared.place(target.method_mark),
            method=target.method,
            owner=owner.path,
            class_name=cls.__name__,
            known=(),
            reason=f"objects of `{cls.__name__}` have no `__dict__`",
        )
        self.faults.append(fault)

    # Functions -----------------------------------------------------------------------------------

    def _function(self, declared: Declared) -> Function | None:
        place, folder = self._declared.place(declared.mark), self._declared.folder(declared.mark)
        found = self._functions.find(declared.function, folder, place, "a hook")
        if isinstance(found, Fault):
            self.faults.append(found)
            return None
        return found

    def _signature(self, declared: Declared, function: Function) -> inspect.Signature | None:
        """The signature of a function, if it can be called here at all."""
        if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
            kind = "it is a coroutine" if inspect.iscoroutinefunction(function) else "it yields"
            self._unfit(declared, f"{kind}, and nobody would wait for its answer")
            return None
        try:
            signature = inspect.signature(function)
        except (TypeError, ValueError):
            self._unfit(declared, "what its parameters are called cannot be found out")
            return None
        if any(each.kind is inspect.Parameter.VAR_KEYWORD for each in _parameters(signature)):
            return signature
        named = [each.name for each in _parameters(signature) if each.kind in _BY_NAME]
        for key in declared.settings:
            if key not in named:
                problem = f"it has no parameter `{key}`, which `with` sets"
                mark = declared.settings_block.key_mark(key)
                known = tuple(name for name in named if name not in (*GIVEN, *GIVEN_AFTER))
                self._unfit(declared, problem, mark, wrong=key, known=known)
                return None
        return signature

    def _fits(
        self, declared: Declared, signature: inspect.Signature, owner: Integration, method: str
    ) -> bool:
        """Whether all that a function must be given is there."""
        cls = self._class_of(owner) if self._class_of else None
        arguments = method_arguments(cls, method)
        given = (*GIVEN, *(GIVEN_AFTER if declared.moment == "post" else ()))
        if arguments is None:
            return True
        for each in _parameters(signature):
            is_needed = each.kind in _BY_NAME and each.default is inspect.Parameter.empty
            if is_needed and each.name not in {*given, *arguments, *declared.settings}:
                where = f"`{method}` of `{owner.path}`"
                problem = f"nothing fills its parameter `{each.name}` at {where}"
                if each.name in GIVEN_AFTER:
                    problem = f"`{each.name}` is there after the method alone, in `post`"
                known = (*given, *arguments, *declared.settings)
                self._unfit(declared, problem, wrong=each.name, known=known)
                return False
        return True

    def _unfit(
        self,
        declared: Declared,
        problem: str,
        mark: int | None = None,
        *,
        wrong: str = "",
        known: tuple[str, ...] = (),
    ) -> None:
        self.faults.append(
            f.HookUnfit(
                place=self._declared.place(declared.mark if mark is None else mark),
                function=name_of(declared.function),
                problem=problem,
                wrong=wrong,
                known=known,
            )
        )

    def _hook(
        self,
        declared: Declared,
        function: Function,
        signature: inspect.Signature,
        owner: Integration,
        method: str,
    ) -> Hook:
        cls = self._class_of(owner) if self._class_of else None
        return Hook(
            owner.path,
            cls.__name__ if cls else "",
            method,
            declared.moment,
            declared.name or name_of(declared.function),
            function,
            declared.settings,
            declared.warns,
            self._declared.place(declared.mark),
            signature,
        )


def name_of(function: Any) -> str:
    """How a hook is called that has no name: the text that names it, or the function's own name."""
    if isinstance(function, str):
        return function.strip()
    return str(getattr(function, "__qualname__", None) or type(function).__name__)


def method_arguments(cls: type | None, method: str) -> tuple[str, ...] | None:
    """The names of the arguments of a class's method, or None where that cannot be found out."""
    function = getattr(cls, method, None)
    try:
        _, *parameters = _parameters(inspect.signature(function)) if callable(function) else ()
    except (TypeError, ValueError):
        return None
    is_open = any(each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters)
    return None if is_open else tuple(each.name for each in parameters)


def _parameters(signature: inspect.Signature) -> Sequence[inspect.Parameter]:
    return tuple(signature.parameters.values())
