"""`lolpop-graph init`: a project with a workflow, its parts and their tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lolpop_graph.cli.common import reports_faults
from lolpop_graph.cli.making import chosen_template, say_what_was_made, template_options


class _Folder(click.Path):
    """A folder that has a name: an empty text would be the current folder."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        if not str(value).strip():
            self.fail("it has no name", param, ctx)
        return super().convert(value, param, ctx)


@click.command("init")
@click.argument("project", type=_Folder(file_okay=False, path_type=Path))
@template_options
@reports_faults
def command(project: Path, force: bool, **options: Any) -> None:
    """Make a project in the folder PROJECT, which is called as the project is to be.

    It is a package that can be installed, with a component, a pipeline and a runner, a workflow of
    them with the overlays dev.yaml and prod.yaml, tests, and what pytest, ruff, mypy and GitHub's
    CI need. Either all of it is written, or nothing.
    """
    from lolpop_graph.scaffold.making import make_project  # noqa: PLC0415 - help needs none of it

    template = chosen_template(options)
    made = make_project(project, template, force=force)
    steps = () if template else ("pytest", "lolpop-graph run workflow.yaml --overlay dev.yaml")
    say_what_was_made(made, *steps)
