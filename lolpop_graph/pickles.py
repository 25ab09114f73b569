"""Values as bytes for other processes, which do not have what this one's main module defines."""

from __future__ import annotations

import io
import pickle
from types import FunctionType
from typing import Any

_MAIN = "__main__"


class _Plain(pickle.Pickler):
    """Names classes and functions by their modules, which another process imports."""

    def reducer_override(self, obj: Any) -> Any:
        """Refuse what is defined where no other process finds it."""
        if isinstance(obj, type | FunctionType) and obj.__module__ == _MAIN:
            message = (
                f"`{obj.__qualname__}` is defined in the program itself, and no other process can "
                "import it; it travels where cloudpickle is installed"
            )
            raise pickle.PicklingError(message)
        return NotImplemented


def packed(value: object) -> bytes:
    """Pickle a value, with classes and functions by value that other processes cannot import.

    That takes cloudpickle, which the extra `dask` and joblib bring. Raises whatever an object
    that does not pickle raises, and PicklingError where cloudpickle is missing.
    """
    stream = io.BytesIO()
    try:
        _Plain(stream, pickle.HIGHEST_PROTOCOL).dump(value)
    except Exception as error:  # noqa: BLE001 - objects that refuse to pickle raise what they like
        try:
            from cloudpickle import dumps  # noqa: PLC0415 - an extra brings it
        except ImportError:
            raise error from None
        content: bytes = dumps(value)
        return content
    return stream.getvalue()
