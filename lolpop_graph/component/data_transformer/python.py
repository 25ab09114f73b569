"""Tables changed by a function of the user's."""

from __future__ import annotations

import inspect
from typing import Any

import pandas as pd

from lolpop_graph.component.data_transformer.base import BaseDataTransformer


class PythonDataTransformer(BaseDataTransformer):
    """Makes a table of another with a function that takes a DataFrame and gives one.

    Config: `function`, `file.py:name` with a file beside the workflow file or below, or
    `package.module:name` of a trusted package; `function_params`, further arguments by name.
    """

    __REQUIRED_CONF__ = {"config": ["function"]}
    __FUNCTION_CONF__ = ["function"]
    __DEFAULT_CONF__ = {"config": {"function_params": {}}}

    def setup(self) -> None:
        """Tell before any work if the function does not take what it will be given."""
        self._function = self._get_function("function")
        if self._function is None:
            raise ValueError("`function` is null: it names the function that changes tables")
        params = self._params()
        try:
            inspect.signature(self._function).bind(pd.DataFrame(), **params)
        except TypeError as error:
            given = ", ".join(["a table", *params])
            message = f"`function` cannot be called with {given}: {error}"
            raise ValueError(message) from None

    def transform(self, table: pd.DataFrame) -> pd.DataFrame:
        """What the function makes of a copy of the table.

        Raises what the function raises, and TypeError if it gives anything but a DataFrame.
        """
        found = self._function(table.copy(), **self._params())
        if not isinstance(found, pd.DataFrame):
            message = (
                f"{self._function.__qualname__} in {self._function.__module__} gave "
                f"{type(found).__name__} where a DataFrame is expected: does it `return` it?"
            )
            raise TypeError(message)
        return found

    def _params(self) -> dict[str, Any]:
        params = self._get_config("function_params")
        if not isinstance(params, dict):
            raise TypeError("`function_params` are arguments by name")
        return params
