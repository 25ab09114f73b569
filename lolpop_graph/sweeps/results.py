"""The view `results` of a manifest, for those who look into it with SQL."""

from __future__ import annotations

import json
import sqlite3


def make_view(base: sqlite3.Connection) -> None:
    """Make the view `results`, which has a column for each parameter and each metric."""
    taken = {"number", "status", "seconds", "error_kind"}
    columns = ["number", "status"]
    for kind in ("parameters", "metrics"):
        found = f"SELECT DISTINCT each.key FROM runs, json_each(runs.{kind}) AS each LIMIT 500"  # noqa: S608
        for (name,) in base.execute(found).fetchall():
            shown = f"{kind}.{name}" if name.casefold() in taken else name
            # SQLite has no way to write these signs in a path.
            if shown.casefold() not in taken and not {*name} & {*'"\\'}:
                taken.add(shown.casefold())
                path = _quoted(f"$.{json.dumps(name, ensure_ascii=False)}", "'")
                columns.append(f"json_extract({kind}, {path}) AS {_quoted(shown, chr(34))}")
    with base:
        base.execute("DROP VIEW IF EXISTS results")
        base.execute(
            f"CREATE VIEW results AS SELECT {', '.join([*columns, 'seconds', 'error_kind'])} FROM runs WHERE listed"  # noqa: S608, E501
        )


def _quoted(text: str, sign: str) -> str:
    return sign + text.replace(sign, sign * 2) + sign
