"""The part of a schema that describes tests of a workflow."""

from __future__ import annotations

from typing import Any

_HOOK = {"$ref": "#/definitions/tests.hook"}
_HOOKS = {"anyOf": [_HOOK, {"type": "array", "items": _HOOK}, {"type": "null"}]}


def tests_definitions() -> dict[str, Any]:
    """The definitions `tests`, `tests.methods` and `tests.hook`."""
    return {
        "tests": {
            "description": "Hooks that `lolpop-graph test` calls, by the path of an integration "
            "or an expression such as `layer:pipeline`.",
            "type": ["object", "null"],
            "additionalProperties": {"$ref": "#/definitions/tests.methods"},
        },
        "tests.methods": {
            "description": "Public methods; `*` stands for all.",
            "type": ["object", "null"],
            "additionalProperties": {
                "type": ["object", "null"],
                "properties": {
                    "pre": {**_HOOKS, "description": "Called before the method."},
                    "post": {**_HOOKS, "description": "Called after the method."},
                },
                "additionalProperties": False,
            },
        },
        "tests.hook": {
            "description": "A function: `file.py:name`, or `package.module:name`.",
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "required": ["function"],
                    "properties": {
                        "function": {"type": "string"},
                        "name": {"type": "string", "description": "What the report calls it."},
                        "with": {
                            "type": ["object", "null"],
                            "description": "Values for parameters of the function.",
                        },
                        "severity": {"enum": ["fail", "warn"], "default": "fail"},
                    },
                    "additionalProperties": False,
                },
            ],
        },
    }
