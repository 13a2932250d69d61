"""Write docs/model.md: the model's decisions and rules from the docstrings of the code that builds it.

Run it when a rule block changes: ``python docs/make_model.py``. A test compares, and holds the formulas to the names of
the columns that the code declares.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np

from renewopt.optimiser.model import columns, fairness, rules, start_rules
from renewopt.problem import Tier
from renewopt.testing.tiny import tiny_problem
from renewopt.testing.tiny_programmes import no_activities
from renewopt.vocabulary import Goal

HERE = Path(__file__).resolve().parent
PAGE = HERE / "model.md"

TINY = tiny_problem(0)
NOTHING = no_activities(len(TINY.claims))
BEGUN = columns.begin(TINY, elastic=True, in_fen=True, starts=NOTHING)
fairness.means(BEGUN, [Tier("even", Goal.WAIT_SPREAD, np.ones(len(TINY.claims), dtype=np.bool_))])
COLUMNS = {family.name: (", ".join(family.key_names), family.meaning) for family in BEGUN.builder.columns.values()}
"""Columns of the model by name: their indices and what they mean, as the code says where it adds them."""

GIVEN = {
    "count": "households of a claim (a household, a cohort of alike ones, or a part of one that is due several homes)",
    "cap": "most choices: take-up of a programme, throughput of the office",
    "arrivals": "homes handed over whatever is decided",
    "delivers": "homes of each pool that a phase delivers",
    "takes": "homes (m², persons) that an offer takes from a pool",
    "released": "homes that a household frees for transfer by choosing otherwise",
    "surplus": "homes open for transfer from the start",
    "cost": "what is still to be paid for a phase",
    "lag": "months from last payment to handover",
    "due": "all that falls due on a need in a month",
    "limit": "of a loan, of a fund, of what may be owed",
    "term": "months within which a flexible loan is back",
    "share": "of a month's bill that may be owed",
    "latest": "months after which what is owed must be paid",
    "falling": "a developer's debt that falls due in a month",
    "target": "debt to be set off by a month",
    "inflow": "of a fund in a month, with its opening balance in the first",
    "opening": "of the opening balance, what is not yet lost by its age",
    "line": "what a household pays for its home, so many months after its choice",
    "recovered": "what a developer pays back of fees that were advanced",
    "total": "money released in all; whole cost of a phase",
    "built": "what the phases had cost before the start",
    "last": "month of an activity's window",
    "stage": "staged cost, so many months after the start",
    "revenue": "of land, so many months after the start",
    "wait": "months from the start of one activity until another may start",
    "crews": "of each kind that an activity keeps busy",
    "lasts": "months in which they are busy",
    "capacity": "crews of each kind that there are",
    "by": "month of a rule on numbers",
    "least": "activities that start by then at least",
    "most": "and at most",
    "clears": "months from the start of a project until its land is cleared",
    "building": "months that a phase on it takes at least",
    "households": "households of a project that count in a goal of equal waits",
    "waits": "months of the wait that fall between t and t + 1; from T − 1 on, those up to the end",
    "until": "months of the wait from the month of choice until housed",
}
"""Names in formulas that are no columns. A test holds the formulas to both tables."""

HEAD = """# The model and its mathematics

This page is written from the code that builds the model (`python docs/make_model.py`): the words and formulas of each
rule block are the docstring of its function in `src/renewopt/optimiser/model/rules.py` (of a programme:
`start_rules.py`), and a test holds them to the names that the code declares. What the tables mean to the fen stands in
[accounts.md](accounts.md); how the model is solved, in [optimiser.md](optimiser.md).

Rules differ by city and change by decree, so none of them stands in the model. They are compiled into two tables, the
**fee curve** (what claim h costs in month t while it is in transition) and the **offers** (what it may choose, for how
much, from which pool, when it is housed and when its fee stops), and into supply, needs and funds. Behind these tables
everything is linear but for two things: households and phases are whole.

