"""The formulation: a problem as one linear model, column blocks and rule blocks put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from renewopt.optimiser.model import goals
from renewopt.optimiser.model.choices import Choices
from renewopt.optimiser.model.columns import Formulation, begin
from renewopt.optimiser.model.decoding import encode
from renewopt.optimiser.model.fairness import close_longer_waits, means
from renewopt.optimiser.model.linear import IntArray, LinearModel, Role, Unit
from renewopt.optimiser.model.margins import roundings
from renewopt.optimiser.model.rules import BLOCKS
from renewopt.optimiser.model.rules_in_fen import rounded
from renewopt.optimiser.model.start_options import StartOptions
from renewopt.optimiser.model.start_rules import START_BLOCKS, start_cost
from renewopt.problem import Problem, Tier
from renewopt.units import FEN_PER_WAN
from renewopt.vocabulary import Goal

__all__ = ["BLOCKS", "START_BLOCKS", "TierBound", "formulate"]

TierBound = tuple[Tier, float]
"""A tier and the most (万元, disutility or months) that its goal may come to."""


def formulate(
    problem: Problem,
    *,
    goal: str | Tier | None = None,
    tier_bounds: Sequence[TierBound] = (),
    elastic: bool = False,
    relaxed: bool = False,
    in_fen: bool = False,
    choices: Choices | None = None,
    starts: StartOptions | None = None,
    without_households: bool = False,
) -> tuple[Formulation, LinearModel]:
    """Build the model of a problem.

    Parameters
    ----------
    goal
        What is minimised: ``transition_fees``, ``fiscal_cost`` or a tier's goal; default: the problem's objective.
    tier_bounds
        Goals that may not exceed a value.
    elastic
        Open the shortfall columns.
    relaxed
        No integer columns: the linear relaxation.
    in_fen
        Amounts that the ledger rounds are columns, at most half a fen from what they are rounded from.
    choices
        The choices that are open; default: all.
    starts
        What may start when; the problem then holds a copy of a claim for each month in which its project may start.
    without_households
        The problem's claims are left out: whatever they may cause is provided for, in all months.
    """
    f = begin(
        problem, elastic=elastic, relaxed=relaxed, in_fen=in_fen, choices=choices, starts=starts,
        without_households=without_households,
    )  # fmt: skip
    for block in BLOCKS.values():
        block(f)
    for block in START_BLOCKS.values() if starts is not None else ():
        block(f)
    if in_fen:
        rounded(f)
    _past(f)
    close_longer_waits(f, tier_bounds)
    means(f, [each for each in (goal, *(tier for tier, _ in tier_bounds)) if isinstance(each, Tier)])
    rows = [(tier, most) for tier, most in tier_bounds if tier.goal != Goal.LONGEST_WAIT]
    for k, (tier, most) in enumerate(rows):
        cost, constant = goals.tier_goal(f, tier), 0.0
        if starts is not None:
            more, constant = start_cost(f, tier)
            cost = cost + more
        row = f.builder.add_rows(f"tier_{k}", "k", (np.array([k]),), upper=most - constant)
        at = np.flatnonzero(cost)
        f.builder.add_entries(row.start, at, cost[at])
    minimised = goal or problem.objective.name
    cost = goals.cost(f, minimised)
    f.builder.add_cost(np.arange(cost.size), cost)
    if starts is None:
        return f, f.builder.finish()
    cost, constant = start_cost(f, minimised)
    f.builder.add_cost(np.arange(cost.size), cost)
    return f, replace(f.builder.finish(), offset=constant)


def _past(f: Formulation) -> None:
    """What was decided before `now` is repeated: its columns are fixed.

    What was paid then had been rounded by the ledger; the model's own amounts, which are not, may differ by as much.
    """
    now = f.problem.calendar.now
    if now <= 0:
        return
    value = encode(f, f.problem.past)
    rounding = 0.0 if f.in_fen else roundings(f.problem) / FEN_PER_WAN
    for block in f.of_role(Role.DECISION):
        at: IntArray = block.index[block.keys[-1] < now]
        f.builder.fix(at, value[at], within=rounding if block.unit is Unit.MONEY else 0.0)
