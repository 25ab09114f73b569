"""The parser whose events are read, and what it raises for a text that is no YAML."""

from __future__ import annotations

from typing import Final

import yaml

Parser: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""PyYAML's parser in C, or where that is missing the one in Python."""

# The one in Python lets numbers of characters through that do not exist.
SYNTAX_ERRORS: Final = (yaml.YAMLError, ValueError, OverflowError)
