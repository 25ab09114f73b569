"""The options that say where runs take place: in this process, in others, or on a cluster."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar

import click

from lolpop_graph.text import did_you_mean

P = ParamSpec("P")
R = TypeVar("R")

_ADDRESS = re.compile(
    r"(tls|tcp|ws|wss)://[^\s/:]+(:[0-9]+)?|(tls|tcp)://\[[0-9a-fA-F:]+\](:[0-9]+)?"
)


class _Where(click.ParamType[str]):
    """A name of `names`, or the address of a Dask scheduler."""

    name = "where"

    def __init__(self, names: Sequence[str]) -> None:
        """Allow these names."""
        self._names = names

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The value as it is, or BadParameter."""
        text = str(value)
        if text not in self._names and not _ADDRESS.fullmatch(text):
            allowed = [*self._names, "tls://HOST:PORT"]
            self.fail(f"{text!r} is no place to run: {did_you_mean(text, allowed)}", param, ctx)
        return text


_MEANING = {
    "none": "none is this process",
    "processes": "processes are others of this machine",
    "dask": "dask starts workers on this machine",
}


def _told(names: Sequence[str]) -> str:
    """What the names mean, and what else there is."""
    known = [_MEANING[name] for name in names]
    return ", ".join([*known, "an address is a Dask scheduler's"])


def fail_if_idle(on: str, **options: Any) -> None:
    """Raise UsageError for options, by name, that say something of workers where there are none."""
    idle = [name for name, value in options.items() if value]
    if on == "none" and idle:
        listed = " and ".join(f"--{name.replace('_', '-')}" for name in idle)
        needs = "say" if len(idle) > 1 else "says"
        message = f"{listed} {needs} nothing without workers: --on names where those are"
        raise click.UsageError(message)


def where_options(names: Sequence[str], default: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Give a command `--on` (`names`, or an address), `--workers` and `--insecure`.

    They reach it as `on`, `workers` (None where it is not given) and `insecure`.
    """
    shown = "|".join([*names, "tls://HOST:PORT"])
    options = (
        click.option(
            "--on", type=_Where(names), default=default, show_default=True, metavar=shown,
            help=f"Where to run: {_told(names)}.",
        ),
        click.option(
            "--workers", type=click.IntRange(min=1), metavar="N",
            help="How many processes, one for each core unless it is given.",
        ),
        click.option(
            "--insecure", is_flag=True,
            help="Allow another host without TLS: whoever reaches it can run code there.",
        ),
    )  # fmt: skip

    def give(command: Callable[P, R]) -> Callable[P, R]:
        for option in reversed(options):
            command = option(command)
        return command

    return give
