"""A workflow as lines of text: its tree, its build order, its groups, and the same as JSON."""

from __future__ import annotations

import os
import shutil
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lolpop_graph.cells import Span, cells, filled, fitted
from lolpop_graph.cli.outline import Fold, Row, fitting, rows, with_parents
from lolpop_graph.cli.reports import is_terminal
from lolpop_graph.links import EDGE_KINDS, Decorates, Peer, Sibling
from lolpop_graph.model import Group, Integration, groups_in
from lolpop_graph.text import printable

if TYPE_CHECKING:
    from lolpop_graph.workflow import Plan

_WORDS = {
    Sibling.name: "given {}",
    Peer.name: "each sees the others",
    Decorates.name: "wrapped by {}",
}
"""What is said of a group whose members are linked by a kind of edge."""
_NARROWEST: Final = 40
_WIDEST_COLUMN: Final = 100
"""Cells up to which a column is filled; what is longer pushes the next column aside."""
_LEAST: Final = {2: 16, 0: 24, 1: 8}
"""Cells that the columns keep as long as there is room, in the order in which they give way."""
_GAP: Final = "  "

ClassName = Callable[[Integration], str]


def declared_class(plan: Plan) -> ClassName:
    """What tells the class that the document names."""
    return lambda integration: plan.without_secrets(integration.class_name or "(the base class)")


class Page(NamedTuple):
    """What is shown of a workflow: in lines how wide, None for any width, and folded how.

    `is_folded` says that it is folded further than anybody asked for, so that it can be read.
    """

    width: int | None
    fold: Fold
    is_folded: bool = False


def page(
    order: Sequence[Integration],
    *,
    depth: int | None = None,
    only: Iterable[str] | None = None,
    is_whole: bool = False,
) -> Page:
    """What fits a terminal, if one is written to, and else everything, in lines of any width.

    `COLUMNS` in the environment says how wide what is piped may be. `depth` and `only` are
    those of a Fold; `is_whole` shows all that they leave.
    """
    is_read = is_terminal(sys.stdout)
    width = None
    if is_read or os.environ.get("COLUMNS", "").isdecimal():
        width = max(_NARROWEST, shutil.get_terminal_size().columns)
    asked = Fold(depth, None, None if only is None else with_parents(frozenset(only)))
    fold = fitting(order, asked) if is_read and not is_whole else asked
    return Page(width, fold, fold != asked)


# The tree and the build order -----------------------------------------------------------------


def tree_lines(root: Integration, class_name: ClassName, shown: Page) -> Iterator[list[Span]]:
    """A line for each integration, drawn as a tree: name, layer, class."""
    found = list(rows(root, shown.fold))
    texts = [_texts(row, class_name) for row in found]
    wide = _widths(texts, shown.width)
    for row, columns in zip(found, texts, strict=True):
        yield within(_tree_line(row, columns, wide, shown.width), shown.width)


def _texts(row: Row, class_name: ClassName) -> tuple[str, ...]:
    """Name, layer and class of a row; nothing of one that stands for several integrations."""
    found = row.integration
    if found is None:
        return "", "", ""
    return tuple(
        map(printable, (row.prefix + found.name, found.layer.name, class_name(found))),
    )


def _widths(texts: list[tuple[str, ...]], width: int | None) -> list[int]:
    """The cells of each column; where there is not room for all, some give way."""
    wide = [max(map(cells, column)) for column in zip(*texts, strict=True)]
    if width is not None:
        for column, least in _LEAST.items():
            over = sum(wide) + 2 * len(_GAP) - width
            wide[column] -= max(0, min(over, wide[column] - least))
    return wide


def _tree_line(
    row: Row, columns: tuple[str, ...], wide: list[int], width: int | None
) -> Iterator[Span]:
    if row.integration is None:
        yield f"{row.prefix}{row.words}", "dim"
        return
    if width is not None:
        columns = tuple(map(fitted, columns, wide))
    name, layer, cls = columns
    branch = row.prefix if name.startswith(row.prefix) else ""
    yield branch, "dim"
    yield filled(name, min(wide[0], _WIDEST_COLUMN)).removeprefix(branch), "bold"
    yield f"{_GAP}{filled(layer, min(wide[1], _WIDEST_COLUMN))}{_GAP}", "cyan"
    yield cls, ""
    if row.words:
        yield f"{_GAP}{row.words}", "dim"