A month runs in this order: inflow, debts fall due, interest; handovers; settlement; fees; payments; reserve.

## Decisions

Money is in 万元 here (yuan outside, whole fen in the ledger). All are ≥ 0.

| column | index | meaning |
| --- | --- | --- |
"""

CUTS = """## Rows on whole phases

The relaxation lets half a phase deliver half of its homes, and all of these to the few households who gain most. These
rows hold for every whole plan and take that away. They are part of the relaxation on the structured path, as far as
its solutions violate them (`presolve/separation.py`); the model itself, its files and PuLP's have none of them.

A **group** is a fixed set of households: those whose offers take the same homes by the same routes. Let G be some
groups, P a set of pools whose homes count by weights w_p > 0, and t a month;

| name | meaning |
| --- | --- |
| N | the most that G can take from P: over its households, count × the largest Σ_p w_p *takes* of any offer |
| A | Σ_p w_p × what has arrived in p up to t, whatever is decided |
| D_e | Σ_p w_p × what phase e delivers to p |
| c_e | `complete[e, min(t, T − 1)]`: nothing is handed over after the last month |
| x | Σ w_p `taken[g, p, t]` over G and P: what G has taken, counting choices *housed* by t |

`taken` is a column for each group, pool and month for which there is a row, and

```math
\\mathit{taken}_{g,p,t} = \\mathit{taken}_{g,p,t-1}
+ \\sum_{(o,s) \\text{ of } g \\text{ housed in } t} \\mathit{takes}_{o,p} \\, \\mathit{settle}_{o,s}
```

P is one pool; or the pools of an estate, those that the same phases feed; or of two estates from which the same
households may choose (`presolve/pool_sets.py`). A household that may have three small homes or two large ones of an
estate does not mind which pool runs short, and no row of one pool says that the phase as a whole is too small. Weights
are such that the alternatives of most households come to the same: areas, where homes replace each other by area. Any
weights give rows that hold: the proofs need of x only that it is at most N, and at most A + Σ D_e c_e, the sum of the
rules on stock of the pools, each times its weight.

**Effective capacity.** With n = N − A > 0,

```math
x \\le A + \\sum_e \\min(n, D_e) \\, c_e
```

*Proof.* Each household makes at most one choice, so x ≤ N; homes of others only make less of the stock left for G, so
x ≤ A + Σ D_e c_e. Let c be whole. If a phase with D_e ≥ n stands complete, the right-hand side is at least A + n = N.
If none does, all that stand complete have min(n, D_e) = D_e, and the row is the rule on stock. ∎

**Residual capacity** (Magnanti, Mirchandani and Vachani). For any divisor δ > 0,

```math
N - x \\ge r \\Bigl( \\eta - \\sum_e G(D_e) \\, c_e \\Bigr), \\qquad
\\eta = \\lceil n / \\delta \\rceil, \\quad r = n - (\\eta - 1) \\, \\delta, \\quad
G(D) = \\lfloor D / \\delta \\rfloor + \\min \\Bigl( 1, \\frac{D \\bmod \\delta}{r} \\Bigr)
```

*Proof.* Let y = N − x, those of G who have not been served. By the rule on stock y + Σ D_e c_e ≥ n, and y ≥ 0. Write
D_e = q_e δ + m_e with 0 ≤ m_e < δ. Let S be the complete phases with m_e < r, R the others. Reading each
phase of R as a whole further δ, which is no less than m_e, (y + Σ_S m_e) + δ (Σ_S q_e + Σ_R (q_e + 1)) ≥ n. The last
sum k is a whole number. If k ≥ η, the right-hand side of the row is at most r (η − k) ≤ 0 ≤ y. If k ≤ η − 1,
y + Σ_S m_e ≥ n − k δ = r + (η − 1 − k) δ ≥ r (η − k), since r ≤ δ; and r Σ G(D_e) = r k + Σ_S m_e. That is the row. ∎

