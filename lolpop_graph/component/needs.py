"""Libraries that are slow to import, looked for where a class is found and imported when used."""

from __future__ import annotations

from importlib.util import find_spec


def need(module: str) -> None:
    """Raise ModuleNotFoundError where a top-level module is not installed; it is not imported."""
    if find_spec(module) is None:
        message = f"No module named {module!r}"
        raise ModuleNotFoundError(message, name=module)
