"""Faults of a workflow of which a part lives in other processes."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault


class ProcessDiffers(Fault):
    """Another process, in which a workflow would not be the one that was sent there."""

    code: ClassVar[str] = "LG821"
    what: str
    sent: str
    here: str

    @property
    def sentence(self) -> str:
        if self.what in {"Python", "lolpop-graph"}:
            return (
                f"a worker has {self.what} {self.here}, and the workflow was sent from "
                f"{self.what} {self.sent}"
            )
        is_missing = self.here == "missing"
        return f"the plug-in {self.what} {'is missing' if is_missing else 'is another one'} there"

    @property
    def cure(self) -> str:
        return "let all machines use the same environment, such as one container image"


class NotShippable(Fault):
    """What was given from Python and cannot travel to another process."""

    code: ClassVar[str] = "LG822"
    blames_call: ClassVar[bool] = True
    reason: str

    @property
    def sentence(self) -> str:
        return f"what this workflow was given from Python cannot be sent elsewhere: {self.reason}"

    @property
    def cure(self) -> str:
        return "put it into modules and files that the other processes have as well"
