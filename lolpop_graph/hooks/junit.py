"""The report of workflow tests as JUnit XML, as continuous integration reads it.

There is a test case for each hook and one for the run itself. The form is that of Jenkins' schema
(https://github.com/jenkinsci/xunit-plugin, junit-10.xsd), which GitLab and GitHub's actions read.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import Final
from xml.etree import ElementTree as ET

from lolpop_graph.hooks.report import HookReport, HookResult

_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""The characters that XML 1.0 (section 2.2) does not have."""


def junit(report: HookReport) -> bytes:
    """The XML, a suite for each integration and one for the run."""
    suites = ET.Element("testsuites", name=_clean(report.workflow))
    suites.append(_run(report))
    for path, hooks in groupby(report.hooks_in_order, lambda each: each.path):
        suites.append(_suite(path, [_case(each, report) for each in hooks]))
    for key in ("tests", "failures", "errors"):
        suites.set(key, str(sum(int(each.get(key, 0)) for each in suites)))
    suites.set("time", _seconds(report.seconds))
    ET.indent(suites)
    content: bytes = ET.tostring(suites, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _run(report: HookReport) -> ET.Element:
    """The suite of the run: whether the method came to its end."""
    case = _new_case(report.root, report.method, report.seconds)
    if report.faults:
        _say(case, "error", "the workflow raised", "\n".join(map(str, report.faults)))
    elif report.stopped_by is not None:
        stop = report.stopped_by
        message = f"{stop.name} ended the run, {stop.moment} {stop.method} of {stop.path}"
        _say(case, "skipped", message)
    return _suite(report.workflow, [case])


def _suite(name: str, cases: list[ET.Element]) -> ET.Element:
    suite = ET.Element("testsuite", name=_clean(name), tests=str(len(cases)))
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("time", _seconds(sum(float(case.get("time", 0)) for case in cases)))
    suite.extend(cases)
    return suite


def _case(result: HookResult, report: HookReport) -> ET.Element:
    name = f"{result.method} {result.moment} {result.name}"
    case = _new_case(result.path, name, result.seconds)
    at = f"at {result.place}"
    said = "\n".join(f"{each.message}\n{each.traceback}".strip() for each in result.failures)
    first = result.failures[0].message if result.failures else ""
    if result.verdict == "failed":
        is_crash = any(each.is_crash for each in result.failures)
        _say(case, "error" if is_crash else "failure", first, f"{at}\n{said}")
    elif result.verdict == "unreached":
        is_bad = report.is_bad(result) and not (report.stopped_by or report.faults)
        _say(case, "failure" if is_bad else "skipped", "not reached", at if is_bad else "")
    elif result.verdict == "warned":
        ET.SubElement(case, "system-out").text = _clean(f"warning: {said}\n{at}")
    return case


def _new_case(owner: str, name: str, seconds: float) -> ET.Element:
    return ET.Element(
        "testcase", classname=_clean(owner), name=_clean(name), time=_seconds(seconds)
    )


def _say(case: ET.Element, tag: str, message: str, text: str = "") -> None:
    element = ET.SubElement(case, tag, message=_clean(message))
    if text:
        element.set("type", message if tag == "skipped" else tag)
        element.text = _clean(text)


def _seconds(seconds: float) -> str:
    return f"{seconds:.6f}"


def _clean(text: str) -> str:
    """A text without the characters that no XML can have."""
    return _FORBIDDEN.sub("?", text)
