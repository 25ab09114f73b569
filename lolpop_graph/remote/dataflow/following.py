"""Follows the result of a call through a source, to all that is done with it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any, Final

from lolpop_graph.remote.dataflow import uses
from lolpop_graph.remote.dataflow.sources import Function, Source, last_name, parameters, root_name
from lolpop_graph.remote.dataflow.steps import (
    FETCHED,
    HOLDS,
    KEPT,
    Spot,
    Step,
    compared,
    joined,
    looked,
    spots,
    taken_from,
)
from lolpop_graph.remote.dataflow.uses import Use

_OWN: Final = frozenset(("self", "cls", "root"))
"""The names by which code has an integration, from which it reaches others."""
_LOOKS: Final = (
    *(ast.FormattedValue, ast.JoinedStr, ast.UnaryOp, ast.If, ast.While, ast.Assert, ast.Expr),
    *(ast.match_case, ast.Delete),
)


class SourceText(Source):
    """A source, and where in it results go."""

    def __init__(self, tree: ast.Module) -> None:
        """Look at all that is in it."""
        super().__init__(tree)
        self._uses: dict[tuple[ast.expr, str, frozenset[str]], Use] = {}

    def use(self, call: ast.expr, method: str, integrations: frozenset[str]) -> Use:
        """What is done with the result of a call, wherever it goes in this source.

        `call` is the expression in which `method` is called, itself or by what it calls;
        `integrations` are the names of those to which references can be passed on.
        """
        key = (call, method, integrations)
        if key not in self._uses:
            self._uses[key] = _Following(self, integrations).use(call, method)
        return self._uses[key]


class _Following:
    """Follows the result of one call."""

    def __init__(self, source: Source, integrations: frozenset[str]) -> None:
        """Know what follows a value through which code; through all other code nothing does."""
        self._source = source
        self._integrations = integrations
        self._ways: tuple[tuple[Any, Callable[[Spot, Any], Step]], ...] = (
            (ast.Call, self._given),
            (ast.keyword, self._given_by_name),
            ((ast.NamedExpr, ast.Assign, ast.AnnAssign, ast.AugAssign), self._assigned),
            ((ast.Return, ast.Yield, ast.YieldFrom), self._returned),
            (ast.Lambda, self._returned_by_lambda),
            (ast.withitem, self._entered),
            (ast.Compare, compared),
            (HOLDS, lambda _, parent: (Use.KEPT, [Spot(parent, is_within=True)])),
            ((ast.BoolOp, ast.Await), lambda spot, parent: (Use.KEPT, [Spot(parent, spot[1])])),
            ((ast.For, ast.AsyncFor, ast.comprehension), self._iterated),
            (ast.Attribute, self._asked),
            ((ast.Subscript, ast.Starred, ast.BinOp, ast.IfExp), taken_from),
            (_LOOKS, lambda *_: KEPT),
        )

    def use(self, call: ast.expr, method: str) -> Use:
        """What is done with the result."""
        if _is_called_by_others(call, method):
            return Use.FETCHED
        parent = self._source.parents.get(call)
        if isinstance(parent, ast.Await):
            parent = self._source.parents.get(parent)
        if isinstance(parent, ast.Expr):
            return Use.WAITED
        return self._along(Spot(call, not _is_direct(call)))

    def _along(self, first: Spot) -> Use:
        use, is_free = Use.KEPT, not self._source.is_tried(first.node)
        seen: set[Spot] = set()
        waiting = [first]
        while waiting and use is not Use.FETCHED:
            spot = waiting.pop()
            if spot in seen:
                continue
            seen.add(spot)
            # A failure must not be caught where it is looked at first, if not where it came from.
            if is_free and self._source.is_tried(spot.node):
                use = max(use, Use.WAITED)
            needed, further = self._step(spot)
            use = max(use, needed)
            waiting += further
        return use

    def _step(self, spot: Spot) -> Step:
        parent = self._source.parents.get(spot.node)
        for kinds, follow in self._ways:
            if isinstance(parent, kinds):
                return follow(spot, parent)
        return FETCHED

    def _iterated(self, spot: Spot, loop: Any) -> Step:
        is_passed = spot.is_within and spot.node is loop.iter
        return self._set(loop.target, spot) if is_passed else KEPT

    def _entered(self, spot: Spot, item: ast.withitem) -> Step:
        return self._set(item.optional_vars, spot) if item.optional_vars is not None else KEPT

    def _asked(self, spot: Spot, asked: ast.Attribute) -> Step:
        """What something gives that has the result in it; asking the result itself is a look."""
        call = self._source.parents.get(asked)
        is_given = spot.is_within and isinstance(call, ast.Call) and asked.attr in uses.GIVING
        return (Use.KEPT, [Spot(call, is_within=True)]) if is_given and call else KEPT

    def _assigned(self, spot: Spot, assignment: Any) -> Step:
        if isinstance(assignment, ast.AugAssign) and not spot.is_within:
            return KEPT
        targets = getattr(assignment, "targets", None) or [assignment.target]
        use, found = joined(self._set(target, spot) for target in targets)
        if isinstance(assignment, ast.NamedExpr):
            found.append(Spot(assignment, spot.is_within))
        return use, found

    def _set(self, target: ast.expr, spot: Spot) -> Step:
        """Where that is read what is assigned to a target."""
        if isinstance(target, ast.Tuple | ast.List):
            return joined(self._set(each, spot) for each in target.elts)
        if isinstance(target, ast.Starred):
            return self._set(target.value, spot)
        if isinstance(target, ast.Name):
            return spots(self._source.loads(target.id, spot.node), is_within=spot.is_within)
        if isinstance(target, ast.Attribute):
            return spots(self._source.attributes[target.attr], is_within=spot.is_within)
        return self._put_into(target, spot)

    def _put_into(self, container: ast.expr, spot: Spot) -> Step:
        """Where that is read into which something is put: `found` of `found[0]["a"]`."""
        while isinstance(container, ast.Subscript | ast.Call):
            inner = container.func if isinstance(container, ast.Call) else container.value
            is_method = isinstance(container, ast.Call) and isinstance(inner, ast.Attribute)
            container = inner.value if is_method and isinstance(inner, ast.Attribute) else inner
        if isinstance(container, ast.Attribute):
            return spots(self._source.attributes[container.attr], is_within=True)
        # Who gave a parameter has what is put into it.
        if not isinstance(container, ast.Name) or self._source.is_parameter(
            container.id, spot.node
        ):
            return FETCHED
        found = self._source.loads(container.id, spot.node, everywhere=True)
        return spots(found, is_within=True)

    def _returned(self, spot: Spot, how: ast.AST) -> Step:
        """Where the result of a function goes; who has the function itself may call it anywhere."""
        function = self._source.scope(spot.node)
        if not isinstance(function, Function):
            return FETCHED
        decorators = {_decorator(each) for each in function.decorator_list}
        if not decorators <= uses.TRANSPARENT:
            return FETCHED
        is_within = spot.is_within or not isinstance(how, ast.Return)
        name, source = function.name, self._source
        found = [*source.names[name], *source.attributes[name]]
        if decorators & uses.READ:
            return spots(found, is_within=is_within)
        calls = [source.parents[each] for each in found]
        is_called = (isinstance(each, ast.Call) and each.func in found for each in calls)
        return spots(calls, is_within=is_within) if all(is_called) else FETCHED

    def _returned_by_lambda(self, _: Spot, function: ast.Lambda) -> Step:
        call = self._source.parents.get(function)
        if isinstance(call, ast.keyword):
            call = self._source.parents.get(call)
        name = last_name(call.func) if isinstance(call, ast.Call) else ""
        if name in uses.SELECTORS:
            return KEPT
        return (Use.KEPT, [Spot(call, is_within=True)]) if call and name == "map" else FETCHED

    def _given_by_name(self, spot: Spot, keyword: ast.keyword) -> Step:
        call = self._source.parents.get(keyword)
        given = Spot(keyword, spot.is_within)
        return self._given(given, call) if isinstance(call, ast.Call) else FETCHED

    def _given(self, spot: Spot, call: ast.Call) -> Step:
        """What a call does with one of its arguments."""
        function, name = call.func, last_name(call.func)
        if function is spot.node:
            return FETCHED
        if self._is_remote(function):
            return KEPT
        if isinstance(function, ast.Attribute) and name in uses.CHANGING:
            use, found = self._put_into(function.value, spot)
            return use, [*found, Spot(call, is_within=True)]
        if self._is_own(function):
            return Use.KEPT, list(self._parameters(spot, name))
        return self._applied(spot, call, name) if name in uses.GIVERS else looked(spot, function)

    def _is_remote(self, function: ast.expr | None) -> bool:
        """Whether it is an integration that is called, `self.train`, or a method of one."""
        if function is None or root_name(function) not in _OWN:
            return self._has_other_name(function)
        while isinstance(function, ast.Attribute) and function.attr not in self._integrations:
            function = function.value
        return isinstance(function, ast.Attribute)

    def _has_other_name(self, function: ast.expr | None) -> bool:
        """Whether it is a method of `train`, which is `self.train` wherever it is set."""
        if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
            return False
        bound = self._source.bound[function.value.id]
        return bool(bound) and all(
            each is not None and root_name(each) in _OWN and self._is_remote(each) for each in bound
        )

    def _is_own(self, function: ast.expr) -> bool:
        """Whether it is a function of this source that is called."""
        is_method = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)
        is_known = last_name(function) in self._source.functions
        if is_method and root_name(function) in {"self", "cls"}:
            return is_known
        return isinstance(function, ast.Name) and is_known

    def _applied(self, spot: Spot, call: ast.Call, name: str) -> Step:
        """What a function gives back of what it is given, and what those do that it calls."""
        found, is_taker = list[Spot](), name in uses.ITEM_TAKERS
        if not is_taker or spot.is_within or isinstance(spot.node, ast.keyword):
            found.append(Spot(call, spot.is_within or is_taker))
        functions = _functions_given(call, name) if found else []
        return joined([(Use.KEPT, found), *(self._called_with(spot, each) for each in functions)])

    def _called_with(self, spot: Spot, function: ast.expr) -> Step:
        """What a function does that is called with the items of something."""
        if isinstance(function, ast.Lambda):
            reads = (self._source.inside(function, each.arg) for each in parameters(function))
            return joined(spots(found, is_within=True) for found in reads)
        if self._is_own(function):
            return Use.KEPT, list(self._parameters(spot, last_name(function)))
        made = function.func if isinstance(function, ast.Call) else function
        is_looking = isinstance(function, ast.Constant) or last_name(made) in uses.APPLIED
        return KEPT if is_looking or self._is_remote(made) else FETCHED

    def _parameters(self, spot: Spot, name: str) -> Iterator[Spot]:
        """Where functions of this source have what they are given."""
        keyword = spot.node.arg if isinstance(spot.node, ast.keyword) else None
        for function in self._source.functions[name]:
            rest = {function.args.vararg, function.args.kwarg}
            for each in parameters(function):
                is_rest = each in rest
                if is_rest or keyword in {each.arg, None}:
                    found = self._source.inside(function, each.arg)
                    yield from spots(found, is_within=spot.is_within or is_rest)[1]


def _functions_given(call: ast.Call, name: str) -> list[ast.expr]:
    """The functions that a function such as `sorted` calls with what it is given."""
    if name not in uses.APPLIERS:
        return []
    found = call.args[:1] if name in {"filter", "map"} else []
    return [*found, *(each.value for each in call.keywords if each.arg == "key")]


def _is_direct(call: ast.expr) -> bool:
    """Whether an expression gives what the method returns, not something that has it in it."""
    return not isinstance(call, ast.Call) or isinstance(call.func, ast.Attribute)


def _is_called_by_others(call: ast.expr, method: str) -> bool:
    """Whether something else calls the method there, as in `found.extend(map(...))`."""
    if not isinstance(call, ast.Call):
        return not isinstance(call, ast.Await)
    return isinstance(call.func, ast.Attribute) and method not in {call.func.attr, "__call__"}


def _decorator(expression: ast.expr) -> str:
    return last_name(expression.func if isinstance(expression, ast.Call) else expression)