With δ ≥ n it is effective capacity; with all D_e = δ, N − x ≥ r (η − Σ c_e). Phases of a set F that nearly stand are
*complemented* first: c_f = 1 − c̄_f, n becomes n − Σ_F D_f, which is to stay above 0, and −D_f takes the place of D_f
(the proof nowhere needs D to be positive). The others then have to cover only what those phases leave. This is
mixed-integer rounding; which δ, F and G are tried is said in `separation.py`.

*For each household.* N and x count the households of the problem, not those of a class; a class lies within one group.
The row that defines `taken` is one in which households meet: its dual is a price for group, pool and month, which
every household of the group pays for a home in which it is housed by then. All other entries of the rows belong to
supply. So the bound below holds at any prices of these rows, too, household by household. Reservations count by the
month *chosen* and are no part of any of it. Several homes of one offer enter by *takes*, cohorts by *count*; whole
claims take at most N as well.

Sources: T. L. Magnanti, P. Mirchandani and R. Vachani, *The convex hull of two core capacitated network design
problems*, Mathematical Programming 60 (1993); Y. Pochet and L. A. Wolsey, *Production Planning by Mixed Integer
Programming* (2006), chapters 8 and 12, for mixed-integer rounding and flow covers.
"""

GOALS = """## What is minimised

Both objectives are always reported; the scenario says which one is minimised.

**`transition_fees`**: fees accrued in the months and in the tails, whoever pays them; the fees that the curve gives in
the `after_horizon_months` (A) after the last month T − 1 for those with no choice made; surcharges on what is owed:

```math
\\min \\sum_{h} w_h \\Bigl( \\sum_{t < T} \\mathit{fee}_{h,t} \\, \\mathit{waiting}_{h,t}
+ \\sum_{t = T}^{T + A - 1} \\mathit{fee}_{h,t} \\, \\mathit{waiting}_{h,T-1}
+ \\sum_{o \\in O(h),\\, t} \\mathit{after}_{o,t} \\, \\mathit{settle}_{o,t} \\Bigr)
+ \\sum_{n,t} \\mathit{surcharge}_{n,t}
```

where *after* is the fee from the choice until it stops, and *w* the weight of the household (petitions, special
households; 1 unless stated).

**`fiscal_cost`**: what the government pays, in the month in which it pays, discounted (δ); less what comes back; plus
what it still owes when the books close and, for each household without a choice, its project's stated obligation:

```math
\\begin{aligned}
\\min \\sum_{t} \\delta_t \\Bigl( \\sum_{f,n} \\mathit{pay}_{f,n,t} &+ v \\sum_{n} \\mathit{offset}_{n,t}
- \\sum_{f} \\mathit{received}_{f,t} \\Bigr) + \\delta_{B-1} \\sum_{n} \\mathit{arrears}_{n,B-1} \\\\
&+ \\delta_T \\sum_{h} (\\mathit{obligation}_h + \\mathit{fees\\ after}_h) \\, \\mathit{waiting}_{h,T-1}
\\end{aligned}
```

Repayments of principal and commitments are no cost of the plan and are left out; interest is counted. Fees alone are
not the whole story: at 3 % a year the capital in a voucher of 6,000 yuan/m² costs 15 yuan/m² a month, as much as the
fee that it stops.

**Tiers** (先急后缓): the goal of each tier is minimised in turn, those before it held to what they came to, times
1 + 1e-4, plus 1 yuan (of disutility and of waits 1e-4 of their unit: nobody more is settled where it is disliked).

**Fairness.** The goals `longest_wait` and `wait_spread` are counted in months ([accounts](accounts.md), 17). *That
nobody waits for longer than L months* closes choices, and never choosing where that would be longer; so the least
longest wait is found by halving L: each search asks for any plan, and one that proves that there is none proves L + 1.
Months are few and whole, while a column above everybody's wait would tell a relaxation nothing. The spread has a column
above the mean waits of all projects, and one below; on the structured path the duals of these rows are the price of a
month that a household of a project waits, so that the bound holds household by household as with any other row.
`changes`, of a plan made anew, counts −1 for each household that gets what was announced to it.

