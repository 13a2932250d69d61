"""The district × all policies, in many futures, and each of its variants.

    python -m benchmarks.policies district --jobs 2 --out out/district

Two comparisons, each in a folder of its own: the district as it stands with many seeds, its variants with few. What
is done already is not done again. Policies that optimise, and the bounds, end at the same proven gap.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import renewopt
from renewopt.comparison import Comparison, Step
from renewopt.policies import SHIPPED, Hedged, Policy, Rolling

__all__ = ["DISTRICT", "PARTS", "Part", "chosen", "played", "seconds"]

DISTRICT = "scenarios/district/district.yaml"
SAMPLE, PLANS = 16, 3
"""Futures in which the plans of ``hedged`` are tried, and plans that it makes."""
SAMPLE_GAP = 0.1
"""Gap of its plans for futures of the sample: they need be good somewhere, not proven anywhere."""


@dataclass(frozen=True)
class Part:
    """A comparison: its folder, variants (None: all that the scenario states), and seeds."""

    name: str
    variants: tuple[str, ...] | None
    seeds: int
    optimising_seeds: int


PARTS = {part.name: part for part in (Part("base", ("base",), 20, 5), Part("variants", None, 5, 1))}


def chosen(names: Iterable[str], gap: float) -> list[str | Policy]:
    """Policies by name; those that optimise as this benchmark states them."""
    own: dict[str, Policy] = {
        Hedged.name: Hedged(sample=SAMPLE, plans=PLANS, gap=gap, sample_gap=SAMPLE_GAP),
        Rolling.name: Rolling(every=12, gap=gap),
    }
    return [own.get(name, name) for name in names]


def played(
    part: Part,
    out: Path,
    *,
    jobs: int = 1,
    gap: float = 0.01,
    policies: Iterable[str] | None = None,
    perfect: bool = True,
    scenario: str = DISTRICT,
    tell: Callable[[Step], None] | None = None,
) -> Comparison:
    """Do a part, or what is missing of it."""
    variants = part.variants
    if variants is None:
        variants = tuple(renewopt.load(scenario).variants)
    return renewopt.compare(
        scenario,
        policies=chosen(SHIPPED if policies is None else policies, gap),
        variants=variants,
        seeds=part.seeds,
        optimising_seeds=part.optimising_seeds,
        jobs=jobs,
        gap=gap,
        perfect=perfect,
        out=out / part.name,
        progress=tell,
    )


def seconds(comparisons: Iterable[Comparison]) -> str:
    """What the runs and the plans took, by policy: number, mean and sum of seconds of the processor."""
    table = pd.concat([comparison.timings for comparison in comparisons])
    found = table.groupby(["what", "policy"])["seconds"].agg(["size", "mean", "sum"]).reset_index()
    found = found.sort_values("sum", ascending=False, kind="stable")
    rows = [
        f"| {row.policy} | {row.what} | {row.size} | {row.mean:,.1f} | {row.sum:,.0f} |"
        for row in found.itertuples(index=False, name="Row")
    ]
    total = f"| all | | {int(found['size'].sum())} | | {found['sum'].sum():,.0f} |"
    return "\n".join(
        ["| policy | | number | CPU seconds each | CPU seconds |", "| --- | --- | --- | --- | --- |", *rows, total]
    )
