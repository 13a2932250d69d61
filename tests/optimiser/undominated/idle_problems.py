"""Tiny random problems in which households cost nothing while they wait, and homes cost nothing either."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from renewopt.problem import Problem, Ragged
from renewopt.testing.tiny import tiny_problem


def idle_problem(seed: int) -> Problem:
    """Draw a tiny problem; for some claims there are no fees, for some offers no price, perhaps no payments at all."""
    problem = tiny_problem(seed)
    random = np.random.default_rng(seed)
    ordinary, price, lines = problem.fees.ordinary.copy(), problem.offers.price.copy(), problem.offers.lines
    ordinary[random.random(len(problem.claims)) < 0.5] = 0
    price[random.random(price.size) < 0.4] = 0
    first = problem.fees.first_month
    if first is not None:
        first = replace(first, unpaid=np.where(ordinary.any(axis=1), first.unpaid, 0))
    if random.random() < 0.5:
        kept = lines["fen"] < 0
        columns = {name: values[kept] for name, values in lines.columns.items()}
        lines = Ragged.build(len(problem.offers), lines.row[kept], **columns)
    return replace(
        problem,
        fees=replace(problem.fees, ordinary=ordinary, first_month=first),
        offers=replace(problem.offers, price=price, lines=lines),
    )
