"""Random runners do the same where their pipelines live on workers."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

import lolpop_graph as lg
from tests.distant import random_source
from tests.faraway import cluster_client

if TYPE_CHECKING:
    from pathlib import Path

    from distributed import Client

SEEDS = range(40)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Two workers for all seeds."""
    with cluster_client() as client:
        yield client


def outcome(document: dict[str, Any], parts: Path, **where: Any) -> Any:
    """What the runner returns and tracks, or what it raises, and with which attributes."""
    try:
        with lg.build(document, plugin_paths=[parts], **where) as workflow:
            return repr(workflow.root.main())
    except (ValueError, LookupError, ZeroDivisionError, TypeError) as error:
        return type(error).__name__, str(error), getattr(error, "kind", None)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_runner_does_what_it_does_locally(
    seed: int, client: Client, tmp_path: Path
) -> None:
    """The same result, or the same error, by code that knows nothing of where pipelines live."""
    source, document = random_source(seed)
    parts = tmp_path / "parts.py"
    parts.write_text(source, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        there = outcome(document, parts, on=client)
    assert there == outcome(document, parts), source
