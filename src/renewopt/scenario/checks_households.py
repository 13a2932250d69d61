"""Checks of the tables against the rules: what a household's row lacks, and rows that contradict themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.errors import Finding
from renewopt.scenario.columns import Checked
from renewopt.scenario.contents import Contents
from renewopt.scenario.limits import MAX_RELATED
from renewopt.scenario.notes import Notes
from renewopt.scenario.sections import FeePolicy
from renewopt.scenario.splits import carry_on, ruling_project
from renewopt.units import parse_money, parse_share
from renewopt.vocabulary import Goal
from renewopt.wording import NOTHING, Wording, worded, words

__all__ = ["check_households", "check_parts", "check_quotes"]

Bools = NDArray[np.bool_]
LONG_AGO = 600
"""Months before the start in which nobody who still waits has moved out."""


def check_households(scenario: Contents, table: Checked, notes: Notes) -> list[Finding]:
    """Report rows that lack what their fee policy needs, or that contradict themselves.

    Parameters
    ----------
    scenario : Contents
    table : Checked
        Households.
    notes : Notes
        Takes findings on projects.
    """
    frame = carry_on(table.frame)
    start, end = scenario.start.ordinal, scenario.start.ordinal + scenario.months - 1
    findings: list[Finding] = []

    def report(bad: Any, column: str, message: Wording, mend: Wording, *, warning: bool = False) -> None:
        rows = np.asarray(bad, dtype=bool)
        if rows.any():
            findings.extend(table.rows(rows, column, lambda _: (message, mend), warning=warning))

    by_rule = _paid_by_rule(scenario, frame)
    ruled = frame.assign(project=ruling_project(frame))
    policy = _policy(scenario, ruled)
    moved = frame["moved_out"].to_numpy()
    own = ruled["project"].map({p.id: p.moved_out.ordinal for p in scenario.projects if p.moved_out}).fillna(-1)
    moved = np.where(moved >= 0, moved, own.to_numpy(dtype=np.int64))
    # Of a project with a start window nobody moves out before its first month.
    opens = {p.id: (p.start.since or scenario.start).ordinal for p in scenario.projects if p.start is not None}
    moved = np.where(moved >= 0, moved, ruled["project"].map(opens).fillna(-1).to_numpy(dtype=np.int64))
    report(
        by_rule & (moved < 0),
        "moved_out",
        words("no month of moving out is stated, for the household or its project"),
        words("add it here or to the project"),
    )
    stated = frame["moved_out"].to_numpy() >= 0
    report(
        stated & (moved > end),
        "moved_out",
        words("it lies after the last month planned"),
        words("check the year"),
        warning=True,
    )
    report(
        stated & (moved < start - LONG_AGO),
        "moved_out",
        words("more than 50 years before the start"),
        words("check the year"),
    )
    report(
        by_rule & _of(policy, lambda p: p.basis == "area") & np.isnan(frame["area"].to_numpy()),
        "area",
        words("no area, but the fee is by area"),
        words("add the area in m²"),
    )
    report(by_rule & _of(policy, lambda p: p.basis == "person") & (frame["persons"].to_numpy() < 0), "persons",
           words("no number of persons, but the fee is by person"), words("add it"))  # fmt: skip
    report(by_rule & _no_term(scenario, ruled, policy), "term",
           words("the fee policy states terms by class, and neither the household nor its project names one of them"),
           words("add `term` or `term_class`"))  # fmt: skip
    # The part of a month before the start is due only where its period still runs.
    ran = _of(policy, lambda p: p.first_month == "by_day")
    day = np.where(
        (frame["moved_out_day"].to_numpy() < 0) & (frame["moved_out"].to_numpy() < 0),
        ruled["project"].map({p.id: p.moved_out_day for p in scenario.projects if p.moved_out_day}).fillna(-1),
        frame["moved_out_day"].to_numpy(),
    )
    report(
        by_rule & ran & (moved > start - _period(policy)) & (day < 0),
        "moved_out_day",
        words("the fee of the first month is by day, and no day of moving out is stated"),
        words("write a date into `moved_out`, such as 2024-06-15, or add `moved_out_day`"),
    )
    first = _first_rate(policy)
    report(
        by_rule & (moved >= 0) & (np.maximum(moved, start) < first),
        "fee_policy",
        words("the first rate of its fee policy begins later than its fees: the months until then are free"),
        words("state the rate that held before, without `from`"),
        warning=True,
    )
    ends = frame["ends"].to_numpy()
    report(
        (ends >= 0) & (moved >= 0) & (ends < moved),
        "ends",
        words("it ends before it moves out"),
        words("check both months"),
    )
    report(ends > end, "ends", words("it lies after the last month planned"), words("check the year"), warning=True)
    split = frame["split_from"].to_numpy()
    ids, again = frame["id"].to_numpy(), frame.loc[split != "", "id"]
    report(
        (split != "") & (split == ids),
        "split_from",
        words("it cannot be split from itself"),
        words("name the household that there was before"),
    )
    report(
        (split != "") & (split != ids) & np.isin(split, again),
        "split_from",
        words("that household was split from another itself"),
        words("name the one that there was first"),
    )
    findings += _related(frame, table)
    part_month, part_area = frame["part_month"].to_numpy(), frame["part_area"].to_numpy()
    report(
        (part_month >= 0) & np.isnan(part_area),
        "part_area",
        words("a part was delivered, but not how many m²"),
        words("add it"),
    )
    report(
        (part_month < 0) & ~np.isnan(part_area),
        "part_month",
        words("a part was delivered, but not when"),
        words("add the month"),
    )
    with np.errstate(invalid="ignore"):
        report(
            part_area > frame["area"].to_numpy(),
            "part_area",
            words("more m² delivered than given up"),
            words("check both"),
        )
    policed, agreed = _home_policies(scenario, frame)
    pays = frame["pays_up_to"].notna().to_numpy()
    report(
        pays & ~policed,
        "pays_up_to",
        words("no home policy holds for it, so that no home costs it anything"),
        words("state `home_policy`, or empty the cell"),
        warning=True,
    )
    report(
        frame["consent_share"].notna().to_numpy() & ~pays & ~agreed,
        "consent_share",
        words("nothing says how much the households consent to pay"),
        words("add `pays_up_to`, here or in the home policy"),
        warning=True,
    )
    deadline = frame["deadline"].to_numpy()
    report(
        (deadline >= 0) & (deadline < start),
        "deadline",
        words("it lies before the start {start}", start=scenario.start),
        words("check it"),
    )
    report(
        (deadline > end),
        "deadline",
        words(
            "it lies after the last month {end}: no one has to be housed by it within the plan",
            end=scenario.start + (scenario.months - 1),
        ),
        words("plan more months, or check the year"),
        warning=True,
    )
    housed = set(frame["project"])
    for number, project in enumerate(scenario.projects):
        if project.moved_out_day is not None and project.moved_out is None:
            message = words("a day of moving out without its month")
            notes.error(("projects", number, "moved_out_day"), message, words("add `moved_out`"))
        if project.id not in housed:
            notes.warn(
                ("projects", number), words("no household belongs to this project"), words("check ids in `households`")
            )
    if scenario.objective.minimise == Goal.FISCAL:
        report(
            _no_obligation(scenario, frame),
            "obligation",
            words("fiscal_cost needs what a household without a choice costs (else the cheapest plan settles nobody)"),
            words("state `obligation` (yuan/m²) and areas on the project, or give a deadline"),
        )
    return findings


def _related(frame: pd.DataFrame, table: Checked) -> list[Finding]:
    """Report groups of related households that are none, or too large, and cohorts that can be parted among them."""
    word = frame["related"].to_numpy(dtype=object)
    rows = np.flatnonzero(word != "")
    if not rows.size:
        return []
    _, group = np.unique(word[rows].astype(str), return_inverse=True)
    due = np.zeros(len(frame), dtype=np.int64)
    due[rows] = np.bincount(group, np.maximum(frame["homes"].to_numpy()[rows], 1))[group]
    parted = (word != "") & (frame["count"].to_numpy() > 1) & ~frame["indivisible"].to_numpy(dtype=bool)
    alone = (due == 1) & ~parted
    found = table.rows(parted, "related", lambda _: (
        words("its households may be settled one by one, so that they cannot be kept together with others"),
        words("give each household a row of its own, or set `indivisible`"),
    ))  # fmt: skip
    found += table.rows(alone, "related", lambda row: (
        words("no other household is related by the word {word!r}, so that it has no effect", word=word[row]),
        words("check the spelling, or empty the cell"),
    ), warning=True)  # fmt: skip
    return found + table.rows(due > MAX_RELATED, "related", lambda row: (
        words((
            "{count} {count:home|homes} {count:is|are} due to those related by the word {word!r}; {most} or "
            "fewer were expected"
        ),
              count=int(due[row]), word=word[row], most=MAX_RELATED),
        words("make several groups of them, or a row that is kept together (`indivisible`)"),
    ))  # fmt: skip


def _home_policies(scenario: Contents, frame: pd.DataFrame) -> tuple[Bools, Bools]:
    """Rows for which a home policy holds, and those whose policy says what they consent to pay."""
    by_project = {project.id: project.home_policy or "" for project in scenario.projects}
    names = frame["home_policy"].where(frame["home_policy"] != "", frame["project"].map(by_project))
    saying = [policy.id for policy in scenario.home_policies if policy.pays_up_to is not None]
    return (names != "").to_numpy(dtype=bool), names.isin(saying).to_numpy(dtype=bool)


def _no_obligation(scenario: Contents, frame: pd.DataFrame) -> Bools:
    """Rows with neither a deadline nor an obligation, of their own or by their project."""
    dated = frame["project"].isin([p.id for p in scenario.projects if p.deadline is not None])
    priced = frame["project"].isin([p.id for p in scenario.projects if p.obligation is not None])
    safe = (frame["deadline"] >= 0) | dated | frame["obligation"].notna() | (priced & frame["area"].notna())
    return np.asarray(~safe, dtype=bool)


def _paid_by_rule(scenario: Contents, frame: pd.DataFrame) -> Bools:
    """Households whose fee comes from a policy: there is one, and no fee curve is given for them."""
    curves = set() if scenario.fee_curves is None else set(scenario.fee_curves["household"])
    ruled = np.full(len(frame), bool(scenario.fee_policies))
    return ruled & ~frame["id"].isin(curves).to_numpy(dtype=bool)


def _policy(scenario: Contents, frame: pd.DataFrame) -> tuple[NDArray[np.intp], list[FeePolicy | None]]:
    """Code of each row's fee policy, and the policies; the last is None: not stated."""
    ids = [policy.id for policy in scenario.fee_policies]
    only = ids[0] if len(ids) == 1 else ""
    by_project = {project.id: project.fee_policy or only for project in scenario.projects}
    names = frame["fee_policy"].where(frame["fee_policy"] != "", frame["project"].map(by_project))
    codes = pd.Index(ids, dtype=object).get_indexer(pd.Index(names.to_numpy(dtype=object)))
    return np.where(codes < 0, len(ids), codes), [*scenario.fee_policies, None]


