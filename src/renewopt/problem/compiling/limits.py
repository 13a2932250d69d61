"""Limits on choices: throughput by month (16); in all: take-up (12), consent (11), rights to switch (15), relatives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.compiling.exact import Bools, Ints
from renewopt.problem.compiling.households import Households
from renewopt.problem.compiling.programmes import programmes
from renewopt.problem.compiling.spans import EVER, spans
from renewopt.problem.offers import Offers, Ragged, Route
from renewopt.problem.supply import Limits
from renewopt.scenario.models import Scenario, Throughput
from renewopt.units import Span


@dataclass(frozen=True, eq=False)
class Cap:
    """At most `most` households by some offers, in all months together."""

    name: str
    most: int
    offers: Ints


def compile_limits(
    scenario: Scenario,
    offers: Offers,
    programme: NDArray[np.int32],
    households: Households,
    others: Iterable[Cap] = (),
) -> Limits:
    """Write the limits out.

    Parameters
    ----------
    scenario, offers, households
        What was compiled.
    programme
        (O,) programme of each offer; −1: none.
    others
        Further caps, of households that consent or use a right.
    """
    project, count = households.project, households.count
    names: list[str] = []
    monthly: list[bool] = []
    held: list[Span] = []
    caps: list[int] = []
    members: list[Ints] = []
    of_project = project[offers.claim]
    for throughput in scenario.throughput:
        counting = np.flatnonzero(_counts(scenario, throughput, offers, of_project))
        for span, cap in spans(throughput.per_month):
            names.append(throughput.id if span == EVER else f"{throughput.id} {span}")
            monthly.append(True)
            held.append(span)
            caps.append(cap)
            members.append(counting)
    for number, stated in enumerate(programmes(scenario)):
        if stated.take_up is None:
            continue
        mine = programme == number
        for row in np.unique(of_project[mine]).tolist():
            some = np.flatnonzero(mine & (of_project == row))
            eligible = int(count[np.unique(offers.claim[some])].sum())
            names.append(f"take_up/{stated.id}/{scenario.projects[row].id}")
            monthly.append(False)
            held.append(EVER)
            caps.append(int(Decimal(eligible) * stated.take_up))
            members.append(some)
    for other in others:
        names.append(other.name)
        monthly.append(False)
        held.append(EVER)
        caps.append(other.most)
        members.append(other.offers)
    rows = np.repeat(np.arange(len(members)), [len(member) for member in members])
    offer = np.concatenate(members) if members else np.zeros(0, dtype=np.int64)
    identifiers = np.empty(len(names), dtype=object)
    identifiers[:] = names
    months = [span.within(scenario.start, scenario.months) for span in held]
    return Limits(
        id=identifiers,
        monthly=np.array(monthly, dtype=bool),
        first=np.array([span.start for span in months], dtype=np.int32),
        last=np.array([span.stop - 1 for span in months], dtype=np.int32),
        cap=np.array(caps, dtype=np.int64),
        offers=Ragged.build(len(members), rows.astype(np.int64), offer=offer),
    )


def _counts(scenario: Scenario, throughput: Throughput, offers: Offers, project: Ints) -> Bools:
    """Offers whose choices count."""
    here = np.ones(len(offers), dtype=bool)
    if throughput.projects != "all":
        among = np.array([p.id in throughput.projects for p in scenario.projects], dtype=bool)
        here &= among[project]
    if throughput.routes != "all":
        here &= np.isin(offers.route, [int(Route[name]) for name in throughput.routes])
    return here
