"""Rosters, household statement and movements of the funds tell the same, to the fen: reckoned anew from the files."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.conftest import full_count
from tests.results.made import frame, random_plan, tiny

import renewopt
from renewopt.ledger import replay
from renewopt.optimiser import optimise
from renewopt.policies.rules import UrgentFirst
from renewopt.results import tables, workbook
from renewopt.results.planning import _filled, _Stopwatch

FEES = ["fee", "fee_overdue", "fee_tail"]
MOVEMENT = ["month", "fund", "use", "purpose"]


def fen(yuan: pd.Series) -> pd.Series:
    return (yuan * 100).round().astype(np.int64)


def read(folder: Path, table: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{table}.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")


def numbered(rows: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return rows.assign(**{name: fen(rows[name].astype(float)) for name in columns})


def by_month(statement: pd.DataFrame) -> pd.DataFrame:
    """A row for each month of a row, with its amount in fen."""
    rows = numbered(statement, "monthly", "amount")
    first, last, due = (pd.PeriodIndex(rows[name].replace("", None), freq="M") for name in ("month", "until", "due"))
    never = rows["month"] == ""
    assert (rows.loc[never, "paid_by"] == "owed").all()
    assert (rows.loc[~never, "paid_by"] != "owed").all()
    lasting = np.where(never, 1, (last.year - first.year) * 12 + last.month - first.month + 1).astype(int)
    assert (rows["monthly"] * lasting == rows["amount"]).all()
    rows = rows.assign(first=first, due=due).loc[rows.index.repeat(lasting)]
    later = rows.groupby(level=0).cumcount().to_numpy()
    rows["month"] = [str(month + more) for month, more in zip(rows["first"], later, strict=True)]
    rows["due"] = [str(month + more) for month, more in zip(rows["due"], later, strict=True)]
    return rows.reset_index(drop=True)


def instalments(text: str) -> dict[str, int]:
    parts = [part.split(":") for part in text.split(";") if part]
    return {month: round(float(amount) * 100) for month, amount in parts}


def assert_ties_out(folder: Path) -> None:
    statement, funds = by_month(read(folder, "statement")), numbered(read(folder, "funds"), "amount")
    paid = statement[statement["paid_by"] == "fund"].groupby(MOVEMENT)["monthly"].sum()
    moved = funds.groupby(MOVEMENT)["amount"].sum()
    difference = paid.sub(moved[moved != 0], fill_value=0)
    assert difference.eq(0).all(), difference[difference != 0]
    money = ["household_pays", "price", "paid", "fees", "fees_tail"]
    claims, roster = (numbered(read(folder, name), *money) for name in ("claims", "allocation"))
    fees = read(folder, "fees")
    assert claims["fees"].sum() == fen(fees["ordinary"].astype(float)).sum() + fen(fees["overdue"].astype(float)).sum()

    own = statement[statement["household"] != ""]
    keys = [own["household"], own["part"]]
    told = claims.groupby(["household", "part"])

    def same(column: str, *items: str, which: pd.Series | bool = True) -> None:
        amounts = own["monthly"].where(own["item"].isin(items) & which, 0).groupby(keys).sum()
        difference = told[column].sum().add(amounts if column != "household_pays" else -amounts, fill_value=0)
        assert difference.eq(0).all(), (column, difference[difference != 0])

    same("household_pays", "top_up", "refund")
    same("price", "price")
    same("paid", "price", "refund", "moving_fee", "lump_sum", which=own["paid_by"] != "owed")
    same("fees", *FEES)
    same("fees_tail", "fee_tail")
    for name in money:
        assert (roster.groupby("household")[name].sum() == claims.groupby("household")[name].sum()).all(), name
    for table in (claims, roster):
        assert [sum(instalments(text).values()) for text in table["instalments"]] == table["price"].tolist()
    prices = own[own["item"] == "price"].groupby(["household", "due"])["monthly"].sum()
    due = [
        (row.household, month, amount)
        for row in roster.itertuples()
        for month, amount in instalments(row.instalments).items()
    ]
    expected = pd.DataFrame(due, columns=["household", "due", "fen"]).groupby(["household", "due"])["fen"].sum()
    assert prices.add(expected, fill_value=0).eq(0).all()
    by_name = own[~own["item"].isin(FEES) & own["paid_by"].isin(["fund", "set_off"])]
    names = by_name["fund"].where(by_name["paid_by"] == "fund", "set_off:" + by_name["fund"])
    used = names.groupby(by_name["household"]).agg(set)
    listed = roster.groupby("household")["funds"].agg(lambda texts: {x for t in texts for x in t.split(";") if x})
    assert used.to_dict() == listed[listed.map(len) > 0].to_dict()


def made(seed: int, decisions: object, tmp_path: Path) -> Path:
    books = replay(tiny(seed), decisions)
    plan = _filled(frame(books.problem), books, _Stopwatch())
    return plan.write(tmp_path / "plan", report=False)


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.slow
def test_of_any_decisions(tmp_path: Path, seed: int) -> None:
    assert_ties_out(random_plan(seed).write(tmp_path / "plan", report=False))


@pytest.mark.parametrize("seed", range(15))
@pytest.mark.slow
def test_of_a_rule_of_thumb(tmp_path: Path, seed: int) -> None:
    assert_ties_out(made(seed, UrgentFirst().decide(tiny(seed)), tmp_path))


@pytest.mark.parametrize(
    "seed", [*range(8), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(8, full_count(40, 150)))]
)
def test_of_a_best_plan(tmp_path: Path, seed: int) -> None:
    solution = optimise(tiny(seed), gap=0.0)
    if solution.decisions is not None:
        assert_ties_out(made(seed, solution.decisions, tmp_path))


@pytest.mark.parametrize("name", ["minimal", pytest.param("uncertain", marks=pytest.mark.slow)])
def test_of_the_scenarios_that_ship(repository: Path, tmp_path: Path, name: str) -> None:
    assert_ties_out(renewopt.plan(repository / "scenarios" / f"{name}.yaml").write(tmp_path / "plan", report=False))


@pytest.mark.slow
@pytest.mark.parametrize("variant", [None, "compliant", "zhejiang-rules"][: full_count(1, 3)])
@pytest.mark.parametrize("policy", ["urgent-first", "wait-for-build"])
def test_of_the_district(repository: Path, tmp_path: Path, policy: str, variant: str | None) -> None:
    path = repository / "scenarios" / "district" / "district.yaml"
    plan = renewopt.plan(path, policy=policy, variant=variant)
    if plan.feasible:
        assert_ties_out(plan.write(tmp_path / "plan", report=False))
        assert plan.statement["household"].nunique() == 3_200 + 1


SCENARIO = """
name: Statement
start: 2024-01
months: 8
fee_policies:
  - {id: standard, rate: 10, term: 3, overdue: [{multiplier: 2}], tail: {own_unit: 2}, moving_fee: {per_m2: 15}}