def _of(policy: tuple[NDArray[np.intp], list[FeePolicy | None]], test: Callable[[FeePolicy], bool]) -> Bools:
    """Rows whose policy passes a test."""
    codes, policies = policy
    passed = np.array([each is not None and test(each) for each in policies], dtype=bool)
    rows: Bools = passed[codes]
    return rows


def _first_rate(policy: tuple[NDArray[np.intp], list[FeePolicy | None]]) -> NDArray[np.int64]:
    """Month from which each row's policy knows a rate; −1: always."""
    codes, policies = policy
    steps = [each.rate if each is not None and isinstance(each.rate, list) else [] for each in policies]
    first = [rates[0].since.ordinal if rates and rates[0].since is not None else -1 for rates in steps]
    return np.array(first, dtype=np.int64)[codes]


def _period(policy: tuple[NDArray[np.intp], list[FeePolicy | None]]) -> NDArray[np.int64]:
    """Months of each row's period of payment."""
    codes, policies = policy
    periods = [1 if each is None or each.in_advance else each.period for each in policies]
    return np.array(periods, dtype=np.int64)[codes]


def _no_term(scenario: Contents, frame: pd.DataFrame, policy: tuple[NDArray[np.intp], list[FeePolicy | None]]) -> Bools:
    """Rows for which neither a term nor a class that the policy knows is stated."""
    projects = {project.id: project for project in scenario.projects}
    open_term = (frame["term"].to_numpy() < 0) & _of(policy, lambda each: isinstance(each.term, dict))
    if not open_term.any():
        return open_term
    codes, policies = policy
    keys = list(zip(codes.tolist(), frame["project"], frame["term_class"], strict=True))
    known: dict[tuple[int, str, str], bool] = {}
    for key in set(keys):
        each, project = policies[key[0]], projects[key[1]]
        terms: Mapping[str, int] = each.term if each is not None and isinstance(each.term, dict) else {}
        known[key] = key[2] in terms or project.term is not None or project.term_class in terms
    known_rows = np.array([known[key] for key in keys], dtype=bool)
    missing: Bools = open_term & ~known_rows
    return missing


