"""One run of which a part lives on the workers of a Dask cluster; the folders say what runs where.

`driver` is what the process has in which the root runs. `builder` puts a `proxy` in the place of
each integration that `lolpop_graph.placement` sends away, and `session` sends its calls: what they
return is a `reference`, for which a `pending` result is asked when somebody looks. `guarding` and
`fetching` keep references from code that knows nothing of them, and `hints` tells where they could
not. `attributes` says what a proxy may answer, `sealed` keeps configs as the workers read them, and
`registry` names the driver's integrations on the way.

`dataflow` reads the source of the code that calls: `call_sites` finds it, `following` follows a
result through a source (`sources`, by `steps`) to its `uses`, and finds out whether a reference is
good enough for them.

`worker` is what each worker process has: `performing` does a call, with the workflow that `cache`
keeps between calls; `control` answers what is asked beside them. `process` is a whole worker of
this machine. Nothing here imports the driver's side.

`cluster` is what is between the two: `connection` finds the workers that a call names or has
`local` start some, each under a `supervisor`; `readiness` asks them before anything runs, and
`waiting` says what has happened where nothing comes any more.

On the way are a `call` and its result, by `packing`, and `failures`. `dask_logs` and `headless`
keep Dask quiet, and off the network.

A new engine of one run builds as `RemoteBuilder` does, and is chosen in `Plan._kind`; a new way to
start workers is one more case in `connection`. A new use of results belongs into
`reference` where a reference can stand for them, and into `uses` and `following` where it cannot.
What can go wrong with the cluster is a fault in `lolpop_graph.faults.remote`, raised by
`connection` and `readiness` before a run and by `waiting` within it.
"""

from importlib.util import find_spec

from lolpop_graph import faults as f
from lolpop_graph.errors import ElsewhereError

for _name in ("cloudpickle", "distributed", "wrapt"):
    if find_spec(_name) is None:
        raise ElsewhereError([f.NoCluster(address=_name, reason="no Dask")])
