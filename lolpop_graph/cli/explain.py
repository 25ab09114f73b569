"""`lolpop-graph explain`: where the value of a config key comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lolpop_graph.cli.arguments import workflow_options
from lolpop_graph.cli.common import planned, reports_faults
from lolpop_graph.cli.reports import print_json, write_lines


@click.command("explain")
@click.argument("conf", type=click.Path(path_type=Path))
@click.argument("path")
@click.argument("key", required=False)
@workflow_options
@click.option(
    "--classes/--no-classes", "classes", default=True,
    help="Find the classes for their defaults, which imports their modules; or do without.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Write the answer as JSON.")
@reports_faults
def command(
    conf: Path, path: str, key: str | None, classes: bool, as_json: bool, **options: Any
) -> None:
    """Show every value that KEY could have for the integration at PATH, and the one that counts.

    They stand in look-up order; what is above hides what is below. Without a KEY, every key
    that the integration reaches is listed with its value. Secrets are shown as ***.
    """
    from lolpop_graph.questions.explain.text import key_lines, lines  # noqa: PLC0415 - for help

    plan = planned((conf,), options)
    if key is None:
        found = plan.explain_keys(path, classes=classes)
        any_key = plan.explain(path, "", classes=classes)
        if as_json:
            about = {name: getattr(any_key, name) for name in ("path", "class_name", "unknown")}
            print_json({**about, "keys": [each.as_dict() for each in found]})
        else:
            write_lines(key_lines(found, any_key), err=False)
        return
    answer = plan.explain(path, key, classes=classes)
    if as_json:
        print_json(answer.as_dict())
    else:
        write_lines(lines(answer), err=False)
