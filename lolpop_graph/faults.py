"""Every kind of fault: its code, the data it carries, its sentence and its cure."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault, Severity
from lolpop_graph.model import Place
from lolpop_graph.text import arrows, did_you_mean, quoted, shortened, suggestion

# Reading ------------------------------------------------------------------------------------


class Unreadable(Fault):
    """A workflow file that cannot be read."""

    code: ClassVar[str] = "LG101"
    reason: str

    @property
    def sentence(self) -> str:
        """The file and the reason."""
        return f"this workflow file cannot be read: {self.reason}"


class NotUtf8(Fault):
    """A workflow file in another encoding; its column counts bytes."""

    code: ClassVar[str] = "LG102"

    @property
    def sentence(self) -> str:
        """One rule."""
        return "the file is not UTF-8 text from here on"

    @property
    def cure(self) -> str:
        """Save it anew."""
        return "save the file in the encoding UTF-8"


class Malformed(Fault):
    """Text that is no YAML."""

    code: ClassVar[str] = "LG103"
    problem: str

    @property
    def sentence(self) -> str:
        """What the YAML parser says."""
        return f"this is not YAML: {self.problem}"

    @property
    def cure(self) -> str:
        """What helps with a character that nothing can begin with."""
        place = self.place
        at = place.snippet[place.column - 1 : place.column] if place else ""
        if at == "\t":
            return "indent with blanks instead of tabs"
        return "put the value in quotes" if at and at in "@`%" else ""


class DuplicateKey(Fault):
    """A key that one mapping has twice."""

    code: ClassVar[str] = "LG104"
    key: str
    first: Place

    @property
    def sentence(self) -> str:
        """The key and where it stands first."""
        return f"the key `{self.key}` stands here a second time; the first is at {self.first}"

    @property
    def cure(self) -> str:
        """Keep one."""
        return "keep one of the two"


class TagRefused(Fault):
    """A YAML tag that would construct an object, or that does not fit its value."""

    code: ClassVar[str] = "LG105"
    tag: str

    @property
    def sentence(self) -> str:
        """The tag, as it is written in most files."""
        tag = self.tag.replace("tag:yaml.org,2002:", "!!", 1)
        return f"the tag `{tag}` is not allowed on this value"

    @property
    def cure(self) -> str:
        """The tags that are."""
        return "only the core tags of YAML are read, such as `!!str`; take the tag away"


class OverLimit(Fault):
    """A document that is larger or deeper than a reader should accept."""

    code: ClassVar[str] = "LG106"
    what: str
    limit: int

    @property
    def sentence(self) -> str:
        """The limit."""
        return f"the document has more than {self.limit:,} {self.what}"


class NotAMapping(Fault):
    """Something else where a mapping belongs."""

    code: ClassVar[str] = "LG107"
    what: str
    found: str

    @property
    def sentence(self) -> str:
        """What should be a mapping, and what it is."""
        return f"{self.what} must be a mapping and is {self.found}"


class RecursiveAlias(Fault):
    """An alias of a value that contains itself."""

    code: ClassVar[str] = "LG108"
    anchor: str

    @property
    def sentence(self) -> str:
        """The anchor."""
        return f"the alias `*{self.anchor}` names a value that contains itself"


class KeyNotText(Fault):
    """A list or mapping as a key."""

    code: ClassVar[str] = "LG109"

    @property
    def sentence(self) -> str:
        """One rule."""
        return "a key must be a text, a number, true, false or null, and this one is not"


class MergeRefused(Fault):
    """A merge key with something else than mappings."""

    code: ClassVar[str] = "LG111"
    found: str

    @property
    def sentence(self) -> str:
        """One rule, and what was found."""
        return f"`<<` must be a mapping or a list of mappings and is {self.found}"


class OverrideBlocked(Fault):
    """An override whose path runs through something that is no mapping."""

    code: ClassVar[str] = "LG110"
    path: str
    at: str

    @property
    def sentence(self) -> str:
        """The path, and where it ends."""
        return f"`{self.path}` cannot be set: `{self.at}` is no mapping"


# The framework ------------------------------------------------------------------------------


class FrameworkEmpty(Fault):
    """A framework without a layer."""

    code: ClassVar[str] = "LG201"

    @property
    def sentence(self) -> str:
        """One rule."""
        return "the integration framework has no layer; it needs exactly one root"

    @property
    def cure(self) -> str:
        """The default."""
        return "name a root layer, or leave `integration_framework` out for the default one"


class SeveralRoots(Fault):
    """A framework with two root layers, or a workflow with two roots."""

    code: ClassVar[str] = "LG202"
    what: str
    roots: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """All roots."""
        return (
            f"{self.what} has {len(self.roots)} roots, {quoted(self.roots, 'and')}; one is allowed"
        )


class FrameworkCycle(Fault):
    """Layers that stand below themselves."""

    code: ClassVar[str] = "LG203"
    steps: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The cycle as an ordered path."""
        return f"the integration framework goes round in a circle: {arrows(self.steps)}"


