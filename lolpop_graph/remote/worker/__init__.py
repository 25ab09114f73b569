"""The side of the worker processes, which knows nothing of the driver's."""
