"""Closed vocabularies: each word once, in its order, with its English and Chinese wording and its colour.

Scenario, optimiser, policies, ledger, tables, charts, command line and workbooks read them here, so that a route or a
use of money is spelt, named and painted the same everywhere.

Colours can be told apart by colour-blind readers: the eight of Okabe and Ito (2008, "Color Universal Design") for uses
of money, Paul Tol's (2021, SRON technical note, "muted" and "medium-contrast") where more are needed and for routes,
which stand beside projects.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

Language = Literal["en", "zh"]
"""In which a text is written."""
LANGUAGES: tuple[Language, ...] = get_args(Language)

RouteName = Literal["own_unit", "transfer", "voucher", "cash"]
"""How a household is settled."""
ROUTES: tuple[RouteName, ...] = get_args(RouteName)
OWN_UNIT, TRANSFER, VOUCHER, CASH = ROUTES
WAITING = "waiting"
"""Stands in the place of a route while a household has none."""
ENDED = "ended"
"""Stands there where a household is no more before it was housed."""
NOT_STARTED = "not_started"
"""Stands there where a household's project is not started: it owes nothing and is owed nothing."""

UseName = Literal["fees", "voucher", "units", "cash", "moving", "construction", "commitments", "interest", "principal"]
"""What money is paid for; ``interest`` and ``principal`` are the service of loans."""
USES: tuple[UseName, ...] = get_args(UseName)


class Use:
    """The uses of money by name."""

    FEES, VOUCHER, UNITS, CASH, MOVING, CONSTRUCTION, COMMITMENTS, INTEREST, PRINCIPAL = USES


NEVER_OWED = (Use.CONSTRUCTION, Use.INTEREST, Use.PRINCIPAL)
"""Uses whose bills may not be left owing."""
COSTLESS = (Use.PRINCIPAL, Use.COMMITMENTS)
"""Uses that are no fiscal cost of resettlement."""

ENTRIES = ("opening", "inflow", "received", "recovered", "borrowed", "moved_in", "moved_out", "lapsed")
"""Movements of a fund that are no payment."""


class Entry:
    """The movements of a fund by name."""

    OPENING, INFLOW, RECEIVED, RECOVERED, BORROWED, MOVED_IN, MOVED_OUT, LAPSED = ENTRIES


UNSPENT = (Entry.MOVED_OUT, Entry.LAPSED)
"""Movements by which money leaves a fund without being spent."""

DOUBTS = ("advance", "moves", "owing")
"""Sources of money that are in doubt by law (``docs/limits.md``): what an agency lends, what is moved between funds,
and what is left owing."""


class Doubt:
    """The doubts by name."""

    ADVANCE, MOVES, OWING = DOUBTS


ITEMS = (
    "fee", "fee_overdue", "fee_tail", "price", "top_up", "refund", "moving_fee", "lump_sum", "arrears", "surcharge",
    "other",
)  # fmt: skip
"""What an amount of a household statement is for; the last three are no single household's."""


class Item:
    """The items of a household statement by name."""

    (
        FEE, FEE_OVERDUE, FEE_TAIL, PRICE, TOP_UP, REFUND, MOVING_FEE, LUMP_SUM, ARREARS, SURCHARGE, OTHER,
    ) = ITEMS  # fmt: skip


PAYERS = ("set_off", "fund", "outside", "developer", "owed")
"""Who pays an amount of a household statement: what its developer owes, a fund (or into it), money from outside, the
developer of the project itself, nobody yet."""


class Payer:
    """The payers by name."""

    SET_OFF, FUND, OUTSIDE, DEVELOPER, OWED = PAYERS


RECKONED = ("valued", "obligation", "land")
"""Parts of the totals that no household and no developer pays: fees after the horizon of households with no choice, and
what they are still owed; land revenue."""


class Reckoned:
    """These parts by name."""

    VALUED, OBLIGATION, LAND = RECKONED


ACCOUNTS = (
    Item.FEE, Item.FEE_OVERDUE, Item.FEE_TAIL, *USES, Item.SURCHARGE, Payer.SET_OFF, Payer.OWED, Entry.RECEIVED,
    Entry.RECOVERED, *RECKONED,
)  # fmt: skip
"""Parts that transition fees and fiscal cost are made of."""


GoalName = Literal["transition_fees", "overdue_fees", "fiscal_cost", "disutility", "longest_wait", "wait_spread"]
"""What a tier of the objective minimises."""
ObjectiveName = Literal["transition_fees", "fiscal_cost"]
"""What a plan minimises."""
OBJECTIVES: tuple[ObjectiveName, ...] = get_args(ObjectiveName)
GOALS: tuple[GoalName, ...] = get_args(GoalName)


