"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path

from lolpop_graph.interrupts import Held


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`, replacing what is there, or leave all as it was.

    The file gets the permissions that the umask gives. A link stays, and what it leads to is
    written; a device or a pipe is written to, since no other file could take its place. Signals
    wait until the file is written. Raises OSError.
    """
    with Held(__name__):
        if _is_special(path):
            path.write_bytes(content)
        else:
            _replace(_behind_links(path), content)


def _is_special(path: Path) -> bool:
    """Whether there is something that is neither a file nor a folder."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _behind_links(path: Path) -> Path:
    """The file that a path leads to."""
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def _replace(path: Path, content: bytes) -> None:
    """Put a new file in the place of the one at `path`."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    # A name of its own length, since the other one may be as long as names can be.
    temporary = path.with_name(f".lolpop_graph.{secrets.token_hex(8)}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