class LayerNameTaken(Fault):
    """A layer with a name that means something else in a document."""

    code: ClassVar[str] = "LG204"
    name: str
    taken_by: str

    @property
    def sentence(self) -> str:
        """The name and what has it."""
        return f"a layer here cannot be called `{self.name}`: that is {self.taken_by}"

    @property
    def cure(self) -> str:
        """Rename."""
        return "give the layer another name"


# Integrations -------------------------------------------------------------------------------


class UnknownSection(Fault):
    """A section of a layer that the framework does not have there."""

    code: ClassVar[str] = "LG301"
    section: str
    owner: str
    allowed: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The section and the layer whose block it stands in."""
        return f"`{self.section}` is no layer below `{self.owner}`, so nothing reads this section"

    @property
    def cure(self) -> str:
        """The layers there are."""
        return did_you_mean(self.section, self.allowed, f"`{self.owner}` has no layer below it")


class UnknownBlock(Fault):
    """A block that belongs to no integration."""

    code: ClassVar[str] = "LG302"
    name: str
    owner: str
    allowed: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The block and where it stands."""
        return f"`{self.owner}` declares no integration `{self.name}`, so nothing reads this block"

    @property
    def cure(self) -> str:
        """The nearest name, or a section to declare it in."""
        close = suggestion(self.name, self.allowed)
        return f"did you mean `{close}`?" if close else "declare it in a section, or take it away"


class NameNotIdentifier(Fault):
    """An integration's name that cannot be an attribute."""

    code: ClassVar[str] = "LG303"
    name: str

    @property
    def sentence(self) -> str:
        """The name."""
        return f"`{self.name}` cannot be an integration's name, since it becomes an attribute"

    @property
    def cure(self) -> str:
        """What names look like."""
        return (
            "use letters, digits and underscores, no leading digit or underscore, "
            "and no keyword of Python"
        )


class NameTaken(Fault):
    """An integration's name that means something else."""

    code: ClassVar[str] = "LG304"
    name: str
    taken_by: str

    @property
    def sentence(self) -> str:
        """The name and what has it."""
        return f"an integration cannot be called `{self.name}`: that is {self.taken_by}"

    @property
    def cure(self) -> str:
        """Rename."""
        return "give the integration another name"


class NameTwice(Fault):
    """One name in two sections of a block."""

    code: ClassVar[str] = "LG305"
    name: str
    first: Place
    layers: tuple[str, str]

    @property
    def sentence(self) -> str:
        """The name, and both sections."""
        first, second = self.layers
        return (
            f"`{self.name}` is declared as a {second} and, at {self.first}, as a {first}; "
            "one block cannot have both"
        )

    @property
    def cure(self) -> str:
        """Rename."""
        return "give one of them another name"


class NoClass(Fault):
    """An integration whose class is no text."""

    code: ClassVar[str] = "LG306"
    name: str
    found: str

    @property
    def sentence(self) -> str:
        """What stands where a class should."""
        return f"`{self.name}` needs the name of a class and has {self.found}"

    @property
    def cure(self) -> str:
        """An example."""
        return f"write a class's name: `{self.name}: MyClass`"


class FlagNotBoolean(Fault):
    """A flag of a layer that is neither true nor false."""

    code: ClassVar[str] = "LG307"
    flag: str
    found: str

    @property
    def sentence(self) -> str:
        """The flag and what it is."""
        return f"`{self.flag}` must be true or false and is {self.found}"


