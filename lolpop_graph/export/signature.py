"""What a method is given: the parameters that its flow has, each with a value."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from lolpop_graph import faults as f
from lolpop_graph.errors import WorkflowError
from lolpop_graph.export.printing import value

_ANY_NUMBER = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
_BY_ORDER = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True)
class Signature:
    """The parameters of a method that a flow has as well, with their values.

    `positional` are those that the method takes by their order alone.
    """

    parameters: Mapping[str, Any]
    positional: tuple[str, ...] = ()


def signature_of(method: str, function: Any, arguments: Sequence[Any]) -> Signature:
    """The parameters of a method for which arguments are given, or that have plain defaults.

    Raises WorkflowError with LG844 for arguments that the method does not take, or that lack.
    """
    _, *taken = inspect.signature(function).parameters.values()
    named = [each for each in taken if each.kind not in _ANY_NUMBER]
    ordered = [each.name for each in named if each.kind in _BY_ORDER]
    given = dict(zip(ordered, arguments, strict=False))
    lacking = tuple(
        each.name for each in named if each.default is each.empty and each.name not in given
    )
    if lacking or len(arguments) > len(ordered):
        names = tuple(each.name for each in named)
        raise WorkflowError(
            [
                f.ArgumentsUnfit(
                    method=method, parameters=names, lacking=lacking, given=len(arguments)
                )
            ]
        )
    defaults = {each.name: each.default for each in named if _is_plain(each.default)}
    values = {
        each.name: {**defaults, **given}[each.name]
        for each in named
        if each.name in given or each.name in defaults
    }
    by_order = [each.name for each in named if each.kind is each.POSITIONAL_ONLY]
    # What comes after one that is left out could be given by its name alone.
    positional = tuple(takewhile(values.__contains__, by_order))
    left = {*by_order} - {*positional}
    return Signature({name: values[name] for name in values if name not in left}, positional)


def _is_plain(given: object) -> bool:
    try:
        value(given)
    except TypeError:
        return False
    return True
