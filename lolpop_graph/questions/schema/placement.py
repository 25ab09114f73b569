"""The parts of a schema that describe runs on workers, and many runs."""

from __future__ import annotations

from typing import Any, Final

from lolpop_graph.model import RESOURCES_KEY, RETRIES_KEY, SWEEP_KEY
from lolpop_graph.placement import GRID, METHOD, OVER, SET
from lolpop_graph.questions.schema.forms import REFERENCE, mapping, or_reference

_PATHS: Final = {
    "pattern": r"^[^.]+(\.[^.]+)*$",
    "patternErrorMessage": "A dotted path is expected here, such as train.config.depth.",
}


def placement_definitions() -> dict[str, Any]:
    """The definitions `resources`, `retries` and `sweep`."""
    return {
        RESOURCES_KEY: mapping(
            description="What a worker must have to run this: names and amounts, such as GPU: 1.",
            additionalProperties=or_reference({"type": "number", "exclusiveMinimum": 0}),
        ),
        RETRIES_KEY: {
            "description": "How often a call that raised is tried again on workers.",
            "type": ["integer", "null", "string"],
            "minimum": 0,
            "pattern": REFERENCE,
        },
        SWEEP_KEY: mapping(
            description="Many runs of this workflow, for `lolpop-graph sweep`.",
            properties={
                OVER: {
                    "description": "A file with a run in each row: CSV, Parquet or JSON lines; "
                    "relative to this file.",
                    "type": ["string", "null"],
                },
                GRID: mapping(
                    description="Values to try, in all combinations, by dotted path.",
                    propertyNames=_PATHS,
                    additionalProperties=or_reference({"type": "array", "minItems": 1}),
                ),
                SET: mapping(
                    description="Values by dotted path, in which {column} is what a row has.",
                    propertyNames=_PATHS,
                ),
                METHOD: {
                    "description": "The method of the root that each run calls. Default: main.",
                    "type": ["string", "null"],
                },
            },
            additionalProperties=False,
        ),
    }