class SameKey(Fault):
    """Two keys of one config that differ in case alone."""

    code: ClassVar[str] = "LG308"
    key: str
    other: str

    @property
    def sentence(self) -> str:
        """Both keys."""
        return f"`{self.key}` and `{self.other}` are the same key: case does not count in a config"

    @property
    def cure(self) -> str:
        """Keep one."""
        return "keep one of the two"


class FlagIdle(Fault):
    """A flag of a layer in the config of an integration."""

    code: ClassVar[str] = "LG310"
    severity: ClassVar[Severity] = Severity.WARNING
    flag: str
    path: str

    @property
    def sentence(self) -> str:
        """The flag and whose config it stands in."""
        return f"`{self.flag}` does nothing in the config of `{self.path}`"

    @property
    def cure(self) -> str:
        """Where flags stand."""
        return f"set it for a layer: `component: {{config: {{{self.flag}: ...}}}}`"


class HiddenName(Fault):
    """A name that hides a farther one."""

    code: ClassVar[str] = "LG309"
    severity: ClassVar[Severity] = Severity.NOTE
    path: str
    hidden: str

    @property
    def sentence(self) -> str:
        """Both integrations."""
        return f"`{self.path}` hides `{self.hidden}` here, and is given it under its own name"


# References ---------------------------------------------------------------------------------


class ReferenceNowhere(Fault):
    """A `$reference` to nothing."""

    code: ClassVar[str] = "LG401"
    reference: str
    missing: str
    allowed: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The reference and the key that it fails at."""
        return (
            f"the reference `{shortened(self.reference)}` leads nowhere: "
            f"there is no `{shortened(self.missing)}`"
        )

    @property
    def cure(self) -> str:
        """The nearest key, else all, and how to write a dollar sign."""
        dollar = "a dollar sign itself is written `$$`"
        cure = did_you_mean(self.missing.rpartition(".")[2], self.allowed, dollar)
        return f"{cure}; {dollar}" if cure.startswith("must be") else cure


class ReferenceCycle(Fault):
    """References that lead round in a circle."""

    code: ClassVar[str] = "LG402"
    steps: tuple[str, ...]
    places: tuple[Place, ...]

    @property
    def sentence(self) -> str:
        """The circle as an ordered path, each step with its place."""
        steps = [f"{step} ({place})" for step, place in zip(self.steps, self.places, strict=True)]
        return f"these references lead round in a circle: {arrows(steps)}"


class EnvironmentMissing(Fault):
    """A reference to an environment variable that is not set."""

    code: ClassVar[str] = "LG403"
    name: str

    @property
    def sentence(self) -> str:
        """The variable."""
        return f"the environment variable `{self.name}` is not set"

    @property
    def cure(self) -> str:
        """Set it, or give a default."""
        return f"set it, or give a default: `${{env:{self.name},default}}`"


class ReferenceMalformed(Fault):
    """A `${` that is no reference."""

    code: ClassVar[str] = "LG404"
    text: str

    @property
    def sentence(self) -> str:
        """The text from the dollar sign on."""
        return f"`{shortened(self.text)}` is no reference"

    @property
    def cure(self) -> str:
        """The forms."""
        return "write `${a.b}` or `${env:NAME}`; a dollar sign itself is written `$$`"


class ReferenceNotText(Fault):
    """A mapping or list within a text."""

    code: ClassVar[str] = "LG405"
    reference: str
    found: str

    @property
    def sentence(self) -> str:
        """The reference and what it is."""
        return f"`{self.reference}` is {self.found}, which cannot stand within a text"


# Classes ------------------------------------------------------------------------------------


class ClassMissing(Fault):
    """A class that is not to be found."""

    code: ClassVar[str] = "LG501"
    class_name: str
    layer: str
    searched: tuple[str, ...]
    known: tuple[str, ...]
    absent: str = ""
    """The module of a full name that does not exist."""

    @property
    def sentence(self) -> str:
        """The class, and where it was looked for or which module does not exist."""
        if self.absent:
            return f"there is no module `{self.absent}`, as `{self.class_name}` would need"
        where = f"; searched {quoted(self.searched, 'and')}" if self.searched else ""
        return f"there is no class `{self.class_name}` for the layer `{self.layer}`{where}"

    @property
    def cure(self) -> str:
        """The nearest class, or how to name one in full."""
        if suggestion(self.class_name, self.known):
            return did_you_mean(self.class_name, self.known)
        return "name it in full, as `package.module:Class`, or install what brings it"


class ImportFailed(Fault):
    """A module with the class in it that does not import."""

    code: ClassVar[str] = "LG502"
    class_name: str
    module: str
    cause: str
    raised_at: str = ""
    remedy: str = ""
    error: BaseException | None = None
    """What was raised, for whoever shows the traceback."""

    @property
    def sentence(self) -> str:
        """The module, the cause, and the file and line that raised it."""
        at = f" ({self.raised_at})" if self.raised_at else ""
        return (
            f"the module `{self.module}` of `{self.class_name}` does not import: {self.cause}{at}"
        )

    @property
    def cure(self) -> str:
        """The command that installs what is missing, or how a plug-in imports its neighbour."""
        return self.remedy


class ClassAmbiguous(Fault):
    """A bare name that one search place has twice."""

    code: ClassVar[str] = "LG503"
    class_name: str
    found: tuple[str, ...]
    in_files: bool = False
    """Whether these are plug-in files, whose classes have no full name."""

    @property
    def sentence(self) -> str:
        """All hits."""
        return f"`{self.class_name}` could be {quoted(self.found)}"

    @property
    def cure(self) -> str:
        """Name it in full, or rename one."""
        if self.in_files:
            return "rename one of the classes, or let `plugin_paths` name only the file meant"
        return f"name it in full: `{self.found[0]}`"


class NotTrusted(Fault):
    """A class from a package that nobody allowed."""

    code: ClassVar[str] = "LG504"
    class_name: str
    module: str
    unproven: bool = False
    """Whether the class only says that it comes from `module`, which does not hold it."""
    unread: str = ""
    """Why the project's `pyproject.toml` could not be asked."""

    @property
    def sentence(self) -> str:
        """The class and its own module."""
        if self.unproven:
            return (
                f"`{self.class_name}` says that it comes from `{self.module}`, "
                "which has no such class"
            )
        return f"`{self.class_name}` comes from `{self.module}`, a module that is not trusted"

    @property
    def cure(self) -> str:
        """The line that would allow it."""
        if self.unproven:
            return "to allow it, give the class itself from Python: classes=[...]"
        package = self.module.partition(".")[0]
        unread = f" ({self.unread})" if self.unread else ""
        return (
            f'to allow it: --trust {package}, trust=["{package}"], or '
            f'trust = ["{package}"] under [tool.lolpop_graph] in pyproject.toml{unread}'
        )


