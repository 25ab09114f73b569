"""One-letter typos in real workflows: each is found, and what was meant is suggested."""

from __future__ import annotations

import io
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from itertools import chain, cycle, islice
from pathlib import Path
from random import Random
from statistics import mean

import pytest

import lolpop_graph as lg
from lolpop_graph.cli import main
from lolpop_graph.cli.explain_error import kinds
from tests.mistyping import ROOT, Case, Site, sites, typo_in

# Left out is what nobody could know, which is values: in these cases each config key is one that
# a class declares, and each name is mentioned twice.
CASES = (
    Case("fixtures/quickstart", ("workflow.yaml", "prod.yaml")),
    Case("fixtures/newspaper", ("workflow.yaml",)),
    Case("fixtures/widgets", ("workflow.yaml",)),
    Case("tests/mistyped/factory", ("workflow.yaml", "night.yaml")),
    Case("tests/mistyped/credit", ("workflow.yaml", "prod.yaml")),
)
ENVIRONMENT = {"FACTORY_ARCHIVE": "/archive", "CREDIT_DATA": "/credit"}
SAME_MEANING = {"True", "False", "TRUE", "FALSE"}
SEED = 20_261_122
IN_FILES, IN_OVERRIDES, IN_REPLACED, IN_CALLS = 400, 32, 28, 40
SUGGESTS = re.compile("did you mean|is that what")

# Calls, with a mark before each token that a typo is put in.
COMMAND_LINES = (
    "@run WORKFLOW @main --trust tests",
    "@run WORKFLOW @--problem-type regression",
    "@validate WORKFLOW @--overlay OVERLAY @--classes",
    "@validate WORKFLOW --classes @--root-class @ClassificationRunner",
    "@plan WORKFLOW @--skip-config-validation @--lenient",
    "@build WORKFLOW @--plugin-path OVERLAY @--trust tests",
    "@draw WORKFLOW @--output credit.svg @--links @groups",
    "@explain-error @LG302",
    "validate WORKFLOW @--limit @depth=50",
    "validate WORKFLOW @--limit @alias_values=50",
)
PATHS = (
    "train.model_trainer.config.estimator",
    "train.feature_transformer.config.numeric_transformer",
    "process.data_splitter.config.test_size",
    "process.component.data_splitter",
    "component.data_connector",
    "predict.prediction_store.config.data_folder",
    "challenger.model_evaluator.config.metrics",
    "component.metadata_tracker",
    "logger.config.log_level",
    "pipeline.config.update_peer_integrations",
)


@dataclass(frozen=True)
class Outcome:
    """What came of one typo: the messages, and whether one of them names what was meant."""

    kind: str
    what: str
    messages: tuple[str, ...]
    is_right: bool

    def __str__(self) -> str:
        """Kind and typo, with the messages below them."""
        return "\n    ".join((f"{self.kind}: {self.what}", *self.messages))


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Outcome]]:
    """Five hundred typos, the same ones in every run, spread evenly over the kinds."""
    folder = tmp_path_factory.mktemp("typos")
    for case in CASES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / case.folder, folder / case.folder, ignore=ignored)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.chdir(folder)
        dice = Random(SEED)
        credit = [Path(CASES[-1].folder) / file for file in CASES[-1].files]
        yield [
            *typos_in_files(dice),
            *typos_in_overrides(dice, credit),
            *typos_in_replaced(dice, credit),
            *typos_in_calls(dice, credit),
        ]


def typos_in_files(dice: Random) -> list[Outcome]:
    """Typos in files, one kind of token after the other."""
    found = defaultdict(list)
    for site in chain.from_iterable(map(sites, CASES)):
        found[site.kind].append(site)
    words = {site.text for of_kind in found.values() for site in of_kind} | SAME_MEANING
    outcomes = []
    for kind in islice(cycle(sorted(found)), IN_FILES):
        site = dice.choice(found[kind])
        typo = new_typo(site.text, dice, words, case_counts=site.case_counts)
        outcomes.append(outcome_of(site, typo))
    return outcomes


def new_typo(text: str, dice: Random, words: set[str], *, case_counts: bool = True) -> str:
    """A typo that is none of the words that are meant elsewhere."""
    typo = typo_in(text, dice, case_counts=case_counts)
    return new_typo(text, dice, words, case_counts=case_counts) if typo in words else typo


def outcome_of(site: Site, typo: str) -> Outcome:
    """What `validate` says of a workflow with one typo."""
    path = Path(site.case.folder) / site.file
    content = path.read_text(encoding="utf-8")
    path.write_text(site.with_typo(typo), encoding="utf-8")
    found = faults_of(site.case)
    path.write_text(content, encoding="utf-8")
    line = content.count("\n", 0, site.start) + 1
    is_right = any(
        (names(fault, site.whole) and (is_at(fault, path, line) or tells_of(fault, typo)))
        or names_both(fault, site.text, typo)
        for fault in found
    )
    what = f"{path}:{line}: {site.text} -> {typo}"
    return Outcome(site.kind, what, tuple(map(str, found)), is_right)


def faults_of(case: Case) -> list[lg.Fault]:
    """All that is said of a case; that a name hides another is meant, and no fault."""
    paths = [Path(case.folder) / file for file in case.files]
    return lg.validate(paths, find_classes=True, trust=["tests"])


