"""Warnings: what is possible but unlikely (what is impossible stands among the bad inputs)."""

from pathlib import Path

import pytest

from renewopt.scenario import Scenario, load

BASE = Path(__file__).resolve().parent / "bad_inputs"

# fmt: off
WARNINGS = [
    ("opening: 500万元", "opening: 500", "funds.revenue.opening", "write 500万元"),
    ("opening: 500万元", "opening: 50000亿元", "funds.revenue.opening", "check whether 元 was meant"),
    ("monthly: 800万元", "monthly: 800", "funds.revenue.inflow.monthly", "if 800 万元 was meant"),
    ("{2024-01: 500万元,", "{2024-01: 500,", "funds.bond.inflow.by_month.2024-01", "if 500 万元 was meant"),
    ("limit: 6000万元", "limit: 60", "funds.bond.borrow.limit", "the limit of a loan"),
    ("amount: 2.4亿元", "amount: 2400", "developers.D1.debts.0.amount", "a developer's debt"),
    ("amount: 300万元", "amount: 300", "opening_loans.old.amount", "a loan"),
    ("amount: 20万元", "amount: 20", "arrears.0.amount", "arrears"),
    ("monthly: 10万元", "monthly: 10", "commitments.streets.monthly", "a commitment"),
    ("cost: 900万元", "cost: 900", "estates.Garden.phases.G2.cost", "the cost of a phase"),
    ("price: 6000", "price: 6000万元", "vouchers.ticket.price", "a price of a m²"),
    ("price: 5500", "price: 0.55", "cash.money.price", "if 0.55 万元 was meant, write 0.55万元"),
    ("obligation: 6500", "obligation: 6.5", "projects.North.obligation", "an obligation by m²"),
    ("yuan_per_m2: 4000", "yuan_per_m2: 4", "home_policies.clamp.above.0.yuan_per_m2", "a price of a m²"),
    ("{yuan: 10}", "{yuan: 1000}", "fee_policies.by-area.rate.0.yuan", "a fee a month by area"),
    ("rate: 1200", "rate: 12", "fee_policies.by-person.rate", "a fee a month by person"),
    ("multiplier: 1.5", "multiplier: 0.5", "fee_policies.by-area.overdue.0.multiplier", "less than the ordinary fee"),
    ("until: 2025-12", "until: 2023-12", "funds.revenue.inflow.until", "before the start 2024-01; check the year"),
    ("from: 2024-02, until: 2024-08", "from: 2026-02", "commitments.streets.from", "after the last month 2025-12"),
    ("{2024-05: 3}", "{2023-05: 3}", "estates.Garden.units.1.arrivals.2023-05", "put it into `on_hand`"),
    ("{2024-01: 500万元,", "{2023-01: 500万元,", "funds.bond.inflow.by_month.2023-01", "put it into `opening`"),
    (", from: 2024-02, until: 2024-08", ", by_month: {2023-01: 1}", "commitments.streets.by_month.2023-01", "before"),
    (
        "cost: 900万元",
        "cost: 900万元, monthly_limit: {2034-01..: 100万元}",
        "estates.Garden.phases.G2.monthly_limit.2034-01..",
        "no month of 2034-01.. is planned (2024-01 to 2025-12); check the year",
    ),
    ("deadline: 2025-06", "deadline: 2035-06", "projects.North.deadline", "after the last month 2025-12: no one"),
    ("moved_out: 2021-01", "moved_out: 2031-01", "projects.North.moved_out", "after the last month"),
    ("valid: 12", "start: 2031-01", "vouchers.ticket.start", "after the last month"),
    ("by: 2024-12", "by: 2034-12", "developers.D1.offset_targets.0.by", "after the last month"),
    ("minimise: transition_fees", "no_overdue_from: 2034-12", "objective.no_overdue_from", "after the last month"),
    ("projects: [North]\n    open_to: [South]", "open_to: []", "estates.Garden", "no project may be settled"),
    ("arrivals: {2024-05: 3}", "arrivals: {}", "estates.Garden.units.1", "never a home of type 'B'"),
    ("area: 60, ", "", "estates.Garden.units.1", "the area of a home is needed"),
    ("progress: 20%", "progress: 100%", "estates.Garden.phases.G2.progress", "put its homes into `on_hand`"),
    ("valid: 12", "valid: 12\n    months: 4", "vouchers.ticket.bonus", "may be chosen in 4 months"),
    ("uses: [fees], share: 20%", "uses: [fees], share: 0", "owing.late.share", "permits no owing"),
    ("by: 2024-12, amount: 1000万元", "by: 2024-12, amount: 10亿元", "developers.D1.offset_targets.0", "fall due"),
    ("fee_policies:\n", "  - {id: East, fee_policy: by-area}\nfee_policies:\n", "projects.East", "no household"),
    ("opening: 500万元", "uses: [fees, cash]", "funds", "no fund may pay for 'voucher'"),
    ("csv:N2,North,1,90", "N2,North,1,9000", "column 面积(㎡)", "9000 is implausible"),
    ("csv:disabled", "veteran", "column groups", "no group of an uplift 'veteran'"),
    ("csv:2025-01,否", "2035-01,否", "column deadline", "after the last month 2025-12: no one"),
]
# fmt: on

