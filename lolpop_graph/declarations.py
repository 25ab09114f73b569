"""What a class declares and defines, as far as checking and building need to know it."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any

from lolpop_graph import faults as f
from lolpop_graph.config import class_defaults
from lolpop_graph.errors import Fault
from lolpop_graph.wired import Wired

if TYPE_CHECKING:
    from lolpop_graph.fields import ConfigType

_NEW = inspect.getattr_static(object, "__new__")
_BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


@dataclass(frozen=True, slots=True, eq=False)
class ClassInfo:
    """What building needs to know of a class, found out once.

    `parameters` are the constructor's, by name, with whether each is required; `own_names` the
    public names that it defines as methods or descriptors; `keys` and `integrations` what it
    requires: config keys, and (layer, name, allowed class names); `secret_keys` the config keys
    whose values it declares to be secret, `optional_keys` those that it reads where they are set,
    `function_keys` those that name a function. `config` is the `class Config` that it declares; the
    keys of its fields are among these.
    """

    cls: type
    is_wired: bool
    parameters: tuple[tuple[str, bool], ...]
    own_names: frozenset[str]
    keys: tuple[str, ...]
    integrations: tuple[tuple[str, str, tuple[str, ...]], ...]
    secret_keys: tuple[str, ...]
    optional_keys: tuple[str, ...]
    function_keys: tuple[str, ...]
    config: ConfigType | None
    has_setup: bool
    has_close: bool

    @property
    def declared_keys(self) -> frozenset[str]:
        """The config keys that it requires, reads, has defaults for, takes or declares secret."""
        defaults = (key for ancestor in self.cls.__mro__ for key in class_defaults(ancestor))
        parameters = (name for name, _ in self.parameters)
        listed = (*self.secret_keys, *self.optional_keys, *self.function_keys)
        return frozenset((*self.keys, *defaults, *parameters, *listed))

    @property
    def demands(self) -> bool:
        """Whether `check_cast` has anything to look at in an integration of this class."""
        declared = self.parameters or self.own_names or self.keys or self.integrations
        return bool(declared) or not self.is_wired


def class_info(cls: type) -> ClassInfo | Fault:
    """Look at a class; a Fault where its declared requirements cannot be read."""
    try:
        return _info(cls)
    except Exception as error:  # noqa: BLE001 - what a class says of itself is its own code
        problem = f"looking at it raises {type(error).__name__}"
        return f.RequirementMalformed(class_name=cls.__name__, attribute="", problem=problem)


def _info(cls: type) -> ClassInfo | Fault:
    is_wired = issubclass(cls, Wired)
    if inspect.isabstract(cls):
        methods = tuple(sorted(getattr(cls, "__abstractmethods__", ())))
        return f.ClassAbstract(class_name=cls.__name__, methods=methods)
    attribute = "__DEFAULT_CONF__"
    try:
        _check_defaults(cls)
        attribute = "__REQUIRED_CONF__"
        keys, integrations = _required(cls) if is_wired else ((), ())
        attribute = "__SECRET_CONF__"
        secret_keys = _listed_keys(cls, attribute)
        attribute = "__OPTIONAL_CONF__"
        optional_keys = _listed_keys(cls, attribute)
        attribute = "__FUNCTION_CONF__"
        function_keys = _listed_keys(cls, attribute)
        attribute = "Config"
        config = _config(cls) if is_wired and hasattr(cls, attribute) else None
    except (TypeError, ValueError) as error:
        problem = str(error)
        return f.RequirementMalformed(class_name=cls.__name__, attribute=attribute, problem=problem)
    fields = config.fields.values() if config else ()
    optional = {field.key.casefold() for field in fields if not field.is_required}
    keys = tuple(key for key in keys if key.casefold() not in optional)
    return ClassInfo(
        cls=cls,
        is_wired=is_wired,
        parameters=_parameters(cls),
        own_names=frozenset(_own_names(cls)),
        keys=_with(keys, (field.key for field in fields if field.is_required)),
        integrations=integrations,
        secret_keys=_with(secret_keys, (field.key for field in fields if field.is_secret)),
        optional_keys=_with(optional_keys, (field.key for field in fields)),
        function_keys=function_keys,
        config=config,
        has_setup=_defines(cls, "setup"),
        has_close=_defines(cls, "close"),
    )


def _config(cls: type) -> ConfigType | None:
    """The `class Config` of a class."""
    from lolpop_graph.fields import config_type  # noqa: PLC0415 - it imports pydantic

    return config_type(cls)


def _with(keys: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    """Keys and more of them, each once without regard to case."""
    first = tuple(more)
    return tuple({key.casefold(): key for key in (*first, *keys)}.values()) if first else keys


def _check_defaults(cls: type) -> None:
    """Raise TypeError for defaults that are no mapping of texts under `config`."""
    for ancestor in cls.__mro__ if issubclass(cls, Wired) else ():
        declared = vars(ancestor).get("__DEFAULT_CONF__", {})
        defaults = declared.get("config", {}) if isinstance(declared, Mapping) else None
        if not isinstance(defaults, Mapping) or not all(isinstance(key, str) for key in defaults):
            raise TypeError("it must be a mapping with a mapping of texts under `config`")


def _required(cls: type) -> tuple[tuple[str, ...], tuple[tuple[str, str, tuple[str, ...]], ...]]:
    """The requirements of a class and of all that it inherits from."""
    keys: dict[str, None] = {}
    integrations: dict[tuple[str, str, tuple[str, ...]], None] = {}
    for ancestor in cls.__mro__:
        declared = vars(ancestor).get("__REQUIRED_CONF__", {})
        if not isinstance(declared, Mapping):
            raise TypeError("it must be a mapping")
        for layer, names in declared.items():
            for text in _names(layer, names):
                if layer == "config":
                    keys[text] = None
                else:
                    name, _, allowed = text.partition("|")
                    classes = tuple(part.strip() for part in allowed.split(",") if part.strip())
                    integrations[str(layer), name.strip(), classes] = None
    return tuple(keys), tuple(integrations)


def _listed_keys(cls: type, attribute: str) -> tuple[str, ...]:
    """The config keys that an attribute of a class and of all that it inherits from lists."""
    keys: dict[str, None] = {}
    for ancestor in cls.__mro__:
        declared = vars(ancestor).get(attribute, ())
        if type(declared) is tuple and not declared:
            continue
        named = declared.get("config", ()) if isinstance(declared, Mapping) else declared
        keys |= dict.fromkeys(_names("config", named))
    return tuple(keys)


def _names(layer: object, names: object) -> Sequence[str]:
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        message = f"`{layer}` must be a list of texts"
        raise TypeError(message)
    return names


def _parameters(cls: type) -> tuple[tuple[str, bool], ...]:
    """The constructor's parameters that can be filled by name, and whether each must be.

    Where a constructor takes any keyword, the one that it inherits counts as well.
    """
    found: dict[str, bool] = {}
    for ancestor in cls.__mro__[:-1]:
        constructor = vars(ancestor).get("__init__")
        if constructor is None:
            continue
        parameters = _after_self(constructor)
        for name, is_required in _fillable(parameters).items():
            found.setdefault(name, is_required)
        if not any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters):
            break
    return tuple(found.items()) or _parameters_of_call(cls)


def _after_self(constructor: Any) -> list[inspect.Parameter]:
    try:
        return list(inspect.signature(constructor).parameters.values())[1:]
    except (TypeError, ValueError):
        return []


def _parameters_of_call(cls: type) -> tuple[tuple[str, bool], ...]:
    """The parameters of a foreign class that is made otherwise, as a NamedTuple is."""
    if issubclass(cls, Wired) or inspect.getattr_static(cls, "__new__") is _NEW:
        return ()
    try:
        return tuple(_fillable(inspect.signature(cls).parameters.values()).items())
    except (TypeError, ValueError):
        return ()


def _fillable(parameters: Iterable[inspect.Parameter]) -> dict[str, bool]:
    """The parameters that can be given by name, each with whether it must be."""
    return {
        parameter.name: parameter.default is inspect.Parameter.empty
        for parameter in parameters
        if parameter.kind in _BY_NAME
    }


def _own_names(cls: type) -> Iterator[str]:
    """The public names that a class defines beyond the base class and plain values."""
    for ancestor in cls.__mro__:
        if ancestor in {Wired, object}:
            continue
        for name, value in vars(ancestor).items():
            is_slot = isinstance(value, MemberDescriptorType) and not issubclass(cls, Wired)
            if name.startswith("_") or is_slot:
                continue
            if callable(value) or hasattr(value, "__get__"):
                yield name


def _defines(cls: type, method: str) -> bool:
    found = getattr(cls, method, None)
    return callable(found) and found is not getattr(Wired, method)