class NotAClass(Fault):
    """A name that leads to something that is no class."""

    code: ClassVar[str] = "LG505"
    class_name: str
    found: str

    @property
    def sentence(self) -> str:
        """What it is instead."""
        return f"`{self.class_name}` is no class but {self.found}"


class PluginPathRefused(Fault):
    """A plug-in path that does not exist or lies outside the workflow's folder."""

    code: ClassVar[str] = "LG506"
    path: str
    reason: str

    @property
    def sentence(self) -> str:
        """The path and the reason."""
        return f"the plug-in path `{self.path}` {self.reason}"


class AttributeTaken(Fault):
    """An integration that would replace a method of the class that is to receive it."""

    code: ClassVar[str] = "LG507"
    name: str
    receiver: str
    class_name: str

    @property
    def sentence(self) -> str:
        """The name and the class."""
        return (
            f"`{self.name}` is to be an attribute of `{self.receiver}`, "
            f"but its class `{self.class_name}` defines `{self.name}` itself"
        )

    @property
    def cure(self) -> str:
        """Rename."""
        return "give the integration another name"


class ParameterMissing(Fault):
    """A constructor's parameter that nothing fills."""

    code: ClassVar[str] = "LG508"
    path: str
    class_name: str
    parameter: str

    @property
    def sentence(self) -> str:
        """The parameter, the class and the integration."""
        return (
            f"the constructor of `{self.class_name}` needs `{self.parameter}`, "
            f"which `{self.path}` has not"
        )

    @property
    def cure(self) -> str:
        """A config key."""
        return f"set `{self.parameter}` in its config, or declare an integration of that name"


