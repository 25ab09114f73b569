"""From a class name to the class itself, or to the one fault that says why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import TypeGuard

from lolpop_graph.classes.entries import EntryPoints
from lolpop_graph.classes.loading import (
    ModuleAbsentError,
    import_failed,
    load_module,
    missing_module,
)
from lolpop_graph.classes.names import FullName, is_full, parse, public, within
from lolpop_graph.classes.places import Hit, Places, PluginRefusedError, Request, is_inner
from lolpop_graph.classes.plugins import Plugin
from lolpop_graph.classes.sources import children, locate
from lolpop_graph.classes.trust import OWN, Trust, defining_module
from lolpop_graph.errors import Fault
from lolpop_graph.faults import (
    ClassAmbiguous,
    ClassMissing,
    NotAClass,
    NotTrusted,
    PluginPathRefused,
)
from lolpop_graph.model import Place
from lolpop_graph.text import suggestion

_BASES = f"{OWN}.integration"


class ClassFinder:
    """Finds the classes of one workflow.

    What it found or read once it keeps, so a plug-in edited later, a package installed later
    or a changed `pyproject.toml` is seen by the next finder. Several threads may share one.
    """

    def __init__(self, *, trust: Iterable[str] = (), classes: Iterable[type] = ()) -> None:
        """Trust the packages `trust`; `classes` are trusted and found before all others."""
        entries = EntryPoints()
        self._trust = Trust(trust, entries)
        self._places = Places(entries)
        self._classes = tuple(dict.fromkeys(classes))
        self._found: dict[Request, type | Fault] = {}

    def find(
        self,
        class_name: str,
        layer: str,
        *,
        place: Place | None = None,
        plugin_paths: Sequence[Path] = (),
        search_paths: Sequence[str] = (),
    ) -> type | Fault:
        """Find the class that a workflow calls `class_name` in a section of `layer`.

        `plugin_paths` are absolute. Returns the class, or the fault, at `place`, that says
        why there is none; raises nothing but KeyboardInterrupt.
        """
        asked = Request(class_name, layer, tuple(plugin_paths), tuple(search_paths))
        found = self._found.get(asked)
        if found is None:
            found = self._found.setdefault(asked, self._find(asked))
        return found.changed(place=place) if isinstance(found, Fault) else found

    def known(
        self, layer: str, *, plugin_paths: Sequence[Path] = (), search_paths: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """List the bare names that a section of `layer` may use, sorted; imports nothing.

        They are read from texts: a name is no promise that its module imports. A path of
        `plugin_paths` that holds no plug-in adds none.
        """
        plugins = tuple(path for path in plugin_paths if path.exists())
        asked = Request("", layer, plugins, tuple(search_paths))
        return self._known(asked)

    def _find(self, asked: Request) -> type | Fault:
        given = self._given(asked.class_name)
        if given is not None:
            return given
        if is_full(asked.class_name):
            return self._find_full(asked)
        try:
            hits = self._places.look_up(asked)
        except PluginRefusedError as refused:
            return PluginPathRefused(path=str(refused.path), reason=refused.reason)
        if not hits:
            searched = self._places.searched(asked)
            known, paths = self._known(asked), tuple(self._close_paths(asked))
            return _missing(asked, searched=searched, known=known, paths=paths)
        if len(hits) > 1:
            return _ambiguous(asked, hits)
        return self._take(asked, hits[0])

    def _given(self, class_name: str) -> type | Fault | None:
        """The class of `classes` with this name, bare or full."""
        named = [cls for cls in self._classes if class_name in _names_of(cls)]
        if len(named) > 1:
            found = tuple(f"{cls.__module__}:{cls.__qualname__}" for cls in named)
            return ClassAmbiguous(class_name=class_name, found=found)
        return named[0] if named else None

    def _find_full(self, asked: Request) -> type | Fault:
        named = parse(asked.class_name)
        if named is None:
            return _missing(asked, known=self._like(asked.class_name))
        top = named.module.partition(".")[0]
        if locate(top) is None:
            return _missing(asked, absent=top, known=self._similar(named))
        return self._load(asked, named)

    def _take(self, asked: Request, hit: Hit) -> type | Fault:
        target = hit.target.partition("[")[0].strip()
        named = parse(target) if ":" in target else None
        if named is None:
            said = f"what the entry point `{asked.class_name} = {hit.target}` names"
            return NotAClass(class_name=asked.class_name, found=said)
        if hit.plugin:
            hit.plugin.offer()
        return self._load(asked, named, hit.plugin)

    def _load(self, asked: Request, named: FullName, plugin: Plugin | None = None) -> type | Fault:
        """Import the module of a class, if it is trusted, and judge what it holds."""
        if not self._allows(named.module, plugin):
            return self._not_trusted(asked, named.module)
        try:
            module = load_module(named.module)
            held = _held(module, named.qualname)
        except KeyboardInterrupt:
            raise
        except ModuleAbsentError as error:
            return _missing(asked, absent=error.name, known=_beside(error.name, named))
        except BaseException as error:  # noqa: BLE001 - a module's code may raise anything
            remedy = plugin.remedy(missing_module(error)) if plugin else ""
            shown = plugin.file_of(named.module) if plugin else named.module
            return import_failed(asked.class_name, shown, error, remedy)
        if held is None:
            return _missing(asked, searched=(named.module,), known=_classes_of(module, named))
        return self._judge(asked, held[0], named.module, plugin)

    def _judge(
        self, asked: Request, held: object, found_in: str, plugin: Plugin | None
    ) -> type | Fault:
        """Decide on the object itself: its name says nothing about where it comes from."""
        if not _is_class(held):
            return NotAClass(class_name=asked.class_name, found=_description(held))
        module, proven = defining_module(held, found_in)
        if any(held is cls for cls in self._classes):
            return held
        if not self._allows(module, plugin):
            return self._not_trusted(asked, module)
        if not proven:
            return NotTrusted(class_name=asked.class_name, module=module, unproven=True)
        if is_inner(module) and module != _BASES:
            return NotAClass(class_name=asked.class_name, found=f"a part of {OWN} itself")
        return held

    def _allows(self, module: str, plugin: Plugin | None) -> bool:
        if plugin and within(module, plugin.package):
            return True
        return self._trust.allows(module)

    def _not_trusted(self, asked: Request, module: str) -> NotTrusted:
        named = parse(asked.class_name) if is_full(asked.class_name) else None
        similar = self._similar(named) if named else ()
        close = next((name for name in similar if _exists(name.partition(":")[0])), None)
        unread = self._trust.project.unread
        return NotTrusted(class_name=asked.class_name, module=module, unread=unread, close=close)

    def _known(self, asked: Request) -> tuple[str, ...]:
        given = [cls.__name__ for cls in self._classes]
        names = public([*given, *self._places.known(asked)])
        # What is named so is there to be inherited from.
        return tuple(name for name in names if not name.startswith("Base"))

    def _close_paths(self, asked: Request) -> Iterator[tuple[str, str]]:
        """The search paths that do not exist, each with one that does and is most like it."""
        for path in asked.search_paths:
            parts = path.split(".")
            steps = (".".join(parts[: count + 1]) for count in range(len(parts)))
            absent = next((step for step in steps if not _exists(step)), None)
            if absent is None:
                continue
            top, dot, rest = path.partition(".")
            package = suggestion(top, self._trust.given) or top
            close = f"{_close_module(absent)}{path.removeprefix(absent)}"
            for maybe in (close, f"{package}{dot}{rest}"):
                if _exists(maybe):
                    yield path, maybe
                    break

    def _like(self, class_name: str) -> tuple[str, ...]:
        """The full name most like one that no class can have, as a dash in it makes it."""
        cut = max(class_name.rfind(":"), class_name.rfind("."))
        module, qualname = class_name[:cut], class_name[cut + 1 :]
        parts = module.split(".")
        steps = [".".join(parts[: count + 1]) for count in range(len(parts))]
        absent = next((step for step in steps if not _exists(step)), "")
        if absent:
            close = _close_module(absent) or suggestion(absent, self._trust.given)
            return (f"{close}{module.removeprefix(absent)}:{qualname}",) if close else ()
        known = self._places.names_in(module) if self._trust.allows(module) else []
        close = suggestion(qualname, known)
        return (f"{module}:{close}",) if close else ()

    def _similar(self, named: FullName) -> tuple[str, ...]:
        """The name with a trusted package in the place of the one that does not exist."""
        top, dot, rest = named.module.partition(".")
        close = suggestion(top, self._trust.given)
        return (f"{close}{dot}{rest}:{named.qualname}",) if close else ()


def _exists(module: str) -> bool:
    return all(map(str.isidentifier, module.split("."))) and locate(module) is not None


def _names_of(cls: type) -> tuple[str, str, str]:
    module, qualname = cls.__module__, cls.__qualname__
    return cls.__name__, f"{module}:{qualname}", f"{module}.{qualname}"


def _is_class(held: object) -> TypeGuard[type]:
    """Whether this is a class; `isinstance` would believe an object that says so itself."""
    return issubclass(type(held), type)


def _held(module: ModuleType, qualname: str) -> tuple[object] | None:
    """What a module holds under a name, boxed; None where it holds nothing.

    Only classes are passed through: `module:os.system` is no way into another module.
    """
    first, *rest = qualname.split(".")
    held: object = module
    for part in (first, *rest):
        if held is not module and not _is_class(held):
            return None
        try:
            held = getattr(held, part)
        except AttributeError:
            return None
    return (held,)


def _description(held: object) -> str:
    kind = type(held).__name__
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _ambiguous(asked: Request, hits: list[Hit]) -> ClassAmbiguous:
    in_files = all(hit.plugin for hit in hits)
    found = (f"{hit.file}:{asked.class_name}" if in_files else hit.target for hit in hits)
    return ClassAmbiguous(class_name=asked.class_name, found=tuple(found), in_files=in_files)


def _missing(
    asked: Request,
    *,
    searched: tuple[str, ...] = (),
    known: tuple[str, ...] = (),
    absent: str = "",
    paths: tuple[tuple[str, str], ...] = (),
) -> ClassMissing:
    return ClassMissing(
        class_name=asked.class_name,
        layer=asked.layer,
        searched=searched,
        known=known,
        absent=absent,
        paths=paths,
    )


def _beside(absent: str, named: FullName) -> tuple[str, ...]:
    """The name with the module in it that is most like the absent one, and beside it."""
    close = _close_module(absent)
    return (f"{close}{named.module.removeprefix(absent)}:{named.qualname}",) if close else ()


def _close_module(absent: str) -> str | None:
    """The module most like one that its package lacks."""
    package, _, wrong = absent.rpartition(".")
    found = locate(package) if package else None
    close = suggestion(wrong, children(found.folders)) if found else None
    return f"{package}.{close}" if close else None


def _classes_of(module: ModuleType, named: FullName) -> tuple[str, ...]:
    """The name with the class in it that is most like the one that the module lacks."""
    classes = [name for name, held in vars(module).items() if _is_class(held)]
    close = suggestion(named.qualname, public(classes))
    return (f"{named.module}:{close}",) if close else ()
