# %% [markdown]
# # Building a policy of one's own
#
# An office has its habit: *the easy cases first* (先易后难). Whoever costs least is settled first, so that many leave
# the list quickly. Is it a good habit? We write it down as a policy, let it plan a town, and put it beside the habits
# that ship and the optimum, as planned and where buildings come late and money short.
#
# What the shipped policies do, and every parameter, is in [Policies](../policies.md).

# %% [markdown]
# ## Writing it down
#
# A rule of thumb is an order: `order` gives columns to sort households by, smallest first. Handing over phases,
# paying bills, borrowing, building with what is left is done by one engine that all rules share. `candidates` holds
# one row for each offer that is possible in a month: `price` and `fee` (in fen), `moved_out`, `overdue_from`,
# `weight` and others.

# %%
import renewopt


@renewopt.register
class EasiestFirst(renewopt.PriorityRule):
    """Whoever costs least is settled first; of those who cost the same, whose fee is highest."""

    name = "easiest-first"

    def order(self, candidates):
        return [candidates.price, -candidates.fee]


# %% [markdown]
# `register` makes the name known: `renewopt.plan`, `renewopt.compare` and a scenario's `policies` take it from now
# on. A rule makes plans like the optimiser does, but for the proof; the ledger audits them all the same.

# %%
scenario = renewopt.load("../../scenarios/uncertain.yaml")
plan = renewopt.plan(scenario, policy="easiest-first")
plan

# %%
renewopt.audit(scenario, plan)

# %% [markdown]
# ## Changing its mind
#
# The engine has parameters. Vouchers are what an easy case costs; an office that distrusts its income might give
# none, settle people in homes only, and keep the order:

# %%
from dataclasses import dataclass


@renewopt.register
@dataclass(frozen=True)
class EasiestHomes(EasiestFirst):
    """The same order, but homes only: nothing is promised out of money that has yet to come."""

    name = "easiest-homes"
    routes: tuple[tuple[str, ...], ...] = (("own_unit", "transfer"),)


# %% [markdown]
# ## Putting both to the test
#
# In the future `rough`, phases are up to a year late and part of the money does not come. Three draws of it are
# enough for a first look (a study takes twenty or more), and the optimum need not be proven closely. All policies
# meet the same futures. `wait-for-build` is always there: it is what savings are counted from.

# %%
comparison = renewopt.compare(
    scenario,
    policies=["easiest-first", "easiest-homes", "first-come", "costliest-first", "units-first", "optimal"],
    futures=["rough"],
    seeds=3,
    gap=0.05,
    perfect=False,
)
comparison.ranking()[["future", "rank", "policy", "clean", "mean", "against_waiting"]]

# %%
comparison.plot.ranking()

# %% [markdown]
# `clean` is the share of runs in order: no bill unpaid, no deadline missed, the reserve held. It ranks before the
# mean, since fees saved by promises that were not kept are not saved.

# %%
comparison.runs.pivot_table(index="policy", columns="future", values="shortfall", aggfunc="mean").sort_values("rough")

# %% [markdown]
# Before believing a difference between two policies, look at it draw by draw; both met the same bad luck:

# %%
runs = comparison.runs[comparison.runs["future"] == "rough"]
by_draw = runs.pivot(index="seed", columns="policy", values="transition_fees")
by_draw[["wait-for-build", "easiest-homes", "easiest-first"]]

# %%
comparison.plot.settled()

# %% [markdown]
# ## What we learn
#
# - **As planned, the habit is not bad**: it costs less than serving the longest waiting first (1.08 against 1.30
#   million yuan of fees), by which those who are dear to house wait on: 47 of 56 are settled within the two years.
#   The optimum, which looks at all of it at once, costs 0.75 million and settles all.
# - **In rough futures it falls short, like everything that gives vouchers out of income yet to come**: in all three
#   draws money was missing, for the optimum's plan as well, which leaves no reserve.
# - **Homes only stays in order**, in every draw and as planned, and saves about 0.3 million against waiting each
#   time. That is the price of certainty: as planned it costs more than the habit that it was made from.
# - Three draws in one town of assumed figures show how to ask, not what is true elsewhere. `hedged` is a policy that
#   ships and plans for the rough future; twenty draws with it are in
#   [why each policy wins or loses](../policies-shipped.md).
#
# ## From here
#
# - `phase_order` of a rule says which phases are built first; `shares`, `patient`, `hold_months` and the rest are in
#   [Policies](../policies.md); how a plan of one's own making is followed (`MadeOnce`) in [policies of your
#   own](../own-policies.md).
# - On the terminal the caller names the module: put the class into `my_rules.py`, then
#   `renewopt plan district.yaml --policy-module my_rules --policy easiest-first --out DIR`. A scenario by itself never
#   makes code run. With more than one process (`jobs`) in Python, give `policy_modules=["my_rules"]`.
# - `comparison.write("folder")` keeps all of it, with `report.html` for the meeting.
