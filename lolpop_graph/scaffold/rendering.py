"""Templates and what they become: the one place that meets copier."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from lolpop_graph.classes.loading import EXTRAS, missing_module, pip_install, told
from lolpop_graph.errors import WorkflowError
from lolpop_graph.faults import TemplateFailed

TEMPLATES = Path(__file__).parent.parent / "templates"


class Template(NamedTuple):
    """A template: one of ours by its name, or a folder or address of git of the user's own.

    `may_run` says whether it may run commands and code of its own on this machine; `answers` are
    what it would ask for.
    """

    source: str
    is_own: bool = True
    may_run: bool = False
    answers: Mapping[str, Any] = {}


def render(template: Template, folder: Path, data: Mapping[str, Any]) -> None:
    """Write what a template becomes into a folder; WorkflowError says why nothing could be.

    What is not answered is asked for on a terminal, and is elsewhere what the template itself
    says. Files that are there already are replaced.
    """
    source = str(TEMPLATES / template.source) if template.is_own else template.source
    try:
        import copier  # noqa: PLC0415 - it takes half a second, and other commands need none of it

        copier.run_copy(
            source,
            folder,
            data={**data, **template.answers},
            defaults=not sys.stdin.isatty(),
            overwrite=True,
            quiet=True,
            unsafe=template.may_run,
        )
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - a template holds code of its own
        raise WorkflowError([_failed(template, error)]) from None


def _failed(template: Template, error: BaseException) -> TemplateFailed:
    reason, remedy = _told(error), ""
    if extra := EXTRAS.get(missing_module(error)):
        remedy = f"run: {pip_install(extra)}"
    elif type(error).__name__ == "UnsafeTemplateError":
        reason = "it would run commands or code of its own on this machine"
        remedy = "read it, and if you trust who made it, add --trust-template"
    elif not Path(template.source).is_dir():
        remedy = "give a folder, or the address of a repository that git can read"
        if shutil.which("git") is None:
            remedy += ", for which git has to be installed"
    return TemplateFailed(template=template.source, reason=reason, remedy=remedy)


def _told(error: BaseException) -> str:
    """What an error says in one line; of a command that failed, what that said last."""
    said = getattr(error, "stderr", None)
    lines = str(said).strip().splitlines() if said else []
    return lines[-1] if lines else told(error).strip().partition("\n")[0]
