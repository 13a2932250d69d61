"""How the totals of a plan hang together: each reckoned from other tables than its own, every difference with its name.

What is told here stands on a sheet of the workbook with its formulas, so that an auditor sees a total, what it is made
of, and that nothing is left over. The identities are those of `docs/accounts.md` (rules 2, 9, 15, 16 and 21).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from renewopt.results.workbook_sums import Sum, Sums, amount_of
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import (
    ACCOUNTS,
    COSTLESS,
    ENDED,
    ENTRIES,
    NOT_STARTED,
    ROUTES,
    USES,
    WAITING,
    Entry,
    Goal,
    Item,
    Payer,
    Use,
)

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord

__all__ = ["Line", "Tie", "ties"]


@dataclass(frozen=True)
class Line:
    """One line of a tie.

    Attributes
    ----------
    key
        Of its phrase, ``book.tie.KEY``; or kind and code of a word of a closed list.
    sums
        What it is the sum of.
    counted
        What the ledger's total holds of it, where that is another amount (discounted, or weighed); None: the same.
    amounts
        What both come to.
    """

    key: str | tuple[str, str]
    sums: Sums
    counted: Sums | None = None
    amounts: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Tie:
    """A total, and the lines that it is made of.

    Attributes
    ----------
    key
        Of its phrase, ``book.tie.KEY``.
    lines
        That add up to the total.
    total
        As the ledger has it.
    kind
        Of the amounts: ``money`` or ``count``.
    """

    key: str
    lines: tuple[Line, ...]
    total: float
    kind: str = "money"

    @property
    def difference(self) -> float:
        """What the lines are more than the total: nothing, if the plan is the ledger's."""
        return round(sum(line.amounts[1] for line in self.lines) - self.total, 2)


SINGLE = (*ROUTES, WAITING, ENDED, NOT_STARTED)
"""Routes of a row of the roster whose parts are all settled alike."""


def ties(plan: PlanRecord) -> list[Tie]:
    """Every tie that the tables of a plan have; lines that are nothing are left out."""
    every = [_households(plan), *_fees(plan), *_paid_fees(plan), *_cost(plan), *_funds(plan), *_roster(plan)]
    found = [tie for tie in every if all(each.is_known(plan) for line in tie.lines for each in line.sums)]
    return [
        Tie(tie.key, kept, _whole_fen(tie.total), tie.kind)
        for tie in found
        if (kept := tuple(line for line in (_reckoned(line, plan) for line in tie.lines) if any(line.amounts)))
    ]


def _reckoned(line: Line, plan: PlanRecord) -> Line:
    amount = amount_of(line.sums, plan)
    return replace(line, amounts=(amount, amount if line.counted is None else amount_of(line.counted, plan)))


def _whole_fen(yuan: float) -> float:
    """A total to the fen, as its parts are: the ledger keeps fractions of what is discounted."""
    return round(yuan * FEN_PER_YUAN) / FEN_PER_YUAN


def _account(total: str, *parts: str) -> Sum:
    return Sum("account", "amount", (("total", (total,)), ("part", parts)))


def _households(plan: PlanRecord) -> Tie:
    lines = tuple(Line(("route", route), (Sum("allocation", "count", (("route", (route,)),)),)) for route in SINGLE)
    mixed = plan.allocation.loc[~plan.allocation["route"].isin(SINGLE), "count"].sum()
    several = (Sum("allocation", "count"), *(Sum(s.table, s.column, s.where, -1) for line in lines for s in line.sums))
    more = (Line("several", several),) if mixed else ()
    return Tie("households", (*lines, *more), float(plan.households + plan.ended + (plan.not_started or 0)), "count")


def _fees(plan: PlanRecord) -> Iterator[Tie]:
    """Transition fees thrice: household by household, month by month, part by part."""
    if plan.transition_fees is None or plan.account.empty:
        return
    late = Line(("item", Item.SURCHARGE), (_account(Goal.FEES, Item.SURCHARGE),))
    valued = (Sum("allocation", "fees_valued"),)
    yield Tie(
        "fees.roster",
        (Line("accrued", (Sum("allocation", "fees"),)), Line("valued", valued), late),
        plan.transition_fees,
    )
    months = tuple(Line(kind, (Sum("fees", kind),)) for kind in ("ordinary", "overdue"))
    yield Tie("fees.months", (*months, Line("valued", valued), late), plan.transition_fees)


