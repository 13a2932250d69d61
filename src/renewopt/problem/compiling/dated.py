"""Dated amounts: commitments, service of opening loans, opening arrears (rules 18, 19, 20)."""

from __future__ import annotations

from fractions import Fraction

from renewopt.problem.compiling.funds import span
from renewopt.problem.compiling.needs import Need, NeedBook
from renewopt.scenario.models import Commitment, OpeningLoan, Scenario
from renewopt.units import quotient_half_up, to_fen
from renewopt.vocabulary import Use

Dated = dict[int, dict[int, int]]
"""Fen by need and month."""


def dated_needs(scenario: Scenario, needs: NeedBook) -> Dated:
    """Everything that falls due in stated months, whatever is decided."""
    result: Dated = {}
    projects = {project.id: row for row, project in enumerate(scenario.projects)}
    for commitment in scenario.commitments:
        amounts = committed(commitment, scenario)
        if amounts:
            of = -1 if commitment.project is None else projects[commitment.project]
            result[needs.row(Need(commitment.uses[0], of, name=commitment.id, dated=True))] = amounts
    for loan in scenario.opening_loans:
        interest, principal = opening_service(loan)
        if interest:
            result[needs.row(Need(Use.INTEREST, name=loan.id))] = interest
        if principal:
            result[needs.row(Need(Use.PRINCIPAL, name=loan.id))] = principal
    return result


def committed(commitment: Commitment, scenario: Scenario) -> dict[int, int]:
    """Fen by month of a commitment (rule 20); what fell due before the start is no part of the plan."""
    result: dict[int, int] = {}
    if commitment.monthly is not None:
        first, last = span(commitment.since, commitment.until, scenario.start, scenario.months)
        fen = to_fen(commitment.monthly)
        result = dict.fromkeys(range(max(first, 0), last + 1), fen)
    for stated, amount in commitment.by_month.items():
        month = stated - scenario.start
        if month >= 0:
            result[month] = result.get(month, 0) + to_fen(amount)
    return {month: fen for month, fen in result.items() if fen}


def opening_service(loan: OpeningLoan) -> tuple[dict[int, int], dict[int, int]]:
    """Interest and principal by month of a loan drawn before the start (rule 18).

    Interest of a month is rate / 12 of what is outstanding at the close of the month before, half-up. ``level``: equal
    parts in months grace … months_left − 1; ``bullet``: all of it in month months_left − 1.
    """
    amount = to_fen(loan.amount)
    grace = loan.grace if loan.repayment == "level" else loan.months_left - 1
    parts = loan.months_left - grace
    rate = Fraction(loan.rate) / 12
    interest: dict[int, int] = {}
    principal: dict[int, int] = {}
    repaid = 0
    for month in range(loan.months_left):
        interest[month] = quotient_half_up(rate.numerator * (amount - repaid), rate.denominator)
        if month >= grace:
            due = quotient_half_up(amount * (month - grace + 1), parts)
            principal[month] = due - repaid
            repaid = due
    return {m: fen for m, fen in interest.items() if fen}, {m: fen for m, fen in principal.items() if fen}


def opening_arrears(scenario: Scenario, needs: NeedBook) -> dict[int, int]:
    """Fen owed at the start, by need (rule 19)."""
    projects = {project.id: row for row, project in enumerate(scenario.projects)}
    result: dict[int, int] = {}
    for arrears in scenario.arrears:
        row = needs.row(Need(arrears.use, projects[arrears.project]))
        result[row] = result.get(row, 0) + to_fen(arrears.amount)
    return result
