"""What the texts of classes say for an editor: what they are for, and their config keys."""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lolpop_graph.classes import ClassFinder
from lolpop_graph.classes.config_texts import FieldText, config_fields
from lolpop_graph.classes.literals import assigned, constant, listed, under_config
from lolpop_graph.declarations import ClassInfo, class_info
from lolpop_graph.planning import trusted
from lolpop_graph.questions.class_texts import ClassTexts
from lolpop_graph.questions.schema.imported import imported_fields, with_references
from lolpop_graph.searches import Search
from lolpop_graph.secrecy import looks_secret

if TYPE_CHECKING:
    from lolpop_graph.casting import Casting
    from lolpop_graph.questions.asked import Questions

_LONGEST_DEFAULT = 200
_LISTS = ("__OPTIONAL_CONF__", "__SECRET_CONF__", "__FUNCTION_CONF__")


@dataclass
class ClassNotes:
    """A class for people: its name, the first paragraph of its docstring, its config keys.

    `required` and `read` are keys in the order written, `defaults` have those that are literals;
    of `secret` keys no default is told. `schemas` are those of the fields of its `Config`, and
    `said` what these say of themselves.
    """

    name: str
    doc: str = ""
    required: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    defaults: dict[str, Any] = field(default_factory=dict)
    secret: set[str] = field(default_factory=set)
    schemas: dict[str, dict[str, Any]] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> list[str]:
        """All config keys, each once."""
        return list(dict.fromkeys([*self.required, *self.defaults, *self.read]))

    def says(self, key: str) -> str:
        """What the class has to say of a key, in a sentence or two."""
        said = self.said.get(key, "")
        return f"{said} {self._demand(key)}".strip()

    def _demand(self, key: str) -> str:
        if key in self.required:
            return f"`{self.name}` requires it."
        if key in self.defaults and not (key in self.secret or looks_secret(key)):
            text = json.dumps(self.defaults[key], ensure_ascii=False)
            if len(text) <= _LONGEST_DEFAULT:
                return f"Default of `{self.name}`: `{text}`."
        return (
            f"`{self.name}` has a default." if key in self.defaults else f"`{self.name}` reads it."
        )


class ClassReader:
    """Reads the classes of one workflow from texts; a class is read once, and none imported."""

    def __init__(self, plan: Questions, casting: Casting | None = None) -> None:
        """Find what the plan would find; what a `casting` has, says of its `Config` what it is."""
        self._casting = casting
        self._finder = ClassFinder(**trusted(plan.options))
        self._known: dict[tuple[str, Search], ClassNotes] = {}
        self.texts = ClassTexts(plan)

    def names(self, search: Search) -> tuple[str, ...]:
        """The bare names that a section may use."""
        return self._finder.known(search.layer, **search.paths)

    def notes(self, class_name: str, search: Search) -> ClassNotes:
        """What the text of a class says; little, where it is not found."""
        asked = class_name, search
        if asked not in self._known:
            self._known[asked] = self._read(class_name, search)
        return self._known[asked]

    def _read(self, class_name: str, search: Search) -> ClassNotes:
        lineage = self.texts.lineage(class_name, search)
        notes = ClassNotes(class_name.replace(":", ".").rpartition(".")[2])
        nodes = [node for definition in lineage.definitions for node in definition.nodes]
        notes.doc = _first_paragraph(nodes)
        texts = [(each.text, node) for each in lineage.definitions for node in each.nodes]
        for each in config_fields(texts):
            _note_field(notes, each)
        info = self._casting.known(class_name, search) if self._casting else None
        if info and info.config:
            found = imported_fields(info.config)
            for key, schema in found.items():
                notes.said.setdefault(key, _sentence(schema.pop("description", "")))
                notes.schemas[key] = with_references(schema)
        for node in nodes:
            for name, value in assigned(node.body):
                _note(notes, name, value)
        infos = map(class_info, self.texts.given(class_name))
        notes.secret.update(*(info.secret_keys for info in infos if isinstance(info, ClassInfo)))
        uses = self.texts.uses(class_name, search)
        notes.read += sorted(uses.keys | uses.parameters if lineage.definitions else ())
        return notes


def secret_keys(plan: Questions) -> dict[str, frozenset[str]]:
    """The keys that the classes of integrations call secret, by the path of each that has some."""
    reader, found = ClassReader(plan), dict[str, frozenset[str]]()
    for member, search in reader.texts.members():
        if member.class_name and (keys := reader.notes(member.class_name, search).secret):
            found[member.path] = frozenset(keys)
    return found


def _first_paragraph(nodes: Sequence[ast.ClassDef]) -> str:
    """The docstring's first paragraph, of the class itself."""
    doc = (ast.get_docstring(nodes[0]) if nodes else None) or ""
    return " ".join(doc.partition("\n\n")[0].split())


def _note(notes: ClassNotes, name: str, value: ast.expr) -> None:
    """Note the config keys of one declaration; what is no literal says nothing."""
    config = under_config(value)
    if name == "__REQUIRED_CONF__" and config is not None:
        notes.required += listed(config) or []
    elif name == "__DEFAULT_CONF__" and isinstance(config, ast.Dict):
        for key, default in zip(config.keys, config.values, strict=True):
            if text := constant(key):
                notes.defaults.setdefault(text, _literal(default))
    elif name in _LISTS:
        keys = listed(config if isinstance(value, ast.Dict) and config else value) or []
        notes.read += keys
        notes.secret |= set(keys) if name == "__SECRET_CONF__" else set()


def _note_field(notes: ClassNotes, found: FieldText) -> None:
    """Note a field of the class's `Config`."""
    if found.default is None:
        notes.required.append(found.key)
    else:
        notes.defaults[found.key] = _literal(found.default)
    if found.is_secret:
        notes.secret.add(found.key)
    notes.schemas[found.key] = with_references(found.schema)
    if found.description:
        notes.said[found.key] = _sentence(found.description)


def _sentence(said: str) -> str:
    text = " ".join(said.split())
    return f"{text}." if text and not text.endswith((".", "!", "?")) else text


def _literal(node: ast.expr) -> Any:
    """The value of a literal that JSON has too; for any other expression its text."""
    try:
        value = ast.literal_eval(node)
        json.dumps(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return ast.unparse(node)
    return value