class Goal:
    """The goals by name."""

    FEES, OVERDUE, FISCAL, DISUTILITY, LONGEST_WAIT, WAIT_SPREAD = GOALS
    SHORTFALL = "shortfall"
    """Money from outside; minimised before all else where no plan does without it. No scenario may state it."""
    CHANGES = "changes"
    """Households that get something else than was announced to them; no scenario knows what was."""


StartsGoalName = Literal["programme_delay", "not_begun", "not_helped"]
"""What a tier minimises that starts alone decide."""
STARTS_GOALS: tuple[StartsGoalName, ...] = get_args(StartsGoalName)


TierGoalName = Literal[GoalName, StartsGoalName]
"""What a tier may minimise."""


class StartsGoal:
    """These goals by name."""

    DELAY, NOT_BEGUN, NOT_HELPED = STARTS_GOALS


X_GOALS = (*GOALS, StartsGoal.DELAY)
"""What a frontier may limit."""

IN_MONTHS = (Goal.LONGEST_WAIT, Goal.WAIT_SPREAD)
"""Goals of fairness, counted in months."""
UNMONEYED = (Goal.DISUTILITY, *IN_MONTHS, Goal.CHANGES, StartsGoal.NOT_BEGUN, StartsGoal.NOT_HELPED)
"""Goals that are no amount of money: told in their own unit."""

METHODS = ("auto", "exact", "structured")
"""How the optimiser searches: by the size of the problem, one model of all households, or by classes of households."""
AUTO, EXACT, STRUCTURED = METHODS

Status = Literal["optimal", "feasible", "time_limit", "interrupted", "infeasible"]
"""Of a plan; ``feasible``: stopped at the asked gap, or decided by a rule."""
STATUSES: tuple[Status, ...] = get_args(Status)
STOPPED = STATUSES[2:4]
"""Short of what was asked."""
DEARER = "dearer"
"""Of a search that is asked for a plan up to a value: there is none, and it ended once that was proven."""
RUN_STATUSES = ("feasible", "infeasible", "failed")
"""Of a run of a comparison."""

Measure = Literal["homes", "m2", "persons"]
"""What stock is counted in."""
MEASURES: tuple[Measure, ...] = get_args(Measure)


class CountedIn:
    """The measures by name."""

    HOMES, M2, PERSONS = MEASURES


ROSTER_MODES = ("signing", "lottery", "fit")
"""Who chooses a home first: who signed first, who draws the smaller lot, nobody (the least misfit of all together)."""

PRICES = ("money", "homes", "transfer", "limit")
"""Kinds of shadow prices."""
RESOURCES = (*PRICES, "debt")
"""What has a price to both sides; ``debt``: of a developer, as it falls due."""


class Scarce:
    """The resources by name."""

    MONEY, HOMES, TRANSFER, LIMIT, DEBT = RESOURCES


POLICIES = (
    "optimal", "rolling", "hedged", "wait-for-build", "first-come", "urgent-first", "costliest-first",
    "apparent-tardiness", "voucher-first", "units-first", "finish-nearest", "project-by-project", "equal-shares",
)  # fmt: skip
"""Policies that ship, in their order."""
PERFECT = "perfect"
"""How comparisons call the optimiser that knows the future; no policy may be called so."""


class PolicyName:
    """The policies by name."""

    (
        OPTIMAL, ROLLING, HEDGED, WAIT_FOR_BUILD, FIRST_COME, URGENT_FIRST, COSTLIEST_FIRST, APPARENT_TARDINESS,
        VOUCHER_FIRST, UNITS_FIRST, FINISH_NEAREST, PROJECT_BY_PROJECT, EQUAL_SHARES,
    ) = POLICIES  # fmt: skip


StartByName = Literal["optimal", "start-all", "urgency", "land-deadline", "benefit-per-yuan", "as-soon-as-money-allows"]
"""How a policy decides what starts when; the first one is the optimiser's choice."""
WAYS_TO_START: tuple[StartByName, ...] = get_args(StartByName)


class StartBy:
    """The rules of starts by name."""

    OPTIMAL, ALL, URGENCY, LAND_DEADLINE, BENEFIT, MONEY = WAYS_TO_START


KEEPS = ("window", "precedence", "crews", "number")
"""Rules that let a project or a work start in no month beside all that a plan starts: its window leaves none, what
comes before it is left out or too late, no crew is free, no more may be begun."""


class Keeps:
    """These rules by name."""

    WINDOW, PRECEDENCE, CREWS, NUMBER = KEEPS