def _paid_fees(plan: PlanRecord) -> Iterator[Tie]:
    """From what accrues to what is paid: what was owed before, what comes on top, who else pays, what stays owing."""
    if plan.statement.empty:
        return
    of_fees = ("use", (Use.FEES,))

    def stated(*where: tuple[str, tuple[str, ...]], sign: int = -1) -> Sums:
        return (Sum("statement", "amount", (of_fees, *where), sign),)

    yield Tie(
        "fees.paid",
        (
            *(Line(kind, (Sum("fees", kind),)) for kind in ("ordinary", "overdue")),
            Line(("item", Item.ARREARS), stated(("item", (Item.ARREARS,)))),
            Line(("item", Item.SURCHARGE), stated(("item", (Item.SURCHARGE,)))),
            Line("before", stated(("item", (Item.OTHER,)))),
            Line("developer", stated(("paid_by", (Payer.DEVELOPER,)), sign=1)),
            Line("owed", stated(("paid_by", (Payer.OWED,)), sign=1)),
        ),
        amount_of((Sum("fees", "paid"),), plan),
    )
    yield Tie(
        "fees.payers",
        tuple(
            Line(("paid_by", payer), stated(("paid_by", (payer,))))
            for payer in (Payer.FUND, Payer.SET_OFF, Payer.OUTSIDE)
        ),
        amount_of((Sum("fees", "paid"),), plan),
    )


def _cost(plan: PlanRecord) -> Iterator[Tie]:
    """Fiscal cost: what is paid as the statement has it, and what counts of it, discounted and weighed."""
    if plan.fiscal_cost is None or plan.account.empty or plan.statement.empty:
        return
    costly = tuple(use for use in USES if use not in COSTLESS)
    dues = tuple(item for item in plan.statement["item"].unique() if item != Item.SURCHARGE)
    cash = ("paid_by", (Payer.FUND, Payer.OUTSIDE))

    def stated(*where: tuple[str, tuple[str, ...]]) -> Sums:
        return (Sum("statement", "amount", where, -1),)

    found: dict[str, Sums] = {
        **{use: stated(("use", (use,)), cash, ("item", dues)) for use in costly},
        Item.SURCHARGE: stated(("use", costly), ("item", (Item.SURCHARGE,)), ("paid_by", (Payer.FUND, Payer.OUTSIDE))),
        Payer.SET_OFF: stated(("use", costly), ("paid_by", (Payer.SET_OFF,))),
        Payer.OWED: stated(("paid_by", (Payer.OWED,))),
        Entry.RECEIVED: stated(("use", (Entry.RECEIVED,)), ("paid_by", (Payer.FUND,))),
        Entry.RECOVERED: stated(("use", (Entry.RECOVERED,)), ("paid_by", (Payer.FUND,))),
    }
    lines = tuple(Line(("account", part), found.get(part, ()), (_account(Goal.FISCAL, part),)) for part in ACCOUNTS)
    yield Tie("cost", lines, plan.fiscal_cost)


def _funds(plan: PlanRecord) -> Iterator[Tie]:
    """All funds together: what came and went by use, and what is left."""
    if plan.funds.empty:
        return
    closing = plan.funds.drop_duplicates("fund", keep="last")["balance"]
    words = (*ENTRIES, *USES)
    yield Tie(
        "funds",
        tuple(Line(("use", use), (Sum("funds", "amount", (("use", (use,)),)),)) for use in words),
        round(float(closing.sum()), 2),
    )
    if not plan.statement.empty:
        moves = (Sum("statement", "amount", (("paid_by", (Payer.FUND,)),)),)
        yield Tie("funds.statement", (Line("statement", moves),), amount_of((Sum("funds", "amount"),), plan))
    if not plan.construction.empty:
        spent = (Sum("construction", "amount"),)
        paid = Sum("funds", "amount", (("use", (Use.CONSTRUCTION,)),), -1)
        yield Tie("construction", (Line("phases", spent),), amount_of((paid,), plan))


def _roster(plan: PlanRecord) -> Iterator[Tie]:
    """What the roster says that households pay and are paid, item by item of the statement."""
    sums = {name: Sum("allocation", name) for name in ("household_pays", "price", "fees")}
    if plan.statement.empty or not all(each.is_known(plan) for each in sums.values()):
        return

    def items(sign: int, *names: str) -> tuple[Line, ...]:
        return tuple(Line(("item", name), (Sum("statement", "amount", (("item", (name,)),), sign),)) for name in names)

    total = {name: amount_of((each,), plan) for name, each in sums.items()}
    yield Tie("roster.pays", items(1, Item.TOP_UP, Item.REFUND), total["household_pays"])
    yield Tie("roster.price", items(-1, Item.PRICE), total["price"])
    yield Tie("roster.fees", items(-1, Item.FEE, Item.FEE_OVERDUE, Item.FEE_TAIL), total["fees"])
