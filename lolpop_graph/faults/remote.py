"""Faults of a workflow of which a part lives in other processes."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault
from lolpop_graph.text import did_you_mean, quoted


class ProcessDiffers(Fault):
    """Another process, in which a workflow would not be the one that was sent there."""

    code: ClassVar[str] = "LG821"
    what: str
    sent: str
    here: str
    workers: tuple[str, ...] = ()
    """The addresses of those that differ, where several were asked."""

    @property
    def sentence(self) -> str:
        there = quoted(self.workers, "and") or "a worker"
        has = "have" if len(self.workers) > 1 else "has"
        if self.what in {"Python", "lolpop-graph"}:
            found = f"{self.what} {self.here}" if self.here else f"no {self.what}"
            return f"{there} {has} {found}, and the workflow was sent from {self.what} {self.sent}"
        how = "no" if self.here == "missing" else "another"
        return f"{there} {has} {how} plug-in {self.what}"

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


class NoCluster(Fault):
    """Workers that cannot be had: what the call names does not answer, or nobody works there."""

    code: ClassVar[str] = "LG827"
    blames_call: ClassVar[bool] = True
    address: str
    reason: str
    """A key of `_NO_CLUSTER`."""
    seconds: float = 0

    @property
    def sentence(self) -> str:
        sentence, _ = _NO_CLUSTER[self.reason]
        return sentence.format(address=self.address, seconds=self.seconds)

    @property
    def cure(self) -> str:
        _, cure = _NO_CLUSTER[self.reason]
        return cure


_TLS = "DASK_DISTRIBUTED__COMM__TLS__"
_NO_CLUSTER = {
    "silent": (
        "no scheduler answered at {address} within {seconds:g} seconds",
        "start it (`dask scheduler`), or look at the address and the network",
    ),
    "certificates": (
        "the scheduler at {address} and this process do not accept each other's certificates",
        f"let {_TLS}CA_FILE, {_TLS}CLIENT__CERT and {_TLS}CLIENT__KEY name those of the cluster",
    ),
    "no certificates": (
        "{address} asks for certificates, and this process has none that it can read",
        f"let {_TLS}CA_FILE, {_TLS}CLIENT__CERT and {_TLS}CLIENT__KEY name those of the cluster",
    ),
    "no workers": (
        "no worker has come to the scheduler at {address} within {seconds:g} seconds",
        "start some (`dask worker`), or set DASK_DISTRIBUTED__SCHEDULER__NO_WORKERS_TIMEOUT",
    ),
    "no process": (
        "the worker processes of this machine do not start",
        "what they said stands above; look at what Python does at its start there",
    ),
    "no Dask": (
        "what is to run elsewhere needs the package {address}, which is not installed here",
        'install what it needs: pip install "lolpop-graph[dask]"',
    ),
}


class ClusterLost(Fault):
    """Workers, or their scheduler, that have gone in the midst of a run."""

    code: ClassVar[str] = "LG828"
    call: str
    deaths: int = 0

    @property
    def sentence(self) -> str:
        if self.deaths:
            return f"`{self.call}` ended the process of its worker {self.deaths} times"
        if not self.call:
            return "the scheduler has gone, and with it all that was under way"
        return f"the scheduler has gone, and with it what `{self.call}` returns"

    @property
    def cure(self) -> str:
        if self.deaths:
            return "the memory of the machine may be used up, or a library may have crashed"
        return "look at what ended it, and run the workflow again"


class NoResource(Fault):
    """Resources that a block asks for and no worker has."""

    code: ClassVar[str] = "LG829"
    path: str
    needs: str
    offered: str

    @property
    def sentence(self) -> str:
        return f"no worker has what calls of `{self.path}` need: {self.needs}"

    @property
    def cure(self) -> str:
        have = f"the workers offer {self.offered}" if self.offered else "the workers offer nothing"
        return f'{have}: start some with it, such as `dask worker --resources "{self.needs}"`'