def names(fault: lg.Fault, meant: str) -> bool:
    """Whether a fault's cure names what was meant; both ways to write a full name are right."""
    plain = meant.replace(":", ".")
    return f"`{plain}`" in fault.cure.replace(":", ".")


def is_at(fault: lg.Fault, path: Path, line: int) -> bool:
    """Whether a fault stands in a line of a file."""
    return fault.place is not None and (fault.place.file, fault.place.line) == (str(path), line)


def tells_of(fault: lg.Fault, text: str) -> bool:
    """Whether a fault has a text in its words."""
    return bool(re.search(rf"(?<!\w){re.escape(text)}(?!\w)", f"{fault.sentence} {fault.cure}"))


def names_both(fault: lg.Fault, meant: str, typo: str) -> bool:
    """Whether a fault elsewhere asks if the typo is what it lacks."""
    is_asked = SUGGESTS.match(fault.cure) and f"`{typo}`" in fault.cure
    return bool(is_asked and tells_of(fault, meant))


def typos_in_overrides(dice: Random, files: list[Path]) -> Iterator[Outcome]:
    """Typos in the keys of `--set`."""
    for path in islice(cycle(PATHS), IN_OVERRIDES):
        steps = path.split(".")
        number = dice.randrange(len(steps))
        in_config = "config" in steps[:number]
        typo = new_typo(steps[number], dice, {"Config"}, case_counts=not in_config)
        wrong = ".".join([*steps[:number], typo, *steps[number + 1 :]])
        overrides = {wrong: "LocalDataConnector"}
        found = lg.validate(files, overrides=overrides, find_classes=True, trust=["tests"])
        is_right = any(
            names(fault, steps[number]) or names_both(fault, steps[number], typo) for fault in found
        )
        yield Outcome("a key of --set", wrong, tuple(map(str, found)), is_right)


def typos_in_replaced(dice: Random, files: list[Path]) -> Iterator[Outcome]:
    """Typos in the keys of `replace=`."""
    plan = lg.plan(files, trust=["tests"])
    for path in islice(cycle(plan.order), IN_REPLACED):
        wrong = new_typo(path, dice, set(plan.order))
        with pytest.raises(lg.WorkflowError) as caught:
            plan.build(replace={wrong: object()})
        found = caught.value.faults
        is_right = any(names(fault, path) for fault in found)
        yield Outcome("a key of replace=", wrong, tuple(map(str, found)), is_right)


def typos_in_calls(dice: Random, files: list[Path]) -> Iterator[Outcome]:
    """Typos in commands, their options and arguments, one after the other."""
    paths = dict(zip(("WORKFLOW", "OVERLAY"), map(str, files), strict=True))
    calls = [line.split() for line in COMMAND_LINES]
    marked = [(call, at) for call in calls for at, word in enumerate(call) if word[0] == "@"]
    for call, number in islice(cycle(marked), IN_CALLS):
        words = [paths.get(word, word).removeprefix("@") for word in call]
        name, equals, value = words[number].partition("=")
        dashes, text = name[: len(name) - len(name.lstrip("-"))], name.lstrip("-")
        words[number] = dashes + new_typo(text, dice, set(kinds())) + equals + value
        told = io.StringIO()
        with redirect_stdout(told), redirect_stderr(told):
            code = main(words)
        messages = (told.getvalue(),) if code else ()
        is_right = bool(re.search(rf"['`]{name}['`]|did you mean {name}\?", told.getvalue()))
        yield Outcome("a word of a call", " ".join(words), messages, is_right)


def test_workflows_are_faultless(outcomes: Sequence[Outcome]) -> None:
    """What is found with a typo comes of it: without one, nothing is said."""
    assert outcomes
    assert [fault for case in CASES for fault in faults_of(case)] == []


def test_no_typo_passes_silently(outcomes: Sequence[Outcome]) -> None:
    """Each of five hundred typos is told, and so is each kind of token tried."""
    silent = [str(outcome) for outcome in outcomes if not outcome.messages]
    assert silent == []
    assert len(outcomes) == 500
    assert min(Counter(outcome.kind for outcome in outcomes).values()) >= 15


def test_typos_get_the_right_suggestion(outcomes: Sequence[Outcome]) -> None:
    """At least 95 of 100 typos are told with what was meant, and 85 of 100 of each kind."""
    shares = defaultdict(list)
    for outcome in outcomes:
        shares[outcome.kind].append(outcome.is_right)
    wrong = "\n".join(str(outcome) for outcome in outcomes if not outcome.is_right)
    assert mean(outcome.is_right for outcome in outcomes) >= 0.95, wrong
    assert {kind for kind, right in shares.items() if mean(right) < 0.85} == set(), wrong


def test_a_typo_is_told_once(outcomes: Sequence[Outcome]) -> None:
    """What a typo causes elsewhere is not told beside it, but for references to its name."""
    counts = Counter(len(outcome.messages) for outcome in outcomes)
    many = "\n".join(str(outcome) for outcome in outcomes if len(outcome.messages) > 1)
    assert counts[1] >= 0.95 * len(outcomes), many
    assert max(counts) <= 4, many
