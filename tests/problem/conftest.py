"""The snippets of docs/rules.md, loaded and compiled over the scenario they are laid over."""

import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.problem.invariants import check_tables

from renewopt import Scenario, load
from renewopt.problem import Problem, compile_problem

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"
SNIPPET = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
Build = Callable[[int | str], Problem]


def base_scenario() -> str:
    return SNIPPET.findall(PAGE.read_text(encoding="utf-8"))[0]


def rule_snippet(rule: int) -> str:
    return snippet(f"Rule {rule}")


def snippet(heading: str) -> str:
    """The snippet of a section of the page."""
    section = PAGE.read_text(encoding="utf-8").split(f"### {heading}\n")[1].split("\n### ")[0]
    return SNIPPET.findall(section)[0]


def lay_over(change: str, folder: Path) -> Scenario:
    """The base scenario with a change laid over it, as the variant that it would be."""
    path = folder / "rules.yaml"
    variants = "variants:\n  rule:\n" + textwrap.indent(textwrap.dedent(change), "    ") if change.strip() else ""
    path.write_text(base_scenario() + variants, encoding="utf-8")
    return load(path, variant="rule" if variants else None)


@pytest.fixture
def scenario_of(tmp_path: Path) -> Callable[[int | str], Scenario]:
    """Load a rule's snippet by number, or a change given as YAML."""
    return lambda change: lay_over(rule_snippet(change) if isinstance(change, int) else change, tmp_path)


@pytest.fixture
def page_snippet() -> Callable[[str], str]:
    """Find the snippet of a section of the page by its heading."""
    return snippet


@pytest.fixture
def compiled(scenario_of: Callable[[int | str], Scenario]) -> Build:
    """Load and compile a rule's snippet by number, or a change given as YAML; the tables keep their invariants."""

    def build(change: int | str) -> Problem:
        problem = compile_problem(scenario_of(change))
        check_tables(problem)
        return problem

    return build
