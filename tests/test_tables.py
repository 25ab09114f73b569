"""What is asked of a table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lolpop_graph.component.table import column_of, columns_of, digest

FRUIT = pd.DataFrame({"fruit": ["apple", "pear", "apple"], "price": [1.5, 2.0, 2.5]})


def test_absent_columns_are_named() -> None:
    """With those that there are."""
    with pytest.raises(KeyError, match="no column 'a', 'b'; the table has fruit, price"):
        columns_of(FRUIT, ["a", "fruit", "b"])
    with pytest.raises(KeyError, match=r"no column 'pric'; did you mean 'price'\? the table has"):
        column_of(FRUIT, "pric")
    with pytest.raises(KeyError, match="the table has no columns"):
        column_of(pd.DataFrame(), "a")


def test_a_digest_tells_tables_apart() -> None:
    """By names, order, types and values, and not by the index."""
    others = [
        FRUIT.rename(columns={"price": "cost"}),
        FRUIT[["price", "fruit"]],
        FRUIT.iloc[[1, 0, 2]],
        FRUIT.assign(price=FRUIT["price"].astype(np.float32)),
        FRUIT.assign(price=[1.5, 2.0, np.nan]),
        FRUIT.head(0),
        pd.DataFrame(),
    ]
    assert len({digest(table) for table in (FRUIT, *others)}) == len(others) + 1
    assert digest(FRUIT.set_index(pd.Index([3, 1, 2]))) == digest(FRUIT)
    assert len(digest(FRUIT)) == 16
