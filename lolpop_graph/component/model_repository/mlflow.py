"""Versions of models in MLflow's registry."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mlflow.artifacts import download_artifacts
from mlflow.exceptions import MlflowException

from lolpop_graph.component.mlflow_store import RUN_TAG, BaseMLFlow, plain_errors
from lolpop_graph.component.model_repository.base import (
    PRODUCTION,
    BaseModelRepository,
    ModelVersion,
    check_alias,
    check_files,
)

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion as StoredVersion
    from mlflow.entities.model_registry import RegisteredModel

_METRIC_TAG = "metric."
_HISTORY_TAG = "lolpop_graph.alias."
_LONGEST_HISTORY = 100


class MLFlowModelRepository(BaseMLFlow, BaseModelRepository):
    """Keeps versions in MLflow's model registry, their files with the run that made them.

    A run of another tracker than MLflow's is stood for by an MLflow run with the tag
    `lolpop_graph.run_id`. Metrics are tags `metric.<name>` of a version, and stand in its
    description; which versions an alias has named before stands in tags of the model, so that
    `rollback` can tell. Config: see `BaseMLFlow`; take that of the metadata tracker.
    """

    def register(
        self, name: str, folder: Path, run_id: str, metrics: Mapping[str, float] | None = None
    ) -> str:
        """Keep a copy of `folder` as the next version; see `BaseModelRepository.register`."""
        check_files(folder)
        measured = {key: float(value) for key, value in (metrics or {}).items()}
        with plain_errors():
            self._make_model(name)
            run = self._run(run_id)
            # A folder of its own for each version, since versions do not change.
            place = f"models/{_plain(name)}/{secrets.token_hex(4)}"
            self.client.log_artifacts(run, str(folder), place)
            tags = {f"{_METRIC_TAG}{key}": repr(value) for key, value in measured.items()}
            stand_in = {} if run == run_id else {RUN_TAG: run_id}
            made = self.client.create_model_version(
                name,
                source=f"{self.client.get_run(run).info.artifact_uri}/{place}",
                run_id=run,
                tags=tags | stand_in,
                description=_description(measured),
            )
        return str(made.version)

    def promote(self, name: str, version: str, alias: str = PRODUCTION) -> None:
        """Let `alias` name this version from now on; see `BaseModelRepository.promote`."""
        check_alias(alias)
        self._existing(name, version)
        history = self._history(name, alias)
        if history[-1:] != [version]:
            self._point(name, alias, [*history, version])

    def rollback(self, name: str, alias: str = PRODUCTION) -> ModelVersion:
        """Give `alias` back to the version before; see `BaseModelRepository.rollback`.

        An alias that somebody has moved in MLflow itself goes back to where it was before that.
        """
        history = self._history(name, alias)
        if len(history) < 2:  # noqa: PLR2004 - the one now, and one before it
            message = f"{alias!r} of the model {name!r} has named no version before"
            raise LookupError(message)
        self._point(name, alias, history[:-1])
        return _version(self._existing(name, history[-2]))

    def find(self, name: str, alias: str = PRODUCTION) -> ModelVersion | None:
        """The version that an alias names; None if there is no such model or alias."""
        model = self._model(name)
        version = None if model is None else model.aliases.get(alias)
        return None if version is None else _version(self._existing(name, str(version)))

    def fetch(self, name: str, version: str, target: Path) -> Path:
        """Copy a version's files below `target`; LookupError if there is no such version."""
        stored = self._existing(name, version)
        target.mkdir(parents=True, exist_ok=True)
        found = download_artifacts(
            artifact_uri=stored.source, dst_path=str(target), tracking_uri=self.store.uri
        )
        return Path(found)

    def versions(self, name: str) -> list[ModelVersion]:
        """All versions of a model, the first one first; empty if there is no such model."""
        if self._model(name) is None:
            return []
        # A search leaves the aliases out.
        quoted = name.replace("'", "\\'")
        page = self.client.search_model_versions(f"name='{quoted}'")
        found = list(page)
        while page.token:
            page = self.client.search_model_versions(f"name='{quoted}'", page_token=page.token)
            found += page
        numbers = sorted(int(each.version) for each in found)
        return [_version(self._existing(name, str(number))) for number in numbers]

    def _make_model(self, name: str) -> None:
        try:
            self.client.create_registered_model(name)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise

    def _run(self, run_id: str) -> str:
        """The MLflow run that keeps a version's files: the one that made it, or its stand-in."""
        try:
            return str(self.client.get_run(run_id).info.run_id)
        except MlflowException as error:
            if error.error_code not in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
                raise
        found = self.store.stand_in(run_id)
        if found is None:
            found = self.store.create_run(run_id, {RUN_TAG: run_id})
            self.client.set_terminated(found, status="FINISHED")
        return found

    def _model(self, name: str) -> RegisteredModel | None:
        try:
            return self.client.get_registered_model(name)
        except MlflowException as error:
            if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
                return None
            raise

    def _existing(self, name: str, version: str) -> StoredVersion:
        absent = f"the model {name!r} has no version {version!r}"
        try:
            with plain_errors(absent=absent):
                return self.client.get_model_version(name, version)
        except ValueError:
            # MLflow's word for a version that is no number.
            raise LookupError(absent) from None

    def _history(self, name: str, alias: str) -> list[str]:
        """The versions that an alias has named, the last of them now."""
        model = self._model(name)
        if model is None:
            message = f"there is no model {name!r}"
            raise LookupError(message)
        kept = [each for each in model.tags.get(f"{_HISTORY_TAG}{alias}", "").split(" ") if each]
        now = model.aliases.get(alias)
        return kept if now is None or kept[-1:] == [str(now)] else [*kept, str(now)]

    def _point(self, name: str, alias: str, history: list[str]) -> None:
        """Let an alias name the last version of a history, which is kept."""
        self.client.set_registered_model_alias(name, alias, history[-1])
        kept = " ".join(history[-_LONGEST_HISTORY:])
        self.client.set_registered_model_tag(name, f"{_HISTORY_TAG}{alias}", kept)


def _plain(name: str) -> str:
    """A name as a folder's."""
    return re.sub(r"[^\w.-]", "_", name)


def _description(metrics: Mapping[str, float]) -> str:
    """What MLflow's pages say of a version: its metrics in a line, since lists show only one."""
    return ", ".join(f"{name} {value:.4g}" for name, value in metrics.items())


def _version(stored: StoredVersion) -> ModelVersion:
    tags = stored.tags
    return ModelVersion(
        name=stored.name,
        version=str(stored.version),
        run_id=tags.get(RUN_TAG) or stored.run_id or "",
        metrics={
            key.removeprefix(_METRIC_TAG): float(value)
            for key, value in tags.items()
            if key.startswith(_METRIC_TAG)
        },
        aliases=tuple(sorted(stored.aliases)),
        created=datetime.fromtimestamp(stored.creation_timestamp / 1000, UTC),
    )
