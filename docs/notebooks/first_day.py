# %% [markdown]
# # A planner's first day
#
# A small town: two projects, two estates under construction, vouchers, one tight budget. It ships as
# `scenarios/uncertain.yaml`; all its figures are assumed. We take stock, plan, look at the plan, and hand in a
# report. Start Jupyter in `docs/notebooks` of a clone, or put the path of a scenario of your own into the first cell
# (`renewopt init my-district` writes one, with a comment on every line).

# %%
import renewopt

scenario = renewopt.load("../../scenarios/uncertain.yaml")
scenario.name, str(scenario.start), scenario.months, scenario.warnings

# %% [markdown]
# Had anything in the file been wrong, `load` would have said all of it at once, with line, what was expected and how
# to mend it. Here is a district made in Python, with three slips:

# %%
try:
    renewopt.Scenario.from_tables(
        name="With a slip",
        start="2024-01",
        months=12,
        projects=[{"id": "River", "moved_out": "2022-6"}],
        households=[{"id": "R1", "project": "Rivre", "area": 60}],
        funds=[{"id": "budget", "uses": ["fees", "vouchers"]}],
    )
except renewopt.ScenarioError as error:
    print(error)

# %% [markdown]
# ## Taking stock
#
# Before any decision: what there is, who waits, what it costs, and how long the money lasts if nothing is done. On
# the terminal this is `renewopt check`.

# %%
from renewopt.problem import compile_problem, take_stock

stock = take_stock(compile_problem(scenario), scenario)
stock.homes

# %%
stock.waiting

# %%
stock.series.iloc[::6]

# %% [markdown]
# Fees rise as one project after the other falls overdue. The money for them lasts, so the question is what else it
# could do: every yuan of it may also pay for a voucher or for building.

# %% [markdown]
# ## A plan
#
# One line. `gap=0.02`: stop as soon as it is proven that no plan can be better by more than 2%. A plan shows its
# headline and its projects; the whole of it is one click away.

# %%
plan = renewopt.plan(scenario, gap=0.02)
plan

# %% [markdown]
# Do we believe it? `audit` replays it month by month, to the fen, in code that shares nothing with the optimiser, and
# lists the rules that are broken:

# %%
renewopt.audit(scenario, plan)

# %% [markdown]
# ## Who is housed when, and by which route
#
# Tables are pandas DataFrames.

# %%
plan.claims.groupby(["project", "route"])["count"].sum().unstack(fill_value=0)

# %% [markdown]
# Figures are plotly's own, each with its unit and source. In Jupyter they answer to the mouse; here they are
# pictures.

# %%
plan.plot.waiting()

# %%
plan.plot.fees()

# %% [markdown]
# ## When is what built, and out of which money

# %%
plan.plot.gantt()

# %%
spent = plan.funds[plan.funds["amount"] < 0]
spent.groupby(["fund", "use"])["amount"].sum().unstack(fill_value=0).abs()

# %% [markdown]
# Where does it pinch? `prices` says what one home, or one yuan, more would save, in yuan and month by month:

# %%
plan.prices.groupby(["kind", "id"])["price_yuan"].max().reset_index()

# %% [markdown]
# ## Handing it in
#
# The paragraph that the year-end report asks for, every figure counted from the plan's ledger:

# %%
print(plan.work_summary("en", year=2024).split("\n\n")[3])

# %% [markdown]
# And the folder for the meeting. `report.html` opens offline in any browser and prints to A4; `plan.xlsx` is for
# whoever lives in spreadsheets. `lang="zh"` writes both in Chinese.

# %%
folder = plan.write("out/first-day", force=True)
sorted(path.name for path in folder.iterdir())

# %% [markdown]
# **Next**: does the plan hold when buildings come late and money comes short, and would a habit of the office do as
# well? That is the [other notebook](own_policy.ipynb). Everything that can be done from Python is in [From
# Python](../library.md).
