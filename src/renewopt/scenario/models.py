"""The sections of a scenario, as a planner states them; every class is one section of the YAML file.

Amounts are yuan (`Decimal`), months `Month`, shares fractions. Once loaded, the tables (households, quotes, fee
curves) are DataFrames with exactly the columns of `TABLES`, in that order, and these canonical types:

| kind | dtype | empty cell |
| --- | --- | --- |
| id, text | object (str, stripped) | "" |
| number, share | float64 | NaN |
| money | float64 yuan | NaN |
| count, months | int64 | −1 |
| month | int64, `Month.ordinal` | −1 |
| boolean | bool | False |
| ids | object: tuple of str | () |
| terms | object: tuple of (key, value) text pairs, as written | () |

`households.count` is 1 where empty. Quotes and fee curves add to what the rules give: a household's quotes join the
offers of its project's routes (state ``routes: []`` on the project to have quotes alone); a household with fee curve
rows has no other fee.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PrivateAttr, ValidationInfo, model_validator

from renewopt.errors import Finding, ScenarioError, sort_findings
from renewopt.scenario.building import build, check_built
from renewopt.scenario.fields import (
    Boolean,
    Count,
    Id,
    Money,
    Month,
    Months,
    Multiplier,
    Name,
    Number,
    Rate,
    Section,
    Share,
)
from renewopt.scenario.frames import CHECKED, Table
from renewopt.scenario.source import Source, hash_content
from renewopt.scenario.table_specs import TABLES, Column
from renewopt.scenario.uncertainty import (
    Amount,
    Decree,
    Delay,
    Distribution,
    Future,
    InflowChange,
    LaterMove,
    Parameter,
    PolicyChoice,
    TakeUp,
    Withdrawal,
)
from renewopt.vocabulary import OBJECTIVES, Goal, GoalName, Measure, ObjectiveName, RouteName, Use, UseName

__all__ = [
    "TABLES",
    "Amount",
    "Column",
    "Decree",
    "Delay",
    "Distribution",
    "Future",
    "InflowChange",
    "LaterMove",
    "Parameter",
    "PolicyChoice",
    "Scenario",
    "TakeUp",
    "Withdrawal",
]

All = Literal["all"]
AtLeastOneId = Annotated[list[Id], Field(min_length=1)]


# --- fees (rules 1-9) -------------------------------------------------------------------------------------------


class RateStep(Section):
    """Rate in force from a month on; the first step may leave `from` out (rule 2)."""

    since: Month | None = Field(None, alias="from", description="month from which it holds; the first may leave it out")
    yuan: Number = Field(description="yuan a month per m², per person or per household, as the basis says")


class OverdueStep(Section):
    """Multiplier from overdue month `after` + 1 on (rule 3)."""

    after: Months = Field(0, description="overdue months after which it acts")
    multiplier: Multiplier = Field(description="on the ordinary fee")


class Uplift(Section):
    """Uplift for a group of households; of a category only the highest counts (rule 7)."""

    group: Id = Field(description="as in the households' `groups`")
    category: Id = Field("group", description="groups of one category do not add up")
    percent: Annotated[Share | None, Field(description="share added to the monthly fee")] = None
    monthly: Annotated[Money | None, Field(description="yuan added to the monthly fee, multiplied like it")] = None
    once: Annotated[Money | None, Field(description="yuan paid once, when settled (use: cash)")] = None


class MovingFee(Section):
    """Moving fee (搬迁费) paid when housed: max(per household + area × per m², minimum) × times."""

    per_m2: Money = Field(default=0, validate_default=True, description="yuan per m²")
    per_household: Money = Field(default=0, validate_default=True, description="yuan")
    minimum: Money = Field(default=0, validate_default=True, description="yuan at least")
    times: Annotated[Count, Field(ge=1, le=4)] = Field(1, description="moves that are paid: 2 for out and in")


class FeePayer(Section):
    """A developer pays the fees of an enterprise project (企业类项目), with advance and recovery (rule 9)."""

    developer: Id = Field(description="who pays")
    advance: Share = Field(default=0, validate_default=True, description="share that the government pays when due")
    recovered: Share = Field(default=1, validate_default=True, description="share of the advance paid back later")
    after: Months = Field(0, description="months from the advance to its recovery")
    into: Id | None = Field(None, description="fund that receives what is recovered")


class FeePolicy(Section):
    """How the transition fee is reckoned (rules 1-9)."""

    id: Id
    basis: Literal["area", "person", "household"] = Field("area", description="what the rate is multiplied with")
    rate: Number | Annotated[list[RateStep], Field(min_length=1)] = Field(
        description="yuan a month per m², person or household; or steps by date"
    )
    household_minimum: Money | None = Field(None, description="yuan a month; fee = max(basis × rate, minimum)")
    area_floor: Number | None = Field(None, description="m² at least reckoned, until the first part is delivered")
    term: Months | dict[Id, Months] = Field(
        description="agreed months of transition; or by term_class of household or project (low_rise: 24)"
    )
    overdue: list[OverdueStep] = Field(default=[], description="none: the ordinary rate goes on")
    turnover: list[OverdueStep] = Field(
        default_factory=lambda: [OverdueStep(after=0, multiplier=Decimal(1))],
        description="multipliers when overdue for households in turnover housing (nothing before)",
    )
    tail: Months | dict[RouteName, Months] = Field(0, description="months paid on after being housed (fit-out)")
    tail_multiplier: Literal["in_force"] | Multiplier = Field(
        "in_force", description="multiplier in the tail; in_force: the one when housed"
    )
    uplifts: list[Uplift] = Field([], description="for groups of households")
    frequency: Literal["monthly", "quarterly", "half_yearly", "yearly"] = Field(
        "monthly", description="when fees fall due; they accrue monthly"
    )
    paid_by: Literal["government"] | FeePayer = Field(
        "government", description="who pays: the government, or a developer (企业类项目)"
    )
    moving_fee: MovingFee | None = Field(None, description="paid when housed (搬迁费)")


# --- homes (rules 10, 11, 14) -----------------------------------------------------------------------------------


class AreaBound(Section):
    """Entitlement bounds for households of a size (rule 11)."""

    persons_from: Annotated[Count, Field(ge=0)] = Field(0, description="smallest household it holds for")
    persons_to: Count | None = Field(None, description="largest; empty: without end")
    minimum: Number | None = Field(None, description="m² in all")
    maximum: Number | None = Field(None, description="m² in all")
    minimum_per_person: Number | None = Field(None, description="m²")
    maximum_per_person: Number | None = Field(None, description="m²")


class PriceBand(Section):
    """Price of area above the entitlement, up to `up_to` m² above it (rule 11)."""

    up_to: Number | None = Field(None, description="m² above entitlement; empty: without end")
    yuan_per_m2: Money = Field(description="what the household pays")


class HomePolicy(Section):
    """What a household is entitled to, and what it pays or is paid for more or less (rule 11)."""

    id: Id
    basis: Literal["area", "person"] = Field("area", description="what the entitlement is reckoned from")
    per_basis: Number = Field(default=1, validate_default=True, description="m² due per m² given up, or per person")
    bounds: list[AreaBound] = Field([], description="limits of the entitlement by size of the household")
    max_homes: Annotated[Count, Field(ge=1, le=2)] = Field(1, description="homes in one offer: 2 allows bundles of two")
    round_up: Boolean = Field(True, description="to the smallest listed home (or bundle) that reaches the entitlement")
    within_price: Money = Field(default=0, validate_default=True, description="yuan/m² the household pays within it")
    above: list[PriceBand] = Field([], description="prices of area above the entitlement, band by band")
    maximum_above: Number | None = Field(None, description="m² above entitlement at most; larger homes not offered")
    refund: Money = Field(default=0, validate_default=True, description="yuan/m² paid to the household below it")
    into: Id | None = Field(None, description="fund that receives what households pay")


class UnitType(Section):
    """Homes of one type in an estate."""

    type: Id = Field(description="as in `delivers` and the households' `unit_types`")
    area: Number | None = Field(None, gt=0, description="m² of one home; needed where entitlement is matched")
    on_hand: Number = Field(default=0, validate_default=True, description="stock at the start, in the estate's measure")
    arrivals: dict[Month, Number] = Field(default={}, description="known handovers by month, money already found")
    surplus: Number | None = Field(None, description="open for transfer; empty: stock less homes due to own households")
    price: Money = Field(
        default=0,
        validate_default=True,
        description="yuan the office pays, when chosen, for one home (m² or person, as the estate counts); use: units",
    )


class Phase(Section):
    """A construction phase; handed over whole once its remaining cost is paid."""

    id: Id
    name: Name = ""
    cost: Money = Field(description="yuan, the whole phase")
    progress: Share = Field(default=0, validate_default=True, description="share already paid and built")
    handover_lag: Months = Field(0, description="months from last payment to handover")
    earliest: Month | None = Field(None, description="earliest month of handover")
    monthly_limit: Money | None = Field(None, description="yuan that can be spent in a month")
    delivers: dict[Id, Number] = Field(min_length=1, description="unit type: how many, in the estate's measure")


class Estate(Section):
    """A resettlement estate (安置房小区): homes on hand, arriving, and in phases."""

    id: Id
    name: Name = ""
    projects: list[Id] = Field(default=[], description="projects whose own estate it is")
    open_to: All | list[Id] = Field(default="all", description="projects that may be settled here by transfer")
    tags: list[Id] = Field(default=[], description="schools, districts … that households may ask for")
    measure: Measure = Field("homes", description="what stock is counted in")
    units: Annotated[list[UnitType], Field(min_length=1)] = Field(description="homes by type")
    phases: list[Phase] = Field([], description="construction phases that deliver homes")
    release: Boolean = Field(False, description="an own household's other choice frees its home for transfer")
    housed_after: Months = Field(0, description="months from choice until housed")
    developer: Id | None = Field(None, description="whom the price of units is paid to")
    disutility: Number = Field(default=0, validate_default=True, description="of being settled here by transfer")


# --- vouchers and cash (rules 12, 13) ---------------------------------------------------------------------------


class BonusStep(Section):
    """Bonus on the face value in the first `months` months of the programme (rule 12)."""

    months: Annotated[Months, Field(ge=1)] = Field(description="up to and including this month of the programme")
    share: Share = Field(description="of the face value")


class Instalment(Section):
    """Part of the price due `after` months since the choice (rule 13)."""

    after: Months = Field(description="months since the choice")
    share: Share = Field(description="of the price")


class ListedDeveloper(Section):
    """A developer whose homes a voucher buys."""

    developer: Id = Field(description="its id")
    bonus: Share | None = Field(None, description="bonus at this developer, instead of the steps")


class Programme(Section):
    """What voucher and cash programmes share."""

    id: Id
    name: Name = ""
    projects: All | AtLeastOneId = Field("all", description="whose households may choose it")
    start: Month | None = Field(None, description="first month; default: the scenario's")
    months: Annotated[Months, Field(ge=1)] | None = Field(None, description="months in which it may be chosen")
    base: Literal["area", "entitlement"] = Field("area", description="m² that are paid for")
    price: Money = Field(description="yuan/m²")
    bonus: list[BonusStep] = Field([], description="steps by month of the programme")
    instalments: list[Instalment] = Field(default=[], description="shares add up to 1; empty: all at once")
    housed_after: Months = Field(0, description="months from choice until housed")
    tail: Months | None = Field(None, description="months of fee after being housed; default: the fee policy's")
    tail_multiplier: Literal["in_force"] | Multiplier | None = Field(
        None, description="multiplier in the tail; default: the fee policy's"
    )
    settled_when_paid: Boolean = Field(
        False, description="the household counts as housed only with the last instalment, which may not be owed"
    )
    take_up: Share | None = Field(None, description="at most this share of the eligible households of each project")
    area_below: Number | None = Field(None, description="only households with less area, m²")
    disutility: Number = Field(default=0, validate_default=True, description="of choosing it")


class Voucher(Programme):
    """A voucher programme (购房凭证改选 / 房票)."""

    developers: list[ListedDeveloper] = Field(default=[], description="empty: any; then nothing can be set off")
    valid: Months | None = Field(None, description="months in which the household must have bought (≥ housed_after)")


class Cash(Programme):
    """Monetary compensation (货币补偿)."""


class DeveloperStock(Section):
    """Homes that a developer has for voucher households."""

    measure: Measure = Field("homes", description="what stock is counted in")
    on_hand: Number = Field(default=0, validate_default=True, description="at the start")
    arrivals: dict[Month, Number] = Field({}, description="more of them by month")


class Debt(Section):
    """What a developer owes the government, falling due in a month."""

    due: Month = Field(description="month from which it may be set off")
    amount: Money = Field(description="yuan")


class OffsetTarget(Section):
    """Debt to be set off by the end of a month (rule 21: 化解*万元)."""

    by: Month = Field(description="month")
    amount: Money = Field(description="yuan, in all up to then")


class Developer(Section):
    """A developer: homes for voucher households, debts that may be set off."""

    id: Id
    name: Name = ""
    homes: DeveloperStock | None = Field(None, description="empty: no limit")
    debts: list[Debt] = Field([], description="what it owes, which may be set off against what it is owed (化债)")
    offset_targets: list[OffsetTarget] = Field([], description="what is to be set off by when")


# --- projects ----------------------------------------------------------------------------------------------------


class SwitchRight(Section):
    """Right to choose other routes after N overdue months (rule 15)."""

    after_overdue: Months = Field(description="overdue months that have passed")
    routes: Annotated[list[RouteName], Field(min_length=1)] = Field(description="routes that open then")


class Project(Section):
    """An expropriation project and what holds for its households unless their row says otherwise."""

    id: Id
    name: Name = ""
    fee_policy: Id | None = Field(None, description="default: the only one there is")
    home_policy: Id | None = Field(
        None, description="what they are entitled to; default: any home of an accepted type, unpriced"
    )
    moved_out: Month | None = Field(None, description="month in which its households moved out")
    term: Months | None = Field(None, description="agreed months of transition")
    term_class: Id | None = Field(None, description="class of the fee policy's terms, such as low_rise")
    routes: list[RouteName] | None = Field(None, description="routes its households accept; default: all")
    switch_rights: list[SwitchRight] = Field([], description="further routes after so many overdue months")
    weight: Number = Field(default=1, validate_default=True, description="urgency")
    deadline: Month | None = Field(None, description="all its households housed by this month")
    obligation: Money | None = Field(None, description="yuan/m² that a household without a choice still costs")


class Throughput(Section):
    """At most so many settlements (choices) a month (rule 16)."""

    id: Id
    per_month: Count = Field(description="choices a month at most")
    projects: All | AtLeastOneId = Field("all", description="whose choices count")
    routes: All | Annotated[list[RouteName], Field(min_length=1)] = Field("all", description="whose choices count")


# --- money (rules 17-22) ------------------------------------------------------------------------------------------


class Inflow(Section):
    """Money that arrives: the same each month of a span, or stated month by month."""

    monthly: Money | None = Field(None, description="yuan each month")
    since: Month | None = Field(None, alias="from", description="default: the start")
    until: Month | None = Field(None, description="last month; default: the last month of the horizon")
    by_month: dict[Month, Money] = Field({}, description="yuan in single months, added to the rest")


class Release(Section):
    """Money released by construction progress (rule 17)."""

    estates: AtLeastOneId = Field(description="whose progress counts")
    total: Money | None = Field(None, description="yuan; default: the loan's limit, or all inflow and opening balance")
    upfront: Share = Field(default=0, validate_default=True, description="share that may be drawn without progress")


class Borrowing(Section):
    """A loan that the fund may draw (rule 18)."""

    limit: Money = Field(description="yuan")
    revolving: Boolean = Field(False, description="the limit holds for what is outstanding, not for all that is drawn")
    rate: Rate = Field(default=0, validate_default=True, description="interest a year")
    repayment: Literal["bullet", "level", "flexible"] = Field(
        "bullet", description="at the end, in equal parts, or at will within the term"
    )
    grace: Months = Field(0, description="months before the first part falls due (level)")
    term: Annotated[Months, Field(ge=1)] = Field(description="months from the draw to the last repayment")
    since: Month | None = Field(None, alias="from", description="first month of drawing; default: the start")
    until: Month | None = Field(None, description="last month of drawing; default: the end of the horizon")
    label: Literal["loan", "advance", "bond"] = Field("loan", description="what it is called; changes nothing")


class Fund(Section):
    """A source of money with its strings (rule 17)."""

    id: Id
    name: Name = ""
    opening: Money = Field(default=0, validate_default=True, description="yuan at the start")
    inflow: Inflow | list[Inflow] = Field([], description="what arrives and when")
    uses: All | Annotated[list[UseName], Field(min_length=1)] = Field("all", description="what it may pay")
    projects: All | AtLeastOneId = Field("all", description="whose bills it may pay")
    estates: All | AtLeastOneId = Field("all", description="estates whose construction it may pay")
    carry_over: Literal["always", "month", "year"] = Field("always", description="what is left lapses each month/year")
    monthly_limit: Money | None = Field(None, description="yuan paid out in a month at most")
    total_limit: Money | None = Field(None, description="yuan paid out in all")
    release: Release | None = Field(None, description="money that only comes with the progress of construction")
    borrow: Borrowing | None = Field(None, description="the loan that it may draw")


class OpeningLoan(Section):
    """A loan drawn before the start, whose service falls due."""

    id: Id
    amount: Money = Field(description="yuan outstanding at the start")
    rate: Rate = Field(default=0, validate_default=True, description="interest a year")
    repayment: Literal["bullet", "level"] = Field("level", description="at the end, or in equal parts")
    grace: Months = Field(0, description="months before the first part falls due")
    months_left: Annotated[Months, Field(ge=1)] = Field(description="months until the last repayment")


class Owing(Section):
    """Payments that may be deferred (欠资, rule 19)."""

    id: Id
    uses: Annotated[list[UseName], Field(min_length=1)] = Field(
        [Use.FEES], description="which payments may be deferred"
    )
    projects: All | AtLeastOneId = Field("all", description="whose")
    share: Share = Field(description="of each month's bill, use by use")
    stock_limit: Money | None = Field(None, description="on the arrears at each month's close, use by use")
    surcharge: Share = Field(default=0, validate_default=True, description="a month, on last month's arrears")
    latest: Annotated[Months, Field(ge=1)] | None = Field(None, description="months after due")


class Arrears(Section):
    """What is owed at the start (过渡费迟迟未能发放)."""

    use: UseName = Field(Use.FEES, description="what was not paid")
    project: Id = Field(description="whose")
    amount: Money = Field(description="yuan")


class Move(Section):
    """Money may be moved between two funds (调剂, 集资; rule 20)."""

    source: Id = Field(alias="from", description="fund that gives")
    target: Id = Field(alias="to", description="fund that receives")
    monthly_limit: Money | None = Field(None, description="yuan a month at most")
    total_limit: Money | None = Field(None, description="yuan in all")


class Commitment(Section):
    """Fixed dated outflow that competes for the money (rule 20)."""

    id: Id
    name: Name = ""
    monthly: Money | None = Field(None, description="yuan each month")
    since: Month | None = Field(None, alias="from", description="default: the start")
    until: Month | None = Field(None, description="last month; default: the last month of the horizon")
    by_month: dict[Month, Money] = Field({}, description="yuan in single months, added to the rest")
    funds: All | AtLeastOneId = Field("all", description="funds that may pay it, among those for commitments")


# --- objective ----------------------------------------------------------------------------------------------------


class TierGoal(Section):
    """A goal that comes strictly before the objective."""

    name: Id = Field(description="what reports call it")
    goal: GoalName = Field(Goal.FEES, description="what is minimised first")
    projects: All | AtLeastOneId = Field("all", description="whose households count")
    tags: list[Id] = Field(default=[], description="households with one of these tags; empty: all of the projects")


class ObjectiveChoice(Section):
    """What is minimised."""

    minimise: ObjectiveName = Field(
        OBJECTIVES[0], description="the objective; the other total is reported all the same"
    )
    after_horizon_months: Months = Field(
        12, description="months after the horizon whose fees count for households without a choice"
    )
    discount_rate: Rate = Field(default=0, validate_default=True, description="a year; for fiscal_cost")
    offset_value: Multiplier = Field(
        default=1, validate_default=True, description="cost of a yuan of debt that is set off; for fiscal_cost"
    )
    shortfall_penalty: Number = Field(
        default=10, validate_default=True, description="yuan that a yuan of missing money counts as"
    )
    disutility_weight: Number = Field(
        default=0, validate_default=True, description="yuan that one unit of disutility counts as"
    )
    reserve_months: Number = Field(
        default=0,
        validate_default=True,
        description="closing balance of the funds that may pay fees, in months of that month's fees",
    )
    no_overdue_from: Month | None = Field(None, description="no household is overdue from this month on, as a rule")
    tiers: list[TierGoal] = Field([], description="goals that come strictly before, in this order")


# --- tables -------------------------------------------------------------------------------------------------------


class TableFile(Section):
    """A table beside the scenario file."""

    file: str = Field(description="path in the folder of the scenario file, or below")
    sheet: str | None = Field(
        None, description="sheet of a workbook; default: the one named like the section, else the first"
    )


class Scenario(Section):
    """A district as the planner states it; its tables are checked DataFrames once loaded."""

    name: Annotated[Name, Field(min_length=1)] = Field(description="name of the district, shown in reports")
    start: Month = Field(description="month 0")
    months: Annotated[Months, Field(ge=1)] = Field(description="months in which something is decided")
    projects: Annotated[list[Project], Field(min_length=1)] = Field(description="expropriation projects")
    households: Table = Field(description="households, or cohorts of alike ones")
    quotes: Table | None = Field(None, description="offers given directly")
    fee_curves: Table | None = Field(None, description="fees given directly")
    fee_policies: list[FeePolicy] = Field([], description="how transition fees are reckoned (rules 1-9)")
    home_policies: list[HomePolicy] = Field([], description="what homes households are entitled to (rule 11)")
    estates: list[Estate] = Field(
        [], description="resettlement estates: homes on hand, arriving and in phases (rules 10, 14)"
    )
    vouchers: list[Voucher] = Field([], description="voucher programmes (房票, rules 12, 13)")
    cash: list[Cash] = Field([], description="monetary compensation (货币补偿)")
    developers: list[Developer] = Field([], description="developers: homes for vouchers, debts to be set off (rule 21)")
    funds: Annotated[list[Fund], Field(min_length=1)] = Field(description="money and its strings (rules 17, 18)")
    moves: list[Move] = Field([], description="money that may be moved between funds (rule 20)")
    opening_loans: list[OpeningLoan] = Field([], description="loans drawn before the start (rule 18)")
    owing: list[Owing] = Field([], description="payments that may be deferred (欠资, rule 19)")
    arrears: list[Arrears] = Field([], description="what is owed at the start (rule 19)")
    commitments: list[Commitment] = Field([], description="dated outflows that compete for the money (rule 20)")
    throughput: list[Throughput] = Field([], description="choices a month at most (rule 16)")
    objective: ObjectiveChoice = Field(ObjectiveChoice(), description="what is minimised, and how it is reckoned")
    futures: list[Future] = Field([], description="ways in which the district may turn out, for `compare`")
    policies: list[PolicyChoice] = Field([], description="policies with parameters of their own")

    _source: Source = PrivateAttr(default_factory=Source)

    @classmethod
    def from_tables(cls, **sections: Any) -> Scenario:
        """Build a scenario in Python, every finding reported together.

        Parameters
        ----------
        **sections
            Keys as in the YAML file; values are section objects, plain dicts and lists, and, for `households`,
            `quotes` and `fee_curves`, DataFrames or lists of rows.

        Raises
        ------
        ScenarioError
            With every finding, if there is any error.
        """
        return build(sections)

    @model_validator(mode="after")
    def _sound(self, info: ValidationInfo) -> Self:
        """Check what the sections refer to and mean, unless the loader does so with the file's lines."""
        if not (info.context or {}).get(CHECKED):
            findings = check_built(self)
            if any(finding.severity == "error" for finding in findings):
                raise ScenarioError(findings)
            self._source = Source(warnings=tuple(sort_findings(findings)), content=self.content)
        return self

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What was noticed while loading and is no error."""
        return self._source.warnings

    @property
    def sha256(self) -> str:
        """Hash over every file read; over the content for a scenario that was built or changed in Python."""
        if self._source.sha256 and not self.changed:
            return self._source.sha256
        return hashlib.sha256(self.model_dump_json(by_alias=True, warnings=False).encode()).hexdigest()

    @property
    def content(self) -> str:
        """Hash over what it says now."""
        sections = self.model_dump_json(by_alias=True, exclude=set(TABLES), warnings=False)
        return hash_content(sections, {name: frame for name in TABLES if (frame := getattr(self, name)) is not None})

    @property
    def changed(self) -> bool:
        """Whether it says something else than when it was loaded or built: a table, say, was changed in place."""
        return self._source.content != self.content

    @property
    def files(self) -> tuple[str, ...]:
        """Every file read, relative to the scenario's folder."""
        return self._source.files

    @property
    def read_paths(self) -> tuple[Path, ...]:
        """Every file read, as a path."""
        if self.path is None:
            return ()
        return tuple(self.path.parent / name for name in dict.fromkeys([self.path.name, *self.files]))

    @property
    def path(self) -> Path | None:
        """The scenario's YAML file; None if built in Python."""
        return self._source.path

    @property
    def allow_outside(self) -> bool:
        """Whether its tables were allowed to lie outside of its folder when it was loaded."""
        return self._source.allow_outside

    @property
    def variant(self) -> str | None:
        """Name of the variant that was merged in."""
        return self._source.variant

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of the variants that the file states."""
        return self._source.variants

    @property
    def source(self) -> Source:
        """Where it came from."""
        return self._source

    def with_source(self, source: Source) -> Scenario:
        """Return the same scenario, told where it came from; what it says now is what it said then."""
        copy = self.model_copy()
        copy._source = replace(source, content=self.content)
        return copy
