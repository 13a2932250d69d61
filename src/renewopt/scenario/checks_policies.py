"""Checks of fee policies, home policies, estates and programmes: orders, spans and sums that cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from renewopt.scenario.models import Cash, Estate, FeePolicy, HomePolicy, OverdueStep, Scenario, Voucher
from renewopt.scenario.notes import Notes

__all__ = ["check_policies"]

Path = tuple[str | int, ...]


def check_policies(scenario: Scenario, notes: Notes) -> None:
    """Note orders, spans and sums in policies, estates and programmes that cannot be.

    Parameters
    ----------
    scenario : Scenario
    notes : Notes
        Takes the findings.
    """
    for number, fee in enumerate(scenario.fee_policies):
        _fee_policy(fee, ("fee_policies", number), notes)
    for number, home in enumerate(scenario.home_policies):
        _home_policy(home, ("home_policies", number), notes)
    for number, estate in enumerate(scenario.estates):
        _estate(estate, ("estates", number), scenario, notes)
    for number, voucher in enumerate(scenario.vouchers):
        _programme(voucher, ("vouchers", number), notes)
        if voucher.valid is not None and voucher.valid < voucher.housed_after:
            message = f"valid for {voucher.valid} months, but housed only after {voucher.housed_after}"
            notes.error(("vouchers", number, "valid"), message, "make it at least `housed_after`")
        developers = [listed.developer for listed in voucher.developers]
        _twice(developers, ("vouchers", number, "developers"), "developer", notes)
    for number, cash in enumerate(scenario.cash):
        _programme(cash, ("cash", number), notes)
    _fee_policy_of_projects(scenario, notes)
    for number, move in enumerate(scenario.moves):
        if move.source == move.target:
            notes.error(("moves", number, "to"), f"money cannot be moved from {move.source!r} to itself")
    for number, owing in enumerate(scenario.owing):
        if not owing.share:
            notes.warn(("owing", number, "share"), "a share of 0 permits no owing", "delete the permission")


def _twice(values: Sequence[object], path: Path, what: str, notes: Notes) -> None:
    """Note a value that stands twice in a list."""
    for position, value in enumerate(values):
        if value in values[:position]:
            notes.error((*path, position), f"the {what} {str(value)!r} stands twice", "keep one of the two")


def _rising(values: Sequence[int], path: Path, key: str, notes: Notes) -> None:
    """Note steps that are not in rising order."""
    for position, (one, two) in enumerate(pairwise(values), start=1):
        if two <= one:
            message = f"steps must rise: {two} follows {one}"
            notes.error((*path, position, key), message, "sort the steps and keep one of two alike")


def _overdue(steps: Sequence[OverdueStep], path: Path, notes: Notes) -> None:
    _rising([step.after for step in steps], path, "after", notes)
    for position, step in enumerate(steps):
        if step.multiplier < 1 and path[-1] == "overdue":
            message = f"×{step.multiplier} is less than the ordinary fee"
            notes.warn((*path, position, "multiplier"), message, "write 1.5 for 50 % more")


def _fee_policy(policy: FeePolicy, path: Path, notes: Notes) -> None:
    if isinstance(policy.rate, list):
        months = [step.since for step in policy.rate]
        for position, month in enumerate(months[1:], start=1):
            if month is None:
                notes.error(
                    (*path, "rate", position), "only the first step may leave `from` out", "add `from: YYYY-MM`"
                )
        stated = [month.ordinal for month in months if month is not None]
        if len(stated) >= len(months) - 1:
            first = len(months) - len(stated)
            for position, (one, two) in enumerate(pairwise(stated), start=first + 1):
                if two <= one:
                    notes.error((*path, "rate", position, "from"), "rate steps must be in order of time", "sort them")
    _overdue(policy.overdue, (*path, "overdue"), notes)
    _overdue(policy.turnover, (*path, "turnover"), notes)
    _twice([uplift.group for uplift in policy.uplifts], (*path, "uplifts"), "group", notes)
    for position, uplift in enumerate(policy.uplifts):
        if uplift.percent is None and uplift.monthly is None and uplift.once is None:
            message = "an uplift states percent, monthly or once"
            notes.error((*path, "uplifts", position), message, "add one of them")


def _home_policy(policy: HomePolicy, path: Path, notes: Notes) -> None:
    for position, bound in enumerate(policy.bounds):
        place = (*path, "bounds", position)
        if bound.persons_to is not None and bound.persons_to < bound.persons_from:
            message = f"from {bound.persons_from} to {bound.persons_to} persons is no span"
            notes.error((*place, "persons_to"), message, "exchange the two")
        for low, high in (("minimum", "maximum"), ("minimum_per_person", "maximum_per_person")):
            least, most = getattr(bound, low), getattr(bound, high)
            if least is not None and most is not None and least > most:
                notes.error((*place, high), f"the maximum {most} is below the minimum {least}", "exchange the two")
    spans = sorted((b.persons_from, position, b.persons_to) for position, b in enumerate(policy.bounds))
    for (_, _, end), (begin, position, _) in pairwise(spans):
        if end is None or begin <= end:
            notes.error(
                (*path, "bounds", position), f"two bounds hold for {begin} persons", "let the spans not overlap"
            )
    for position, band in enumerate(policy.above):
        last = position == len(policy.above) - 1
        if band.up_to is None and not last:
            message = "only the last price band may be without end"
            notes.error((*path, "above", position), message, "add `up_to`, or sort the bands")
        before = policy.above[position - 1].up_to if position else None
        if band.up_to is not None and before is not None and band.up_to <= before:
            message = f"bands must rise: {band.up_to} m² follows {before} m²"
            notes.error((*path, "above", position, "up_to"), message, "sort the bands")


def _estate(estate: Estate, path: Path, scenario: Scenario, notes: Notes) -> None:
    served = isinstance(estate.open_to, str) or estate.open_to or estate.projects
    if not served:
        notes.warn(path, "no project may be settled in this estate", "state `projects` or `open_to`")
    for position, unit in enumerate(estate.units):
        phases = any(unit.type in phase.delivers for phase in estate.phases)
        if not (unit.on_hand or unit.arrivals or phases):
            message = f"there is never a home of type {unit.type!r}"
            notes.warn((*path, "units", position), message, "state `on_hand`, `arrivals` or a phase that delivers it")
        if unit.area is None and scenario.home_policies:
            message = "the area of a home is needed where entitlements are matched"
            notes.warn((*path, "units", position), message, "add `area: 90`")
    for position, phase in enumerate(estate.phases):
        if phase.progress == 1 and phase.cost and phase.earliest is None and not phase.handover_lag:
            message = "a phase that is wholly paid and built is stock"
            notes.warn((*path, "phases", position, "progress"), message, "put its homes into `on_hand`")
        if phase.monthly_limit is not None and phase.monthly_limit == 0 and phase.progress < 1:
            message = "nothing may be spent, so that the phase is never built"
            notes.error((*path, "phases", position, "monthly_limit"), message, "delete the key for no limit")


def _programme(programme: Voucher | Cash, path: Path, notes: Notes) -> None:
    _rising([step.months for step in programme.bonus], (*path, "bonus"), "months", notes)
    _rising([part.after for part in programme.instalments], (*path, "instalments"), "after", notes)
    total = sum(part.share for part in programme.instalments)
    if programme.instalments and total != 1:
        message = f"the shares of the instalments add up to {total:.6g}, 1 was expected"
        notes.error((*path, "instalments"), message, "mend the shares (30 / 30 / 40 % is 0.3, 0.3, 0.4)")
    if programme.months is not None and programme.bonus and programme.bonus[-1].months > programme.months:
        message = f"a bonus until month {programme.bonus[-1].months}, but it may be chosen in {programme.months} months"
        notes.warn((*path, "bonus"), message, "check both")


def _fee_policy_of_projects(scenario: Scenario, notes: Notes) -> None:
    """Note projects that do not say which of several fee policies holds, unless all their households do."""
    if len(scenario.fee_policies) < 2:
        return
    frame = scenario.households
    silent = set(frame.loc[frame["fee_policy"] == "", "project"])
    for number, project in enumerate(scenario.projects):
        if project.fee_policy is None and project.id in silent:
            known = ", ".join(policy.id for policy in scenario.fee_policies)
            message = "there are several fee policies; the project does not say which one holds"
            notes.error(("projects", number), message, f"add `fee_policy:` with one of {known}")
