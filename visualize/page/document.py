"""Graph -> HTML text: the page's own files and the data put into one, with a strict policy."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from visualize.page.colours import colour_rules
from visualize.page.data import page_data

if TYPE_CHECKING:
    import networkx as nx

    from visualize.view import View

SCRIPTS = (
    "data", "folding", "squeeze", "links", "dom", "zoom", "lines", "picture", "tree", "search",
    "config", "panel", "legend", "address", "main",
)  # fmt: skip
"""The page's scripts, each after those that it uses when it is loaded."""
FILES = ("page.html", "page.css", *(f"{name}.js" for name in SCRIPTS))
"""All files of the page, which stand beside this one."""

# What could end a script element or be read as the end of a line is written as an escape.
_HARMLESS = str.maketrans({
    "<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029",
})  # fmt: skip


def to_page(graph: nx.DiGraph[str], view: View) -> str:
    """Return the page that shows a graph, as a view says; values of the config are not in it.

    Raises ValueError and KeyError as `to_dot` does, RenderError where Graphviz cannot place it.
    """
    data, styles = page_data(graph, view)
    style = _file("page.css") + colour_rules(styles, [kind["name"] for kind in data["kinds"]])
    script = _script()
    parts = {
        "policy": _policy(script, style),
        "title": escape(data["title"] or "Workflow"),
        "style": style,
        "data": _json(data),
        "script": script,
    }
    return _filled(_file("page.html"), parts)


def _filled(page: str, parts: dict[str, str]) -> str:
    """Return the page with each part in its place; what stands in a part is left as it is."""
    filled = []
    for name, part in parts.items():
        before, _, page = page.partition(f"{{{name}}}")
        filled += [before, part]
    return "".join([*filled, page])


def _policy(script: str, style: str) -> str:
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, separators=(",", ":")).translate(_HARMLESS)


@cache
def _script() -> str:
    parts = "".join(_file(f"{name}.js") for name in SCRIPTS)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


@cache
def _file(name: str) -> str:
    return files("visualize.page").joinpath(name).read_text(encoding="utf-8")
