"""Faults of what code in one process expects of integrations that live in others."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault


class StaysOnWorkers(Fault):
    """An attribute of a remote integration that is other on each worker, or may be."""

    code: ClassVar[str] = "LG825"
    path: str
    class_name: str
    name: str

    @property
    def sentence(self) -> str:
        return (
            f"`{self.path}` ({self.class_name}) lives on workers, and what its methods keep in "
            f"`{self.name}` stays on the worker where they ran"
        )

    @property
    def cure(self) -> str:
        return f"let the method that makes `{self.name}` return it"


class UnseenByWorkers(Fault):
    """Something that is changed in the driver, of which the workers have their own."""

    code: ClassVar[str] = "LG826"
    path: str
    what: str

    @property
    def sentence(self) -> str:
        return f"{self.what} of `{self.path}` cannot be changed here: the workers have their own"

    @property
    def cure(self) -> str:
        return "write it into the workflow file or --set it, or give it to the method that reads it"


class CannotTravel(Fault):
    """Arguments or a result that do not pickle."""

    code: ClassVar[str] = "LG846"
    what: str
    kind: str
    reason: str

    @property
    def sentence(self) -> str:
        return f"{self.what}{self.kind} cannot go from one process to another: {self.reason}"

    @property
    def cure(self) -> str:
        return "pass data that pickles: a list for a generator, the path of a file for an open one"


class ReplacedOnWorkers(Fault):
    """An object given in the place of an integration that lives on workers."""

    code: ClassVar[str] = "LG847"
    blames_call: ClassVar[bool] = True
    path: str

    @property
    def sentence(self) -> str:
        return f"`{self.path}` lives on workers, where no object of this process can replace it"

    @property
    def cure(self) -> str:
        return "replace what stays in this process, or run without --on"
