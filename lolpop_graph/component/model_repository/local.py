"""Versions of models in a folder, with no service."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from lolpop_graph.component.folders import (
    copy_whole,
    discard,
    is_file_name,
    output_folder,
    read_json,
    write_json,
)
from lolpop_graph.component.model_repository.base import (
    PRODUCTION,
    BaseModelRepository,
    ModelVersion,
    check_alias,
    check_files,
)

_ALIASES = "aliases.json"
_RECORD = "version.json"
_FILES = "files"
_LOCK = ".lock"


class LocalModelRepository(BaseModelRepository):
    """Keeps each model in a folder of its own: `<output_folder>/models/<name>/`.

    `versions/<number>/` holds the `files/` of a version and `version.json`, which says where it
    came from; `aliases.json` says which versions an alias has named, the last of them now. A
    version is there whole or not at all, and several processes may register at the same time.

    Config: `output_folder` (default `lolpop_output`).
    """

    __DEFAULT_CONF__ = {"config": {"output_folder": "lolpop_output"}}

    def register(
        self, name: str, folder: Path, run_id: str, metrics: Mapping[str, float] | None = None
    ) -> str:
        """Keep a copy of `folder` as the next version; see `BaseModelRepository.register`."""
        check_files(folder)
        versions = self._model(name) / "versions"
        unfinished = versions / f".{secrets.token_hex(8)}.tmp"
        record = {
            "run_id": run_id,
            "metrics": {key: float(value) for key, value in (metrics or {}).items()},
            "created": datetime.now(UTC).isoformat(),
        }
        try:
            copy_whole(folder, unfinished / _FILES)
            write_json(unfinished / _RECORD, record)
            with self._locked(name):
                version = str(max(self._numbers(name), default=0) + 1)
                unfinished.replace(versions / version)
        finally:
            discard(unfinished)
        return version

    def promote(self, name: str, version: str, alias: str = PRODUCTION) -> None:
        """Let `alias` name this version from now on; see `BaseModelRepository.promote`."""
        check_alias(alias)
        self._existing(name, version)
        with self._locked(name):
            aliases = self._aliases(name)
            named = aliases.setdefault(alias, [])
            if named[-1:] != [version]:
                named.append(version)
                write_json(self._model(name) / _ALIASES, aliases)

    def rollback(self, name: str, alias: str = PRODUCTION) -> ModelVersion:
        """Give `alias` back to the version before; see `BaseModelRepository.rollback`."""
        self._existing(name)
        with self._locked(name):
            aliases = self._aliases(name)
            if len(aliases.get(alias, [])) < 2:  # noqa: PLR2004 - the one now, and one before it
                message = f"{alias!r} of the model {name!r} has named no version before"
                raise LookupError(message)
            aliases[alias].pop()
            write_json(self._model(name) / _ALIASES, aliases)
        return self._read(name, aliases[alias][-1])

    def find(self, name: str, alias: str = PRODUCTION) -> ModelVersion | None:
        """The version that an alias names; None if there is no such model or alias."""
        named = self._aliases(name).get(alias)
        return self._read(name, named[-1]) if named else None

    def fetch(self, name: str, version: str, target: Path) -> Path:
        """Copy a version's files below `target`; LookupError if there is no such version."""
        found = self._existing(name, version) / _FILES
        copy_whole(found, target / f"{name}-{version}")
        return target / f"{name}-{version}"

    def versions(self, name: str) -> list[ModelVersion]:
        """All versions of a model, the first one first; empty if there is no such model."""
        return [self._read(name, str(number)) for number in sorted(self._numbers(name))]

    def _model(self, name: str) -> Path:
        if not is_file_name(name):
            message = f"a model cannot be called {name!r}: its name is one of a folder"
            raise ValueError(message)
        return output_folder(self._get_config("output_folder")) / "models" / name

    def _numbers(self, name: str) -> list[int]:
        """The numbers of the versions; those that are being copied have none yet."""
        found = (self._model(name) / "versions").glob("[0-9]*")
        return [int(path.name) for path in found if path.name.isdecimal()]

    def _existing(self, name: str, version: str | None = None) -> Path:
        """The folder of a version, or of the model; LookupError if there is none."""
        there = self._numbers(name)
        if not there:
            message = f"there is no model {name!r}"
            raise LookupError(message)
        if version is None:
            return self._model(name)
        if version not in map(str, there):
            message = f"the model {name!r} has no version {version!r}; the last is {max(there)}"
            raise LookupError(message)
        return self._model(name) / "versions" / version

    def _aliases(self, name: str) -> dict[str, list[str]]:
        path = self._model(name) / _ALIASES
        return read_json(path) if path.exists() else {}

    def _read(self, name: str, version: str) -> ModelVersion:
        record: Mapping[str, Any] = read_json(self._existing(name, version) / _RECORD)
        named = self._aliases(name)
        return ModelVersion(
            name=name,
            version=version,
            run_id=record["run_id"],
            metrics=record["metrics"],
            aliases=tuple(sorted(alias for alias in named if named[alias][-1] == version)),
            created=datetime.fromisoformat(record["created"]),
        )

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        with FileLock(self._model(name) / _LOCK):
            yield
