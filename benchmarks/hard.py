"""Hard districts: how near to its bound a plan is after so much processor time.

``python -m benchmarks.hard [--page PAGE] [CASE …]`` plans each case in a process of its own and writes a table: gap
after 10, 60 and 300 processor seconds, and the time to a first one. On a page the table of the release before stays
beneath.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import renewopt
from renewopt.optimiser.progress import Progress
from renewopt.synth import synthesise, write

DISTRICT = Path("scenarios", "district")
VARIANTS = Path(__file__).with_name("hard.yaml")
AFTER = (10.0, 60.0, 300.0)
"""Processor seconds after which the gap is told."""
BEGIN, END = "<!-- hard districts: begin -->", "<!-- hard districts: end -->"


@dataclass(frozen=True)
class Case:
    """A district that is hard to plan.

    Attributes
    ----------
    write
        Writes its scenario into a folder; returns the file.
    variant, objective
        As `renewopt.load` and `renewopt.plan` take them.
    """

    write: Callable[[Path], Path]
    variant: str | None = None
    objective: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of a case: its status, and (processor seconds, gap) whenever another gap was told.

    Of strict goals each gap is that of the goal that is searched for then.
    """

    status: str
    told: tuple[tuple[float, float], ...]
    seconds: float

    def after(self, seconds: float) -> float | None:
        """Gap after so many seconds; None where there was no plan with a bound yet."""
        return next((gap for when, gap in reversed(self.told) if when <= seconds), None)


def district(folder: Path) -> Path:
    """The shipped district with the variants of `hard.yaml`, whose names are its ids."""
    for each in DISTRICT.iterdir():
        text = each.read_text(encoding="utf-8")
        if each.suffix == ".yaml":
            text = text.rstrip("\n") + "\n\n" + textwrap.indent(VARIANTS.read_text(encoding="utf-8"), "  ")
        (folder / each.name).write_text(text, encoding="utf-8")
    return folder / "district.yaml"


def drawn(households: int, **options: int) -> Callable[[Path], Path]:
    """Writes a synthetic district."""
    return lambda folder: write(folder, synthesise(households, seed=77, **options))


CASES = {
    "district": Case(district),
    "fiscal cost": Case(district, objective="fiscal_cost"),
    "special loan also pays vouchers": Case(district, "special loan also pays vouchers"),
    "the same with low funds": Case(district, "the same with low funds"),
    "few settlements a month": Case(district, "few settlements a month"),
    "strict tiers": Case(district, "strict tiers"),
    "money once a year": Case(district, "money once a year"),
    "runs-short": Case(district, "runs-short"),
    "no revenue to speak of": Case(district, "no revenue to speak of"),
    "600 households, 8 phases": Case(drawn(600, phases=1)),
    "600 households, 48 phases": Case(drawn(600, phases=6)),
    "3,200 households, 120 months": Case(drawn(3_200, months=120)),
}


def planned(case: Case, *, gap: float = 1e-3, limit: float = AFTER[-1]) -> Outcome:
    """Plan a case here and now, and note what progress tells."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = renewopt.load(case.write(Path(folder)), variant=case.variant)
    since = time.process_time()
    told: list[tuple[float, float]] = []

    def note(progress: Progress) -> None:
        if progress.gap is not None and (not told or progress.gap != told[-1][1]):
            told.append((time.process_time() - since, progress.gap))

    plan = renewopt.plan(scenario, objective=case.objective, gap=gap, time_limit=limit, progress=note)
    seconds = time.process_time() - since
    if plan.gap is not None:
        # What a search says of a plan that is not paid yet may be less than what is left in the end.
        goals = [k for k in range(1, len(told)) if told[k][1] > told[k - 1][1]]
        last = goals[-1] if goals else 0
        told = [*told[:last], *((when, max(each, plan.gap)) for when, each in told[last:])]
        told.append((seconds, plan.gap))
    status = plan.status
    if plan.shortfall is not None and plan.shortfall_bound is not None:
        status += f"; shortfall {plan.shortfall / 1e6:,.1f} million, at least {plan.shortfall_bound / 1e6:,.1f}"
    return Outcome(status, tuple(told), seconds)


def row(name: str, outcome: Outcome) -> str:
    """A row of the table."""
    gaps = [outcome.after(seconds) for seconds in AFTER]
    first = f"{outcome.told[0][0]:.0f}" if outcome.told else "none"
    cells = ["none" if gap is None else f"{100 * gap:.2f} %" for gap in gaps]
    return "| " + " | ".join([name, first, *cells, f"{outcome.seconds:.0f}", outcome.status]) + " |"


def head() -> str:
    """The table's head."""
    after = " | ".join(f"gap after {seconds:.0f}" for seconds in AFTER)
    line = "| --- |" + " ---: |" * (len(AFTER) + 2) + " --- |"
    return f"| district | first gap, CPU s | {after} | whole, CPU s | status |\n{line}"


def on_page(page: str, version: str, table: str) -> str:
    """The page with the table of a release; the one of the release before stays beneath it.

    Raises
    ------
    ValueError
        If the page has no place for it.
    """
    if BEGIN not in page or END not in page:
        raise ValueError(f"the page has no place for the table: {BEGIN} … {END}")
    before, rest = page.split(BEGIN, 1)
    was, after = rest.split(END, 1)
    newest = f"Release {version}:"
    tables = [each for each in was.strip().split("\n\nRelease ") if each]
    tables = [each if each.startswith("Release ") else f"Release {each}" for each in tables]
    kept = [each for each in tables if not each.startswith(newest)][:1]
    return f"{before}{BEGIN}\n" + "\n\n".join([f"{newest}\n\n{table}", *kept]) + f"\n{END}{after}"


def _apart(name: str) -> Outcome:
    """Plan a case in a process of its own: its memory and its caches are nobody else's."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.hard", "--alone", name], check=True, capture_output=True, text=True
    )
    status, told, seconds = json.loads(done.stdout.splitlines()[-1])
    return Outcome(status, tuple((when, gap) for when, gap in told), seconds)


def main(arguments: Sequence[str]) -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hard", description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", metavar="CASE", help="; ".join(CASES))
    parser.add_argument("--page", type=Path, help="write the table into this page")
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.alone:
        outcome = planned(CASES[asked.alone])
        print(json.dumps([outcome.status, outcome.told, outcome.seconds]))
        return
    unknown = [name for name in asked.cases if name not in CASES]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(CASES)}")
    rows = [head()]
    print(rows[0])
    for name in asked.cases or CASES:
        rows.append(row(name, _apart(name)))
        print(rows[-1], flush=True)
    if asked.page is not None:
        page = on_page(asked.page.read_text(encoding="utf-8"), renewopt.__version__, "\n".join(rows))
        asked.page.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
