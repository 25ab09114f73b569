"""One workflow, many runs: rows and grids, where they run, what is recorded and what came of it."""
