"""Checks of fee policies, home policies, estates and programmes: orders, spans and sums that cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from renewopt.scenario.contents import Contents
from renewopt.scenario.notes import Notes
from renewopt.scenario.sections import Cash, Estate, FeePolicy, HomePolicy, OverdueStep, Voucher, Wish
from renewopt.scenario.splits import carry_on, ruling_project
from renewopt.vocabulary import ROUTES, Goal
from renewopt.wording import Names, Wording, words

__all__ = ["check_policies"]

Path = tuple[str | int, ...]


def check_policies(scenario: Contents, notes: Notes) -> None:
    """Note orders, spans and sums in policies, estates and programmes that cannot be.

    Parameters
    ----------
    scenario : Contents
    notes : Notes
        Takes the findings.
    """
    for number, fee in enumerate(scenario.fee_policies):
        _fee_policy(fee, ("fee_policies", number), notes)
    for number, home in enumerate(scenario.home_policies):
        _home_policy(home, ("home_policies", number), notes)
    for number, estate in enumerate(scenario.estates):
        _estate(estate, ("estates", number), scenario, notes)
    for number, wish in enumerate(scenario.wishes):
        _wish(wish, ("wishes", number), scenario, notes)
    _tiers(scenario, notes)
    for number, voucher in enumerate(scenario.vouchers):
        _programme(voucher, ("vouchers", number), notes)
        if voucher.valid is not None and voucher.valid < voucher.housed_after:
            message = words(
                "valid for {valid} {valid:month|months}, but housed only after {housed_after}",
                valid=voucher.valid,
                housed_after=voucher.housed_after,
            )
            notes.error(("vouchers", number, "valid"), message, words("make it at least `housed_after`"))
        developers = [listed.developer for listed in voucher.developers]
        _twice(developers, ("vouchers", number, "developers"), words("developer"), notes)
    for number, cash in enumerate(scenario.cash):
        _programme(cash, ("cash", number), notes)
    _fee_policy_of_projects(scenario, notes)
    _switch_rights(scenario, notes)
    for number, move in enumerate(scenario.moves):
        if move.source == move.target:
            notes.error(
                ("moves", number, "to"), words("money cannot be moved from {source!r} to itself", source=move.source)
            )
    for number, owing in enumerate(scenario.owing):
        if not owing.share:
            notes.warn(
                ("owing", number, "share"), words("a share of 0 permits no owing"), words("delete the permission")
            )


def _twice(values: Sequence[object], path: Path, what: Wording, notes: Notes) -> None:
    """Note a value that stands twice in a list."""
    met: set[object] = set()
    for position, value in enumerate(values):
        if value not in met:
            met.add(value)
        else:
            notes.error(
                (*path, position),
                words("the {what} {value!r} stands twice", what=what, value=str(value)),
                words("keep one of the two"),
            )


def _rising(values: Sequence[int], path: Path, key: str, notes: Notes) -> None:
    """Note steps that are not in rising order."""
    for position, (one, two) in enumerate(pairwise(values), start=1):
        if two <= one:
            message = words("steps must rise: {two} follows {one}", two=two, one=one)
            notes.error((*path, position, key), message, words("sort the steps and keep one of two alike"))


def _overdue(steps: Sequence[OverdueStep], path: Path, notes: Notes) -> None:
    _rising([step.after for step in steps], path, "after", notes)
    for position, step in enumerate(steps):
        if step.multiplier < 1 and path[-1] == "overdue":
            message = words("×{multiplier} is less than the ordinary fee", multiplier=step.multiplier)
            notes.warn((*path, position, "multiplier"), message, words("write 1.5 for 50 % more"))


def _fee_policy(policy: FeePolicy, path: Path, notes: Notes) -> None:
    if isinstance(policy.rate, list):
        months = [step.since for step in policy.rate]
        for position, month in enumerate(months[1:], start=1):
            if month is None:
                notes.error(
                    (*path, "rate", position),
                    words("only the first step may leave `from` out"),
                    words("add `from: YYYY-MM`"),
                )
        stated = [month.ordinal for month in months if month is not None]
        if len(stated) >= len(months) - 1:
            first = len(months) - len(stated)
            for position, (one, two) in enumerate(pairwise(stated), start=first + 1):
                if two <= one:
                    notes.error(
                        (*path, "rate", position, "from"),
                        words("rate steps must be in order of time"),
                        words("sort them"),
                    )
    _growth(policy, path, notes)
    _overdue(policy.overdue, (*path, "overdue"), notes)
    _overdue(policy.turnover, (*path, "turnover"), notes)
    _twice([uplift.group for uplift in policy.uplifts], (*path, "uplifts"), words("group"), notes)
    for position, uplift in enumerate(policy.uplifts):
        if uplift.percent is None and uplift.monthly is None and uplift.once is None:
            message = words("an uplift states percent, monthly or once")
            notes.error((*path, "uplifts", position), message, words("add one of them"))
    _payment(policy, path, notes)


def _growth(policy: FeePolicy, path: Path, notes: Notes) -> None:
    """Note limits and a growth that contradict themselves."""
    least, most = policy.household_minimum, policy.household_maximum
    if least is not None and most is not None and most < least:
        message = words("the maximum {most} is below the minimum {least}", most=most, least=least)
        notes.error((*path, "household_maximum"), message, words("exchange the two"))
    growth = policy.growth
    if growth is None:
        return
    place = (*path, "growth")
    if growth.clock == "calendar" and growth.since is None:
        message = words("it does not say in which month the rate rises first")
        notes.error(place, message, words("add `from: YYYY-MM`, or `clock: moving_out`"))
    if growth.clock == "moving_out" and growth.since is not None:
        message = words("rises are counted from moving out, and a month of the first is stated")
        notes.error((*place, "from"), message, words("delete it, or write `clock: calendar`"))
    rates = [step.yuan for step in policy.rate] if isinstance(policy.rate, list) else [policy.rate]
    if growth.at_most is not None and growth.at_most < max(rates):
        message = words("it may not grow beyond {most}, and {rate} is stated", most=growth.at_most, rate=max(rates))
        notes.error((*place, "at_most"), message, words("state the highest rate that it may reach"))
    for position, amount in enumerate(growth.amounts):
        if amount != "rate" and getattr(policy, amount) is None:
            message = words("{amount} is to grow, and is not stated", amount=amount)
            notes.error((*place, "amounts", position), message, words("state it, or leave it out"))


def _payment(policy: FeePolicy, path: Path, notes: Notes) -> None:
    """Note terms of payment without effect."""
    if policy.period == 1:
        for key, stated in (("in_advance", policy.in_advance), ("period_from", policy.period_from != "calendar")):
            if stated:
                message = words("fees are paid monthly, so that it has no effect")
                notes.warn((*path, key), message, words("state a `frequency`, or delete it"))
    times = 1 if policy.moving_fee is None else policy.moving_fee.times
    if isinstance(times, dict) and not any(times.values()):
        message = words("no route is paid a moving fee")
        notes.warn((*path, "moving_fee", "times"), message, words("name those that are, such as `own_unit: 2`"))


def _home_policy(policy: HomePolicy, path: Path, notes: Notes) -> None:
    if policy.choice_above is not None and not policy.round_up:
        message = words("without `round_up` every home is offered up to `maximum_above`: this has no effect")
        notes.warn((*path, "choice_above"), message, words("state `maximum_above` instead"))
    for position, bound in enumerate(policy.bounds):
        place = (*path, "bounds", position)
        if bound.persons_to is not None and bound.persons_to < bound.persons_from:
            message = words(
                "from {persons_from} to {persons_to} {persons_to:person|persons} is no span",
                persons_from=bound.persons_from,
                persons_to=bound.persons_to,
            )
            notes.error((*place, "persons_to"), message, words("exchange the two"))
        for low, high in (("minimum", "maximum"), ("minimum_per_person", "maximum_per_person")):
            least, most = getattr(bound, low), getattr(bound, high)
            if least is not None and most is not None and least > most:
                notes.error(
                    (*place, high),
                    words("the maximum {most} is below the minimum {least}", most=most, least=least),
                    words("exchange the two"),
                )
    spans = sorted((b.persons_from, position, b.persons_to) for position, b in enumerate(policy.bounds))
    for (_, _, end), (begin, position, _) in pairwise(spans):
        if end is None or begin <= end:
            notes.error(
                (*path, "bounds", position),
                words("two bounds hold for {begin} {begin:person|persons}", begin=begin),
                words("let the spans not overlap"),
            )
    for position, band in enumerate(policy.above):
        last = position == len(policy.above) - 1
        if band.up_to is None and not last:
            message = words("only the last price band may be without end")
            notes.error((*path, "above", position), message, words("add `up_to`, or sort the bands"))
        before = policy.above[position - 1].up_to if position else None
        if band.up_to is not None and before is not None and band.up_to <= before:
            message = words("bands must rise: {up_to} m² follows {before} m²", up_to=band.up_to, before=before)
            notes.error((*path, "above", position, "up_to"), message, words("sort the bands"))


def _estate(estate: Estate, path: Path, scenario: Contents, notes: Notes) -> None:
    served = isinstance(estate.open_to, str) or estate.open_to or estate.projects
    if not served:
        notes.warn(path, words("no project may be settled in this estate"), words("state `projects` or `open_to`"))
    for position, unit in enumerate(estate.units):
        phases = any(unit.type in phase.delivers for phase in estate.phases)
        if not (unit.on_hand or unit.arrivals or phases):
            message = words("there is never a home of type {type!r}", type=unit.type)
            notes.warn(
                (*path, "units", position), message, words("state `on_hand`, `arrivals` or a phase that delivers it")
            )
        if unit.area is None and scenario.home_policies:
            message = words("the area of a home is needed where entitlements are matched")
            notes.warn((*path, "units", position), message, words("add `area: 90`"))
    for position, phase in enumerate(estate.phases):
        if phase.progress == 1 and phase.cost and phase.earliest is None and not phase.handover_lag:
            message = words("a phase that is wholly paid and built is stock")
            notes.warn((*path, "phases", position, "progress"), message, words("put its homes into `on_hand`"))
        if phase.monthly_limit is not None and phase.monthly_limit == 0 and phase.progress < 1:
            message = words("nothing may be spent, so that the phase is never built")
            notes.error((*path, "phases", position, "monthly_limit"), message, words("delete the key for no limit"))


def _tiers(scenario: Contents, notes: Notes) -> None:
    """Note spreads of a single project: a spread is between those that count."""
    for number, tier in enumerate(scenario.objective.tiers):
        counted = [each.id for each in scenario.projects if tier.projects == "all" or each.id in tier.projects]
        if tier.goal != Goal.WAIT_SPREAD or len(counted) > 1:
            continue
        path = ("objective", "tiers", number)
        message = words("the spread of mean waits is one between projects, and no two of them count here")
        notes.error((*path, "projects" if tier.projects != "all" else "goal"), message,
                    words("name at least two projects, or minimise `longest_wait`"))  # fmt: skip


def _wish(wish: Wish, path: Path, scenario: Contents, notes: Notes) -> None:
    goals = scenario.objective
    if not (wish.types or wish.tags):
        notes.error(
            path,
            words("neither `types` nor `tags` says which homes are wished for"),
            words("add one of them, or delete the entry"),
        )
    if wish.only and wish.disutility:
        message = words("other homes are not offered, so that their disutility has no effect")
        notes.error((*path, "disutility"), message, words("delete one of the two keys"))
    elif not (wish.only or wish.disutility):
        message = words("neither `only` nor `disutility` is stated, so that the wish has no effect")
        notes.error(path, message, words("add `only: true`, or a `disutility`"))
    elif wish.disutility and not goals.disutility_weight and all(tier.goal != Goal.DISUTILITY for tier in goals.tiers):
        message = words("no disutility counts in the objective, so that the wish has no effect")
        notes.warn(
            (*path, "disutility"), message, words("state `objective.disutility_weight`, or a tier of `disutility`")
        )


def _programme(programme: Voucher | Cash, path: Path, notes: Notes) -> None:
    _rising([step.months for step in programme.bonus], (*path, "bonus"), "months", notes)
    _rising([part.after for part in programme.instalments], (*path, "instalments"), "after", notes)
    total = sum(part.share for part in programme.instalments)
    if programme.instalments and total != 1:
        message = words("the shares of the instalments add up to {total:.6g}, 1 was expected", total=total)
        notes.error((*path, "instalments"), message, words("mend the shares (30 / 30 / 40 % is 0.3, 0.3, 0.4)"))
    if programme.months is not None and programme.bonus and programme.bonus[-1].months > programme.months:
        message = words(
            "a bonus until month {last}, but it may be chosen in {months} {months:month|months}",
            last=programme.bonus[-1].months,
            months=programme.months,
        )
        notes.warn((*path, "bonus"), message, words("check both"))


def _fee_policy_of_projects(scenario: Contents, notes: Notes) -> None:
    """Note projects that do not say which of several fee policies holds, unless all their households do."""
    if len(scenario.fee_policies) < 2:
        return
    frame = carry_on(scenario.households)
    silent = set(ruling_project(frame)[frame["fee_policy"] == ""])
    for number, project in enumerate(scenario.projects):
        if project.fee_policy is None and project.id in silent:
            known = Names(policy.id for policy in scenario.fee_policies)
            message = words("there are several fee policies; the project does not say which one holds")
            notes.error(("projects", number), message, words("add `fee_policy:` with one of {known}", known=known))


def _switch_rights(scenario: Contents, notes: Notes) -> None:
    """Warn of rights to switch that households hold, and of which nothing says how many use them."""
    frame = scenario.households
    for number, project in enumerate(scenario.projects):
        for position, right in enumerate(project.switch_rights):
            if "switch_share" in right.model_fields_set:
                continue
            accepted = frame.loc[frame["project"] == project.id, "routes"]
            default = ROUTES if project.routes is None else project.routes
            if any(set(right.routes) - set(cell or default) for cell in set(accepted)):
                message = words("no household is expected to use this right: it is theirs, not the office's")
                mend = words("state `switch_share`, the share of its holders that switch (0 if nobody does)")
                notes.warn(("projects", number, "switch_rights", position), message, mend)
