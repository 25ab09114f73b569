"""One run of which a part lives on the workers of a Dask cluster.

`lolpop_graph.placement` says which integrations that are, `cluster` finds or starts the workers,
`session` sends calls there, `calls` is what a worker does with one, `kept` what it keeps between
two of them. In the driver a `proxy` stands for each remote integration and a `reference` for each
result; `builder` puts all of it in the place of what is built otherwise.
"""

from lolpop_graph import faults as f
from lolpop_graph.errors import ElsewhereError

try:
    from lolpop_graph.remote.builder import RemoteBuilder
except ModuleNotFoundError as error:
    if (error.name or "").startswith("lolpop_graph"):
        raise
    raise ElsewhereError([f.NoCluster(address=error.name or "", reason="no Dask")]) from None

__all__ = ["RemoteBuilder"]
