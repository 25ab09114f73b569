"""The side of the process in which the root of a workflow runs."""
