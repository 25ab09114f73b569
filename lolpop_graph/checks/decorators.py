"""What is wrong with the settings of decorators, as far as no class is needed to tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lolpop_graph import faults as f
from lolpop_graph.block import find_key
from lolpop_graph.decorated import (
    CLASSES_KEY,
    LAYERS_KEY,
    LISTS,
    SELECT_KEY,
    Choice,
    DecoratorGroup,
    class_texts,
    setting,
    setting_in,
)
from lolpop_graph.document import Document
from lolpop_graph.errors import Fault, Severity
from lolpop_graph.expand import LAYER_FLAGS
from lolpop_graph.model import Integration, Place
from lolpop_graph.scalars import describe


def bad_decorators(
    document: Document, group: DecoratorGroup, order: Sequence[Integration]
) -> Iterator[Fault]:
    """Find settings that are malformed or name nothing, and flags that do nothing."""
    for flag in LAYER_FLAGS:
        key = find_key(group.config, flag)
        if key is not None:
            place = document.place(group.config.key_mark(key))
            yield f.FlagIdle(place=place, flag=flag, path=group.id)
    told: set[Fault] = set()
    for choice in group.choices:
        faults = [*_bad_settings(document, choice), *_unknown_names(document, choice, order)]
        # What stands in the config of the section is one fault, however many decorators read it.
        yield from (fault for fault in faults if fault not in told)
        told.update(faults)
        if not faults and setting(choice.decorator, SELECT_KEY) is None:
            yield from idle(document, choice, order)


def idle(document: Document, choice: Choice, order: Sequence[Integration]) -> Iterator[Fault]:
    """Warn of a decorator that wraps nothing."""
    if not any(choice.covers(order[at]) for at in choice.reach):
        decorator = choice.decorator
        place = document.place(decorator.mark)
        yield f.DecoratorIdle(place=place, path=decorator.path, owner=choice.owner.path)


def settings_of(
    document: Document, decorator: Integration, key: str
) -> Iterator[tuple[object, Place]]:
    """The values of a setting that may be one or a list of some, each with its place."""
    found = setting_in(decorator, key)
    if found is None:
        return
    config, name = found
    value, mark = config[name], config.value_mark(name)
    if isinstance(value, list):
        marks = document.value_marks(value, mark)
        yield from ((item, document.place(at)) for item, at in zip(value, marks, strict=True))
    else:
        yield value, document.place(mark)


def _bad_settings(document: Document, choice: Choice) -> Iterator[Fault]:
    for key in (*LISTS, SELECT_KEY):
        for value, place in settings_of(document, choice.decorator, key):
            is_list = isinstance(setting(choice.decorator, key), list)
            if not isinstance(value, str) or not value.strip() or (is_list and key == SELECT_KEY):
                found = "an empty text" if isinstance(value, str) else describe(value)
                is_text = key == SELECT_KEY
                yield f.DecoratorSetting(place=place, key=key, found=found, is_text=is_text)
                break


def _unknown_names(
    document: Document, choice: Choice, order: Sequence[Integration]
) -> Iterator[Fault]:
    """Find layers and classes that no integration has which the decorator could wrap."""
    decorator, owner = choice.decorator, choice.owner
    layers = [text for each in owner.layer.walk() for text in (each.name, each.path)]
    below = order[owner.index : owner.end]
    classes = [text for each in below for text in class_texts(each)]
    for key, what, known in (
        (LAYERS_KEY, "layer", layers),
        (CLASSES_KEY, "class", classes),
    ):
        for name, place in settings_of(document, decorator, key):
            if isinstance(name, str) and name.strip() and name not in known:
                # The class of a part is what an overlay swaps.
                severity = Severity.ERROR if what == "layer" else Severity.WARNING
                yield f.DecoratorNamesNothing(
                    place=place,
                    severity=severity,
                    what=what,
                    name=name,
                    owner=owner.path,
                    known=tuple(dict.fromkeys(filter(None, known))),
                )
