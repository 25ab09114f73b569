"""What is of no use in a workflow that can be built, and what is likely meant otherwise.

A new finding is a kind of fault (`lolpop_graph.faults.lint`, with its page) and what finds it: in
`document` if the document alone makes it certain, in `code` if it is guessed from what
the code of classes uses. Here they are put in order, shown without secrets, chosen and ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lolpop_graph.classes.uses import Uses
from lolpop_graph.document import Document
from lolpop_graph.errors import Fault, in_order
from lolpop_graph.model import Group
from lolpop_graph.questions.class_texts import ClassTexts
from lolpop_graph.questions.lint.code import (
    Code,
    find_out_of_sight,
    find_unread_keys,
    find_unused,
)
from lolpop_graph.questions.lint.document import find_idle
from lolpop_graph.questions.lint.layers import swap_of
from lolpop_graph.references import named_keys

if TYPE_CHECKING:
    from lolpop_graph.questions.asked import Questions

_IGNORED = re.compile(r"#\s*lint:\s*ignore(?:\[([\w\s,]*)\])?")
_CODE = re.compile(r"LG\d{0,3}")
_BASE = Uses(is_wired=True)
"""What a root uses for which nobody names a class."""


def codes_in(codes: str | Iterable[str]) -> tuple[str, ...]:
    """Codes or beginnings of codes, such as `LG9`, one by one or with commas between them.

    ValueError for what is none.
    """
    texts = [codes] if isinstance(codes, str) else codes
    found = tuple(code.strip().upper() for text in texts for code in text.split(",") if text)
    for code in found:
        if not _CODE.fullmatch(code):
            message = f"{code!r} is no code such as LG901, nor the beginning of one"
            raise ValueError(message)
    return found


def lint(
    plan: Questions,
    *,
    select: str | Iterable[str] = (),
    ignore: str | Iterable[str] = (),
    remote: bool = False,
) -> list[Fault]:
    """The findings in the order of the file, among them the warnings and notes of the plan.

    `select` and `ignore` are what `codes_in` takes. With `remote` there is also what is said of
    the part of a workflow that lives on workers.
    """
    selected, ignored = codes_in(select) or ("LG",), codes_in(ignore)
    document, order = plan.document, list(plan.integrations)
    known = list(plan.notes)
    code = Code(order, _uses(plan))

    def swapped(first: Group, second: Group) -> str:
        return str(swap_of(first.layer, second.layer, order))

    unseen = list(find_out_of_sight(code, document.place, swapped))
    wanted = {fault.found for fault in unseen}
    told = {fault.place for fault in known}
    found: list[Fault] = [
        *unseen,
        # What is told already is not told again as what nothing uses or reads.
        *(each for each in find_unused(code, document.place) if each.path not in wanted),
        *(
            each
            for each in find_unread_keys(code, named_keys(document), document.place)
            if each.place not in told
        ),
        *find_idle(document, plan.framework, order),
        *(plan.notes_for_remote(classes=False) if remote else ()),
    ]
    return [
        fault
        for fault in in_order([*known, *document.showing.faults(found)])
        if fault.code.startswith(selected)
        and not fault.code.startswith(ignored)
        and not _is_ignored(document, fault)
    ]


def _is_ignored(document: Document, fault: Fault) -> bool:
    """Whether a comment in the line of a finding says that it is meant: `# lint: ignore[LG901]`."""
    source = document.showing.source(fault.place)
    if source is None or source.text is None or fault.place is None:
        return False
    start, stop = source.line_ends(fault.place.line)
    comment = _IGNORED.search(source.text[start:stop])
    if comment is None:
        return False
    return comment[1] is None or fault.code in comment[1].replace(",", " ").split()


def _uses(plan: Questions) -> list[Uses]:
    """What the class of each integration uses, in build order; equal classes share one answer."""
    texts = ClassTexts(plan)
    found = [_BASE] * len(plan.integrations)
    for member, search in texts.members():
        if member.class_name is not None:
            found[member.index] = texts.uses(member.class_name, search)
    return found
