"""What a scenario means: rows, dates, sums and amounts that cannot be right, or are unlikely to be."""

from __future__ import annotations

from collections.abc import Mapping as AbstractMapping

import numpy as np

from renewopt.errors import Finding
from renewopt.scenario.checks_amounts import check_amounts
from renewopt.scenario.checks_dates import check_dates
from renewopt.scenario.checks_goals import check_late_starts, check_start_goals
from renewopt.scenario.checks_homes import check_home_wishes, check_homes
from renewopt.scenario.checks_households import check_households, check_parts, check_quotes
from renewopt.scenario.checks_pins import check_pins
from renewopt.scenario.checks_policies import check_policies
from renewopt.scenario.checks_precedence import check_precedence
from renewopt.scenario.checks_works import check_moves, check_works
from renewopt.scenario.columns import Checked
from renewopt.scenario.contents import Contents
from renewopt.scenario.nodes import Mapping
from renewopt.scenario.notes import Notes
from renewopt.scenario.sections import FeePolicy
from renewopt.vocabulary import Use
from renewopt.wording import words

__all__ = ["check_meaning"]


def check_meaning(scenario: Contents, root: Mapping, tables: AbstractMapping[str, Checked]) -> list[Finding]:
    """Report what cannot be right, or is unlikely to be, in a scenario whose references all lead somewhere.

    Parameters
    ----------
    scenario : Contents
    root : Mapping
        Its tree, for the places of findings.
    tables : mapping of str to Checked
        Its tables.

    Returns
    -------
    list of Finding
        Errors and warnings.
    """
    notes = Notes(root)
    check_policies(scenario, notes)
    check_dates(scenario, notes)
    check_amounts(scenario, notes)
    check_works(scenario, notes)
    check_start_goals(scenario, notes)
    check_late_starts(scenario, notes)
    check_precedence(scenario, notes)
    findings = check_households(scenario, tables["households"], notes)
    findings += check_moves(scenario, tables["households"], tables)
    if "quotes" in tables:
        findings += check_quotes(tables["quotes"])
    if "fee_curves" in tables:
        findings += _curves(tables["fee_curves"])
    if "fee_parts" in tables:
        findings += check_parts(scenario, tables["fee_parts"])
    if "homes" in tables:
        findings += check_homes(scenario, tables["homes"])
    if "pins" in tables:
        findings += check_pins(scenario, tables["pins"])
    if "home_wishes" in tables:
        findings += check_home_wishes(tables["home_wishes"], tables.get("homes"))
    _payers(scenario, notes)
    _flows(scenario, notes)
    _lapses(scenario, notes)
    _debts(scenario, notes)
    return [*notes.findings, *findings]


def _curves(table: Checked) -> list[Finding]:
    """Report two steps of one curve in the same month."""
    again = table.frame.duplicated(["household", "claim", "from"]).to_numpy()
    message = words("the curve has a step in this month already")
    return table.rows(np.asarray(again), "from", lambda _: (message, words("keep one of the two")))


def _billed(policy: FeePolicy) -> bool:
    """Whether funds have fees of the policy to pay: more than 0 yuan, and not a developer's alone."""
    if policy.paid_by != "government" and not policy.paid_by.advance:
        return False
    rates = [step.yuan for step in policy.rate] if isinstance(policy.rate, list) else [policy.rate]
    return any([*rates, policy.household_minimum, *(uplift.monthly for uplift in policy.uplifts)])


def _payers(scenario: Contents, notes: Notes) -> None:
    """Warn of uses that no fund may pay for."""
    payable = {use for fund in scenario.funds for use in fund.uses} if not _any_use(scenario) else None
    if payable is None:
        return
    wanted = [
        (Use.FEES, any(map(_billed, scenario.fee_policies)) or scenario.fee_curves is not None, "fee_policies"),
        (Use.VOUCHER, bool(scenario.vouchers), "vouchers"),
        (Use.CASH, bool(scenario.cash), "cash"),
        (Use.CONSTRUCTION, any(estate.phases for estate in scenario.estates), "estates"),
        (Use.COMMITMENTS, bool(scenario.commitments), "commitments"),
    ]
    for use, needed, section in wanted:
        if needed and use not in payable:
            notes.warn(
                ("funds",),
                words("no fund may pay for {use!r}, which `{section}` needs", use=use, section=section),
                words("add {use} to a fund's uses", use=use),
            )


def _any_use(scenario: Contents) -> bool:
    return any(fund.uses == "all" for fund in scenario.funds)


def _flows(scenario: Contents, notes: Notes) -> None:
    """Note inflows and commitments of no amount."""
    message, mend = (
        words("neither `monthly` nor `by_month` states an amount"),
        words("add one of them, or delete the entry"),
    )
    for number, fund in enumerate(scenario.funds):
        listed = isinstance(fund.inflow, list)
        for position, inflow in enumerate(fund.inflow if isinstance(fund.inflow, list) else [fund.inflow]):
            if inflow.monthly is None and not inflow.by_month:
                place = ("funds", number, "inflow")
                notes.error((*place, position) if listed else place, message, mend)
    for number, commitment in enumerate(scenario.commitments):
        if commitment.monthly is None and not commitment.by_month:
            notes.error(("commitments", number), message, mend)


def _lapses(scenario: Contents, notes: Notes) -> None:
    """Note a carry-over limit of what never lapses, and money that is valid for two spans."""
    for number, fund in enumerate(scenario.funds):
        if fund.carry_over_limit and fund.carry_over == "always":
            message = words("a limit of what is carried over, but the fund always carries everything over")
            mend = words("add `carry_over: year` or `month`, or delete the key")
            notes.error(("funds", number, "carry_over_limit"), message, mend)
        if fund.valid_months is not None and fund.valid_years is not None:
            message = words("`valid_months` and `valid_years` both say for how long money is valid")
            notes.error(("funds", number, "valid_years"), message, words("delete one of the two"))


def _debts(scenario: Contents, notes: Notes) -> None:
    """Note loans that are never repaid; warn of targets above what is owed."""
    for number, fund in enumerate(scenario.funds):
        if fund.borrow is not None and fund.borrow.repayment == "level" and fund.borrow.grace >= fund.borrow.term:
            message = words(
                "{grace} {grace:month|months} of grace, but the loan ends after {term}",
                grace=fund.borrow.grace,
                term=fund.borrow.term,
            )
            notes.error(("funds", number, "borrow", "grace"), message, words("make it less than `term`"))
    for number, loan in enumerate(scenario.opening_loans):
        if loan.repayment == "level" and loan.grace >= loan.months_left:
            message = words(
                "{grace} {grace:month|months} of grace, but the loan ends after {months_left}",
                grace=loan.grace,
                months_left=loan.months_left,
            )
            notes.error(("opening_loans", number, "grace"), message, words("make it less than `months_left`"))
    for number, developer in enumerate(scenario.developers):
        for position, target in enumerate(developer.offset_targets):
            due = sum(debt.amount for debt in developer.debts if debt.due <= target.by)
            if target.amount > due:
                message = words(
                    "{amount:,.0f} yuan by {by}, but only {due:,.0f} fall due until then",
                    amount=target.amount,
                    by=target.by,
                    due=due,
                )
                notes.warn(
                    ("developers", number, "offset_targets", position), message, words("lower it, or check the debts")
                )
