"""Every sentence in the package has its Chinese, with the same names."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

import renewopt
from renewopt.wording.chinese import (
    CHINESE,
    assumptions,
    cells,
    commands,
    conflicts,
    difference,
    dossiers,
    explanations,
    guarding,
    helps,
    limits,
    meaning,
    pricing,
    refusals,
    replanning,
    rosters,
    sections,
    starting,
    tradeoffs,
    workbooks,
)

PACKAGE = Path(renewopt.__file__).parent
MODULES = (
    assumptions,
    cells,
    sections,
    starting,
    meaning,
    refusals,
    commands,
    helps,
    workbooks,
    guarding,
    conflicts,
    limits,
    dossiers,
    rosters,
    difference,
    pricing,
    explanations,
    replanning,
    tradeoffs,
)


def sentences_of_code() -> dict[str, str]:
    """Every first argument of `words(...)`, and what amounts keys state, with the file it stands in."""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "words":
                first = node.args[0]
                assert isinstance(first, ast.Constant), f"{path}:{node.lineno}: a sentence is a plain text"
                found[str(first.value)] = path.name
                given = {keyword.arg for keyword in node.keywords}
                assert given == names(str(first.value)), f"{path}:{node.lineno}: {given}"
            if isinstance(node, ast.keyword) and node.arg == "usual" and isinstance(node.value, ast.Constant):
                found[str(node.value.value)] = path.name
    return found


def names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_every_sentence_has_its_chinese() -> None:
    written = sentences_of_code()
    assert len(written) > 400
    missing = {sentence: file for sentence, file in written.items() if sentence not in CHINESE}
    assert missing == {}


def test_no_chinese_is_left_over_or_stated_twice() -> None:
    assert set(CHINESE) - set(sentences_of_code()) == set()
    assert sum(len(module.SENTENCES) for module in MODULES) == len(CHINESE)


@pytest.mark.parametrize("sentence", sorted(CHINESE))
def test_both_languages_fill_in_the_same(sentence: str) -> None:
    assert names(CHINESE[sentence]) == names(sentence)


def test_chinese_is_chinese() -> None:
    # What has words to translate must not stand in the table in English.
    plain = {"{names}", "{text!r}"}
    for english, chinese in CHINESE.items():
        letters = [word for word in english.replace("{", " {").split() if word.isalpha()]
        if letters and english not in plain:
            assert any("一" <= sign <= "鿿" for sign in chinese), english


ENGLISH_ONLY = {
    # Faults of a program that uses the library, or of renewopt itself: no planner meets them at the command line.
    "renewopt/charts/chart.py",
    "renewopt/ledger/form.py",
    "renewopt/optimiser/model/decoding.py",
    "renewopt/optimiser/pulp/additions.py",
    "renewopt/optimiser/decomposition/lagrangian.py",
}


def test_no_error_that_a_planner_may_meet_is_english_alone() -> None:
    plain = []
    for path in sorted(PACKAGE.rglob("*.py")):
        place = f"renewopt/{path.relative_to(PACKAGE).as_posix()}"
        if place in ENGLISH_ONLY or place.startswith(("renewopt/testing/", "renewopt/synth/")):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                error = ast.unparse(node.exc.func)
                first = node.exc.args[0]
                text = isinstance(first, ast.JoinedStr | ast.BinOp) or (
                    isinstance(first, ast.Constant) and isinstance(first.value, str)
                )
                if text and error.endswith("Error") and error not in {"AttributeError", "TypeError", "KeyError"}:
                    plain.append(f"{place}:{node.lineno} {error}")
    assert plain == []
