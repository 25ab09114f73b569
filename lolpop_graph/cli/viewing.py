"""The options that say what of a workflow is drawn and how, and how they are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from visualize.view import DETAILS, DIRECTIONS, LINKS, THEME_NAMES, View

if TYPE_CHECKING:
    from lolpop_graph.workflow import Plan

P = ParamSpec("P")
R = TypeVar("R")


def _details(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    """What to show in boxes, given as names with commas between them."""
    del ctx, param
    names = tuple(name.strip() for name in (value or "").split(",") if name.strip())
    for name in names:
        if name not in DETAILS:
            message = f"{name!r} is none of {', '.join(DETAILS)}"
            raise click.BadParameter(message)
    return names


_OPTIONS = (
    click.option(
        "--links", type=click.Choice(LINKS), default=View.links,
        help="Draw links between groups (what pictures do), every link (what data does), or none.",
    ),
    click.option(
        "--direction", type=click.Choice(DIRECTIONS), default=View.direction, show_default=True,
        help="Let the tree grow from left to right or from top to bottom.",
    ),
    click.option(
        "--theme", type=click.Choice(THEME_NAMES), default=View.theme, show_default=True,
        help="Draw on white or on black.",
    ),
    click.option(
        "--depth", type=click.IntRange(min=1), default=View.depth, metavar="N",
        help="Draw so many levels, the root being the first; count what is below.",
    ),
    click.option(
        "--only", metavar="SELECTION",
        help="Draw what an expression of `select` selects, and what leads to it.",
    ),
    click.option(
        "--collapse", multiple=True, metavar="PATH",
        help="Fold all below an integration, or a group such as runner.train/component.",
    ),
    click.option(
        "--show", default=",".join(View.show), show_default=True, callback=_details,
        metavar="WHAT,...", help=f"What boxes say beside the name: {', '.join(DETAILS)}.",
    ),
)  # fmt: skip


VIEW_FIELDS = tuple(field.name for field in fields(View))
"""The fields of a view, each of which an option of its name gives."""


def view_options(command: Callable[P, R]) -> Callable[P, R]:
    """Give a command the options that say what is drawn and how."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def taken_view(options: dict[str, Any]) -> Callable[[Plan], View]:
    """Take those options out of a command's, and return what makes a view of a plan of them.

    That raises WorkflowError for a malformed selection and a path that the plan does not have.
    """
    given = {name: options.pop(name) for name in VIEW_FIELDS}

    return lambda plan: plan.view(given, source="--only")
