"""A JSON Schema of one workflow's framework, for editors: draft 7, which they know best."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from lolpop_graph.config import PLUGINS_KEY, PROBLEM_KEY, SEARCH_KEY
from lolpop_graph.expand import is_root_key
from lolpop_graph.framework import RESERVED_KEYS, Framework
from lolpop_graph.model import (
    FRAMEWORK_KEY,
    SWEEP_KEY,
    TESTS_KEY,
    Group,
    Integration,
    Layer,
    groups_in,
)
from lolpop_graph.placement import PLACEMENT_KEYS, is_placed, is_placement, runs_elsewhere
from lolpop_graph.questions.schema.classes import ClassNotes, ClassReader
from lolpop_graph.questions.schema.forms import REFERENCE, mapping
from lolpop_graph.questions.schema.placement import placement_definitions
from lolpop_graph.questions.schema.tests import tests_definitions
from lolpop_graph.searches import Search
from lolpop_graph.wired import PUBLIC_NAMES

if TYPE_CHECKING:
    from lolpop_graph.questions.asked import Questions

Schema = dict[str, Any]

_DRAFT: Final = "http://json-schema.org/draft-07/schema#"
_NAME: Final = r"[^\x00-\x40\x5b-\x60\x7b-\x7f][^\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x7f]*"
"""What is no name of Python is none of an integration; other alphabets than ours are let be."""
_FULL_CLASS: Final = r"^\s*(\S*[.:$]\S.*|Base\w*|_\w*)$"
"""Classes that are not suggested: named in full, by a reference, or there to be inherited."""
_TEXTS: Final = {"type": ["string", "array"], "items": {"type": "string"}}
_SETTINGS: Final = {
    PLUGINS_KEY: {
        **_TEXTS,
        "description": "Files and folders with classes, relative to this file.",
    },
    SEARCH_KEY: {**_TEXTS, "description": "Modules in which classes are looked up last."},
}
_FLAGS: Final = {
    "pass_integration_to_siblings": "Whether later layers beside this one, and what is below them, are given its integrations. Default: true.",  # noqa: E501 - one sentence
    "update_peer_integrations": "Whether its integrations see each other. Default: {default}.",
}
_FLAG: Final = {
    "type": ["boolean", "string"],
    "pattern": REFERENCE,
    "patternErrorMessage": "A flag is true or false, or one reference.",
}
_NO_NAME: Final = "This cannot be an integration's name: it is no identifier, or taken."
_PROBLEM: Final = {"description": "What the workflow solves, such as classification."}


def schema_of(questions: Questions, *, closed: bool, classes: bool = False) -> Schema:
    """The schema of a plan's document, its overlays, and other workflows of its framework.

    Where it is `closed`, blocks of names that the workflow does not declare are refused. With
    `classes`, those that it names are imported, and their typed configs said in full.
    """
    return _Maker(questions, closed=closed, classes=classes).schema()


class _Maker:
    """Makes one schema; what stands at many places is defined once."""

    def __init__(self, questions: Questions, *, closed: bool, classes: bool) -> None:
        self.order = questions.integrations
        self.root = self.order[0]
        self.layers = {
            layer.path: f"layer{number}"
            for number, layer in enumerate(_layers(questions.framework))
        }
        self.closed = closed
        self.name = " + ".join(PurePath(each.name).name for each in questions.document.sources)
        self.framework = questions.framework
        self.reader = ClassReader(questions, questions.casting() if classes else None)
        self.definitions: dict[str, Schema] = {}
        taken = {*PUBLIC_NAMES, *RESERVED_KEYS, *keyword.kwlist, *questions.framework.names()}
        self.taken = {name for name in taken if re.fullmatch(_NAME, name)}
        self.free_name = self._free_name(())
        self.blocks: dict[str, str] = {}
        self.places: dict[str, dict[Search, None]] = {}
        for group in groups_in(self.order):
            self.places.setdefault(group.layer.path, {})[self.reader.texts.search(group)] = None

    def schema(self) -> Schema:
        root = self.framework.root
        for layer in _layers(self.framework):
            self._define(layer)
        block = self._block(root, self.root)
        properties = {
            FRAMEWORK_KEY: self._framework(root),
            root.name: self._root(root),
            **block.pop("properties"),
        }
        self.definitions |= tests_definitions() | placement_definitions()
        return {
            "$schema": _DRAFT,
            "title": f"Workflow of {self.name}",
            "description": "Made by `lolpop-graph schema`; to be made again when layers or classes "
            "change.",
            **block,
            "type": "object",
            "properties": properties,
            "definitions": dict(sorted(self.definitions.items())),
        }

    def _free_name(self, besides: Iterable[str]) -> str:
        """What the name of any integration is like, but for some names."""
        return f"^(?!({'|'.join(sorted({*self.taken, *besides}))})$){_NAME}$"

    def _define(self, layer: Layer) -> None:
        """Define what is the same for all integrations of a layer: name, class, flags, block."""
        name, is_wrapping = self.layers[layer.path], layer in self.framework.decorators
        flags = {} if is_wrapping else _flags(layer)
        self.definitions[f"{name}.class"] = self._class(layer)
        self.definitions[f"{name}.config"] = mapping(
            description=f"Config of the layer `{layer.path}`: its flags, and values for all in it.",
            properties={**flags, **_settings()},
            patternProperties=_in_any_case({**dict.fromkeys(flags, _FLAG), **_SETTINGS}),
        )
        self.definitions[f"{name}.block"] = self._block(layer, None)

    def _class(self, layer: Layer) -> Schema:
        """The classes that are found for a layer, each with what it says of itself."""
        # What the document declares nothing of is searched as it would be at the root.
        places = self.places.get(layer.path) or {
            self.reader.texts.search(Group(layer, self.root, None)): None
        }
        docs = {
            name: self.reader.notes(name, search).doc
            for search in places
            for name in self.reader.names(search)
        }
        names = sorted(docs)
        found = {"enum": names, "enumDescriptions": [docs[name] for name in names]}
        return {
            "description": f"The class of an integration of the layer `{layer.name}`.",
            "anyOf": [*([found] if names else []), {"type": "string", "pattern": _FULL_CLASS}],
        }

    def _section(self, layer: Layer, group: Group | None) -> Schema:
        """A section: names with their classes, and the layer's config."""
        name = self.layers[layer.path]
        config: Schema = {"$ref": f"#/definitions/{name}.config"}
        members = group.members.values() if group else ()
        keys = self._keys(each for member in members for each in self._with_below(member))
        if keys:
            config = {"allOf": [config, {"properties": keys}]}
        return mapping(
            description=f"Integrations of the layer `{layer.path}`: names with their classes.",
            properties={"config": config},
            propertyNames={
                "pattern": f"^(config|{self.free_name[1:-1]})$",
                "patternErrorMessage": _NO_NAME,
            },
            additionalProperties={"$ref": f"#/definitions/{name}.class"},
        )

    def _root(self, root: Layer) -> Schema:
        """The root's class, or a mapping with its name, its class, and its layer's config."""
        name = self.layers[root.path]
        own_class = {"$ref": f"#/definitions/{name}.class"}
        named = {
            "type": "object",
            "properties": {
                "config": {"$ref": f"#/definitions/{name}.config"},
                root.name: own_class,
            },
            "propertyNames": {
                "anyOf": [{"enum": ["config", root.name]}, {"pattern": self.free_name}]
            },
            "additionalProperties": own_class,
            "anyOf": [{"maxProperties": 1}, {"required": ["config"], "maxProperties": 2}],
        }
        return {
            "description": f"The root's class, or `{{name: Class}}`; layer `{root.name}`.",
            "anyOf": [own_class, {"type": "null"}, named],
        }

    def _block(self, layer: Layer, integration: Integration | None) -> Schema:
        """A block: sections of the layers below, blocks of what they declare, and config."""
        groups = {group.layer.path: group for group in integration.groups} if integration else {}
        properties: Schema = {
            "config": self._config(layer, integration),
            **{
                child.name: self._section(child, groups.get(child.path)) for child in layer.sections
            },
        }
        for group in groups.values():
            for member in group.members.values():
                properties[member.name] = self._member(member)
        made = mapping(properties=properties, additionalProperties=False)
        below = [
            {"$ref": f"#/definitions/{self.layers[each.path]}.block"} for each in layer.sections
        ]
        others = [] if self.closed else below
        reserved = list(self._reserved(layer, integration))
        for key in reserved:
            # Where names are free, another workflow may have an integration that is called so.
            properties[key] = _any_of([{"$ref": f"#/definitions/{key}"}, *others])
        if others:
            made["patternProperties"] = {self._free_name(reserved): _any_of(others)}
        return made

    def _reserved(self, layer: Layer, integration: Integration | None) -> Iterator[str]:
        """The keys of a block that have a meaning of their own, and no name takes."""
        if layer.parent is None:
            keys = (TESTS_KEY, SWEEP_KEY)
            yield from (key for key in keys if is_root_key(key, self.framework, self.root))
        elif integration:
            placed = PLACEMENT_KEYS if runs_elsewhere(integration) else ()
            yield from (key for key in placed if is_placement(integration, key))
        elif layer not in self.framework.decorators and is_placed(layer):
            yield from (key for key in PLACEMENT_KEYS if key not in self.framework.names())

    def _member(self, member: Integration) -> Schema:
        """The block of an integration that the workflow declares; equal ones are defined once."""
        block = self._block(member.layer, member)
        notes = self._notes(member)
        if notes and notes.doc:
            block = {"description": f"{notes.name}: {notes.doc}", **block}
        text = json.dumps(block)
        layer = self.layers[member.layer.path]
        name = self.blocks.setdefault(text, f"{layer}.block{len(self.blocks) + 1}")
        self.definitions[name] = block
        return {"$ref": f"#/definitions/{name}"}

    def _config(self, layer: Layer, integration: Integration | None) -> Schema:
        """The config of an integration: the keys that it and all below it are known to read."""
        reading = self._with_below(integration) if integration else []
        own = self._notes(integration) if integration else None
        is_searched = layer.parent is None or bool(layer.children)
        properties = {**self._keys(reading, own), **(_settings() if is_searched else {})}
        patterns = _in_any_case(_SETTINGS) if is_searched else {}
        return mapping(
            description="Config: values for this integration and all below it.",
            properties={**properties, PROBLEM_KEY: _PROBLEM},
            **({"patternProperties": patterns} if patterns else {}),
        )

    def _with_below(self, integration: Integration) -> Sequence[Integration]:
        return self.order[integration.index : integration.end]

    def _notes(self, integration: Integration) -> ClassNotes | None:
        name = integration.class_name
        return (
            self.reader.notes(name, self.reader.texts.search(integration.group)) if name else None
        )

    def _keys(self, integrations: Iterable[Integration], own: ClassNotes | None = None) -> Schema:
        """The config keys of classes, each with what they say of it.

        What it may be is what its `own` class says, else what all say that inherit it from here.
        """
        said: dict[str, dict[str, None]] = {}
        schemas: dict[str, list[Schema]] = {}
        read = {id(notes): notes for notes in map(self._notes, integrations) if notes}
        for notes in read.values():
            for key in notes.keys:
                said.setdefault(key, {})[notes.says(key)] = None
                schemas.setdefault(key, []).append(notes.schemas.get(key, {}))
        typed = {key: found[0] for key, found in schemas.items() if _are_one(found)}
        typed |= own.schemas if own else {}
        return {
            key: {"description": " ".join(texts), **typed.get(key, {})}
            for key, texts in said.items()
        }

    def _framework(self, root: Layer) -> Schema:
        """The tree of layers: one root, and no layer with a name that the document needs."""
        self.definitions["layers"] = {
            "type": ["object", "null"],
            "propertyNames": {"not": {"enum": sorted(RESERVED_KEYS)}},
            "additionalProperties": {"$ref": "#/definitions/layers"},
        }
        own = {"allOf": [{"$ref": "#/definitions/layers"}, {"properties": {root.name: False}}]}
        return {
            "description": "The tree of layers. Make this schema again when it changes.",
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "propertyNames": {"not": {"enum": sorted(RESERVED_KEYS)}},
            "properties": {root.name: own},
            "additionalProperties": {"$ref": "#/definitions/layers"},
        }


def _layers(framework: Framework) -> list[Layer]:
    """All layers of which a document may have a section."""
    return [*framework.layers(), *framework.decorators]


def _any_of(schemas: Sequence[Schema]) -> Schema:
    return schemas[0] if len(schemas) == 1 else {"anyOf": [*schemas]}


def _are_one(schemas: Sequence[Schema]) -> bool:
    """Whether all who read a key say the same of what it may be."""
    return all(each == schemas[0] for each in schemas)


def _flags(layer: Layer) -> Schema:
    default = "true" if layer.is_leaf else "false"
    return {
        flag: {**_FLAG, "description": text.format(default=default)}
        for flag, text in _FLAGS.items()
    }


def _settings() -> Schema:
    return {key: {"description": value["description"]} for key, value in _SETTINGS.items()}


def _in_any_case(properties: Schema) -> Schema:
    """The same properties, whose keys may have letters of any case, as those of configs have."""
    return {
        f"^{''.join(f'[{each}{each.upper()}]' if each.isalpha() else each for each in key)}$": value
        for key, value in properties.items()
    }
