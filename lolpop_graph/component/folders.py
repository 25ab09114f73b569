"""Folders that keep what components record: everything in them is whole, or not there."""

from __future__ import annotations

import json
import secrets
import shutil
from getpass import getuser
from pathlib import Path, PurePosixPath
from typing import Any

from lolpop_graph.files import write_whole

OUTPUT_FOLDER = "lolpop_output"
"""Where components write to if `output_folder` says nothing else."""


def output_folder(configured: str | None) -> Path:
    """The folder that the config key `output_folder` names, or the usual one; absolute."""
    return Path(configured or OUTPUT_FOLDER).expanduser().absolute()


def write_json(path: Path, content: Any) -> None:
    """Write a JSON file that people can read too; OSError where it cannot be written."""
    text = json.dumps(content, indent=2, ensure_ascii=False, default=str)
    write_whole(path, f"{text}\n".encode())


def read_json(path: Path) -> Any:
    """What a JSON file holds."""
    return json.loads(path.read_text(encoding="utf-8"))


def below(folder: Path, relative: str) -> Path:
    """A path below a folder, written with `/`; ValueError for one that leads out of it."""
    check_relative(relative)
    return folder / PurePosixPath(relative)


def check_relative(relative: str) -> None:
    """Raise ValueError for a path, written with `/`, that leads out of the folder it is in."""
    path = PurePosixPath(relative)
    if path.is_absolute() or ".." in path.parts or "\\" in relative or "\0" in relative:
        message = f"{relative!r} leads out of the folder that it is to be in"
        raise ValueError(message)


def is_file_name(name: str) -> bool:
    """Whether a text can be the name of one file or folder, on every system and not hidden."""
    odd = set('/\\:*?"<>|') & set(name)
    return (
        bool(name.strip(". "))
        and not odd
        and name.isprintable()
        and not name.startswith(".")
        and name == name.strip()
        and len(name.encode()) <= 200  # noqa: PLR2004 - file systems take 255
    )


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file or a folder to `target`, each file of it whole or not at all.

    A folder that is there already gets the files added, and those of the same names replaced.
    Raises FileNotFoundError if there is no `source`.
    """
    if source.is_dir() and target.is_dir():
        for each in source.iterdir():
            copy_whole(each, target / each.name)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        if source.is_dir():
            shutil.copytree(source, unfinished)
        else:
            shutil.copyfile(source, unfinished)
        _put(unfinished, target)
    finally:
        discard(unfinished)


def _put(made: Path, target: Path) -> None:
    """Put a copy in its place; to a folder that another process has put there, files are added."""
    try:
        made.replace(target)
    except OSError:
        if not (made.is_dir() and target.is_dir()):
            raise
        copy_whole(made, target)


def current_user() -> str:
    """Who runs this process; `unknown` where the system has no name for it, as in containers."""
    try:
        return getuser()
    except (KeyError, OSError):
        return "unknown"


def discard(path: Path) -> None:
    """Remove a file or folder, if there is one."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
