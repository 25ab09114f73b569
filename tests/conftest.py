"""The option that rewrites golden files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register `--update-golden`."""
    parser.addoption(
        "--update-golden", action="store_true", help="write what is found into the golden files"
    )
