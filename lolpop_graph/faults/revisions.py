"""Faults of comparing a file with what it was in a revision of its repository."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault


class RevisionMissing(Fault):
    """A revision that cannot be read: without git, without a repository, or unknown there."""

    code: ClassVar[str] = "LG806"
    blames_call: ClassVar[bool] = True
    revision: str
    reason: str
    remedy: str = ""

    @property
    def sentence(self) -> str:
        return f"the revision `{self.revision}` cannot be read: {self.reason}"

    @property
    def cure(self) -> str:
        return self.remedy


class NotInRevision(Fault):
    """A file that a revision does not have."""

    code: ClassVar[str] = "LG807"
    blames_call: ClassVar[bool] = True
    file: str
    revision: str
    reason: str

    @property
    def sentence(self) -> str:
        return f"`{self.file}` cannot be read in the revision `{self.revision}`: {self.reason}"

    @property
    def cure(self) -> str:
        return f"`git log --follow -- {self.file}` lists the revisions that have it"
