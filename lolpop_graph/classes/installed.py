"""What is installed: every class that a workflow could name, read from texts and metadata."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from lolpop_graph.classes.distributions import Distributions, Origin, origin_of
from lolpop_graph.classes.entries import EntryPoints
from lolpop_graph.classes.literals import is_abstract, is_described
from lolpop_graph.classes.loading import pip_install
from lolpop_graph.classes.names import parse
from lolpop_graph.classes.needs import NeedsReader
from lolpop_graph.classes.places import Kind, Places, Request
from lolpop_graph.classes.plugins import PREFIX, Plugin
from lolpop_graph.classes.sources import Source, locate, syntax_error, top_level_classes
from lolpop_graph.classes.texts import Definition, Lineage, TextFinder, dotted
from lolpop_graph.classes.trust import OWN

_DEPTH = "lolpop_graph.component.data_connector.local".count(".")
_Method = ast.FunctionDef | ast.AsyncFunctionDef
_NO_PARTS = frozenset({"Exception", "BaseException", "Protocol", "Enum", "TypedDict", "NamedTuple"})


@dataclass(frozen=True)
class Missing:
    """A module that a part imports and that is not here.

    `extra` of `distribution` brings it, where that is known. What is not needed `at_import` is
    imported when a method needs it.
    """

    module: str
    at_import: bool
    distribution: str
    extra: str


@dataclass(frozen=True)
class InstalledPart:
    """A class that a workflow can name, or a module in which one may be and that cannot be read.

    `name` is what a workflow writes in a section of `layer`, `target` the class in full,
    `module:Class`; `type` says what kind of part it is, such as `data_connector`. `place` is how
    it is found (`this package`, `extension`, `entry point`, `plug-in`, `search path`),
    `distribution` and `version` what it came with, or `file` where that is a plug-in. `summary` is
    the first line of its docstring. `problem` says why it cannot be used by this name.
    """

    name: str
    layer: str
    type: str
    target: str
    place: str
    distribution: str
    version: str
    file: str | None
    summary: str
    missing: tuple[Missing, ...] = ()
    problem: str = ""

    @property
    def origin(self) -> str:
        """What it came with: `acme-lolpop 1.0`, else the file of a plug-in, else its place."""
        origin = str(Origin(self.distribution, self.version))
        return origin or (self.file if self.place == Kind.PLUGIN and self.file else self.place)

    @property
    def install(self) -> str:
        """The command that installs what is missing, as far as extras are known to bring it."""
        extras: dict[str, set[str]] = {}
        for each in self.missing:
            if each.extra:
                extras.setdefault(each.distribution, set()).add(each.extra)
        commands = (pip_install(*sorted(found), distribution=d) for d, found in extras.items())
        return " && ".join(commands)

    def as_dict(self) -> dict[str, Any]:
        """The same for machines."""
        return {**asdict(self), "install": self.install}


class Inventory:
    """Reads what is installed; each text is read once."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._entries = EntryPoints()
        self._places = Places(self._entries)
        self._texts = TextFinder()
        self._needs = NeedsReader(self._texts)
        self._distributions = Distributions()

    def layers(self) -> list[str]:
        """The layers that something may be installed for."""
        return self._places.layers()

    def parts(
        self, layer: str, plugin_paths: Sequence[Path] = (), search_paths: Sequence[str] = ()
    ) -> list[InstalledPart]:
        """The parts of a layer in the order of their types and names."""
        asked = Request("", layer, tuple(filter(_is_plugin, plugin_paths)), tuple(search_paths))
        found: dict[str, dict[str, InstalledPart]] = {}
        for part in self._parts(asked):
            # Places may overlap: what is reached twice is one part.
            found.setdefault(part.name, {}).setdefault(part.file or part.target, part)
        told = [_told(part, [*same.values()]) for same in found.values() for part in same.values()]
        return sorted(told, key=lambda part: (part.type, part.name, part.place, part.target))

    def _parts(self, asked: Request) -> Iterator[InstalledPart]:
        """The parts in the order of the places, the first one of a name being the one found."""
        waiting = list(self._places.modules(asked))
        late = [each for each in waiting if each[0] is Kind.SEARCH_PATH]
        for kind, source, plugin in waiting:
            if kind is not Kind.SEARCH_PATH:
                yield from self._parts_in(asked.layer, kind, source, plugin)
        yield from self._entry_points(asked.layer)
        for kind, source, plugin in late:
            yield from self._parts_in(asked.layer, kind, source, plugin)

    def _parts_in(
        self, layer: str, kind: Kind, source: Source, plugin: Plugin | None
    ) -> Iterator[InstalledPart]:
        if plugin:
            self._texts.know(plugin)
        origin, (module, file) = self._origin(kind, source), source
        text = self._texts.text(module)
        if text is None:
            stem = Path(file).stem
            problem = f"cannot be read: {syntax_error(source.read()) or 'it has no text'}"
            yield InstalledPart(stem, layer, "", module, kind, *origin, file, "", problem=problem)
            return
        # What lies beside the types of parts that come along is what several of them share.
        shared = kind is Kind.OWN and module.count(".") < _DEPTH
        classes = () if shared else top_level_classes(text.tree)
        for name in dict.fromkeys(node.name for node in classes):
            lineage = self._texts.lineage(module, name)
            if _can_be_named(name, lineage, kind):
                target = f"{module}:{name}"
                bare = InstalledPart(name, layer, "", target, kind, *origin, file, "")
                yield self._read(bare, module, lineage)

    def _entry_points(self, layer: str) -> Iterator[InstalledPart]:
        for point in self._entries.of(layer):
            value = point.value.partition("[")[0].strip()
            named = parse(value) if ":" in value else None
            module = named.module if named else ""
            located = locate(module) if named else None
            bare = InstalledPart(
                point.name, layer, "", value, Kind.ENTRY_POINT, *origin_of(point.dist),
                located.file if located else None, "",
            )  # fmt: skip
            if named is None:
                yield replace(bare, problem="its entry point names no class")
            elif located is None:
                yield replace(bare, problem=f"there is no module `{module}`")
            else:
                yield self._read(bare, module, self._texts.lineage(*named))

    def _read(self, bare: InstalledPart, module: str, lineage: Lineage) -> InstalledPart:
        """A part with what its text says."""
        origin = Origin(bare.distribution, bare.version)
        missing = (
            Missing(*need, *self._distributions.extra_with(need.module, origin))
            for need in self._needs.missing(module)
        )
        return replace(
            bare,
            type=_type(lineage, module, bare.layer),
            summary=_summary(lineage),
            missing=tuple(missing),
            problem=self._unread(module, bare.file, lineage),
        )

    def _unread(self, module: str, file: str | None, lineage: Lineage) -> str:
        """What is wrong with the module that an entry point names, as far as its text tells."""
        if lineage.definitions or file is None or not file.endswith(".py"):
            return ""
        wrong = syntax_error(Source(module, file).read())
        return f"its module cannot be read: {wrong}" if wrong else ""

    def _origin(self, kind: Kind, source: Source) -> Origin:
        if kind is Kind.OWN:
            return self._distributions.own
        if kind is Kind.SEARCH_PATH:
            return self._distributions.of_package(source.module.partition(".")[0])
        return Origin() if kind is Kind.PLUGIN else self._distributions.of_file(source.file)


