"""A scenario of one household, and changes laid over it."""

import textwrap
from pathlib import Path

import renewopt

BASE = """
name: Case
start: 2024-01
months: 12
fee_policies: [{id: p, rate: 10, term: 24}]
projects: [{id: P, moved_out: 2023-01}, {id: Q}]
households:
  - {id: A, project: P, area: 60, persons: 1}
funds: [{id: f, opening: 100万元}]
variants:
  case:
"""


def stated(change: str, folder: Path) -> renewopt.Scenario:
    """Load the scenario with a change laid over it."""
    path = folder / "case.yaml"
    body = textwrap.dedent(change).strip() or "months: 12"
    path.write_text(BASE + textwrap.indent(body, "    ") + "\n", encoding="utf-8")
    return renewopt.load(path, variant="case")
