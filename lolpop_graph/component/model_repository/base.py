"""What every model repository can do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from lolpop_graph.integration import BaseComponent

PRODUCTION = "production"
"""The alias of the version that is in use, where nobody says otherwise."""


@dataclass(frozen=True)
class ModelVersion:
    """One version of a model: where it came from, how good it was, and what it is called.

    `version` counts from "1"; `run_id` is the metadata tracker's; `created` is in UTC.
    """

    name: str
    version: str
    run_id: str
    metrics: Mapping[str, float] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    created: datetime | None = None


class BaseModelRepository(BaseComponent):
    """Keeps versions of models by name; an alias, such as `production`, names one of them.

    A version is a folder of files, never changed once it is registered: what the train pipeline
    saves, the features and the model. An alias names one version at a time; moving it is how a
    version is brought into use (`promote`) and out of it again (`rollback`), and no file moves.
    """

    def register(
        self, name: str, folder: Path, run_id: str, metrics: Mapping[str, float] | None = None
    ) -> str:
        """Keep a copy of `folder` as the next version of the model `name`, and return its number.

        It has no alias yet. `run_id` is the run that made it. Raises ValueError for a name that
        cannot be kept or an empty folder, FileNotFoundError where there is no such folder.
        """
        raise NotImplementedError

    def promote(self, name: str, version: str, alias: str = PRODUCTION) -> None:
        """Let `alias` name this version from now on; the one that had it is kept, without it.

        Promoting the version that has the alias changes nothing. LookupError if there is no such
        version.
        """
        raise NotImplementedError

    def rollback(self, name: str, alias: str = PRODUCTION) -> ModelVersion:
        """Give `alias` back to the version that had it before, and return that version.

        Each rollback undoes one `promote`. LookupError where there is none left to undo.
        """
        raise NotImplementedError

    def find(self, name: str, alias: str = PRODUCTION) -> ModelVersion | None:
        """The version that an alias names; None if there is no such model or alias."""
        raise NotImplementedError

    def fetch(self, name: str, version: str, target: Path) -> Path:
        """Copy a version's files below the folder `target`, and return the folder they are in.

        LookupError if there is no such version.
        """
        raise NotImplementedError

    def versions(self, name: str) -> list[ModelVersion]:
        """All versions of a model, the first one first; empty if there is no such model."""
        raise NotImplementedError


def check_alias(alias: str) -> None:
    """Raise ValueError for what cannot be an alias anywhere: it is a word, and no version."""
    if not re.fullmatch(r"[A-Za-z_][\w-]{0,99}", alias, re.ASCII) or re.fullmatch(
        r"v\d+|latest", alias, re.IGNORECASE
    ):
        message = (
            f"{alias!r} cannot be an alias: it is made of letters, digits, `_` and `-`, begins "
            "with a letter, and is neither `latest` nor like `v1`"
        )
        raise ValueError(message)


def check_files(folder: Path) -> None:
    """Raise FileNotFoundError for a folder that is not there, ValueError for an empty one."""
    if not folder.is_dir():
        message = f"{folder}: there is no such folder to register"
        raise FileNotFoundError(message)
    if not any(path.is_file() for path in folder.rglob("*")):
        message = f"{folder}: there are no files in it to register"
        raise ValueError(message)
