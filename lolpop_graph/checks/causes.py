"""Which faults only come of another one, and so are not reported beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lolpop_graph import faults as f
from lolpop_graph.config import PLUGINS_KEY, SEARCH_KEY
from lolpop_graph.errors import Fault, Severity
from lolpop_graph.expand import LAYER_FLAGS
from lolpop_graph.model import FRAMEWORK_KEY, Place
from lolpop_graph.text import suggestion

_HIDING = frozenset(("config", PLUGINS_KEY, SEARCH_KEY))
"""What says, or may hold what says, where classes are searched."""


def without_misread(found: Sequence[Fault]) -> list[Fault]:
    """The faults of a draft, but for what is missing where a misspelt key would have put it.

    References that lead to a block which is misspelt, and what an overlay adds to such a block.
    """
    misread = dict(_misread(found))
    return [fault for fault in found if not _is_of_misread(fault, misread)]


def _misread(found: Iterable[Fault]) -> Iterator[tuple[str, str]]:
    """The paths in the document that misspelt keys should have, each with the key."""
    for fault in found:
        if isinstance(fault, f.UnknownBlock | f.UnknownSection) and fault.meant:
            owner, key = _owner_and_key(fault)
            yield _joined(owner, fault.meant), key


def _owner_and_key(fault: f.UnknownBlock | f.UnknownSection) -> tuple[str, str]:
    if isinstance(fault, f.UnknownBlock):
        return fault.owner, fault.name
    return fault.path, fault.section


def _joined(owner: str, key: str) -> str:
    """The path in the document of a key in an integration's block."""
    _, _, below = owner.partition(".")
    return f"{below}.{key}" if below else key


def _is_of_misread(fault: Fault, misread: dict[str, str]) -> bool:
    """Whether what is missing would be below a misspelt key, and is like nothing else there."""
    if isinstance(fault, f.ReferenceNowhere):
        key = _misread_above(fault.missing, misread)
        close = suggestion(fault.missing.rpartition(".")[2], fault.allowed) if key else None
    elif isinstance(fault, f.UnknownBlock | f.UnknownSection):
        key = _misread_above(_joined(*_owner_and_key(fault)), misread)
        close = fault.meant
    else:
        return False
    return key is not None and close in {None, key}


def _misread_above(path: str, misread: dict[str, str]) -> str | None:
    """The misspelt key that a path, or the beginning of it, should have."""
    steps = path.split(".")
    above = (".".join(steps[: count + 1]) for count in range(len(steps)))
    return next((misread[step] for step in above if step in misread), None)


def without_classes_caused(found: Sequence[Fault], of_classes: Sequence[Fault]) -> list[Fault]:
    """The faults of a draft and of its classes, but for what a misspelt key of the draft causes.

    A key for which classes or integrations are missing is no mere warning.
    """
    meant = {getattr(fault, "meant", None) for fault in found}
    if FRAMEWORK_KEY in meant:
        return list(found)
    left = [fault for fault in of_classes if not _is_hidden(fault, meant)]
    is_grave = len(left) < len(of_classes)
    return [*(_graver(fault) if is_grave else fault for fault in found), *_told_once(left)]


def _is_hidden(fault: Fault, meant: set[str | None]) -> bool:
    """Whether a class or an integration may be missing only since a key is misspelt."""
    if isinstance(fault, f.ClassMissing):
        return bool(fault.searched) and not _HIDING.isdisjoint(meant)
    if isinstance(fault, f.IntegrationMissing):
        return not suggestion(fault.name, fault.reachable) and not meant.isdisjoint(LAYER_FLAGS)
    return False


def _graver(fault: Fault) -> Fault:
    return fault.changed(severity=Severity.ERROR) if isinstance(fault, f.SettingMisspelt) else fault


def _told_once(found: Iterable[Fault]) -> Iterator[Fault]:
    """Tell once what several classes require, where one misspelt name or key keeps it from all."""
    told: set[tuple[str, str, str]] = set()
    for fault in found:
        close = None
        if isinstance(fault, f.KeyMissing):
            name, close = fault.key, suggestion(fault.key, fault.written)
        elif isinstance(fault, f.IntegrationMissing):
            name, close = fault.name, suggestion(fault.name, fault.reachable)
        if close is None:
            yield fault
        elif (fault.code, name, close) not in told:
            told.add((fault.code, name, close))
            yield fault


def without_told_keys(found: Sequence[Fault]) -> list[Fault]:
    """The faults of classes, but for what two of them say of one key: the graver one is told.

    A key that no field has is not told where it looks like one, or like one that is missing.
    """
    meant = {
        suggestion(fault.key, fault.written) for fault in found if isinstance(fault, f.KeyMissing)
    }
    grave = {
        fault.place
        for fault in found
        if isinstance(fault, f.KeyUnknown) and fault.severity is Severity.ERROR
    }
    like = {fault.place for fault in found if isinstance(fault, f.KeyMisspelt)} - grave
    return [fault for fault in found if not _is_told(fault, meant, grave, like)]


def _is_told(
    fault: Fault, meant: set[str | None], grave: set[Place | None], like: set[Place | None]
) -> bool:
    if isinstance(fault, f.KeyMisspelt):
        return fault.place in grave
    return isinstance(fault, f.KeyUnknown) and (fault.key in meant or fault.place in like)