DRAWN = (
    "phase_delay", "mean_delay", "arrival_delay", "inflow_share", "take_up_share", "switched_share",
    "withdrawn_developers", "fee_factor", "move_delay", "start_delay", "clearing_delay", "land_delay", "land_share",
)  # fmt: skip
"""Figures of a future: months that a phase, all phases on the mean, and homes to arrive are late; shares of the stated
money that come, of households that take a voucher, and that use a right to switch; developers that withdraw; the factor
on fees; months by which households move out later, on the mean; months by which something starts late, by itself or for
what it waits for, takes longer to be cleared, and its land's revenue comes late; the share of that which comes."""


class DrawnKind:
    """These figures by name."""

    DELAY, DELAYS, ARRIVALS, INFLOW, TAKE_UP, SWITCHING, WITHDRAWN, FEE_FACTOR, LATER_MOVES = DRAWN[:9]
    LATE_START, LATE_CLEARING, LATE_LAND, LAND = DRAWN[9:]


WORK_KINDS = ("acquisition", "urban_village", "old_community", "back_street", "supporting_works")
"""Kinds of projects and works that have a name in both languages; planners may write any other."""


class WorkKind:
    """These kinds by name."""

    ACQUISITION, URBAN_VILLAGE, OLD_COMMUNITY, BACK_STREET, SUPPORTING_WORKS = WORK_KINDS


class Term(NamedTuple):
    """What a planner reads for a word, and, where it is drawn, its colour: ``#rrggbb``."""

    english: str
    chinese: str
    colour: str = ""


def _terms(words: tuple[str, ...], *terms: Term) -> dict[str, Term]:
    return dict(zip(words, terms, strict=True))


TERMS: dict[str, dict[str, Term]] = {
    "route": _terms(
        (*ROUTES, WAITING, ENDED, NOT_STARTED),
        Term("own estate", "原项目安置房", "#004488"),
        Term("transfer", "调安", "#997700"),
        Term("voucher", "购房凭证", "#994455"),
        Term("cash", "货币补偿", "#6699cc"),
        Term("waiting", "待安置", "#8c8c8c"),
        Term("ended", "已终止", "#bbbbbb"),
        Term("not started", "未启动", "#dddddd"),
    ),
    "use": _terms(
        (*USES, *ENTRIES),
        Term("transition fees", "过渡费", "#d55e00"),
        Term("vouchers", "购房凭证", "#cc79a7"),
        Term("homes", "购房", "#44aa99"),
        Term("cash compensation", "货币补偿", "#56b4e9"),
        Term("moving fees", "搬迁费", "#f0e442"),
        Term("construction", "建设", "#0072b2"),
        Term("commitments", "既定支出", "#999933"),
        Term("interest", "利息", "#882255"),
        Term("repayment", "还本", "#332288"),
        Term("opening", "期初", "#dddddd"),
        Term("inflow", "到位", "#009e73"),
        Term("from households", "住户缴款", "#7fcdb9"),
        Term("recovered", "收回垫付", "#b2df8a"),
        Term("borrowed", "借入", "#e69f00"),
        Term("moved in", "调入", "#bbbbbb"),
        Term("moved out", "调出", "#bbbbbb"),
        Term("lapsed", "收回注销", "#777777"),
    ),
    "objective": _terms(
        (*GOALS, *STARTS_GOALS),
        Term("transition fees", "过渡费"),
        Term("overdue fees", "超期过渡费"),
        Term("fiscal cost", "财政支出"),
        Term("disutility", "不满意度"),
        Term("longest wait", "最长等待"),
        Term("spread of mean waits", "项目平均等待之差"),
        Term("cost of delay", "推迟成本"),
        Term("not begun by a month", "届时未启动数"),
        Term("households not helped by a month", "届时未受益户数"),
    ),
    "measure": _terms(MEASURES, Term("homes", "套"), Term("m²", "平方米"), Term("persons", "人")),
    "item": _terms(
        ITEMS,
        Term("fee", "过渡费"),
        Term("overdue fee", "超期过渡费"),
        Term("fee in the tail", "装修期过渡费"),
        Term("price", "价款"),
        Term("top-up", "补差价"),
        Term("refund", "退差价"),
        Term("moving fee", "搬迁费"),
        Term("lump sum", "一次性费用"),
        Term("arrears at the start", "期初欠付"),
        Term("surcharge", "滞纳金"),
        Term("of no household", "不属住户"),
    ),
    "paid_by": _terms(
        PAYERS,
        Term("set off", "冲抵"),
        Term("fund", "资金"),
        Term("from outside", "缺口"),
        Term("developer", "企业自付"),
        Term("owed", "欠付"),
    ),
    "reckoned": _terms(
        RECKONED,
        Term("fees after the horizon", "期后过渡费折算"),
        Term("obligation to who waits", "待安置义务"),
        Term("land revenue", "土地出让收入"),
    ),
    "work_kind": _terms(
        WORK_KINDS,
        Term("acquisition", "房屋征收"),
        Term("urban villages", "城中村改造"),
        Term("old communities", "老旧小区改造"),
        Term("back streets", "背街小巷改造"),
        Term("supporting works", "配套基础设施建设"),
    ),
    "kind": _terms(
        PRICES, Term("money", "资金"), Term("homes", "房源"), Term("transfer", "可调安房源"), Term("limit", "办理限额")
    ),
    "policy": _terms(
        (*POLICIES, PERFECT),
        Term("optimal", "整体优化"),
        Term("rolling", "滚动优化"),
        Term("hedged", "稳健优化"),
        Term("wait-for-build", "全部等待原项目安置房"),
        Term("first-come", "先搬先安置"),
        Term("urgent-first", "先急后缓"),
        Term("costliest-first", "费用最高者优先"),
        Term("apparent-tardiness", "表观拖期优先"),
        Term("voucher-first", "购房凭证优先"),
        Term("units-first", "实物安置优先"),
        Term("finish-nearest", "就近交付优先"),
        Term("project-by-project", "逐个项目推进"),
        Term("equal-shares", "按户均分资金"),
        Term("perfect information", "完全信息"),
    ),
    "keeps": _terms(
        KEEPS,
        Term("window", "启动期"),
        Term("precedence", "前后次序"),
        Term("crews", "队伍"),
        Term("number", "启动数量"),
    ),
    "start_rule": _terms(
        WAYS_TO_START,
        Term("decided with the plan", "与方案一并优化"),
        Term("start all", "重征轻安：能启动的尽早全部启动"),
        Term("urgency", "按紧迫程度"),
        Term("land deadline", "按净地期限"),
        Term("benefit per yuan", "按每元投入的效益"),
        Term("as soon as money allows", "有资金即启动"),
    ),
}
"""By vocabulary and word."""


