"""Files as they were in a revision of their git repository."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from lolpop_graph.document import Content
from lolpop_graph.errors import WorkflowError
from lolpop_graph.faults import NotInRevision, RevisionMissing


def in_revision(revision: str, paths: Sequence[Path]) -> list[Content]:
    """The files as they were in a revision, which is any that git knows.

    Raises WorkflowError without git, where a file lies in no repository, and for a revision or
    a file that this does not have.
    """
    return [_content(revision, path) for path in paths]


def _content(revision: str, path: Path) -> Content:
    folder = path.absolute().parent
    commit = _commit(revision, folder)
    # Not `show`, which would apply what the repository's attributes say.
    done = _git(revision, folder, "cat-file", "blob", f"{commit}:./{path.name}")
    if done.returncode:
        reason = _said(done.stderr) if folder.is_dir() else "its folder is not there"
        raise WorkflowError([NotInRevision(file=str(path), revision=revision, reason=reason)])
    return Content(f"{revision}:{path}", done.stdout, str(folder))


def _commit(revision: str, folder: Path) -> str:
    """The hash of the commit that a revision names."""
    inside = _git(revision, folder, "rev-parse", "--is-inside-work-tree")
    if inside.returncode or inside.stdout.strip() != b"true":
        reason = f"`{folder}` is in no git repository"
        raise WorkflowError([RevisionMissing(revision=revision, reason=reason)])
    name = f"{revision}^{{commit}}"
    found = _git(revision, folder, "rev-parse", "--verify", "--quiet", "--end-of-options", name)
    if found.returncode or not revision:
        reason, remedy = "git knows none of that name here", "`git log --oneline` lists some"
        fault = RevisionMissing(revision=revision, reason=reason, remedy=remedy)
        raise WorkflowError([fault])
    return found.stdout.decode("ascii").split()[-1]


def _git(revision: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", os.fspath(folder), *arguments]
    try:
        return subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)  # noqa: S603 - git itself, without a shell
    except FileNotFoundError:
        reason, remedy = "there is no git on this machine", "install git (https://git-scm.com)"
    except (OSError, ValueError) as error:
        reason, remedy = getattr(error, "strerror", None) or str(error), ""
    fault = RevisionMissing(revision=revision, reason=reason, remedy=remedy)
    raise WorkflowError([fault])


def _said(errors: bytes) -> str:
    """What git says is wrong, in one line without its own beginning."""
    lines = errors.decode(errors="replace").strip().splitlines() or ["git says no more"]
    return lines[-1].removeprefix("fatal: ")
