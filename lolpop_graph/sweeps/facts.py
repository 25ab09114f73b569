"""What has to be the same for a sweep to go on: the workflow, and how it is called."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lolpop_graph.block import Block
from lolpop_graph.model import SWEEP_KEY
from lolpop_graph.secrecy import Secret
from lolpop_graph.sweeps.design import Design
from lolpop_graph.sweeps.unresolved import TextAt, text_at, unresolved_at

if TYPE_CHECKING:
    from lolpop_graph.workflow import Plan

_VERSIONS: Final = frozenset(("Python", "lolpop-graph"))
_MOST: Final = 3


def facts_of(
    plan: Plan, made: Design, method: str, arguments: Sequence[Any], salt: bytes
) -> dict[str, str]:
    """By what each is called, a hash of everything that decides what a run gives but its row.

    These are the values of the document as they are written, but for those that each run sets; the
    texts of plug-ins and of classes given from Python; and the call itself. The section `sweep` is
    none of them, so that a grid can grow. Installed packages are not looked into.
    """
    given = [each.value if isinstance(each, Secret) else each for each in arguments]
    facts: dict[str, Any] = {"the method": method, "the arguments": given}
    always = {*made.templates, *made.grid}
    for path, value in _leaves(plan.document.root, partial(text_at, plan.document)):
        if path not in always and path.partition(".")[0] != SWEEP_KEY:
            facts[f"`{path}`"] = value
    for path, template in made.templates.items():
        facts[f"the template of `{path}`"] = template.written
    for axis in made.direct:
        facts[f"the column `{axis}`"] = "sets its path"
    for cls in plan.options.get("classes", ()):
        facts[f"the class `{cls.__name__}`"] = _source(cls)
    for name in ("problem_type", "root_class"):
        facts[f"`{name}`"] = plan.options.get(name)
    hashed = {name: _hash(value, salt) for name, value in facts.items()}
    for name, value in plan.shipment.facts:
        if name not in _VERSIONS:
            hashed[f"the plug-in `{Path(name).name}`"] = value
    return hashed


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """What is another in the one than in the other; of many, the first few and how many more."""
    names = dict.fromkeys([*now, *before])
    found = [name for name in names if before.get(name) != now.get(name)]
    if len(found) > _MOST:
        return (*found[:_MOST], f"{len(found) - _MOST:,} other values")
    return tuple(found)


def whole(facts: Mapping[str, str]) -> str:
    """One short hash of all facts."""
    text = json.dumps(facts, sort_keys=True).encode(errors="backslashreplace")
    return blake2b(text, digest_size=6).hexdigest()


def _leaves(container: Block, text: TextAt, path: str = "") -> Iterator[tuple[str, Any]]:
    """The values below a mapping that are none themselves, references as they are written."""
    for key, item in container.items():
        below = f"{path}.{key}" if path else str(key)
        if isinstance(item, Block) and text(container, key) is None:
            yield from _leaves(item, text, below)
        else:
            yield below, unresolved_at(container, key, text)


def _source(cls: type) -> str:
    try:
        return inspect.getsource(cls)
    except (OSError, TypeError):
        return cls.__qualname__


def _hash(value: Any, salt: bytes) -> str:
    """A hash that tells nothing of the value without the salt; objects count by their class."""
    text = json.dumps(value, sort_keys=True, default=lambda other: type(other).__qualname__)
    return blake2b(text.encode(), digest_size=8, key=salt).hexdigest()
