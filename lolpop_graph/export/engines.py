"""The systems that a workflow can be exported to, by name; each is a module, imported when asked.

A new one is a module of its name beside this one, with what `Engine` asks of it, and a name in
`NAMES`; the command line and its help take the names from here.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol, cast

if TYPE_CHECKING:
    from lolpop_graph.export.frame import Program

NAMES: Final = ("prefect", "airflow")


class Engine(Protocol):
    """What a module has that writes the files of one system.

    `TITLE` is what people call the system, and `RESERVED` are the names that the file needs or the
    system keeps.
    """

    TITLE: str
    RESERVED: tuple[str, ...]

    def write(self, made: Program) -> str:
        """The text of the file."""


def engine_for(name: str) -> Engine:
    """The engine of one of `NAMES`."""
    return cast("Engine", import_module(f"lolpop_graph.export.{name}"))
