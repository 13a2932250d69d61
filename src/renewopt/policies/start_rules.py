"""Rules by which an office starts things, without a model: an order, and each as early as the programme lets it.

What may be left out starts all the same, where it can: these are rules of who begins, not of whether it is worth it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from renewopt.policies.money_for_starts import Account
from renewopt.scenario.models import Scenario
from renewopt.scheduling import NEVER_STARTS, Programme, delay_fen, faults
from renewopt.scheduling.activities import Bools, Ints
from renewopt.scheduling.placing import Binding, place
from renewopt.vocabulary import StartBy, StartByName

__all__ = ["order_by", "starts_by"]

Keys = NDArray[np.float64]


def order_by(rule: StartByName, programme: Programme) -> list[int]:
    """All activities in the order of a rule; what is alike stays in the order of the scenario.

    Parameters
    ----------
    rule
        ``urgency`` (and ``as-soon-as-money-allows``): the stated urgency, then hazards removed, delay cost a month and
        households, each the greatest first. ``land-deadline``: what has one by the earliest, the one with the least
        slack (deadline − earliest clearing) first, all others by urgency. ``benefit-per-yuan``: (what delay and late
        land cost if it never starts − what they cost if it starts as early as it can + land revenue) ÷ all its stages,
        the greatest first, then households ÷ stages; what costs nothing comes before all.
    """
    each = programme.activities
    urgency = (-each.urgency, -each.hazards, -each.delay_cost, -each.households)
    if rule == StartBy.LAND_DEADLINE:
        late = np.iinfo(np.int64).max
        deadline = np.where(each.deadline < 0, late, each.deadline)
        slack = np.where(each.deadline < 0, late, each.deadline - each.ready - each.first)
        return _sorted(deadline, slack, *urgency)
    if rule == StartBy.BENEFIT:
        cost = np.zeros(len(each), dtype=np.float64)
        np.add.at(cost, each.stages.row, each.stages["fen"])
        never = np.full(len(each), NEVER_STARTS, dtype=np.int64)
        saved = delay_fen(programme, never) - delay_fen(programme, each.first) + each.revenue
        paid = np.maximum(cost, 1.0)
        return _sorted(cost > 0, -saved / paid, -each.households / paid)
    return _sorted(*urgency)


def _sorted(*keys: Ints | Keys | Bools) -> list[int]:
    order: list[int] = np.lexsort(tuple(reversed(keys))).tolist()
    return order


def starts_by(rule: StartByName, scenario: Scenario, programme: Programme) -> Ints | None:
    """(n,) starts by a rule; None where its order leads to no schedule that keeps every rule of the programme.

    What must start is brought forward, and money is no longer asked for, only where there is no schedule otherwise.

    Parameters
    ----------
    rule
        As of `order_by`. Under ``as-soon-as-money-allows`` each starts in the first month in which the money that may
        pay for it lasts (`renewopt.policies.money_for_starts.Account`); what must start and never has the money, in
        its last month.
    """
    # Imported late: the optimiser brings its solver with it.
    from renewopt.optimiser.starts.windows import must as must_start
    from renewopt.optimiser.starts.windows import narrowed

    first, last = narrowed(programme)
    must = must_start(programme)
    rules = Binding.of(programme, (first, last), must)
    wanted = order_by(rule, programme)
    for by_money in (True, False) if rule == StartBy.MONEY else (False,):
        for order in _tried(wanted, must, last):
            account = Account(scenario, programme) if by_money else None
            starts = place(
                rules,
                order,
                allowed=None if account is None else account.lasts,
                placed=None if account is None else account.commit,
            )
            if starts is not None and not faults(programme, programme.named(starts)):
                return starts
    return None


def _tried(wanted: list[int], must: Bools, last: Ints) -> Iterator[list[int]]:
    """Yield the order as it is; what must start before the rest; and of that, what has the least time first."""
    yield wanted
    yield sorted(wanted, key=lambda row: not must[row])
    yield sorted(wanted, key=lambda row: (not must[row], int(last[row]) if must[row] else 0))
