"""Needs: what must be paid, who may pay it, and what may be left owing (rules 9, 17, 19, 20, 21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.compiling.exact import Ints, Register
from renewopt.problem.compiling.refusals import Refusals
from renewopt.problem.money import Needs, OwingRules
from renewopt.scenario.models import Fund, Owing, Scenario
from renewopt.scenario.starting import may_pay
from renewopt.units import PPM, scaled, to_fen
from renewopt.vocabulary import COSTLESS, NEVER_OWED, Use
from renewopt.wording import words

PER_BILLION = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Need:
    """What tells one need from another; ids are built from it.

    Attributes
    ----------
    use
        Use of the money.
    project, developer, estate
        Position in the scenario's lists; −1: none.
    name
        Of a commitment, phase, fund or loan.
    prompt
        Must be paid in cash when due, whatever the owing rules say (`settled_when_paid`).
    dated
        A commitment: its name is of one.
    """

    use: str
    project: int = -1
    developer: int = -1
    estate: int = -1
    name: str = ""
    prompt: bool = False
    dated: bool = False


class NeedBook:
    """Needs, in the order in which the compiler meets them."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.register = Register[Need]()

    def row(self, need: Need) -> int:
        """Row number of a need."""
        return self.register.row(need)

    def by_project(self, use: str, projects: Ints, developer: int = -1, *, prompt: bool = False) -> Ints:
        """Row numbers for an array of projects."""
        rows = np.full(len(self.scenario.projects), -1, dtype=np.int64)
        for project in np.unique(projects).tolist():
            rows[project] = self.row(Need(use, project, developer, prompt=prompt))
        return rows[projects]

    def id(self, need: Need) -> str:
        """Name in reports, such as ``fees/P1`` or ``voucher/P1/D1``."""
        words = [need.use]
        if need.project >= 0:
            words.append(self.scenario.projects[need.project].id)
        if need.developer >= 0:
            words.append(self.scenario.developers[need.developer].id)
        if need.name:
            words.append(need.name)
        if need.prompt:
            words.append("when_settled")
        return "/".join(words)


def compile_needs(
    scenario: Scenario, book: NeedBook, fixed: dict[int, dict[int, int]], arrears: dict[int, int], books: int
) -> tuple[Needs, OwingRules]:
    """Write the needs out.

    Parameters
    ----------
    scenario, book
        Needs met by now; no more are added.
    fixed
        Fen by need and month.
    arrears
        Fen owed at the start, by need.
    books
        Months of the books.
    """
    needs = book.register.keys
    amounts = np.zeros((len(needs), books), dtype=np.int64)
    for row, by_month in fixed.items():
        for month, fen in by_month.items():
            amounts[row, month] += fen
    rules = [(rule, use) for rule in scenario.owing for use in dict.fromkeys(rule.uses) if use not in NEVER_OWED]
    opening = np.zeros(len(needs), dtype=np.int64)
    for row, fen in arrears.items():
        opening[row] = fen
    table = Needs(
        id=_objects([book.id(need) for need in needs]),
        use=_objects([need.use for need in needs]),
        project=np.array([need.project for need in needs], dtype=np.int32),
        developer=np.array([need.developer for need in needs], dtype=np.int32),
        fixed=amounts,
        payable_by=_payable(scenario, needs),
        owing=np.array([_rule(scenario, rules, need) for need in needs], dtype=np.int32),
        opening_arrears=opening,
        stated_counted=_counted(scenario, needs),
    )
    return table, _owing(rules)


def _objects(values: list[str]) -> NDArray[np.object_]:
    result = np.empty(len(values), dtype=object)
    result[:] = values
    return result


