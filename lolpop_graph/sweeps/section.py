"""What a workflow's own section `sweep` says, its references as they are written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lolpop_graph.block import Block, plain
from lolpop_graph.model import Integration
from lolpop_graph.placement import GRID, METHOD, SET, over_path, sweep_section
from lolpop_graph.sweeps.unresolved import text_at, unresolved_at

if TYPE_CHECKING:
    from lolpop_graph.document import Document
    from lolpop_graph.workflow import Plan


class Section(NamedTuple):
    """The options of a sweep that a document has; `over` leads there from the current folder."""

    over: Path | None = None
    grid: Mapping[str, list[Any]] = {}
    settings: Mapping[str, Any] = {}
    method: str | None = None


def section_of(plan: Plan) -> Section:
    """What the document of a plan says of a sweep; nothing where it has no such section."""
    document = plan.document
    section = sweep_section(document, plan.framework, plan.integrations[0])
    if section is None:
        return Section()
    return Section(
        over=_short(over_path(document, section)),
        grid=_values(document, section, GRID),
        settings=_values(document, section, SET),
        method=section.get(METHOD),
    )


def _short(path: Path | None) -> Path | None:
    """A path from the current folder on, if it lies in there."""
    here = Path.cwd()
    return path.relative_to(here) if path is not None and path.is_relative_to(here) else path


def leads(root: Integration, path: str) -> bool:
    """Whether a dotted path may lead to a value: to config, or into the section of a layer."""
    owner = root
    for step in path.split(".")[:-1]:
        child = owner.child(step)
        if child is None:
            return step == "config" or step in {layer.name for layer in owner.layer.children}
        owner = child
    return False


def _values(document: Document, section: Block, key: str) -> dict[str, Any]:
    """The values of a mapping in the section, by dotted path, their references unresolved."""
    block = section.get(key) or Block()
    return {
        path: plain(unresolved_at(block, path, partial(_text, document, block.value_mark(path))))
        for path in block
    }


def _text(document: Document, mark: int, container: Any, key: Any) -> str | None:
    """The text of a reference, read where it is run, but for the folder of its file.

    `mark` says where the whole value is written, in which the container stands.
    """
    text = text_at(document, container, key)
    if text is None:
        return None
    own = container.value_mark(key) if isinstance(container, Block) else mark
    return text.replace("${file:folder}", document.file_folder(own).replace("$", "$$"))
