"""What every model repository has to keep."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lolpop_graph.testing.conformance import Conformance, travelled

RUN = "20260102-030405-0a1b2c3d"
"""The id of a run of some metadata tracker that the repository does not know."""


class ModelRepositoryConformance(Conformance):
    """A model repository keeps versions as they are, and an alias names one of them."""

    part_type = "model_repository"

    @pytest.fixture
    def model(self, folder: Path) -> Path:
        """A folder with files, as a train pipeline saves it."""
        path = folder / "model"
        (path / "deep").mkdir(parents=True)
        (path / "model.txt").write_text("first", encoding="utf-8")
        (path / "deep" / "b.bin").write_bytes(bytes(range(256)))
        return path

    def test_versions_count_up(self, built: Any, build_part: Any, model: Path) -> None:
        """What is registered is what another repository of the same place finds."""
        for count in range(1, 12):
            assert built.register("churn", model, RUN, {"auc": count / 16}) == str(count)
        found = build_part().versions("churn")
        assert travelled(found) == found
        assert [each.version for each in found] == [str(count) for count in range(1, 12)]
        assert {each.run_id for each in found} == {RUN}
        assert found[2].metrics == {"auc": 3 / 16}
        assert found[2].name == "churn"
        assert found[2].aliases == ()
        assert timedelta(0) <= datetime.now(UTC) - found[0].created < timedelta(minutes=1)

    def test_a_version_does_not_change(
        self, built: Any, build_part: Any, model: Path, folder: Path
    ) -> None:
        """Its files are those that were there when it was registered."""
        first = built.register("churn", model, RUN)
        (model / "model.txt").write_text("second", encoding="utf-8")
        second = built.register("churn", model, RUN)
        texts = []
        for version in (first, second):
            fetched = build_part().fetch("churn", version, folder / "new" / version)
            assert folder / "new" in fetched.parents
            assert (fetched / "deep" / "b.bin").read_bytes() == bytes(range(256))
            texts.append((fetched / "model.txt").read_text(encoding="utf-8"))
        assert texts == ["first", "second"]

    def test_an_alias_names_one_version(self, built: Any, build_part: Any, model: Path) -> None:
        """The one that was promoted last; each alias is its own."""
        for _ in range(2):
            built.register("churn", model, RUN)
        assert built.find("churn") is None
        built.promote("churn", "1")
        built.promote("churn", "1", "champion")
        built.promote("churn", "2")
        other = build_part()
        assert other.find("churn").version == "2"
        assert other.find("churn", "champion").version == "1"
        assert [each.aliases for each in other.versions("churn")] == [
            ("champion",),
            ("production",),
        ]

    def test_a_rollback_undoes_a_promotion(self, built: Any, build_part: Any, model: Path) -> None:
        """One after the other, until there is none left; the versions stay."""
        for _ in range(3):
            built.register("churn", model, RUN)
        for version in ("1", "3", "3", "1"):
            built.promote("churn", version)
        assert built.rollback("churn").version == "3"
        found = build_part().rollback("churn")
        assert (found.version, found.aliases) == ("1", ("production",))
        with pytest.raises(LookupError):
            built.rollback("churn")
        assert built.find("churn").version == "1"
        built.promote("churn", "2")
        assert built.rollback("churn").version == "1"
        assert len(built.versions("churn")) == 3

    def test_models_are_apart(self, built: Any, model: Path) -> None:
        """Each name has versions and aliases of its own."""
        built.register("churn", model, RUN)
        built.register("Churn (new), 2", model, RUN)
        built.promote("churn", "1")
        assert built.find("Churn (new), 2") is None
        assert [each.version for each in built.versions("Churn (new), 2")] == ["1"]

    def test_what_is_not_there_is_said(self, built: Any, model: Path, folder: Path) -> None:
        """Nothing is found of a model that nobody has registered; the rest is an error."""
        assert built.find("none") is None
        assert built.versions("none") == []
        for ask in (
            lambda name, version: built.fetch(name, version, folder / "new"),
            built.promote,
        ):
            with pytest.raises(LookupError):
                ask("none", "1")
        with pytest.raises(LookupError):
            built.rollback("none")
        built.register("churn", model, RUN)
        for version in ("2", "one"):
            with pytest.raises(LookupError):
                built.promote("churn", version)
            with pytest.raises(LookupError):
                built.fetch("churn", version, folder / "new")
        with pytest.raises(LookupError):
            built.rollback("churn")

    def test_a_folder_without_files_is_no_version(self, built: Any, folder: Path) -> None:
        """Neither is one that is not there."""
        with pytest.raises(FileNotFoundError):
            built.register("churn", folder / "absent", RUN)
        (folder / "empty" / "deep").mkdir(parents=True)
        with pytest.raises(ValueError, match="no files"):
            built.register("churn", folder / "empty", RUN)
        assert built.versions("churn") == []

    @pytest.mark.parametrize("name", ["", "a/b", "a:b"])
    def test_a_name_is_one_everywhere(self, built: Any, model: Path, name: str) -> None:
        """Neither empty nor a path."""
        with pytest.raises(ValueError, match=r"name|called"):
            built.register(name, model, RUN)

    @pytest.mark.parametrize("alias", ["", "v1", "latest", "a b", "1"])
    def test_an_alias_is_a_word(self, built: Any, model: Path, alias: str) -> None:
        """And not one that could be a version."""
        built.register("churn", model, RUN)
        with pytest.raises(ValueError, match="alias"):
            built.promote("churn", "1", alias)
