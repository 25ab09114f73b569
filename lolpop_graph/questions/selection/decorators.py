"""The selections in the configs of decorators: found once a workflow is expanded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lolpop_graph import faults as f
from lolpop_graph.checks.decorators import idle
from lolpop_graph.decorated import SELECT_KEY, Choice, choices, setting_in
from lolpop_graph.document import Document
from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.framework import Framework
from lolpop_graph.model import Integration
from lolpop_graph.questions.selection import Finder
from lolpop_graph.questions.selection.grammar import parse


def choose(
    document: Document, framework: Framework, order: Sequence[Integration]
) -> Iterator[Fault]:
    """Tell every decorator what its selection stands for; yields what is wrong with one."""

    def shown_class(integration: Integration) -> str | None:
        name = integration.class_name
        return None if name is None else document.showing.secrets.scrub(name)

    finder = Finder(order, framework, shown_class)
    for choice in choices(order):
        found = setting_in(choice.decorator, SELECT_KEY)
        text = found[0][found[1]] if found else None
        if found is None or not isinstance(text, str):
            continue
        faults = _select(finder, choice, text)
        place = document.place(found[0].value_mark(found[1]))
        for fault in faults:
            yield f.DecoratorSelection(
                place=place,
                path=choice.decorator.path,
                problem=fault.sentence,
                remedy=fault.cure,
            )
        yield from () if faults else idle(document, choice, order)


def _select(finder: Finder, choice: Choice, text: str) -> list[Fault]:
    """Tell one decorator what its selection stands for, which is nothing if it is at fault."""
    choice.selected = frozenset()
    try:
        expression = parse(text, SELECT_KEY)
    except WorkflowError as error:
        return [*error.faults]
    faults = [*finder.faults(expression, text, SELECT_KEY)]
    if not faults:
        choice.selected = finder.find(expression)
    return faults