@FAIRNESS@

A shortfall costs 10 yuan a yuan (or what the scenario states) in both objectives; a plan with one is `infeasible` and
says what is short. Where no plan keeps every rule, the least shortfall comes before all tiers on the exact path, and
counts as 100 yuan a yuan, in place of the tiers, on the structured one.

## Relaxation and bound

Without whole households and whole phases the model is a linear programme. No plan can cost less than its optimum, nor
less than any dual solution of it is worth. That is the **proven bound**, and

```math
\\mathit{gap} = \\frac{\\mathit{objective} - \\mathit{bound}}{\\max(|\\mathit{objective}|,\\ 1\\ \\text{yuan})}
```

is how much better any other plan could possibly be. *Optimal* means objective − bound ≤ max(1 yuan, 1e-9 ×
|objective|).
The relaxation lets half a phase deliver half of its homes; so phases are branched on, and the bound is the least over
all branches that are left. In large districts the bound is reckoned household by household, at prices of money, homes
and limits taken from the duals:

```math
\\mathit{bound} = \\sum_h \\min_{o,t} \\bigl( \\text{fees and priced payments, homes and limits of } (o, t) \\bigr)
+ \\text{value of supply and money at the same prices}
```

which holds for any prices. The ledger rounds to fen what the model does not; the model whose bound is stated is
loosened by as many fen as there may be roundings.

After the search the decisions are whole numbers, payments are found anew for them in fen, and the ledger, which shares
no code with the model, replays the plan month by month. Every figure that is told comes from that replay.
"""


STARTS = """## What starts when

Where projects have a start window, or there are works, the starts are decided too: activity j, `begun` by month t. The
whole columns say what has begun *by* a month, so that branching parts early starts from late ones. A project with a
window has a **copy** of its claims for each month s of its window, compiled as if it started then; copy s lives only if
start[j, s] = 1. All blocks above hold for the copies as they stand, but for the first month of *household*, *need* and
*fund*. These come on top:
"""

STARTS_PROOF = """Delay costs and land penalties are a cost of each start, and of none, in both objectives; under
`fiscal_cost` a start also brings its discounted land revenue.

**The model's optimum is a lower bound.** Take any schedule in order, and any plan for it. Set `begun` by the schedule,
give each copy that lives the plan's choices, and all others 0. Windows, precedence, crews, numbers and land hold
because the schedule keeps them. A copy that does not live waits for nothing: waiting[h, 0] = 0 = start, so it costs
nothing and takes nothing. What falls due in the rows of *need* is what the dated scenario bills, stage by stage: both
are the stage's amount so many months after the start; so are land revenue and the copies' fees, which are compiled from
that very scenario. A limit's cap is the greatest of all compiled ones, a pool's reservation is left out where several
projects that may start share it, and the books are as long as the longest: each only makes room. So the plan is a
solution at its own cost. ∎ Where no cap and no reservation depends on who starts, the converse holds as well, and the
optimum is that of the best schedule.

**The answer.** The starts of an optimum are planned for as a plain scenario, and ruled out by

```math
\\sum_{j \\text{ starts in } s_j} \\mathit{start}_{j,s_j} - \\sum_{j \\text{ optional, left out}}
\\mathit{begun}_{j,\\mathit{last}_j} \\le n - 1
```

(n: how many start), which only this schedule breaks. The least of the bounds of the schedules that were planned for,
and of the model without them, is a bound for all. It meets the best plan after finitely many schedules.

**The outline: a bound without copies.** Where the copies are too many to be written out, the model keeps starts, supply
and money as they stand above and has two kinds of columns for all households together: u_r, what they put on each row r
in which they meet (*need*, *received*, *stock*, *reservation*, *limits*), and θ, what they cost. A plan has u = A x and
θ = c · x, x being the households' choices. For any prices y of these rows

