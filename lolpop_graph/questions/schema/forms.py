"""Parts of which schemas are made: a mapping, or one reference in the place of a value."""

from __future__ import annotations

from typing import Any, Final

REFERENCE: Final = r"^(\$[^\s${}]+|\$\{[^{}]+\})$"
"""One reference and nothing else, which may stand for anything."""


def mapping(**schema: Any) -> dict[str, Any]:
    """A mapping, nothing, or a reference to one."""
    return {
        "type": ["object", "null", "string"],
        "pattern": REFERENCE,
        "patternErrorMessage": "A mapping is expected here, or one reference.",
        **schema,
    }


def or_reference(schema: dict[str, Any]) -> dict[str, Any]:
    """What a schema allows, or a reference to it."""
    return {"anyOf": [schema, {"type": "string", "pattern": REFERENCE}]}