def _payable(scenario: Scenario, wanted: Sequence[Need]) -> NDArray[np.bool_]:
    """(N, F) whether the strings of a fund let it pay a need (rule 17), fund by fund for all needs at once."""
    use = _objects([need.use for need in wanted])
    project = np.array([need.project for need in wanted], dtype=np.int64)
    loans = np.isin(use, [Use.INTEREST, Use.PRINCIPAL])
    stated = {commitment.id: commitment for commitment in scenario.commitments}
    dated = {row: stated[need.name] for row, need in enumerate(wanted) if need.dated}
    built = {row: need.estate for row, need in enumerate(wanted) if need.use == Use.CONSTRUCTION and need.estate >= 0}
    others = np.ones(len(wanted), dtype=bool)
    others[[*dated, *built]] = False
    result = np.zeros((len(wanted), len(scenario.funds)), dtype=bool)
    for column, fund in enumerate(scenario.funds):
        uses = np.ones(len(wanted), dtype=bool) if fund.uses == "all" else np.isin(use, list(fund.uses))
        of_all = fund.projects == "all"
        names = set(fund.projects)
        # Last, where it is read for project −1: what is for no project.
        among = np.array([*(of_all or each.id in names for each in scenario.projects), of_all], dtype=bool)
        pays = loans | (others & among[project])
        estates = _may_build(scenario, fund)
        for row, estate in built.items():
            pays[row] = estates[estate]
        result[:, column] = uses & pays
        for row, each in dated.items():
            result[row, column] = may_pay(fund, each.uses, each.kind, each.project, each.funds)
    return result


def _counted(scenario: Scenario, wanted: Sequence[Need]) -> NDArray[np.bool_]:
    """(N,) whether what is paid is a fiscal cost: by its use, and of commitments where they say so."""
    counts = {commitment.id for commitment in scenario.commitments if commitment.counts}
    return np.array(
        [need.name in counts if need.dated else need.use not in COSTLESS for need in wanted], dtype=np.bool_
    )


def _may_build(scenario: Scenario, fund: Fund) -> list[bool]:
    """Allow construction of the estates the fund names, else of the estates of its projects."""
    if fund.estates != "all":
        named = set(fund.estates)
        return [estate.id in named for estate in scenario.estates]
    if fund.projects == "all":
        return [True] * len(scenario.estates)
    names = set(fund.projects)
    return [not names.isdisjoint(estate.projects) for estate in scenario.estates]


def _rule(scenario: Scenario, rules: Sequence[tuple[Owing, str]], need: Need) -> int:
    """First owing rule that covers a need; −1: none."""
    if need.prompt or need.use in NEVER_OWED:
        return -1
    project = scenario.projects[need.project].id if need.project >= 0 else None
    for row, (rule, use) in enumerate(rules):
        if use == need.use and (rule.projects == "all" or project in rule.projects):
            return row
    return -1


def _owing(rules: Sequence[tuple[Owing, str]]) -> OwingRules:
    """One row for each rule and use: the cap holds use by use (rule 19)."""
    return OwingRules(
        id=_objects([rule.id if len(rule.uses) == 1 else f"{rule.id}/{use}" for rule, use in rules]),
        share_ppm=np.array([scaled(rule.share, PPM) for rule, _ in rules], dtype=np.int64),
        stock_limit=np.array(
            [-1 if rule.stock_limit is None else to_fen(rule.stock_limit) for rule, _ in rules], dtype=np.int64
        ),
        surcharge_ppb=np.array([scaled(rule.surcharge, PER_BILLION) for rule, _ in rules], dtype=np.int64),
        latest=np.array([-1 if rule.latest is None else rule.latest for rule, _ in rules], dtype=np.int32),
    )


def check_owing(scenario: Scenario, refusals: Refusals) -> None:
    """Refuse permission to owe what is never owed, and two rules for one bill."""
    covered: dict[tuple[str, str], str] = {}
    for rule in scenario.owing:
        for use in dict.fromkeys(rule.uses):
            if use in NEVER_OWED:
                message = words(
                    "payments for {use} are never owed: what is not paid is not built, and loans are served", use=use
                )
                refusals.refuse(f"owing.{rule.id}.uses", message, words("leave out {use}", use=use))
            projects = [p.id for p in scenario.projects] if rule.projects == "all" else rule.projects
            for project in projects:
                other = covered.setdefault((use, project), rule.id)
                if other != rule.id:
                    message = words(
                        "{use} of project {project} may be owed by {other} already",
                        use=use,
                        project=project,
                        other=other,
                    )
                    refusals.refuse(f"owing.{rule.id}", message, words("leave one rule for each use and project"))
                    break