home_policies: [{id: homes, above: [{yuan_per_m2: 3000}], refund: 2000, into: budget}]
projects: [{id: P, moved_out: 2024-01, routes: [own_unit], home_policy: homes}]
households:
  - {id: A, project: P, area: 85}
  - {id: B, project: P, area: 100, homes: 2, count: 3}
  - {id: C, project: P, area: 62, routes: [voucher]}
estates:
  - id: E
    projects: [P]
    units: [{type: s, area: 60, arrivals: {2024-03: 4}}, {type: m, area: 90, arrivals: {2024-05: 1}}]
vouchers: [{id: V, price: 5000, instalments: [{after: 0, share: 0.3}, {after: 6, share: 0.7}]}]
funds: [{id: budget, opening: 500万元}]
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("statement")
    (folder / "scenario.yaml").write_text(SCENARIO, encoding="utf-8")
    return renewopt.plan(folder / "scenario.yaml", gap=0).write(folder / "plan", report=False, lang="zh")


def test_a_roster_worked_by_hand(written: Path) -> None:
    """A: 85 m² due, 90 given, 5 × 3,000 topped up, 15 × 85 for moving; 850 a month, doubled from the fourth."""
    roster = renewopt.read_plan(written).allocation.fillna(-1).set_index("household")
    columns = list(roster.columns[roster.columns.get_loc("entitled_m2") :])
    assert dict(zip(columns, roster.loc["A", columns], strict=True)) == {
        "entitled_m2": 85.0,
        "given_m2": 90.0,
        "household_pays": 15_000.0,
        "price": 0.0,
        "paid": 1_275.0,
        "instalments": "",
        "funds": "budget",
        "fees": 3 * 850.0 + 1_700.0 + 2 * 1_700.0,
        "fees_tail": 2 * 1_700.0,
        "fees_valued": 0.0,
    }
    assert roster.loc["C", columns].tolist() == [
        62.0, -1.0, 0.0, 310_000.0, 310_930.0, "2024-01:93000.00;2024-07:217000.00", "budget", 0.0, 0.0, 0.0
    ]  # fmt: skip
    # Three households of two homes, 50 m² due and 60 given in each; four homes: one has both, two have one.
    both, waiting = roster.loc["B"].to_dict("records")
    assert (both["count"], both["entitled_m2"], both["given_m2"], both["household_pays"]) == (1, 100, 120, 60_000)
    assert (waiting["route"], waiting["count"], waiting["entitled_m2"], waiting["given_m2"]) == ("waiting", 2, 200, 120)
    assert both["paid"] + waiting["paid"] == 4 * 15 * 50
    assert both["fees"] == 2 * (2 * 500 + 2 * 500)
    assert waiting["fees"] == 2 * (2 * 500 + 2 * 500) + 2 * (3 * 500 + 5 * 1_000)


