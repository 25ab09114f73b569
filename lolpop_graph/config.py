"""The look-up order of a config key, for a plan and for built objects alike."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from lolpop_graph.block import find_key
from lolpop_graph.model import Integration

OwnConfig = Callable[[Integration], Mapping[str, Any]]


ENVIRONMENT: Final = "environment"
PLUGINS_KEY: Final = "plugin_paths"
SEARCH_KEY: Final = "search_paths"
PROBLEM_KEY: Final = "problem_type"
SETTINGS: Final = frozenset((PLUGINS_KEY, SEARCH_KEY, PROBLEM_KEY))
"""The keys of configs that are read here, whatever the class."""


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()
"""What a look-up answers where no place has the key; None is a value."""


def candidates(
    integration: Integration, key: str, own: OwnConfig, class_of: type | None
) -> Iterator[tuple[str, Any]]:
    """Every value that a key has, as (where, value), in look-up order: the first one counts.

    `own` gives the own config of an integration, as written or as built; `class_of` is the
    integration's class, whose defaults count, or None where it is not known. `where` is the
    path of an integration for its own config, the id of a group for its layer's config, a
    class's name, or `environment`.
    """
    for owner in integration.lineage():
        yield from _in_config(own(owner), key, owner.path)
        yield from _in_config(owner.group.config, key, owner.group.id)
    for ancestor in class_of.__mro__ if class_of else ():
        yield from _in_config(class_defaults(ancestor), key, ancestor.__qualname__)
    variable = key.upper()
    if variable in os.environ:
        yield ENVIRONMENT, os.environ[variable]


def look_up(
    integration: Integration,
    key: str,
    own: OwnConfig,
    class_of: type | None,
    *,
    environment: bool = True,
) -> Any:
    """The value of a key for an integration, or MISSING; without the `environment` if so said."""
    for where, value in candidates(integration, key, own, class_of):
        return value if environment or where != ENVIRONMENT else MISSING
    return MISSING


def class_defaults(ancestor: type) -> Mapping[str, Any]:
    """The defaults that one class itself declares in `__DEFAULT_CONF__["config"]`."""
    declared = vars(ancestor).get("__DEFAULT_CONF__")
    defaults = declared.get("config") if isinstance(declared, Mapping) else None
    return defaults if isinstance(defaults, Mapping) else {}


def _in_config(config: Mapping[str, Any], key: str, where: str) -> Iterator[tuple[str, Any]]:
    found = find_key(config, key) if config else None
    if found is not None:
        yield where, config[found]
