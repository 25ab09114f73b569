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
    class_name: str
    what: str

    @property
    def sentence(self) -> str:
        named = f"`{self.path}` ({self.class_name})" if self.class_name else f"`{self.path}`"
        return f"{self.what} cannot be changed here: the workers have built {named} without it"

    @property
    def cure(self) -> str:
        return "write it into the workflow file or --set it, or pass it to a method"


class CannotTravel(Fault):
    """Arguments or a result that do not pickle."""

    code: ClassVar[str] = "LG827"
    what: str
    kind: str
    reason: str

    @property
    def sentence(self) -> str:
        return f"{self.what} ({self.kind}) cannot go from one process to another: {self.reason}"

    @property
    def cure(self) -> str:
        return "pass data that pickles: a list for a generator, the path of a file for an open one"


class ReplacedOnWorkers(Fault):
    """An object given in the place of an integration that lives on workers."""

    code: ClassVar[str] = "LG828"
    blames_call: ClassVar[bool] = True
    path: str

    @property
    def sentence(self) -> str:
        return f"`{self.path}` lives on workers, where no object of this process can replace it"

    @property
    def cure(self) -> str:
        return "replace what stays in this process, or run without --on"
