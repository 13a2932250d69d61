"""The data of a plan, which everything that tells of it or writes it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from renewopt.problem.decisions import Decisions
from renewopt.results import tables
from renewopt.results.replanned import Replanned, no_promises
from renewopt.vocabulary import ENDED, Status
from renewopt.wording import HERE, Place

if TYPE_CHECKING:
    from renewopt.optimiser.warm_start import WarmStart
    from renewopt.results.stated import Stated

Option = str | float | None


@dataclass(frozen=True)
class TierResult:
    """What was reached on one strict goal, the last of them the objective.

    Attributes
    ----------
    name
        As the scenario calls it.
    value, bound
        Reached, and proven to be the least possible given the goals before; yuan (disutility: its own units; waits:
        months; goals of starts: a number, or households).
    gap
        (value − bound) / max(|value|, 1).
    goal
        What was minimised; "" for the objective itself, whose `name` says it.
    starts
        What starts add to `value` and `bound`, in a programme; None: it is a goal of starts alone.
    """

    name: str
    value: float
    bound: float | None
    gap: float | None
    goal: str = ""
    starts: float | None = 0.0


@dataclass(frozen=True)
class Savings:
    """What the plan saves, both ways; yuan.

    Attributes
    ----------
    waiting_fees
        Transition fees if everybody waited for the own estate, simulated by the policy ``wait-for-build``.
    waiting_shortfall
        Outside money which that simulation needed beyond all funds.
    against_waiting
        `waiting_fees` less the plan's transition fees.
    office_convention
        Σ over households settled by another route than the own estate: monthly fee when chosen × months from the end of
        the fee to the assumed handover of the project's own estate (以*年建设周期计算).
    waiting_valued
        Of `waiting_fees`, fees after the horizon of households that would still be waiting: valued, never paid.
    saved_valued
        Of `against_waiting`, fees valued after the horizon; the rest are fees accrued, and surcharges.
    """

    waiting_fees: float
    waiting_shortfall: float
    against_waiting: float
    office_convention: float
    waiting_valued: float = 0.0
    saved_valued: float = 0.0


@dataclass(frozen=True)
class Shortage:
    """One thing that is short.

    Attributes
    ----------
    what
        ``money``, ``homes`` or ``rule``.
    where
        Need, pool or rule as the planner calls it.
    month
        ``YYYY-MM`` from which it is short; "" where no month says it.
    amount
        Yuan, homes or households, as `what` says; None where it cannot be counted.
    text
        In words, by language.
    by_month
        Money: yuan that are missing in each month ``YYYY-MM`` in which anything is.
    """

    what: str
    where: str
    month: str
    amount: float | None
    text: Mapping[str, str]
    by_month: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ConflictingRule:
    """A rule that cannot hold together with others.

    Attributes
    ----------
    key
        Where it stands in the scenario.
    text
        What it says, by language.
    change
        The smallest change of it alone after which a plan is possible, by language; None where it was not found out.
    """

    key: str
    text: Mapping[str, str]
    change: Mapping[str, str] | None


@dataclass(frozen=True)
class Conflict:
    """Rules of the scenario that cannot hold together.

    Attributes
    ----------
    rules
        In the order of the scenario's keys.
    proven
        It is proven that they cannot, that they could without any one of them, and that each change is enough.
    certain
        It is proven that they cannot; if not `proven`, changes were reckoned with parts of households.
    more
        Further rules that these cannot hold together with, which are not listed: leaving out one of them is not known
        to be enough.
    needed
        It is proven that they could without any one of them; else fewer of them may be enough not to.
    """

    rules: tuple[ConflictingRule, ...]
    proven: bool
    certain: bool
    more: int = 0
    needed: bool = False

    @property
    def doubt(self) -> str:
        """Ending of the keys of sentences that say how far it is proven."""
        return "" if self.proven else ".needed" if self.needed else ".certain" if self.certain else ".likely"


@dataclass(frozen=True)
class Remark:
    """Something that the ledger found about the district (a missed deadline, a shortfall), not a broken rule.

    Attributes
    ----------
    code
        Kind of remark, as in `renewopt.wording.phrases.findings`.
    text
        In words, by language.
    """

    code: str
    text: Mapping[str, str]


@dataclass(frozen=True)
class Delayed:
    """What comes of it if a phase is handed over late and nothing else is decided anew.

    Attributes
    ----------
    phase
        Its id; "": all phases that are still to be handed over.
    months
        By how many it is late.
    households
        Who moves in later for it, or no more within the horizon.
    fees
        Yuan of transition fees that this adds, those valued after the horizon included.
    held_back
        Yuan that households and developers pay later for it, at the month in which most is lacking of it.
    missing
        Yuan from outside without which the plan's funds cannot pay all that then falls due.
    first_short
        First month in which something is missing, ``YYYY-MM``; "": nothing is.
    clear_month
        First month from which nobody is overdue then; "": there is none.
    """

    phase: str
    months: int
    households: int
    fees: float
    held_back: float
    missing: float
    first_short: str
    clear_month: str


@dataclass(frozen=True)
class Tried:
    """What comes of the plan in a future that the scenario states, with the repairs that an office would make.

    Attributes
    ----------
    future
        Its id.
    name
        What the planner calls it; "": nothing but its id.
    does
        What it does to the scenario, by language.
    draws
        Times that it was drawn; 1 where it is the same each time.
    short
        Draws in which money is missing.
    least, most
        Yuan that are missing in those in which any is, where it is least and most.
    first_short
        First month, of all draws, in which something is missing, ``YYYY-MM``; "": nothing ever is.
    late
        Draws in which nothing is missing, and a deadline is missed or another rule about the district is not kept.
    fees
        Yuan of transition fees that it adds, on the mean of the draws; below 0: it takes off so much.
    """

    future: str
    name: str
    does: Mapping[str, str]
    draws: int
    short: int
    least: float
    most: float
    first_short: str
    late: int
    fees: float


@dataclass(frozen=True)
class Without:
    """What a plan without any money that is in doubt by law comes to; yuan.

    Attributes
    ----------
    transition_fees, objective, bound
        Of it, as of a plan; None where no plan keeps every rule.
    shortfall, shortfall_bound
        Where none does: money from elsewhere with which one was found, and less than which is proven not to be enough;
        None where that is not known, or a plan is found.
    missing
        Money that is then short, need by need, all together; None where it is not money that is short, or a plan is
        found.
    """

    transition_fees: float | None
    objective: float | None
    bound: float | None
    shortfall: float | None
    shortfall_bound: float | None
    missing: float | None = None


@dataclass(frozen=True, eq=False)
class PlanRecord:
    """What is known of a plan: how it was made, its figures and its tables.

    Amounts are yuan. A plan with status ``infeasible`` has no objective, but `shortages`; it has decisions and
    tables only if it comes with the `shortfall` of a plan that keeps every rule with so much money from outside.

    Attributes
    ----------
    name
        Name of the scenario.
    scenario_path
        Where the scenario was read from; None where it was built in Python.
    scenario_sha256
        Hash over every file read.
    variant, policy, options, version
        What the plan was made with.
    start, months
        First month (``YYYY-MM``) and number of months in which something is decided.
    status
        ``optimal``; ``feasible``: stopped at the asked gap, or decided by a rule; ``time_limit``; ``interrupted``;
        ``infeasible``.
    objective_name, objective, bound, gap
        What is minimised, reached, proven, and the gap as a fraction; of the last tier, given the earlier ones.
    transition_fees, fiscal_cost
        Both totals, unweighted.
    waiting_cost
        What the months of waiting count as in the objective, times urgency; None where the scenario states no such
        cost. No fee, and part of neither total.
    households, settled
        Those to be housed, without those that end before (`ended`), and those housed by the end of the horizon (cohort
        rows × count).
    clear_month, all_settled_month
        First month from which nobody is overdue, and from which all are housed; None where there is none.
    tiers
        One for each strict goal and one for the objective.
    savings
        None where not computed.
    shortages
        What is short, of an infeasible plan.
    shortfall
        Money from outside with which the tables of an infeasible plan keep every rule; None: no such plan was found.
    shortfall_bound
        What every plan is proven to lack at the least; None where nothing is proven.
    conflicts
        Rules of the scenario that cannot hold together, of an infeasible plan of the optimiser.
    findings
        What the ledger found about the district (missed deadlines, shortfalls), for plans made by a rule.
    seconds
        Time spent by phase of the work.
    starts
        Month in which each project with a start window and each work starts; None: it is left out. Empty where the
        scenario has none.
    programme_delay
        What delay and land beyond its deadline cost, part of the objective whatever it is; None where there is no
        programme.
    not_started
        Households whose project is left out: no part of `households`; None where there is no programme.
    allocation, claims, statement, construction, funds, fees, people, baseline, account, programme, left_out
        Tables; columns in `renewopt.results.tables.COLUMNS`.
    prices
        What a unit more would save, by kind (``money``, ``homes``, ``transfer``, ``limit``), id and month, in yuan:
        duals of the relaxation, as `renewopt.optimiser.prices` tells; empty where it was not solved.
    decisions
        The plan in numbers, as the ledger replays it; None where there is none.
    stated
        What the scenario states, section by section, but for its tables: `renewopt.results.stated`.
    warm
        What the search has learnt, for `plan(..., warm=...)` of a similar scenario; None where it was a small one or
        none at all.
    place
        Whose currency and words are used in all that tells of the plan; figures are in the currency's main unit.
    replanned
        How it came of an earlier plan; None: it did not.
    promises
        What was announced by the plan before and is not kept, row by row, and why; columns in
        `renewopt.results.replanned.PROMISES`.
    promise_cost
        What changes of promises count as in the objective; None where they had no price. No fee, and part of neither
        total.
    delayed
        What comes of it if phases are handed over late; empty where none is, or where there are too many households.
    tried
        What comes of it in the futures that the scenario states; empty where it states none, where there are too many
        households, and of plans that were made anew.
    without
        What doing without money in doubt by law would cost; None: not reckoned (`renewopt.without_doubtful`).
    scenario_files
        Every file that the scenario was read from: none of them is ever overwritten.
    """

    name: str
    scenario_path: Path | None
    scenario_sha256: str
    variant: str | None
    policy: str
    options: Mapping[str, Option]
    version: str
    start: str
    months: int
    status: Status
    objective_name: str
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None
    transition_fees: float | None = None
    fiscal_cost: float | None = None
    waiting_cost: float | None = None
    households: int = 0
    settled: int | None = None
    clear_month: str | None = None
    all_settled_month: str | None = None
    tiers: tuple[TierResult, ...] = ()
    savings: Savings | None = None
    shortages: tuple[Shortage, ...] = ()
    shortfall: float | None = None
    shortfall_bound: float | None = None
    conflicts: tuple[Conflict, ...] = ()
    findings: tuple[Remark, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    allocation: pd.DataFrame = field(default_factory=lambda: tables.empty("allocation"), repr=False)
    claims: pd.DataFrame = field(default_factory=lambda: tables.empty("claims"), repr=False)
    statement: pd.DataFrame = field(default_factory=lambda: tables.empty("statement"), repr=False)
    construction: pd.DataFrame = field(default_factory=lambda: tables.empty("construction"), repr=False)
    funds: pd.DataFrame = field(default_factory=lambda: tables.empty("funds"), repr=False)
    fees: pd.DataFrame = field(default_factory=lambda: tables.empty("fees"), repr=False)
    people: pd.DataFrame = field(default_factory=lambda: tables.empty("people"), repr=False)
    baseline: pd.DataFrame = field(default_factory=lambda: tables.empty("baseline"), repr=False)
    account: pd.DataFrame = field(default_factory=lambda: tables.empty("account"), repr=False)
    programme: pd.DataFrame = field(default_factory=lambda: tables.empty("programme"), repr=False)
    left_out: pd.DataFrame = field(default_factory=lambda: tables.empty("left_out"), repr=False)
    starts: Mapping[str, str | None] = field(default_factory=dict)
    programme_delay: float | None = None
    not_started: int | None = None
    prices: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    decisions: Decisions | None = field(default=None, repr=False)
    warm: WarmStart | None = field(default=None, repr=False, compare=False)
    stated: Stated = field(default_factory=dict, repr=False)
    place: Place = HERE
    replanned: Replanned | None = None
    promises: pd.DataFrame = field(default_factory=no_promises, repr=False)
    promise_cost: float | None = None
    delayed: tuple[Delayed, ...] = ()
    tried: tuple[Tried, ...] = ()
    without: Without | None = None
    scenario_files: tuple[Path, ...] = field(default=(), repr=False, compare=False)

    @property
    def feasible(self) -> bool:
        """Whether there is a plan to follow."""
        return self.status != "infeasible"

    @property
    def has_tables(self) -> bool:
        """Whether there are decisions and tables: those of a plan to follow, or of one with a shortfall."""
        return self.feasible or self.shortfall is not None

    @property
    def ended(self) -> int:
        """Households that are no more by the end of the horizon, and were not housed before."""
        return int(self.allocation.loc[self.allocation["route"] == ENDED, "count"].sum()) if len(self.allocation) else 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PlanRecord):
            return NotImplemented
        return all(_same(getattr(self, f.name), getattr(other, f.name)) for f in fields(self) if f.compare)

    __hash__ = None  # type: ignore[assignment]


def _same(ours: object, theirs: object) -> bool:
    if isinstance(ours, pd.DataFrame):
        return isinstance(theirs, pd.DataFrame) and ours.equals(theirs)
    if isinstance(ours, Decisions):
        return isinstance(theirs, Decisions) and all(
            np.array_equal(getattr(ours, f.name), getattr(theirs, f.name)) for f in fields(Decisions)
        )
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        return dict(ours) == dict(theirs)
    return ours == theirs
