"""The `class Config` of an integration: its fields, and values made into an instance of it.

Only what asks for a class that declares one imports this, and with it pydantic.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, cast

from pydantic import BaseModel, Secret, SecretBytes, SecretStr, TypeAdapter, ValidationError
from pydantic.errors import PydanticUndefinedAnnotation
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined, to_jsonable_python

from lolpop_graph.config import CONFIG_CLASS, MISSING
from lolpop_graph.kinds import alternatives, type_text

_SECRET_TYPES = (SecretStr, SecretBytes, Secret)
_PLAIN_FACTORIES = (dict, frozenset, list, set, tuple)

Error = Mapping[str, Any]
"""What pydantic says of one wrong value: `type`, `loc`, `msg`, `ctx`."""


class ConfigField(NamedTuple):
    """One field: its attribute, the config key that fills it, and what pydantic knows of it."""

    name: str
    key: str
    info: FieldInfo

    @property
    def is_required(self) -> bool:
        """Whether it has no default."""
        return self.info.is_required()

    @property
    def is_secret(self) -> bool:
        """Whether its type says that it is a secret."""
        return are_secret(alternatives(self.info.annotation))

    @property
    def type_text(self) -> str:
        """Its type as code has it: `int | None`."""
        return type_text(self.info.annotation)

    @property
    def default(self) -> Any:
        """Its default as JSON has it, MISSING for none; what code makes anew is named only."""
        made = self.info.default
        factory = self.info.default_factory
        if factory is not None:
            is_plain = factory in _PLAIN_FACTORIES or dataclasses.is_dataclass(factory)
            if not is_plain:
                return f"{getattr(factory, '__name__', 'a factory')}()"
            made = cast("Any", factory)()
        if made is PydanticUndefined:
            return MISSING
        return to_jsonable_python(made, fallback=repr)


class ConfigType:
    """The config class of an integration's class, which makes its instances of plain values.

    `fields` are by key without regard to case; `extra` says what becomes of other keys:
    "ignore", "allow" or "forbid".
    """

    def __init__(self, owner: type) -> None:
        """Read the class that `owner` declares; TypeError for what is none, or cannot be read."""
        declared: Any = getattr(owner, CONFIG_CLASS)
        is_model = isinstance(declared, type) and issubclass(declared, BaseModel)
        if not (is_model or (isinstance(declared, type) and dataclasses.is_dataclass(declared))):
            raise TypeError("it must be a dataclass or a pydantic model")
        self.cls: type = declared
        try:
            self._adapter = _adapter(declared, owner)
            infos = declared.model_fields if is_model else dict(_infos(declared, owner))
        except Exception as error:
            message = f"pydantic says: {_first_line(error)}"
            raise TypeError(message) from error
        found = (ConfigField(name, _key(name, info), info) for name, info in infos.items())
        self.fields = {field.key.casefold(): field for field in found}
        settings = (
            declared.model_config if is_model else getattr(declared, "__pydantic_config__", {})
        )
        self.extra: str = settings.get("extra") or "ignore"

    def field(self, key: str) -> ConfigField | None:
        """The field that a config key fills, without regard to case, or None."""
        return self.fields.get(key.casefold())

    def make(self, values: Mapping[str, Any]) -> Any:
        """An instance of values by key; ValidationError where some are wrong."""
        return self._adapter.validate_python(values)

    def make_unchecked(self, values: Mapping[str, Any]) -> Any:
        """An instance that has values as they are, and None for what has none and no default."""
        named = {each.name: self._unchecked(each, values) for each in self.fields.values()}
        if issubclass(self.cls, BaseModel):
            return self.cls.model_construct(**named)
        instance: Any = object.__new__(self.cls)
        made = {**dict(_made_within(self.cls)), **named}
        for name, value in made.items():
            object.__setattr__(instance, name, value)
        return instance

    def _unchecked(self, field: ConfigField, values: Mapping[str, Any]) -> Any:
        if field.key in values:
            return values[field.key]
        if field.is_required:
            return None
        return field.info.get_default(call_default_factory=True, validated_data={})

    def changed(self, instance: Any, field: ConfigField, value: Any) -> Any:
        """The instance with one field set, itself unless it is frozen; ValidationError."""
        try:
            self._adapter.validator.validate_assignment(instance, field.name, value)
        except ValidationError as error:
            if not error.errors()[0]["type"].startswith("frozen"):
                raise
            have = {each.key: getattr(instance, each.name) for each in self.fields.values()}
            return self.make({**have, field.key: value})
        return instance

    def json_schema(self) -> dict[str, Any]:
        """Its JSON Schema, as pydantic makes it."""
        return self._adapter.json_schema()


@lru_cache(maxsize=512)
def config_type(owner: type) -> ConfigType | None:
    """The config class that a class declares or inherits, read once; None where there is none."""
    return ConfigType(owner) if hasattr(owner, CONFIG_CLASS) else None


def own_defaults(ancestor: type, declared: ConfigType) -> dict[str, Any]:
    """The defaults, by key, that one class itself writes for fields of what is `declared`."""
    config = vars(ancestor).get(CONFIG_CLASS)
    known = config_type(ancestor) if config in declared.cls.__mro__ else None
    names = vars(config).get("__annotations__", {}) if known else ()
    own = [each for each in known.fields.values() if each.name in names] if known else []
    optional = {each.name for each in declared.fields.values() if not each.is_required}
    return {
        each.key: each.default for each in own if each.name in optional and not each.is_required
    }


def are_secret(kinds: Iterable[Any]) -> bool:
    """Whether one of the types that a value may have says that it is a secret."""
    for kind in kinds:
        plain = kind if type(kind) is type else typing.get_origin(kind) or kind
        if isinstance(plain, type) and issubclass(plain, _SECRET_TYPES):
            return True
    return False


def errors_of(error: ValidationError) -> Iterable[Error]:
    """What is wrong with the values of a config."""
    return cast("Iterable[Error]", error.errors(include_url=False, include_input=False))


def _adapter(declared: Any, owner: type) -> TypeAdapter[Any]:
    """What validates a config class, which may name what stands beside it in `owner`."""
    names = dict(vars(owner))
    if issubclass(declared, BaseModel) and not declared.__pydantic_complete__:
        declared.model_rebuild(_types_namespace=names)
    try:
        return TypeAdapter(declared)
    except PydanticUndefinedAnnotation:
        adapter = TypeAdapter(declared, config=None, _parent_depth=0)
        adapter.rebuild(force=True, _types_namespace=names)
        return adapter


def _infos(declared: Any, owner: type) -> Iterator[tuple[str, FieldInfo]]:
    """The fields that a dataclass takes, as pydantic describes those of models."""
    try:
        hints = typing.get_type_hints(declared, include_extras=True)
    except NameError:
        hints = typing.get_type_hints(declared, localns=dict(vars(owner)), include_extras=True)
    for field in dataclasses.fields(declared):
        if not field.init:
            continue
        if field.default is dataclasses.MISSING:
            info = FieldInfo.from_annotation(hints[field.name])
        else:
            info = FieldInfo.from_annotated_attribute(hints[field.name], field.default)
        if field.default_factory is not dataclasses.MISSING:
            info.default_factory = field.default_factory
        info.description = info.description or field.metadata.get("description")
        yield field.name, info


def _made_within(declared: Any) -> Iterator[tuple[str, Any]]:
    """The fields of a dataclass that its constructor does not take, with their defaults."""
    for each in dataclasses.fields(declared):
        if not each.init and each.default is not dataclasses.MISSING:
            yield each.name, each.default
        elif not each.init and each.default_factory is not dataclasses.MISSING:
            yield each.name, each.default_factory()


def _key(name: str, info: FieldInfo) -> str:
    """The key that fills a field: its alias if it has one."""
    alias = info.validation_alias or info.alias or name
    if not isinstance(alias, str):
        message = f"the alias of `{name}` must be one text"
        raise TypeError(message)
    return alias


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
