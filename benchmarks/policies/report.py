"""Tables of the shipped scenarios, as they stand in docs/benchmarks/policies.md."""

import math
import sys
from collections.abc import Sequence
from pathlib import Path

import renewopt
from renewopt.comparison import Comparison, Step
from renewopt.comparison.statistics import SETTING
from renewopt.policies import SHIPPED, Hedged, Policy

__all__ = ["SCENARIOS", "TABLES", "markdown", "marks", "renew", "tables", "tell"]

SCENARIOS = ["scenarios/minimal.yaml", "scenarios/uncertain.yaml"]
OWN: dict[tuple[str, str], Policy] = {("uncertain", Hedged.name): Hedged(plans=4, sample=24, gap=0.05)}
"""Policies that a scenario is compared with in another way than by default: whole cohorts make this one a hard one."""
NO_BOUNDS = ("uncertain",)
"""Each search for who knows the future takes minutes there."""
TABLES = "tables"


def tables(
    scenarios: Sequence[str],
    policies: Sequence[str] | None,
    *,
    seeds: int,
    optimising_seeds: int | None,
    jobs: int,
    out: Path,
) -> str:
    """Compare in each scenario and tell the rankings in Markdown; each comparison resumes in its own folder."""
    parts = []
    for path in scenarios:
        stem = Path(path).stem
        names = SHIPPED if policies is None else policies
        comparison = renewopt.compare(
            path,
            policies=[OWN.get((stem, name), name) for name in names],
            seeds=seeds,
            optimising_seeds=seeds if optimising_seeds is None else optimising_seeds,
            jobs=jobs,
            perfect=stem not in NO_BOUNDS,
            out=out / stem,
            progress=tell,
        )
        parts.append(markdown(comparison))
    return "\n\n".join(parts)


def tell(step: Step) -> None:
    """Say how far a comparison is, and how long the rest takes."""
    left = "" if step.left is None else f"  {step.left / 60:.0f} min left"
    print(f"{step.done} of {step.total}  {step.what}{left}", file=sys.stderr, flush=True)


def markdown(comparison: Comparison) -> str:
    """Rankings of a comparison, a table for each setting; millions of yuan."""
    blocks = []
    for setting, group in comparison.ranking().groupby(SETTING, sort=False):
        scenario, variant, future = (str(part) for part in setting)
        title = f"**{scenario}{', ' + variant if variant else ''}, {future}** (objective, millions of yuan)"
        head = ["", "policy", "runs", "in order", "mean", "95 % interval", "above the bound", "best in"]
        more = bool((group["all_runs"] > group["runs"]).any())
        if more:
            head += ["all runs", "in order", "mean"]
        lines = [title, "", "| " + " | ".join(head) + " |", "| --- " * len(head) + "|"]
        for row in group.itertuples(index=False):
            interval = "" if math.isnan(row.low) else f"{_millions(row.low)} … {_millions(row.high)}"
            cells = [row.rank, row.policy, row.runs, f"{row.clean:.0%}", _millions(row.mean), interval]
            cells += [_millions(row.regret), f"{row.wins:.0%}"]
            if more:
                cells += [row.all_runs, f"{row.all_clean:.0%}", _millions(row.all_mean)]
            lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _millions(yuan: float) -> str:
    """Nothing where there is none: no plan, or no bound."""
    return "" if math.isnan(yuan) else f"{yuan / 1e6:.3f}"


def renew(page: Path, text: str, name: str = TABLES) -> None:
    """Put a text into a page, between the two marks of that name.

    Raises
    ------
    ValueError
        If the page has no marks.
    """
    whole = page.read_text(encoding="utf-8")
    begin, end = marks(name)
    if begin not in whole or end not in whole:
        raise ValueError(f"{page} has no lines {begin} and {end}")
    before, after = whole.split(begin)[0], whole.split(end)[1]
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def marks(name: str) -> tuple[str, str]:
    """Lines between which a text of that name stands in a page."""
    return f"<!-- {name} -->", f"<!-- end of {name} -->"