def installed(
    layer: str | None = None,
    *,
    plugin_paths: Sequence[str | Path] = (),
    search_paths: Sequence[str] = (),
) -> tuple[InstalledPart, ...]:
    """List what is installed: every class that a workflow could name, by layers.

    `layer` is the only one asked for; `plugin_paths` and `search_paths` are looked through beside
    the places that all workflows share. All is read from texts and metadata: nothing is imported,
    so that a name is no promise that its module works. Base classes are left out, and what in
    this package and its extensions is no integration.
    """
    inventory = Inventory()
    plugins = [Path(path).resolve() for path in plugin_paths]
    layers = [layer] if layer is not None else inventory.layers()
    return tuple(part for name in layers for part in inventory.parts(name, plugins, search_paths))


def _is_plugin(path: Path) -> bool:
    try:
        Plugin(path)
    except (OSError, ValueError):
        return False
    return True


def _can_be_named(name: str, lineage: Lineage, kind: Kind) -> bool:
    """Whether a class is a part: no base to inherit from, and no helper of one."""
    if name.startswith(("_", "Base")) or (lineage.definitions and _is_base(lineage)):
        return False
    if lineage.is_wired or kind in {Kind.OWN, Kind.EXTENSION}:
        return lineage.is_wired
    nodes = (node for each in lineage.definitions for node in each.nodes)
    bases = {dotted(base)[-1] for node in nodes for base in node.bases if dotted(base)}
    return not bases & _NO_PARTS and not any(
        base.endswith(("Error", "Exception")) for base in bases
    )


def _is_base(lineage: Lineage) -> bool:
    """Whether a class is there to be inherited: abstract, or with a method of its own to be filled.

    One that it has and does not do yet, while a base class describes it, is its own to be filled.
    """
    itself, *above = (_methods(definition) for definition in lineage.definitions)
    inherited: dict[str, _Method] = {}
    for methods in reversed(above):
        inherited |= methods
    asks = (name for name, node in itself.items() if is_described(node) and name not in inherited)
    return any(asks) or any(map(is_abstract, (inherited | itself).values()))


def _methods(definition: Definition) -> dict[str, _Method]:
    nodes = (node for cls in definition.nodes for node in cls.body)
    return {node.name: node for node in nodes if isinstance(node, _Method)}


def _told(part: InstalledPart, same: list[InstalledPart]) -> InstalledPart:
    """A part; where its name leads to another one or to several, with that as its problem."""
    first = same[0]
    beside = [each for each in same if each.place == first.place]
    if part.problem or (part is first and len(beside) == 1):
        return part
    if part in beside:
        others = (_told_target(each) for each in beside if each is not part)
        in_full = "rename it" if part.place == Kind.PLUGIN else "name it in full"
        return replace(part, problem=f"{in_full}, since {', '.join(others)} has its name")
    return replace(part, problem=f"`{_told_target(first)}` is found before it")


def _told_target(part: InstalledPart) -> str:
    """The class in full; that of a plug-in by its file, whose module has a name made up for it."""
    return f"{part.file}:{part.name}" if part.place == Kind.PLUGIN else part.target


def _type(lineage: Lineage, module: str, layer: str) -> str:
    """The folder of the nearest base class of ours, else of the class's own module."""
    own = f"{OWN}.{layer}."
    names = [*(each.text.name for each in lineage.definitions), module]
    ours = next((name for name in names if name.startswith(own)), module)
    folder = ours.split(".")[-2:][0]
    return "" if folder.startswith(PREFIX) else folder


def _summary(lineage: Lineage) -> str:
    """The first line of a class's docstring."""
    nodes = lineage.definitions[0].nodes if lineage.definitions else []
    texts = (ast.get_docstring(node) for node in nodes)
    return next((text.strip().partition("\n")[0] for text in texts if text), "")
