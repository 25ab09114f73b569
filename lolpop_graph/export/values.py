"""Values on their way between tasks of Airflow: JSON as it is, anything else in a file.

The files that `lolpop-graph export --to airflow` writes import this module.
"""

from __future__ import annotations

import math
import pickle
from pathlib import Path
from typing import Any

from lolpop_graph.files import write_whole

FILE = "lolpop_graph.file"
"""The key of the mapping that stands for a value in a file, with its path."""


def stored(value: Any, file: Path) -> Any:
    """What can be handed on in the place of a value, which is pickled into `file` where need be.

    Values of Python's own types that JSON has are handed on themselves. Raises OSError where the
    file cannot be written, and what pickle raises for values that do not pickle.
    """
    if _is_json(value):
        return value
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, pickle.dumps(value))
    return {FILE: str(file)}


def loaded(handed: Any) -> Any:
    """The value that `stored` made something of. Only files of one's own runs may be read so."""
    if isinstance(handed, dict) and handed.keys() == {FILE}:
        return pickle.loads(Path(handed[FILE]).read_bytes())  # noqa: S301 - a task of the run wrote it
    return handed


def _is_json(value: Any) -> bool:
    """Whether JSON gives a value back as it was, and not as one of another type."""
    if type(value) is dict:
        return FILE not in value and all(
            type(key) is str and _is_json(item) for key, item in value.items()
        )
    if type(value) is list:
        return all(map(_is_json, value))
    if type(value) is float:
        return math.isfinite(value)
    return value is None or type(value) in {bool, int, str}
