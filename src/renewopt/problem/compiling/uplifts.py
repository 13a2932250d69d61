"""Uplifts for groups of households: only the highest of a category counts (rule 7)."""

from __future__ import annotations

import numpy as np

from renewopt.problem.compiling.exact import Ints, times
from renewopt.problem.compiling.households import Households
from renewopt.problem.compiling.refusals import Refusals
from renewopt.scenario.models import FeePolicy, Scenario, Uplift
from renewopt.units import MICRO_YUAN_PER_FEN, PPM, divide_half_up, scaled, to_fen
from renewopt.wording import words


def by_category(policy: FeePolicy) -> dict[str, list[Uplift]]:
    """Uplifts of a policy, by category."""
    found: dict[str, list[Uplift]] = {}
    for uplift in policy.uplifts:
        found.setdefault(uplift.category, []).append(uplift)
    return found


def _members(households: Households, rows: Ints, group: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    among = np.array([group in groups for groups in households.group_sets], dtype=bool)
    member: np.ndarray[tuple[int], np.dtype[np.bool_]] = among[households.groups[rows]]
    return member


def monthly_uplifts(policy: FeePolicy, households: Households, rows: Ints, base: Ints) -> Ints:
    """Micro-yuan a month added to the household's fee: the sum over categories of the highest uplift."""
    total = np.zeros(rows.size, dtype=np.int64)
    for uplifts in by_category(policy).values():
        highest = np.zeros(rows.size, dtype=np.int64)
        for uplift in uplifts:
            value = np.zeros(rows.size, dtype=np.int64)
            if uplift.percent is not None:
                value += divide_half_up(times(base, scaled(uplift.percent, PPM), words("an uplift")), PPM)
            if uplift.monthly is not None:
                value += to_fen(uplift.monthly) * MICRO_YUAN_PER_FEN
            highest = np.maximum(highest, np.where(_members(households, rows, uplift.group), value, 0))
        total += highest
    return total


def lump_sums(scenario: Scenario, households: Households) -> Ints:
    """(H,) fen paid to a claim once, when it is settled: the claim's part of its household's lump sums."""
    total = np.zeros(len(households), dtype=np.int64)
    for number, policy in enumerate(scenario.fee_policies):
        if all(uplift.once is None for uplift in policy.uplifts):
            continue
        rows = np.flatnonzero(households.fee_policy == number)
        for uplifts in by_category(policy).values():
            highest = np.zeros(rows.size, dtype=np.int64)
            for uplift in uplifts:
                if uplift.once is not None:
                    value = np.where(_members(households, rows, uplift.group), to_fen(uplift.once), 0)
                    highest = np.maximum(highest, value)
            total[rows] += highest
    return households.share(total)


def check_uplifts(scenario: Scenario, refusals: Refusals) -> None:
    """Refuse a category whose highest uplift cannot be told: lump sums beside monthly ones."""
    for policy in scenario.fee_policies:
        for category, uplifts in by_category(policy).items():
            once = any(uplift.once is not None for uplift in uplifts)
            monthly = any(uplift.percent is not None or uplift.monthly is not None for uplift in uplifts)
            if once and monthly:
                refusals.refuse(
                    f"fee_policies.{policy.id}.uplifts",
                    words(
                        "the category {category} mixes lump sums with monthly uplifts, so that none is the highest",
                        category=category,
                    ),
                    words("give the lump sums a category of their own"),
                )
