"""The look-up order of a config key, for a plan and for built objects alike.

A value comes here from the file: `reader` makes a Block of each mapping, with marks of where keys
stand, `document` layers them, `references` puts values in the place of `$a.b`, and `expand` gives
an integration its block. From here `wired` asks for it at run time, `questions.explain` to show
it. A graph has it masked, as `config` of a node (`graph.node_data`); files and pages that are made
of a graph have the keys alone (`visualize.data`, `visualize.page.data`), and the script of a page,
`config.js`, has this order once more to list them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final, TypeVar

from lolpop_graph.block import Block, find_key
from lolpop_graph.decorated import is_setting
from lolpop_graph.model import Group, Integration

OwnConfig = Callable[[Integration], Mapping[str, Any]]
Config = TypeVar("Config", bound=Mapping[str, Any])

ENVIRONMENT: Final = "environment"
PLUGINS_KEY: Final = "plugin_paths"
SEARCH_KEY: Final = "search_paths"
PROBLEM_KEY: Final = "problem_type"
SETTINGS: Final = frozenset((PLUGINS_KEY, SEARCH_KEY, PROBLEM_KEY))
"""The keys of configs that are read here, whatever the class."""

CONFIG_CLASS: Final = "Config"
"""The name of the class that an integration's class declares its config with."""


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()
"""What a look-up answers where no place has the key; None is a value."""


def written(integration: Integration) -> Block:
    """The own config of an integration as the document has it."""
    return integration.config


def configs_of(
    integration: Integration, own: Callable[[Integration], Config]
) -> Iterator[tuple[Integration | Group, Config | Block]]:
    """The configs of a document that an integration looks a key up in, each with whose it is.

    Nearest first, empty ones among them: its own, that of its layer, the same two of its parent,
    and so on to the root. Who asks where a key stands asks here, so that there is one order.
    """
    for owner in integration.lineage():
        yield owner, own(owner)
        yield owner.group, owner.group.config


def candidates(
    integration: Integration, key: str, own: OwnConfig, class_of: type | None
) -> Iterator[tuple[str, Any]]:
    """Every value that a key has, as (where, value), in look-up order: the first one counts.

    `own` gives the own config of an integration, as written or as built; `class_of` is the
    integration's class, whose defaults count, or None where it is not known. `where` is the
    path of an integration for its own config, the id of a group for its layer's config, a
    class's name, or `environment`. What a decorator wraps is asked of the first two alone.
    """
    configs = configs_of(integration, own)
    is_near = is_setting(integration, key)
    for holder, config in islice(configs, 2) if is_near else configs:
        if config and (found := find_key(config, key)) is not None:
            yield holder.path if isinstance(holder, Integration) else holder.id, config[found]
    if is_near:
        return
    for ancestor in class_of.__mro__ if class_of else ():
        defaults = class_defaults(ancestor)
        if defaults and (found := find_key(defaults, key)) is not None:
            yield ancestor.__qualname__, defaults[found]
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
