"""What every model trainer has to keep."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest

from lolpop_graph.testing.conformance import Conformance

_DRAW = np.random.default_rng(0)
FEATURES = pd.DataFrame(
    {"size": _DRAW.normal(size=120), 'a, "b": {c}': _DRAW.normal(size=120)},
    index=pd.Index(range(240, 0, -2)),
)
"""Two columns of numbers, the second one with a name that some formats cannot take as it is."""

LABELS: dict[str, list[Any]] = {
    "texts": ['né, "oui"', "zwei"],
    "three texts": ["a", "b", "c"],
    "integers": [-3, 7],
    "three integers": [1, 2, 10],
    "truth values": [False, True],
}
"""Classes of each type that labels may have, sorted."""


def labels_of(classes: list[Any]) -> pd.Series:
    """Labels that the first feature tells apart, as many of each class."""
    rank = FEATURES["size"].rank(method="first") - 1
    numbers = (rank * len(classes) // len(FEATURES)).astype(int)
    return pd.Series([classes[number] for number in numbers], FEATURES.index, name="target")


class ModelTrainerConformance(Conformance):
    """A model trainer learns what the first feature says, and keeps the type of the labels.

    `config` makes a classification; `regression` what is said in addition to make a regression,
    None for a trainer that has none. `param` is a parameter that any number of `values` fits.
    """

    part_type = "model_trainer"
    regression: ClassVar[dict[str, Any] | None] = {"problem_type": "regression"}
    param: ClassVar[str]
    values: ClassVar[tuple[Any, Any]]

    @pytest.fixture
    def fitted(self, built: Any) -> Any:
        """The part, fitted to texts."""
        built.fit(FEATURES, labels_of(LABELS["texts"]))
        return built

    @pytest.mark.parametrize("kind", LABELS)
    def test_labels_keep_their_type(self, built: Any, kind: str) -> None:
        """What comes out is what went in, under the features' index."""
        labels = labels_of(LABELS[kind])
        built.fit(FEATURES, labels)
        assert built.classes == LABELS[kind]
        assert [type(label) for label in built.classes] == [type(each) for each in LABELS[kind]]
        predicted = built.predict(FEATURES)
        pd.testing.assert_index_equal(predicted.index, FEATURES.index)
        assert predicted.dtype == labels.dtype
        assert (predicted == labels).mean() > 0.8

    @pytest.mark.parametrize("kind", LABELS)
    def test_probabilities_have_a_column_a_class(self, built: Any, kind: str) -> None:
        """Where there are any they add up to 1, and the most likely class is the predicted one."""
        built.fit(FEATURES, labels_of(LABELS[kind]))
        probabilities = built.predict_proba(FEATURES)
        if probabilities is None:
            return
        assert list(probabilities.columns) == built.classes
        assert probabilities.sum(axis=1).to_numpy() == pytest.approx(1)
        pd.testing.assert_index_equal(probabilities.index, FEATURES.index)
        likely = probabilities.idxmax(axis=1)
        assert (likely == built.predict(FEATURES)).all()

    def test_labels_are_matched_by_row_and_features_by_name(self, fitted: Any) -> None:
        """A few rows in another order are predicted as they were among the others."""
        some = FEATURES.iloc[[7, 3, 50]]
        expected = fitted.predict(FEATURES).loc[some.index]
        pd.testing.assert_series_equal(fitted.predict(some), expected)
        with pytest.raises(ValueError, match="feature"):
            fitted.predict(FEATURES.rename(columns={"size": "other"}))

    def test_it_has_to_be_fitted(self, built: Any, folder: Path) -> None:
        """Before `fit` or `load` there is nothing to predict with or to save."""
        for ask in (built.predict, built.predict_proba):
            with pytest.raises(RuntimeError, match="fit"):
                ask(FEATURES)
        with pytest.raises(RuntimeError, match="fit"):
            built.save(folder)

    def test_missing_labels_are_refused(self, built: Any) -> None:
        """With how many they are, rather than taken for a class of their own."""
        labels = labels_of(LABELS["texts"])
        labels.iloc[:3] = None
        with pytest.raises(ValueError, match="3 of 120 labels"):
            built.fit(FEATURES, labels)

    def test_params_are_set_by_name(self, built: Any) -> None:
        """`params` shows them and what kind of model it is; a wrong name changes nothing."""
        for value in self.values:
            built.set_params({self.param: value})
            assert built.params[self.param] == value
        before = built.params
        assert isinstance(before["estimator"], str)
        for refuse in (built.set_params, built.check_params):
            with pytest.raises(ValueError, match="no_such_parameter"):
                refuse({self.param: self.values[0], "no_such_parameter": 1})
        assert built.params == before

    def test_checking_params_changes_nothing(self, built: Any) -> None:
        """Good ones are not taken over."""
        before = built.params
        built.check_params({self.param: self.values[0]})
        built.check_params({self.param: self.values[1]})
        assert built.params == before

    def test_the_same_seed_gives_the_same_model(self, build_part: Any) -> None:
        """Two trainers of one config predict the same probabilities, or labels."""
        labels = labels_of(LABELS["three texts"])
        found = []
        for _ in range(2):
            trainer = build_part()
            trainer.fit(FEATURES, labels)
            probabilities = trainer.predict_proba(FEATURES)
            found.append(trainer.predict(FEATURES) if probabilities is None else probabilities)
        assert found[0].equals(found[1])

    def test_fitting_again_forgets(self, fitted: Any) -> None:
        """Other labels make another model."""
        fitted.fit(FEATURES, labels_of(LABELS["three integers"]))
        assert fitted.classes == LABELS["three integers"]

    @pytest.mark.parametrize("kind", LABELS)
    def test_it_survives_saving(self, built: Any, build_part: Any, folder: Path, kind: str) -> None:
        """Another one that loads what was saved says the same."""
        built.set_params({self.param: self.values[1]})
        built.fit(FEATURES, labels_of(LABELS[kind]))
        saved = folder / "saved"
        saved.mkdir()
        assert built.save(saved).parent == saved
        other = build_part()
        other.load(saved)
        assert other.classes == built.classes
        assert other.params == built.params
        pd.testing.assert_series_equal(other.predict(FEATURES), built.predict(FEATURES))

    def test_nothing_is_loaded_from_an_empty_folder(self, built: Any, folder: Path) -> None:
        """The error is that of a file that is not there."""
        with pytest.raises(FileNotFoundError):
            built.load(folder)

    def test_what_is_given_stays_as_it_is(self, built: Any) -> None:
        """Neither fitting nor predicting changes the caller's tables."""
        features, labels = FEATURES.copy(), labels_of(LABELS["texts"])
        built.fit(features, labels)
        built.predict(features)
        pd.testing.assert_frame_equal(features, FEATURES)
        pd.testing.assert_series_equal(labels, labels_of(LABELS["texts"]))

    def test_a_regression_predicts_numbers(self, build_part: Any, folder: Path) -> None:
        """It has no classes and no probabilities, and survives saving as well."""
        if self.regression is None:
            pytest.skip("it has no regression")
        trainer = build_part(**self.regression)
        labels = FEATURES["size"] * 2 + 1
        trainer.fit(FEATURES, labels)
        assert trainer.classes == []
        assert trainer.predict_proba(FEATURES) is None
        error = (trainer.predict(FEATURES) - labels).abs().mean()
        assert error < (labels - labels.mean()).abs().mean() / 2
        trainer.save(folder)
        other = build_part(**self.regression)
        other.load(folder)
        pd.testing.assert_series_equal(other.predict(FEATURES), trainer.predict(FEATURES))
