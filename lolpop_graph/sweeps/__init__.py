"""One workflow, many runs: rows and grids, where they run, what is recorded and what came of it.

It is called so since `lolpop_graph.sweep` is a function.
"""
