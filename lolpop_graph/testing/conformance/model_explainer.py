"""What every model explainer has to keep."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from lolpop_graph.testing.conformance import Build, Conformance, travelled

N_ROWS = 80
DECISIVE, SLIGHT, IDLE = "größe $x_1$ </b>", "weight", "idle"


class Rule:
    """A trainer whose model is known: labels follow `DECISIVE` most, `SLIGHT` a bit, not `IDLE`."""

    def __init__(self, classes: list[Any], *, certain: bool = False) -> None:
        """Tell `classes` apart, or be a regression where there are none."""
        self.classes = classes
        self.certain = certain

    def predict(self, features: pd.DataFrame) -> pd.Series:
        """The labels (n_rows,) that the rule says."""
        if not self.classes:
            return _score(features)
        places = self._chances(features).argmax(axis=1)
        return pd.Series([self.classes[place] for place in places], features.index)

    def predict_proba(self, features: pd.DataFrame) -> pd.DataFrame | None:
        """Probabilities (n_rows, n_classes); None for a regression, or a rule that has none."""
        if not self.classes or self.certain:
            return None
        return pd.DataFrame(self._chances(features), features.index, self.classes)

    def _chances(self, features: pd.DataFrame) -> Any:
        score = _score(features).to_numpy()[:, None]
        chances = np.exp(-((score - np.linspace(-6, 6, len(self.classes))[None, :]) ** 2) / 8)
        return chances / chances.sum(axis=1, keepdims=True)


def _score(features: pd.DataFrame) -> pd.Series:
    return 4 * features[DECISIVE] + features[SLIGHT]


def features() -> pd.DataFrame:
    """Features (n_rows, 3) of which each rule uses two."""
    random = np.random.default_rng(0)
    return pd.DataFrame(
        random.normal(size=(N_ROWS, 3)), range(7, 7 + N_ROWS), [IDLE, SLIGHT, DECISIVE]
    )


class ModelExplainerConformance(Conformance):
    """An explainer finds out what rules look at that are known."""

    part_type = "model_explainer"

    @pytest.mark.parametrize(
        "trainer", [Rule([]), Rule(["no", "yes"]), Rule([0, 1], certain=True), Rule(list("abcd"))]
    )
    def test_it_finds_what_decides(self, built: Any, trainer: Rule) -> None:
        """The order of importance is that of the rule, and what is idle has none."""
        table = features()
        found = travelled(built.explain(trainer, table, trainer.predict(table))).importances
        assert list(found.columns) == ["importance", "std"]
        assert list(found.index) == [DECISIVE, SLIGHT, IDLE]
        assert found["importance"][IDLE] == pytest.approx(0, abs=1e-9)
        assert found["importance"][DECISIVE] > 2 * found["importance"][SLIGHT]

    def test_figures_are_written(self, built: Any) -> None:
        """Each is a file, and those of a second call stand beside those of the first."""
        table, trainer = features(), Rule(["no", "yes"])
        first, second = (
            built.explain(trainer, table, trainer.predict(table)).figures for _ in range(2)
        )
        assert first
        assert all(path.stat().st_size > 0 for path in (*first, *second))
        assert not {*first} & {*second}

    def test_the_same_seed_says_the_same(self, build_part: Build) -> None:
        """Two explainers of one config agree, and leave the features as they are."""
        table, trainer = features(), Rule(["no", "yes", "maybe"])
        one, other = (
            build_part().explain(trainer, table, trainer.predict(table)).importances
            for _ in range(2)
        )
        pd.testing.assert_frame_equal(one, other)
        pd.testing.assert_frame_equal(table, features())

    def test_one_row_is_no_error(self, built: Any) -> None:
        """Nothing can be told from it, and nothing fails."""
        table, trainer = features().head(1), Rule([])
        assert len(built.explain(trainer, table, trainer.predict(table)).importances) == 3

    def test_rows_are_needed(self, built: Any) -> None:
        """No rows, or other ones than there are labels, are refused."""
        table, trainer = features(), Rule([])
        labels = trainer.predict(table)
        with pytest.raises(ValueError, match="row"):
            built.explain(trainer, table.head(0), labels.head(0))
        with pytest.raises(ValueError, match="row"):
            built.explain(trainer, table, labels.head(3))