def order_lines(order: Sequence[Integration], shown: Page) -> Iterator[list[Span]]:
    """The paths in build order, numbered; what the tree folds away is folded away here."""
    most = len(str(len(order)))
    found = list(rows(order[0], shown.fold))
    wide = max(len(_numbers(row)) for row in found)
    for row in found:
        numbers = f"  {_numbers(row):>{max(wide, most)}}"
        path = row.integration.path if row.integration else ""
        words = f"{_GAP}{row.words}" if path and row.words else row.words
        spans = [(numbers, "dim"), (_GAP, ""), (printable(path), ""), (words, "dim")]
        yield within(spans, shown.width)


def _numbers(row: Row) -> str:
    return f"{row.first}" if row.first == row.last else f"{row.first}-{row.last}"


def within(spans: Iterable[Span], width: int | None) -> list[Span]:
    """A line that is not wider than it may be, which cuts what does not fit."""
    line, left = list[Span](), width
    for text, style in spans:
        line.append((printable(text) if left is None else fitted(printable(text), left), style))
        if left is not None and (left := left - cells(line[-1][0])) <= 0:
            break
    return line


def wrapped(text: str, taken: int, width: int | None) -> Iterator[str]:
    """A text as lines after one of which some is taken; a word alone that is too wide is cut."""
    if width is None:
        yield text
        return
    line = ""
    for number, word in enumerate(text.split(" ")):
        longer = f"{line} {word}" if number else word
        if taken + cells(longer) > width:
            yield line
            longer, taken = fitted(f"      {word}", width), 0
        line = longer
    yield line


# The groups -----------------------------------------------------------------------------------


def group_lines(plan: Plan, shown: Page) -> Iterator[list[Span]]:
    """A line for each group: what its members are given, and whether they see each other.

    Where the tree is folded, groups that are alike share one.
    """
    only, is_folded = shown.fold.only, shown.fold.depth or shown.fold.most
    alike: dict[object, list[Group]] = defaultdict(list)
    for group in groups(plan):
        if only is None or any(member.path in only for member in group.members.values()):
            alike[_likeness(group) if is_folded else group].append(group)
    for group, *others in alike.values():
        more = f" and {len(others):,} alike" if others else ""
        name = f"  {fitted(printable(group.id), None if shown.width is None else shown.width - 2)}"
        words = printable(f"{more}: {_given(group)}")
        first, *rest = wrapped(words, cells(name), shown.width)
        yield [(name, "bold"), (first, "")]
        yield from ([(line, "")] for line in rest)


def _likeness(group: Group) -> object:
    """What is the same of two groups of which one line can speak."""
    linked = (
        (kind.name, tuple(source.layer.path for source in kind.source_groups(group)))
        for kind in EDGE_KINDS
    )
    return group.layer.path, tuple(linked)


def _given(group: Group) -> str:
    words = [
        _WORDS.get(kind, f"{kind} of {{}}").format(", ".join(sources))
        for kind, sources in _sources(group).items()
    ]
    return "; ".join(words) or "given nothing"


def groups(plan: Plan) -> Iterator[Group]:
    """The groups of a plan that have members, in build order."""
    root, *below = groups_in(plan.integrations)
    del root
    yield from (group for group in below if group.members)


def _sources(group: Group) -> dict[str, list[str]]:
    """For each kind of edge that reaches the members of a group, the groups it comes from."""
    found = {
        kind.name: [source.id for source in kind.source_groups(group) if source.members]
        for kind in EDGE_KINDS
    }
    return {kind: sources for kind, sources in found.items() if sources}


def as_json(plan: Plan, class_name: ClassName) -> dict[str, Any]:
    """A plan for machines: framework, integrations in build order, groups; no config values."""
    return {
        "name": plan.document.name,
        "framework": plan.framework.as_tree(),
        "integrations": [
            {
                "path": integration.path,
                "name": integration.name,
                "layer": integration.layer.name,
                "layer_path": integration.layer.path,
                "class": class_name(integration),
                "parent": integration.parent.path if integration.parent else None,
                "group": integration.group.id,
                "config_keys": list(integration.config),
                "source": plan.place(integration).as_dict(),
            }
            for integration in plan.integrations
        ],
        "groups": [
            {
                "id": group.id,
                "layer": group.layer.name,
                "members": [member.path for member in group.members.values()],
                "linked": _sources(group),
                "passes": group.passes,
            }
            for group in groups(plan)
        ],
    }
