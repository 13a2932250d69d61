"""Closed vocabularies: each word stands once in the package, and everything else reads it."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

import renewopt
from renewopt import vocabulary
from renewopt.policies import SHIPPED
from renewopt.problem.offers import Route
from renewopt.scenario.models import Fund, ObjectiveChoice, TierGoal
from renewopt.vocabulary import TERMS

PACKAGE = Path(renewopt.__file__).parent
HOME = PACKAGE / "vocabulary.py"

VOCABULARIES: dict[str, tuple[str, ...]] = {
    "routes": (*vocabulary.ROUTES, vocabulary.WAITING, vocabulary.ENDED),
    "uses": vocabulary.USES,
    "entries": vocabulary.ENTRIES,
    "goals": vocabulary.GOALS,
    "objectives": vocabulary.OBJECTIVES,
    "methods": vocabulary.METHODS,
    "statuses": vocabulary.STATUSES,
    "statuses of runs": vocabulary.RUN_STATUSES,
    "measures": vocabulary.MEASURES,
    "prices": vocabulary.PRICES,
    "items": vocabulary.ITEMS,
    "doubts": vocabulary.DOUBTS,
    "figures of futures": vocabulary.DRAWN,
    "payers": vocabulary.PAYERS,
    "policies": (*vocabulary.POLICIES, vocabulary.PERFECT),
    "goals of starts": vocabulary.STARTS_GOALS,
    "ways to start": vocabulary.WAYS_TO_START[1:],
}

OTHER_MEANINGS = {
    "waiting": "a column of tables and of the model, and a chart",
    "transfer": "a kind of price",
    "voucher": "what the ids of a scenario's voucher programmes are called",
    "cash": "a section of a scenario, and what the ids in it are called",
    "fees": "a table of the plan and a column",
    "moves": "a section of a scenario, and a table of decisions",
    "owing": "a section of a scenario, and a column of needs",
    "advance": "a key of a payer, and what a loan is called",
    "units": "a key of an estate",
    "moving": "a sentence of the work summary",
    "moving_fee": "a key of a fee policy",
    "construction": "a table of the plan, and a block of the accounts",
    "commitments": "a section of a scenario",
    "interest": "a column of the model",
    "opening": "a key of a fund",
    "inflow": "a key of a fund",
    "received": "a column of the model",
    "recovered": "a key of a payer",
    "lapsed": "a column of the model",
    "moved_out": "a column of the households",
    "transition_fees": "a column of runs and a figure of a plan",
    "fiscal_cost": "a column of runs and a figure of a plan",
    "overdue_fees": "a column of runs",
    "disutility": "a key of an estate and of a programme",
    "homes": "a key of a household and of a developer",
    "money": "a kind of column",
    "limit": "a key of a loan, and rows of the model",
    "persons": "a column of the households",
    "fee": "a column of fee curves",
    "price": "a column of quotes, and of the roster",
    "arrears": "a column of the model",
    "surcharge": "a column of the model",
    "other": "a column of tables in numbers",
    "fund": "a column of tables, and what ids of funds are called",
    "developer": "a column of quotes, and what ids of developers are called",
    "owed": "a column of fees.csv",
    "outside": "where a chart writes the figure of a bar",
    "perfect": "an argument of `compare`",
    "programme_delay": "a figure of a plan and a column of runs",
    "urgency": "a key of a work and of a project",
    **dict.fromkeys(vocabulary.STATUSES, "what a solver says of its model"),
    **dict.fromkeys(vocabulary.RUN_STATUSES, "what a run ends with is told one by one"),
}
"""Words that mean something else elsewhere, too."""

LISTED_ELSEWHERE = {
    ("results/briefing/without.py", "doubts"): "sections of a scenario",
    ("cli/exits.py", "statuses"): "exit codes by status",
}


def side_by_side(node: ast.AST) -> set[str]:
    """Plain texts that stand together in a tuple, list, set, `Literal`, or as the keys of a dict."""
    parts: list[ast.expr | None] = []
    if isinstance(node, ast.Dict):
        parts = list(node.keys)
    elif isinstance(node, ast.Tuple | ast.List | ast.Set):
        parts = list(node.elts)
    return {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def literals() -> tuple[dict[str, set[str]], list[tuple[str, int, set[str]]]]:
    """Where each text stands, and which stand side by side; without oracles, made-up districts and Chinese tables."""
    single: dict[str, set[str]] = defaultdict(set)
    listed = []
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE)
        if path == HOME or place.parts[0] in {"testing", "synth", "wording"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                single[node.value].add(f"{place.as_posix()}:{node.lineno}")
            elif len(found := side_by_side(node)) >= 2:
                listed.append((place.as_posix(), node.lineno, found))
    return single, listed


SINGLE, LISTED = literals()


def test_texts_are_found() -> None:
    assert len(SINGLE) > 3_000
    assert len(LISTED) > 300


@pytest.mark.parametrize("name", VOCABULARIES)
def test_no_vocabulary_is_listed_a_second_time(name: str) -> None:
    words = set(VOCABULARIES[name])
    again = {
        f"{place}:{line}"
        for place, line, found in LISTED
        if (place, name) not in LISTED_ELSEWHERE and len(found & words) >= 2 and len(found - words) <= 2
    }
    assert again == set()


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_word_stands_once(name: str) -> None:
    again = {
        f"{place}: {word}"
        for word in set(VOCABULARIES[name]) - set(OTHER_MEANINGS)
        for place in SINGLE.get(word, ())
        if (place.split(":")[0], name) not in LISTED_ELSEWHERE
    }
    assert again == set()


COLUMNS = {"route", "use", "goal", "method", "status", "measure", "kind", "policy", "minimise", "item", "paid_by"}
"""Columns and attributes that hold words of a vocabulary."""


def compared(node: ast.AST) -> set[str]:
    """Plain texts that a column or attribute with words of a vocabulary is compared with."""
    if not isinstance(node, ast.Compare):
        return set()
    sides = [node.left, *node.comparators]
    named = {part.attr for side in sides for part in ast.walk(side) if isinstance(part, ast.Attribute)}
    named |= {part.slice.value for side in sides for part in ast.walk(side)
              if isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Constant)}  # fmt: skip
    texts = {side.value for side in sides if isinstance(side, ast.Constant) and isinstance(side.value, str)}
    return texts if named & COLUMNS else set()


def test_nothing_is_compared_with_a_word_that_is_spelt_anew() -> None:
    # Solvers and runs have statuses of their own, spelt alike.
    words = {word for words in VOCABULARIES.values() for word in words} - {
        *vocabulary.STATUSES,
        *vocabulary.RUN_STATUSES,
    }
    again = {
        f"{path.relative_to(PACKAGE).as_posix()}:{node.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] not in {"testing", "synth"}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if compared(node) & words
    }
    assert again == set()


def test_what_else_a_word_means_is_said_of_words_alone() -> None:
    assert set(OTHER_MEANINGS) <= {word for words in VOCABULARIES.values() for word in words}


def test_every_word_of_a_plan_has_both_languages() -> None:
    for kind, words in {
        # "not_started" is a column of the stock-taking, too.
        "route": (*VOCABULARIES["routes"], vocabulary.NOT_STARTED),
        "use": (*vocabulary.USES, *vocabulary.ENTRIES),
        "objective": (*vocabulary.GOALS, *vocabulary.STARTS_GOALS),
        "start_rule": vocabulary.WAYS_TO_START,
        "measure": vocabulary.MEASURES,
        "kind": vocabulary.PRICES,
        "policy": VOCABULARIES["policies"],
    }.items():
        assert tuple(TERMS[kind]) == words
        assert all(term and re.search("[一-鿿]", term.chinese) for term in TERMS[kind].values())
        assert len({term.chinese for term in TERMS[kind].values()}) == len(words)


def test_routes_and_uses_have_colours() -> None:
    for kind in ("route", "use"):
        assert all(re.fullmatch("#[0-9a-f]{6}", term.colour) for term in TERMS[kind].values())
    assert len({term.colour for term in TERMS["route"].values()}) == len(TERMS["route"])


def test_who_declares_something_by_the_words_knows_all_of_them() -> None:
    assert tuple(route.name for route in sorted(Route)) == vocabulary.ROUTES
    assert tuple(SHIPPED) == vocabulary.POLICIES
    schema = ObjectiveChoice.model_json_schema()["properties"]["minimise"]["enum"]
    assert tuple(schema) == vocabulary.OBJECTIVES
    assert tuple(TierGoal.model_json_schema()["properties"]["goal"]["enum"]) == (
        *vocabulary.GOALS,
        *vocabulary.STARTS_GOALS,
    )
    assert Fund.model_json_schema()["properties"]["uses"]
