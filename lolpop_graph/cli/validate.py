"""`lolpop-graph validate`: report everything that is wrong."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from lolpop_graph.cli.common import (
    confs_argument,
    exit_code,
    print_json,
    show_faults,
    sources_and_options,
    workflow_options,
)


@click.command("validate")
@confs_argument
@workflow_options
@click.option("--classes", "find_classes", is_flag=True, help="Find the classes and check them.")
@click.option("--json", "as_json", is_flag=True, help="Write the faults as JSON.")
def command(confs: tuple[Path, ...], find_classes: bool, as_json: bool, **options: Any) -> None:
    """Report everything that is wrong with a workflow, and import nothing.

    With --classes the classes are found, which imports their modules, and what they require is
    checked as well. Exit code 0: no error; 1: at least one; 2: the call is at fault.
    """
    from lolpop_graph.workflow import validate  # noqa: PLC0415 - help needs none of it

    sources, keywords = sources_and_options(confs, options)
    faults = validate(*sources, find_classes=find_classes, **keywords)
    code = exit_code(faults)
    if as_json:
        print_json({"ok": code == 0, "faults": [fault.as_dict() for fault in faults]})
    else:
        show_faults(faults)
        counts = Counter(str(fault.severity) for fault in faults)
        words = [f"{count} {severity}{'s' * (count > 1)}" for severity, count in counts.items()]
        click.echo(f"{' + '.join(map(str, sources))}: {', '.join(words) or 'nothing to report'}")
    raise click.exceptions.Exit(code)
