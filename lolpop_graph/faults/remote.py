"""Faults of a workflow of which a part lives in other processes."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault
from lolpop_graph.text import did_you_mean


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


class NoRemoteLayer(Fault):
    """A layer to live on workers that the root has not, or none where none is named."""

    code: ClassVar[str] = "LG823"
    blames_call: ClassVar[bool] = True
    layer: str
    root: str
    known: tuple[str, ...]

    @property
    def sentence(self) -> str:
        if self.layer:
            return f"there is no layer `{self.layer}` directly below `{self.root}`"
        return f"no layer below `{self.root}` has layers of its own, which could live on workers"

    @property
    def cure(self) -> str:
        if self.layer:
            return did_you_mean(self.layer, self.known)
        return f"name the one that is to live there: --remote-layer {' or '.join(self.known)}"


class Unencrypted(Fault):
    """An address of another machine that is reached without encryption."""

    code: ClassVar[str] = "LG824"
    blames_call: ClassVar[bool] = True
    address: str

    @property
    def sentence(self) -> str:
        return f"what is sent to {self.address} could be read and changed on the way"

    @property
    def cure(self) -> str:
        return "use a scheduler with TLS (tls://...), or say --insecure where the network is yours"