class PlaceTerm(NamedTuple):
    """A term that places have words of their own for: one and several in English, and what Chinese texts say."""

    one: str
    several: str
    chinese: tuple[str, ...] = ()


PlaceTermName = Literal[
    "household", "home", "estate", "project", "developer", "transition_fee", "fee", "moving_fee",
    "voucher", "transfer", "cash_compensation", "top_up", "turnover_housing", "surcharge",
]  # fmt: skip
"""Terms that a scenario may have words of its own for."""
PLACE_TERMS: dict[str, PlaceTerm] = dict(
    zip(
        get_args(PlaceTermName),
        (
            PlaceTerm("household", "households", ("住户",)),
            PlaceTerm("home", "homes", ("房源",)),
            PlaceTerm("estate", "estates", ("安置小区", "小区")),
            PlaceTerm("project", "projects", ("项目",)),
            PlaceTerm("developer", "developers", ("开发企业",)),
            PlaceTerm("transition fee", "transition fees", ("过渡费",)),
            PlaceTerm("fee", "fees"),
            PlaceTerm("moving fee", "moving fees", ("搬迁费",)),
            PlaceTerm("voucher", "vouchers", ("购房凭证", "凭证")),
            PlaceTerm("transfer", "transfers", ("调安",)),
            PlaceTerm("cash compensation", "cash compensation", ("货币补偿",)),
            PlaceTerm("top-up", "top-ups", ("补差价",)),
            PlaceTerm("turnover housing", "turnover housing", ("周转房",)),
            PlaceTerm("surcharge", "surcharges", ("滞纳金",)),
        ),
        strict=True,
    )
)
"""How sentences write these terms; a longer one that keeps its name keeps it whole, whatever a shorter is called."""


def colour_of(kind: str, word: str, otherwise: str) -> str:
    """Colour of a word of a vocabulary, or another one for what is no word of it.

    Examples
    --------
    >>> colour_of("route", "voucher", "#000000"), colour_of("route", "own_unit;voucher", "#000000")
    ('#994455', '#000000')
    """
    term = TERMS[kind].get(word)
    return otherwise if term is None else term.colour


def work_kind_of(written: str) -> str:
    """Find the kind that a planner means, who may have written its Chinese name or the gist of it; else as written.

    Examples
    --------
    >>> work_kind_of("back_street"), work_kind_of("背街小巷"), work_kind_of("改造"), work_kind_of("parks")
    ('back_street', 'back_street', '改造', 'parks')
    """
    meant = [kind for kind, term in TERMS["work_kind"].items() if written and written in term.chinese]
    return meant[0] if len(meant) == 1 else written
