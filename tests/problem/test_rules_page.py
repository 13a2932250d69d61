"""docs/rules.md names a snippet that works and a test that exists for each of the 22 rules."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from renewopt.problem import Problem

HERE = Path(__file__).parent
ROW = re.compile(r"^\| \[(\d+)\]\(#rule-(\d+)\) .*`(test_rule_\w+)` \|$", re.MULTILINE)


def rows(repository: Path) -> list[tuple[str, str, str]]:
    return ROW.findall((repository / "docs" / "rules.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("rule", range(1, 23))
def test_every_snippet_compiles(compiled: Callable[[int | str], Problem], rule: int) -> None:
    assert len(compiled(rule).claims) >= 2


def test_every_rule_has_a_row_and_its_test_exists(repository: Path) -> None:
    tree = ast.parse((HERE / "test_rules.py").read_text(encoding="utf-8"))
    tests = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    found = rows(repository)
    assert [int(rule) for rule, _, _ in found] == list(range(1, 23))
    for rule, anchor, test in found:
        assert rule == anchor
        assert test.startswith(f"test_rule_{int(rule):02d}_")
        assert test in tests
