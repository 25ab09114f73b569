"""Pictures for commands: which formats a file's name can ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from visualize import FORMATS


class Picture(click.Path):
    """A file whose name ends in a format that can be drawn."""

    def __init__(self, *, allow_dash: bool = False) -> None:
        """Accept any path with such an ending, there or not, and `-` if that is allowed."""
        super().__init__(dir_okay=False, path_type=Path, allow_dash=allow_dash)

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:
        """The path."""
        path = Path(str(super().convert(value, param, ctx)))
        is_output = self.allow_dash and path.name == "-"
        if not is_output and path.suffix.lower().removeprefix(".") not in FORMATS:
            endings = ", ".join(f".{name}" for name in FORMATS)
            self.fail(f"{str(path)!r} must end in one of {endings}", param, ctx)
        return path