# Requirements -------------------------------------------------------------------------------


class KeyMissing(Fault):
    """A config key that a class requires."""

    code: ClassVar[str] = "LG601"
    path: str
    class_name: str
    key: str

    @property
    def sentence(self) -> str:
        """The key, the class and the integration."""
        return f"`{self.path}` ({self.class_name}) requires the config key `{self.key}`"

    @property
    def cure(self) -> str:
        """Where it can stand."""
        return (
            f"set it in the config of `{self.path}`, of its layer or of a parent, "
            f"or the environment variable {self.key.upper()}"
        )


class IntegrationMissing(Fault):
    """An integration that a class requires."""

    code: ClassVar[str] = "LG602"
    path: str
    class_name: str
    layer: str
    name: str
    allowed: tuple[str, ...]
    reachable: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The integration, the class that requires it and where."""
        kind = f" of the class {quoted(self.allowed)}" if self.allowed else ""
        return f"`{self.path}` ({self.class_name}) requires a {self.layer} `{self.name}`{kind}"

    @property
    def cure(self) -> str:
        """The nearest name that is reachable, or where to declare it."""
        return did_you_mean(
            self.name, self.reachable, f"declare `{self.name}` in a section `{self.layer}`"
        )


class ClassNotAllowed(Fault):
    """An integration of another class than the one required."""

    code: ClassVar[str] = "LG603"
    path: str
    class_name: str
    name: str
    found: str
    allowed: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What is required and what is there."""
        return (
            f"`{self.path}` ({self.class_name}) requires `{self.name}` to be a "
            f"{quoted(self.allowed)}, and it is a `{self.found}`"
        )


class RequirementMalformed(Fault):
    """A class whose declared requirements or defaults cannot be read."""

    code: ClassVar[str] = "LG604"
    class_name: str
    attribute: str
    problem: str

    @property
    def sentence(self) -> str:
        """The class and the problem."""
        return f"`{self.attribute}` of the class `{self.class_name}` cannot be read: {self.problem}"


# Building and running -----------------------------------------------------------------------


class StepRaised(Fault):
    """A user's constructor, `setup` or method that raised; the cause is chained."""

    code: ClassVar[str] = "LG701"
    path: str
    class_name: str
    step: str
    cause: str
    closed: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The integration, the step and the cause."""
        return f"`{self.path}` ({self.class_name}) raised in {self.step}: {self.cause}"

    @property
    def cure(self) -> str:
        """What was closed."""
        count = len(self.closed)
        if count == 1:
            return "the one integration that was built is closed"
        return f"the {count} integrations that were built are closed" if count else ""


class CloseRaised(Fault):
    """A `close` that raised."""

    code: ClassVar[str] = "LG702"
    path: str
    class_name: str
    cause: str

    @property
    def sentence(self) -> str:
        """The integration and the cause."""
        return f"`{self.path}` ({self.class_name}) raised while it was closed: {self.cause}"


class NoSuchIntegration(Fault):
    """A path that the call names and the workflow does not have."""

    code: ClassVar[str] = "LG703"
    path: str
    known: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The path."""
        return f"this workflow has no integration `{self.path}`"

    @property
    def cure(self) -> str:
        """The nearest path."""
        return did_you_mean(self.path, self.known)


class NoSuchMethod(Fault):
    """A method that the root does not have."""

    code: ClassVar[str] = "LG704"
    method: str
    class_name: str
    known: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The method and the class."""
        return f"the root's class `{self.class_name}` has no public method `{self.method}`"

    @property
    def cure(self) -> str:
        """The methods there are."""
        return did_you_mean(self.method, self.known, "give the root a class with methods")


class NotWritten(Fault):
    """A file that could not be written, or a picture that could not be made."""

    code: ClassVar[str] = "LG801"
    target: str
    reason: str
    remedy: str = ""

    @property
    def sentence(self) -> str:
        """The file and the reason."""
        return f"`{self.target}` was not written: {self.reason}"

    @property
    def cure(self) -> str:
        """What would help."""
        return self.remedy