def check_parts(scenario: Contents, table: Checked) -> list[Finding]:
    """Report parts of fees that lack what their fee policy needs, or whose household's fee is given directly.

    Parameters
    ----------
    scenario : Contents
    table : Checked
        Parts of fees.
    """
    frame, rows = table.frame, scenario.households.drop_duplicates("id").set_index("id")
    own = rows.reindex(frame["household"])
    households = pd.DataFrame({name: own[name].fillna("").to_numpy() for name in ("fee_policy", "project")})
    stated = frame["fee_policy"].to_numpy() != ""
    households["fee_policy"] = np.where(stated, frame["fee_policy"], households["fee_policy"])
    households["id"] = frame["household"].to_numpy()
    policy = _policy(scenario, households)
    findings: list[Finding] = []
    for bad, column, message, mend in (
        (_of(policy, lambda p: p.basis == "area") & np.isnan(frame["area"].to_numpy()), "area",
         words("no area, but the fee is by area"), words("add the area in m²")),
        (_of(policy, lambda p: p.basis == "person") & (frame["persons"].to_numpy() < 0), "persons",
         words("no number of persons, but the fee is by person"), words("add it")),
        (policy[0] == len(scenario.fee_policies), "fee_policy",
         words("no fee policy is stated for this part, nor for its household"), words("add it")),
        (~_paid_by_rule(scenario, households), "household",
         words("the fee of this household is given directly, so that no part can be added to it"),
         words("add it in `fee_curves`")),
    ):  # fmt: skip
        if bad.any():
            findings += table.rows(bad, column, lambda _, said=(message, mend): said)  # type: ignore[misc]
    return findings