```math
\\theta \\;\\ge\\; \\sum_{h \\text{ begun}} n_h \\, v_h(y) + \\sum_{j,s} \\mathit{start}_{j,s}
\\sum_{h \\in j} n_h \\, v_{h,s}(y) + y \\cdot u, \\qquad v(y) = \\min_x \\, (c - y A) \\, x
```

where v is the best that one household can do at these prices, the last one in the copy of start month s.

*Proof.* c · x = (c − yA) x + y · u, and (c − yA) x is a sum over households, each of them at its best no dearer than as
planned; those of a project count in the copy of its start, or not at all. ∎ So each plan of each schedule is a solution
of the outline at its own cost, whatever prices it was told, and its optimum, or the bound at which branch and cut ends,
is a lower bound for all. What it relaxes besides the copies' model: households are parted at will between the prices it
knows. At the duals of the copies' relaxation its own relaxation has the same value (strong duality), and with the duals
of a schedule and its phases it knows what these two cost in the relaxation: told enough of them, its optimum is that of
the copies' model with whole starts and phases.

A limit on a goal of the plan is one more row r, with the goal's own share for each household in A; where the goal is
one of starts alone, c = 0 and θ = 0, and the rows say whether households find what they need. A schedule that is ruled
out leaves a bound for all others.
"""


def block(function: Callable[..., Any]) -> tuple[str, list[str], str]:
    """Sentence, formulas and remarks of a rule block's docstring."""
    text = inspect.getdoc(function) or ""
    first, _, rest = text.partition("\n\n")
    formulas: list[str] = []
    remarks: list[str] = []
    for part in re.split(r"\n\n(?=\S)", rest):
        if part.startswith(".. math::"):
            body = part.removeprefix(".. math::")
            formulas.append(dedent(body.strip("\n") if body.startswith("\n") else body).strip())
        elif part:
            remarks.append(part)
    return first.replace("\n", " "), formulas, "\n\n".join(remarks)


def formula(text: str) -> str:
    """Write a formula as code hosts do; several lines are aligned."""
    text = "\n".join(line.strip() for line in text.splitlines())
    if "&" in text:
        text = f"\\begin{{aligned}}\n{text}\n\\end{{aligned}}"
    return f"```math\n{text}\n```"


def page() -> str:
    """Return the page."""
    lines = [HEAD.rstrip()]
    lines += [f"| `{name}[{index}]` | {index} | {meaning} |" for name, (index, meaning) in COLUMNS.items()]
    lines += ["", "Given, from the two tables, supply and money:", "", "| name | meaning |", "| --- | --- |"]
    lines += [f"| *{name}* | {meaning} |" for name, meaning in GIVEN.items()]
    lines += ["", "## Rules, block by block", ""]
    for name, function in rules.BLOCKS.items():
        lines += _block_lines(name, function)
    lines += [STARTS.rstrip(), ""]
    for name, function in start_rules.START_BLOCKS.items():
        lines += _block_lines(name, function)
    lines += [STARTS_PROOF.rstrip(), ""]
    spread = "\n".join(_block_lines("equal waits", fairness.means)).rstrip()
    lines += [CUTS.rstrip(), "", GOALS.rstrip().replace("@FAIRNESS@", spread), ""]
    return "\n".join(lines)


def _block_lines(name: str, function: Callable[..., Any]) -> list[str]:
    """Lines of a rule block."""
    sentence, formulas, remarks = block(function)
    lines = [f"### {name}", "", _plain(sentence), ""]
    for each in formulas:
        lines += [formula(each), ""]
    return lines + ([_plain(remarks), ""] if remarks else [])


def _plain(text: str) -> str:
    """Turn the marks of docstrings into those of Markdown."""
    return text.replace("``", "`").replace("accounts ", "[accounts](accounts.md) ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
