"""No test reads a clock that it does not own: on a machine half as fast, or twice, all of them say the same.

What takes time is given a clock by the test (`renewopt.cli.showing.clock`, `benchmarks.solver.watching.Clock`), work is
counted instead of timed, a search ends by its gap and not by its limit, and what another process does is waited for by
`tests.waiting.eventually`, whose patience is that of a hang.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ALLOWED = {
    "tests/waiting.py": "waits for other processes, and has patience for all tests",
    "tests/cli/test_killing.py": "ends commands at moments drawn by a clock; whatever the moment, the same has to hold",
    "tests/fuzz/child.py": "tells what an input took of the processor, for whoever looks; nothing rests on it",
    "tests/comparison/test_failing.py": "lets a moment pass between two signals; whatever has come by then is right",
    "tests/optimiser/infeasibility/test_shortage.py": "gives a clock its beginning, and never comes near its end",
}
"""Files that may, and why."""
ENDED = {
    ("tests/optimiser/test_highs.py", 0.5): "a search far beyond an hour ends by its limit",
    ("tests/optimiser/test_highs.py", 0.0): "no time at all",
    ("tests/optimiser/pulp/test_interface.py", 1.0): "a search far beyond an hour ends by its limit",
    ("tests/optimiser/pulp/test_interface.py", 1e-9): "no time at all",
}
"""Limits of time that a search is meant to come to, and why it does on any machine."""
CLOCKS = {"time", "timeit"}
NOW = {"now", "today", "utcnow"}
WAITING = {"wait", "join", "acquire"}
"""Calls whose first argument may be a limit of time."""
LIMITED = WAITING | {
    "optimise", "plan", "run", "communicate", "check_output", "check_call", "solve", "result", "wait_for_workers"
}  # fmt: skip
"""Calls that take a limit of time."""
AMPLE = 600


def clocks(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line, and what reads or waits for a clock there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, f"import {each.name}") for each in node.names if each.name in CLOCKS)
        elif isinstance(node, ast.ImportFrom) and node.module in CLOCKS:
            yield node.lineno, f"from {node.module} import"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            if node.func.attr in NOW and owner.split(".")[-1] in {"datetime", "date", "Timestamp"}:
                yield node.lineno, f"{owner}.{node.func.attr}()"


def limits(tree: ast.AST) -> Iterator[tuple[int, float]]:
    """Line and seconds of limits of time that stand in a call as a figure, if a machine could come to them."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        stated = [each.value for each in node.keywords if each.arg in {"time_limit", "timeout"} and name in LIMITED]
        for each in stated + (node.args[:1] if name in WAITING else []):
            figure = each.value if isinstance(each, ast.Constant) else None
            if isinstance(figure, int | float) and not isinstance(figure, bool) and figure < AMPLE:
                yield node.lineno, float(figure)


def test_no_test_reads_a_clock_that_it_does_not_own(repository: Path) -> None:
    found, seen = [], set()
    for path in sorted((repository / "tests").rglob("*.py")):
        name, tree = path.relative_to(repository).as_posix(), ast.parse(path.read_text(encoding="utf-8"))
        read = list(clocks(tree))
        seen |= {name} if read else set()
        found += [f"{name}:{line}: {what}" for line, what in read if name not in ALLOWED]
        for line, seconds in limits(tree):
            seen.add((name, seconds))
            if (name, seconds) not in ENDED and name not in ALLOWED:
                found.append(f"{name}:{line}: a limit of {seconds} s")
    assert found == [], "take tests.waiting, UNHURRIED or a clock of the test's own"
    assert {name for name in (*ALLOWED, *ENDED) if name not in seen} == set(), "what is not needed is not allowed"


@pytest.mark.parametrize(
    "code",
    [
        "import time",
        "from time import sleep",
        "import timeit",
        "datetime.now()",
        "dt.datetime.now(dt.UTC)",
        "datetime.date.today()",
        "pd.Timestamp.now()",
    ],
)
def test_clocks_are_found(code: str) -> None:
    assert list(clocks(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "plan(s, time_limit=30.0)",
        "subprocess.run(c, timeout=60)",
        "p.communicate(timeout=5)",
        "p.wait(60)",
        "client.wait_for_workers(1, timeout=120)",
    ],
)
def test_limits_are_found(code: str) -> None:
    assert list(limits(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "plan(s, time_limit=math.inf)",
        "Record(time_limit=3.0)",
        "run(c, timeout=HANGS)",
        '"".join(parts)',
        "p.wait(HANGS)",
    ],
)
def test_what_no_machine_comes_to_is_none(code: str) -> None:
    assert not list(clocks(ast.parse(code)))
    assert not list(limits(ast.parse(code)))