def test_a_statement_worked_by_hand(written: Path) -> None:
    statement = renewopt.read_plan(written).statement
    own = statement[statement["household"] == "A"]
    assert own[["item", "month", "until", "use", "purpose", "monthly", "amount"]].to_numpy().tolist() == [
        ["fee", "2024-01", "2024-03", "fees", "fees/P", -850.0, -2_550.0],
        ["fee_overdue", "2024-04", "2024-04", "fees", "fees/P", -1_700.0, -1_700.0],
        ["fee_tail", "2024-05", "2024-06", "fees", "fees/P", -1_700.0, -3_400.0],
        ["top_up", "2024-05", "2024-05", "received", "", 15_000.0, 15_000.0],
        ["moving_fee", "2024-05", "2024-05", "moving", "moving/P", -1_275.0, -1_275.0],
    ]
    assert set(own["paid_by"] + own["fund"]) == {"fundbudget"}
    assert_ties_out(written)


def test_the_sheet_in_chinese(written: Path) -> None:
    sheet = pd.read_excel(written / "plan.xlsx", sheet_name="住户收支明细", engine="calamine", dtype=object)
    assert list(sheet.columns) == [
        "户号", "分项", "事项", "起付月份", "至月份", "应付月份", "付款方式", "资金或企业", "收支类别", "款项",
        "每月金额（元）", "金额（元）",
    ]  # fmt: skip
    assert sheet["户号"].iloc[-1] == "合计"
    sheet = sheet.iloc[:-1]
    assert set(sheet["事项"]) == {"过渡费", "超期过渡费", "装修期过渡费", "价款", "补差价", "搬迁费", "不属住户"}
    assert sheet["金额（元）"].sum() == pytest.approx(renewopt.read_plan(written).statement["amount"].sum())
    notes = pd.read_excel(written / "plan.xlsx", sheet_name="概要", engine="calamine", header=None)[0].astype(str)
    assert notes.str.contains("各户合计").any()
    assert notes.str.contains("逐月合计即为资金收支").any()


def test_many_households_have_a_statement_on_demand(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_STATED", 3)
    scenario = written.parent / "scenario.yaml"
    plan = renewopt.plan(scenario, gap=0)
    folder = plan.write(tmp_path / "plan", report=False)
    assert plan.statement.equals(tables.empty("statement"))
    assert not (folder / "statement.csv").exists()
    notes = pd.read_excel(folder / "plan.xlsx", engine="calamine", header=None)[0].astype(str)
    assert notes.str.contains("renewopt.statement makes it").any()
    assert "statement" not in renewopt.read_tables(folder)
    assert renewopt.statement(scenario, renewopt.read_plan(folder)).equals(renewopt.read_plan(written).statement)


def test_plans_of_earlier_versions_are_read(written: Path, tmp_path: Path) -> None:
    plan = renewopt.read_plan(written)
    folder = tmp_path / "plan"
    shutil.copytree(written, folder)
    (folder / "statement.csv").unlink()
    for name in ("allocation", "claims"):
        read(folder, name).drop(columns=list(tables.ROSTER)).to_csv(folder / f"{name}.csv", index=False)
    earlier = renewopt.read_plan(folder)
    assert earlier.statement.equals(tables.empty("statement"))
    assert earlier.funds.equals(plan.funds)
    for name in ("allocation", "claims"):
        table = getattr(earlier, name)
        assert list(table.columns) == list(tables.COLUMNS[name])
        assert table["price"].isna().all()
        assert table["instalments"].eq("").all()
        assert table["fee_stops"].equals(getattr(plan, name)["fee_stops"])
    again = earlier.write(tmp_path / "again", report=False)
    assert renewopt.read_plan(again).claims.equals(earlier.claims)
    assert renewopt.read_tables(again)["allocation"].equals(earlier.allocation)
    assert renewopt.statement(written.parent / "scenario.yaml", earlier).equals(plan.statement)
    read(folder, "claims").drop(columns="housed").to_csv(folder / "claims.csv", index=False)
    with pytest.raises(renewopt.PlanFileError, match=r"claims\.csv"):
        renewopt.read_plan(folder)


def test_plans_that_lack_only_what_came_last_are_read(written: Path, tmp_path: Path) -> None:
    plan = renewopt.read_plan(written)
    folder = tmp_path / "plan"
    shutil.copytree(written, folder)
    (folder / "account.csv").unlink()
    for name in ("allocation", "claims"):
        read(folder, name).drop(columns="fees_valued").to_csv(folder / f"{name}.csv", index=False)
    earlier = renewopt.read_plan(folder)
    assert earlier.allocation["fees"].equals(plan.allocation["fees"])
    assert earlier.allocation["fees_valued"].isna().all()
    assert earlier.account.equals(tables.empty("account"))
    with pytest.raises(renewopt.PlanFileError, match=r"plan: made by an earlier version"):
        renewopt.diff(folder, written)


def test_workbooks_of_earlier_versions_are_read(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = renewopt.read_plan(written)
    lacking = {name: kind for name, kind in tables.COLUMNS["allocation"].items() if name not in tables.ROSTER}
    with monkeypatch.context() as patch:
        patch.setitem(tables.COLUMNS, "allocation", lacking)
        workbook.write_workbook(plan, tmp_path / "plan.xlsx")
    table = renewopt.read_tables(tmp_path / "plan.xlsx")["allocation"]
    assert table["fees"].isna().all()
    assert table[list(lacking)].equals(plan.allocation[list(lacking)])