def check_quotes(table: Checked) -> list[Finding]:
    """Report quotes without a price, with a span that is none, or with terms that cannot be read.

    Parameters
    ----------
    table : Checked
        Quotes.
    """
    frame = table.frame
    findings: list[Finding] = []
    priced = ~np.isnan(frame["price"].to_numpy())
    series = np.array([bool(cell) for cell in frame["price_by_month"]], dtype=bool)
    amounts = frame["instalments"].map(lambda cell: bool(cell) and not any("%" in value for _, value in cell))
    for bad, column, message, mend in (
        (priced & series, "price_by_month",
         words("both a price and prices by month are stated"), words("empty one of the two")),
        (~priced & ~series & ~amounts.to_numpy(dtype=bool), "price",
         words("no price is stated"), words("add it (0 if it is free)")),
        (
            (frame["first"].to_numpy() >= 0) & (frame["last"].to_numpy() >= 0)
            & (frame["first"].to_numpy() > frame["last"].to_numpy()),
            "last", words("it ends before it begins"), words("exchange first and last"),
        ),
    ):  # fmt: skip
        if bad.any():
            findings += table.rows(bad, column, lambda _, said=(message, mend): said)  # type: ignore[misc]
    for column, parse_key, parse_value in (
        ("price_by_month", str, _price),
        ("instalments", _month_number, _amount),
        ("stock", str, _quantity),
    ):
        findings += _terms(table, column, parse_key, parse_value)
    findings += _streams(table)
    return findings


def _month_number(text: str) -> int:
    if not text.isdigit() or len(text) > 4:
        raise ValueError(words("{text!r} is not a number of months after the choice", text=text))
    return int(text)


MOST_YUAN, MOST_HOMES = Decimal("1e13"), Decimal("1e12")
"""What amounts in terms are held against, as those of sections are."""


def _amount(text: str) -> object:
    return _bounded(text, parse_share(text)) if text.rstrip().endswith(("%", "％")) else _price(text)


def _price(text: str) -> object:
    return _bounded(text, parse_money(text))


def _bounded(text: str, value: Decimal) -> Decimal:
    if value < 0:
        raise ValueError(words("{text} is negative", text=text))
    if value > MOST_YUAN:
        raise ValueError(words("{text} is too large; {maximum:g} or less was expected", text=text, maximum=MOST_YUAN))
    return value


def _quantity(text: str) -> object:
    value = parse_share(text)
    if value <= 0:
        raise ValueError(words("{text!r} is not a number above 0", text=text))
    if value > MOST_HOMES:
        raise ValueError(words("{text} is too large; {maximum:g} or less was expected", text=text, maximum=MOST_HOMES))
    return value


def _terms(
    table: Checked, column: str, parse_key: Callable[[str], object], parse_value: Callable[[str], object]
) -> list[Finding]:
    """Report cells of terms whose keys or values cannot be read."""
    codes, uniques = pd.factorize(table.frame[column].to_numpy(dtype=object))
    faults: dict[int, Wording] = {}
    for code, cell in enumerate(uniques):
        try:
            for key, value in cell:
                parse_key(key)
                parse_value(value)
            if column == "instalments" and any("%" in value for _, value in cell):
                total = sum(parse_share(value) for _, value in cell)
                if total != 1:
                    raise ValueError(words("the shares add up to {total:.6g}, 1 was expected", total=total))
        except ValueError as error:
            faults[code] = worded(error)
    bad = np.isin(codes, list(faults))
    return table.rows(bad, column, lambda row: (faults[int(codes[row])], NOTHING)) if faults else []


def _streams(table: Checked) -> list[Finding]:
    """Report streams of fees that are no numbers."""
    texts = table.frame["stream"].to_numpy(dtype=object)
    faults: dict[int, Wording] = {}
    for row in np.flatnonzero(texts != "").tolist():
        try:
            for word in str(texts[row]).split(";"):
                _amount(word)
        except ValueError as error:
            faults[row] = worded(error)
    bad = np.zeros(len(texts), dtype=bool)
    bad[list(faults)] = True
    return (
        table.rows(bad, "stream", lambda row: (faults[row], words("write amounts in yuan: 100;100;50")))
        if faults
        else []
    )