FISCAL = ("minimise: transition_fees", "minimise: fiscal_cost")


def warnings(tmp_path, *edits):
    yaml, csv = ((BASE / name).read_text("utf-8") for name in ("base.yaml", "households.csv"))
    for old, new in edits:
        if old.startswith("csv:"):
            assert old[4:] in csv
            csv = csv.replace(old[4:], new, 1)
        else:
            assert old in yaml
            yaml = yaml.replace(old, new, 1)
    (tmp_path / "odd.yaml").write_text(yaml, "utf-8")
    (tmp_path / "households.csv").write_text(csv, "utf-8")
    return load(tmp_path / "odd.yaml").warnings


@pytest.mark.parametrize(("old", "new", "key", "says"), WARNINGS, ids=[f"{key} {says}" for _, _, key, says in WARNINGS])
def test_what_is_unlikely_is_said_and_loaded(tmp_path, old, new, key, says):
    found = warnings(tmp_path, (old, new))
    assert any(finding.key == key and says in str(finding) for finding in found), found


def test_moving_out_after_the_end_is_unlikely(tmp_path):
    found = warnings(tmp_path, ("csv:,term_class", ",term_class,moved_out"), ("csv:high_rise", "high_rise,2030-01"))
    assert [str(finding) for finding in found] == [
        "households.csv:3 column moved_out: warning: it lies after the last month planned; check the year"
    ]


@pytest.mark.parametrize(
    "edits",
    [
        [("csv:N2,North,1,90", "N2,North,1,"), ("by-area\n    home", "by-person\n    home")],
        [("    term_class: low_rise\n", "    term: 24\n")],
        [("    term_class: low_rise\n", ""), ("csv:,term_class", ",term_class,term"),
         ("csv:否,", "否,,24"), ("csv:high_rise", "high_rise,")],
        [FISCAL, ("moved_out: 2022-06", "moved_out: 2022-06\n    obligation: 6000")],
        [FISCAL, ("moved_out: 2022-06", "moved_out: 2022-06\n    deadline: 2025-06")],
        [("rate: 1200", "rate: 0"), ("opening: 500万元", "opening: 0")],
        [("- {from: 2024-07, yuan: 12}", "- {from: 2024-07, yuan: 12}\n      - {from: 2025-07, yuan: 14}")],
        [("inflow: {monthly: 800万元, until: 2025-12}", "inflow: [{monthly: 800万元}, {by_month: {2024-02: 90万元}}]")],
        [("  - id: D1\n", "  - id: D1\n    homes: {on_hand: 5, arrivals: {2024-03: 2}}\n")],
        [("monthly: 10万元, from: 2024-02, until: 2024-08", "by_month: {2024-02: 10万元}")],
        [("valid: 12", "start: 2023-01"), ("progress: 20%", "earliest: 2033-01")],
        [("term: 24, from: 2024-01", "term: 24, grace: 24, from: 2024-01")],
        [('"0:30%;6:70%"', '"0:12万元;6:28万元"'), ("price: 40万元, ", "")],
        [("price: 0, stock", "price_by_month: '2024-02:100;2024-03:90', stream: '500;500;250', stock")],
    ],
)  # fmt: skip
def test_what_is_sound_is_not_warned_of(tmp_path, edits):
    assert warnings(tmp_path, *edits) == ()


@pytest.mark.parametrize(
    ("rate", "keys", "warned"),
    [
        (10, {}, True),
        ([{"yuan": 0}, {"from": "2024-02", "yuan": 10}], {}, True),
        (0, {}, False),
        (0, {"household_minimum": 100}, True),
        (0, {"uplifts": [{"group": "g", "monthly": 100}]}, True),
        (0, {"uplifts": [{"group": "g", "once": 100}]}, False),
        (10, {"paid_by": {"developer": "D"}}, False),
        (10, {"paid_by": {"developer": "D", "advance": 0.4, "into": "f"}}, True),
    ],
)
def test_a_fund_for_fees_is_missed_only_where_one_is_to_pay_them(rate, keys, warned):
    scenario = Scenario.from_tables(
        name="Payers",
        start="2024-01",
        months=6,
        fee_policies=[{"id": "p", "rate": rate, "term": 24, **keys}],
        projects=[{"id": "P", "moved_out": "2023-01"}],
        households=[{"id": "H", "project": "P", "area": 80, "groups": "g" if "uplifts" in keys else ""}],
        developers=[{"id": "D"}],
        funds=[{"id": "f", "opening": 100, "uses": ["construction"]}],
    )
    assert any("no fund may pay for 'fees'" in str(finding) for finding in scenario.warnings) == warned
