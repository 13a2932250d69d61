"""Plan beside plan: what the causes come to, in either direction, on random plans; and what is told of it."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from tests.conftest import full_count
from tests.results.made import frame, random_books, random_decisions, random_plan, tiny

import renewopt
from renewopt.ledger import replay
from renewopt.results.difference.record import CAUSES, CHANGES, COLUMNS
from renewopt.results.failures import PlanFileError
from renewopt.results.planned import Plan
from renewopt.results.planning import _filled, _Stopwatch
from renewopt.results.tables import empty
from renewopt.vocabulary import LANGUAGES, OBJECTIVES, Goal
from renewopt.wording import Currency, Place, told

PAIRS = full_count(25, 1500)


@lru_cache(maxsize=256)
def plan_of(problem: int, decisions: int) -> Plan:
    """A plan of a random problem by random decisions, which need not keep its rules."""
    books = replay(tiny(problem), random_decisions(tiny(problem), decisions))
    return _filled(frame(books.problem), books, _Stopwatch())


def pair(seed: int) -> tuple[Plan, Plan]:
    """Two plans of one problem, or of two."""
    random = Random(seed)
    one = random.randrange(80)
    other = one if random.random() < 0.6 else random.randrange(80)
    return plan_of(one, random.randrange(8)), plan_of(other, random.randrange(8))


def fen(amounts: pd.Series) -> int:
    return sum(round(amount * 100) for amount in amounts.tolist())


def change(a: Plan, b: Plan, total: str) -> int:
    return round(getattr(b, total) * 100) - round(getattr(a, total) * 100)


@pytest.mark.parametrize("seed", range(PAIRS))
def test_causes_and_parts_add_up_to_the_difference_of_the_totals(seed: int) -> None:
    a, b = pair(seed)
    found = renewopt.diff(a, b)
    fees = change(a, b, Goal.FEES)
    assert fen(found.causes["total"]) == fees
    assert fen(found.by_cause()["total"]) == fees
    parts = ["until_housed", "tail", "valued", "surcharges"]
    assert sum(fen(found.causes[part]) for part in parts) == fees
    for row in found.causes.to_dict("records"):
        assert round(sum(row[part] for part in parts) - row["total"], 2) == 0
    assert fen(found.projects["difference"]) == fees
    assert fen(found.households["fees_change"]) + fen(found.causes["surcharges"]) == fees
    for total in OBJECTIVES:
        mine = found.account[found.account["total"] == total]
        assert fen(mine["difference"]) == change(a, b, total) == round(found.change(total) * 100)
        assert fen(found.parts(total)["difference"]) == change(a, b, total)
        assert fen(mine["b"]) - fen(mine["a"]) == fen(mine["difference"])


@pytest.mark.parametrize("seed", range(PAIRS))
def test_every_household_has_one_cause_and_none_is_lost(seed: int) -> None:
    a, b = pair(seed)
    found = renewopt.diff(a, b)
    table = found.households
    only = {side: int(table.loc[table["cause"] == f"only_{side}", "count"].sum()) for side in ("a", "b")}
    shared = found.as_before + int(table.loc[table["effect"].isin(["better", "worse"]), "count"].sum())
    for plan, side in ((a, "a"), (b, "b")):
        assert int(plan.allocation["count"].sum()) == shared + only[side]
    assert set(table["cause"]) <= set(CAUSES) - {"surcharges"}
    assert found.causes["households"].sum() == table["count"].sum()
    assert ((table["effect"] == "") == table["cause"].isin(["only_a", "only_b"])).all()
    waits = {side: table[f"housed_{side}"] == "" for side in ("a", "b")}
    shared_rows = table["effect"] != ""
    assert ((table["cause"] == "newly_housed") == (shared_rows & waits["a"] & ~waits["b"])).all()
    assert ((table["cause"] == "no_longer_housed") == (shared_rows & waits["b"] & ~waits["a"])).all()


BACK = {
    "only_a": "only_b",
    "newly_housed": "no_longer_housed",
    "earlier": "later",
    "added": "dropped",
    "better": "worse",
}
BACK |= {other: one for one, other in BACK.items()}


def turned(table: pd.DataFrame) -> list[tuple[object, ...]]:
    """Rows of a table as the difference in the other direction has them."""
    rows = table.copy()
    for name in table.columns:
        if name.endswith("_a") or name == "a":
            other = name[:-1] + "b"
            rows[name], rows[other] = table[other], table[name]
        elif table[name].dtype.kind == "f" and not name.endswith(("_a", "_b")) and name != "b":
            rows[name] = 0.0 - table[name]
    for name in {"cause", "change", "effect"} & set(table.columns):
        rows[name] = table[name].map(lambda word: BACK.get(word, word))
    if "better" in table.columns:
        rows["better"], rows["worse"] = table["worse"], table["better"]
    if "plan" in table.columns:
        rows["plan"] = table["plan"].map({"a": "b", "b": "a"})
    return sorted(rows.itertuples(index=False, name=None), key=repr)


@pytest.mark.parametrize("seed", range(PAIRS))
def test_the_other_direction_is_the_same_with_the_other_sign(seed: int) -> None:
    a, b = pair(seed)
    there, back = renewopt.diff(a, b), renewopt.diff(b, a)
    for name in COLUMNS:
        if name != "figures":
            expected = sorted(getattr(back, name).itertuples(index=False, name=None), key=repr)
            assert turned(getattr(there, name)) == expected, name
    for ours, theirs in zip(there.figures.to_dict("records"), back.figures.to_dict("records"), strict=True):
        assert (ours["figure"], ours["a"], ours["b"]) == (theirs["figure"], theirs["b"], theirs["a"])


@pytest.mark.parametrize("seed", range(full_count(20, 300)))
def test_a_plan_does_not_differ_from_itself(seed: int) -> None:
    plan = random_plan(seed)
    found = renewopt.diff(plan, plan)
    assert not found
    assert all(getattr(found, name).empty for name in COLUMNS)
    assert found.as_before == plan.allocation["count"].sum()
    assert "No difference" in found.summary()
    assert "没有差别" in found.summary("zh")


@pytest.mark.parametrize("seed", range(full_count(20, 300)))
def test_money_by_quarter_follows_the_funds(seed: int) -> None:
    a, b = pair(seed)
    found = renewopt.diff(a, b)
    for plan, side in ((a, "a"), (b, "b")):
        quarter = plan.funds["month"].map(lambda month: f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}")
        for row in found.money.to_dict("records"):
            mine = plan.funds[(quarter == row["quarter"]) & (plan.funds["fund"] == row["fund"])]
            moved = mine.loc[mine["use"] != "opening", "amount"]
            assert fen(moved[moved > 0]) == round(row[f"inflow_{side}"] * 100)
            assert -fen(mine.loc[mine["amount"] < 0, "amount"]) == round(row[f"outflow_{side}"] * 100)
            before = plan.funds[(quarter <= row["quarter"]) & (plan.funds["fund"] == row["fund"])]
            assert row[f"balance_{side}"] == (before["balance"].iloc[-1] if len(before) else 0.0)


@pytest.mark.slow
def test_random_pairs_show_every_cause_and_change() -> None:
    found = [renewopt.diff(*pair(seed)) for seed in range(40)]
    assert {cause for each in found for cause in each.causes["cause"]} >= set(CAUSES) - {"surcharges"}
    assert {change for each in found for change in each.phases["change"]} >= set(CHANGES) - {"added", "later"}


def rows(*cells: tuple[str, str, str, str, int, float, float]) -> pd.DataFrame:
    """Allocation of a cohort: route, pool, month, housed, count, fees and what households pay."""
    names = ("route", "pool", "month", "housed", "count", "fees", "household_pays")
    told = pd.DataFrame(cells, columns=list(names)).assign(household="C", project="P", fee_stops="")
    return pd.concat([empty("allocation"), told]).fillna(
        dict.fromkeys(("price", "paid", "fees_tail", "fees_valued"), 0.0)
    )


def of_cohort(a: pd.DataFrame, b: pd.DataFrame) -> renewopt.Difference:
    plan = plan_of(0, 0)
    none = plan.account.iloc[:0]
    sides = [replace(plan, allocation=each, account=none, transition_fees=0.0, fiscal_cost=0.0) for each in (a, b)]
    return renewopt.diff(*sides)


def test_the_households_of_a_cohort_keep_what_they_can() -> None:
    """Of ten alike, 4 + 3 keep home and month; 1 has its home later; 1 another home; 1 another route."""
    a = rows(
        ("own_unit", "E/a", "2024-01", "2024-02", 5, 500.0, 0.0),
        ("own_unit", "E/b", "2024-03", "2024-03", 4, 900.0, 0.0),
        ("waiting", "", "", "", 1, 300.0, 0.0),
    )
    b = rows(
        ("own_unit", "E/a", "2024-01", "2024-02", 4, 400.0, 0.0),
        ("own_unit", "E/a", "2024-05", "2024-05", 1, 350.0, 0.0),
        ("own_unit", "E/b", "2024-03", "2024-03", 3, 675.0, 0.0),
        ("own_unit", "E/c", "2024-02", "2024-02", 1, 200.0, 0.0),
        ("voucher", "v", "2024-04", "2024-04", 1, 310.0, 10.0),
    )
    found = of_cohort(a, b)
    told = found.households.set_index("cause")
    assert told["count"].to_dict() == {"later": 1, "home": 1, "newly_housed": 1}
    assert told["fees_change"].to_dict() == {"later": 250.0, "home": -25.0, "newly_housed": 10.0}
    assert told["effect"].to_dict() == {"later": "worse", "home": "better", "newly_housed": "better"}
    assert found.as_before == 7


def test_who_is_housed_in_the_same_month_is_better_off_by_paying_less_and_not_by_fees() -> None:
    before = ("own_unit", "E/a", "2024-01", "2024-02", 1, 500.0, 100.0)
    for pays, fees, effect, cause in (
        (90.0, 900.0, "better", "terms"),
        (110.0, 10.0, "worse", "terms"),
        (100.0, 10.0, "as_before", "terms"),
    ):
        found = of_cohort(rows(before), rows((*before[:5], fees, pays))).households
        assert found[["effect", "cause"]].to_numpy().tolist() == [[effect, cause]]


def test_plans_that_cannot_be_compared_are_refused_all_together() -> None:
    plan = random_plan(0)
    hopeless = replace(plan, status="infeasible", policy="rolling")
    early = replace(plan, account=plan.account.iloc[:0])
    with pytest.raises(PlanFileError) as refused:
        renewopt.diff(hopeless, early)
    for lang, texts in (
        ("en", ("rolling: there is no plan", "optimal: made by an earlier version")),
        ("zh", ("较早版本",)),
    ):
        assert all(text in told(refused.value, lang) for text in texts)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected"):
        renewopt.diff(plan, 3)  # type: ignore[arg-type]
    francs = replace(plan, place=Place(Currency("franc", "francs", "法郎", "", "CHF", digits=2)))
    with pytest.raises(ValueError, match="different currencies"):
        renewopt.diff(plan, francs)


Proven = tuple[float, float | None]


@pytest.mark.parametrize(
    ("a", "b", "sha", "expected"),
    [
        ((100.0, 100.0), (90.0, 90.0), "1", "both are proven to be the best"),
        ((100.0, 80.0), (90.0, 85.0), "1", "is within what the plans prove"),
        ((100.0, 99.0), (50.0, 40.0), "1", "is more than what the searches leave open"),
        ((100.0, None), (50.0, 40.0), "1", "How far old is from the best plan was not computed"),
        ((100.0, 20.0), (90.0, 60.0), "0", "is within what neither plan proves"),
        ((100.0, None), (90.0, 85.0), "0", "new 5 yuan"),
        ((100.0, 100.0), (100.0, 100.0), "1", ""),
    ],
)
def test_it_says_how_much_of_the_difference_is_proven(a: Proven, b: Proven, sha: str, expected: str) -> None:
    plan = random_plan(0)
    sides = [
        replace(
            plan, objective_name="transition_fees", objective=value, bound=bound, scenario_sha256=key * 64, variant=name
        )
        for (value, bound), key, name in ((a, "0", "old"), (b, sha, "new"))
    ]
    if sha == "0":
        sides = [replace(side, variant=None, policy=side.variant) for side in sides]
    text = renewopt.diff(*sides).summary()
    assert expected in text
    if not expected:
        assert "what is minimised, " not in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_and_summary_tell_of_random_pairs(lang: str) -> None:
    shown: set[str] = set()
    for seed in range(full_count(8, 200)):
        found = renewopt.diff(*pair(seed))
        text, page = found.summary(lang), found.report(lang)  # type: ignore[arg-type]
        assert text.count("\n") > 10
        assert "{" not in text
        shown |= {name for name in ("fees", "cost", "people", "phases", "money") if f'id="chart-{name}"' in page}
    assert shown == {"fees", "cost", "people", "phases", "money"}


@pytest.mark.parametrize("name", ["fees", "cost", "phases", "people", "money"])
def test_plots_stand_by_themselves_or_say_that_there_is_nothing(name: str) -> None:
    found = next(each for seed in range(60) if len((each := renewopt.diff(*pair(seed))).plot.all()) == 5)
    assert getattr(found.plot("zh"), name)().layout.title.text
    plan = random_plan(0)
    with pytest.raises(ValueError, match="nothing to plot"):
        getattr(renewopt.diff(plan, plan).plot, name)()


@pytest.fixture
def written(tmp_path: Path) -> Callable[[int], Path]:
    def write(seed: int) -> Path:
        return random_plan(seed).write(tmp_path / f"plan{seed}", report=False)

    return write


def test_what_is_written_is_whole_and_only_its_own_is_replaced(written: Callable[[int], Path], tmp_path: Path) -> None:
    one, other = written(1), written(2)
    found = renewopt.diff(one, other)
    assert (found.a.label, found.b.label) == ("plan1", "plan2")
    folder = found.write(tmp_path / "out", lang="zh")
    assert {path.name for path in folder.iterdir()} == {
        "difference.json",
        "report.html",
        "difference.xlsx",
        *(f"{name}.csv" for name in COLUMNS),
    }
    households = pd.read_csv(folder / "households.csv")
    assert len(households) == len(found.households)
    assert households["fees_change"].sum() == pytest.approx(found.households["fees_change"].sum())
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(renewopt.OutputExistsError):
        found.write(folder)
    found.write(folder, force=True, lang="zh")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    (folder / "money.csv").write_text("mine")
    with pytest.raises(renewopt.OutputExistsError, match=r"money\.csv"):
        found.write(folder, force=True)
    for plan in (one, other):
        with pytest.raises(renewopt.OutputExistsError):
            found.write(plan, force=True)
    with pytest.raises(renewopt.OutputExistsError):
        found.write(tmp_path, force=True)


def test_a_plan_read_back_differs_from_what_was_written_in_nothing(written: Callable[[int], Path]) -> None:
    plan = random_plan(1)
    folder = written(1)
    assert not renewopt.diff(plan, folder)
    assert not renewopt.diff(folder / "plan.json", plan)
    assert random_books(1).totals.transition_fees == round((plan.transition_fees or 0) * 100)
