"""One workflow, many runs: rows and grids, where they run, what is recorded and what came of it.

`sweeping` tells the story. Which runs there are: `over` turns what a sweep goes over into `rows`,
which are `given` from Python or read by `tables` (a new kind of file is one of its `READERS`);
`section` has what the workflow says itself, `unresolved`; `templates` fills `{column}`, and
`design` makes runs of these. `carrying` has them performed by one of the `engines` (where a new one
is added), and recorded in a `manifest`, which goes on where the `facts` are the same. `task` is
what all engines speak: a `Task`, of which each worker starts a `Performer`.

`driver` is the engine in this process. `pool` is that of processes: `crew`, `process` and
`messages` on the driver's side, `worker` on the other. `dask` is that of Dask, with `dask_worker`.
Both hand out `chunks` of the runs that are `waiting`, which knows what deaths mean.

What came of it is a `report` of the runs that are `recorded`, which `causes` and `text` put into
words; `results` is for those who look into the manifest with SQL. `progress` and `pace` show how it
goes meanwhile.

It is called so since `lolpop_graph.sweep` is a function.
"""
