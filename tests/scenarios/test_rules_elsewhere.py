"""Rules of four other places: what each household pays, is paid and is due is what was worked out by hand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import renewopt

FEES = ["fee", "fee_overdue", "fee_tail"]


@dataclass(frozen=True)
class Hand:
    """What was worked out by hand; households that are not named have 0 yuan."""

    objective: float
    fees: dict[str, float]
    pays: dict[str, float]
    """Top-ups."""
    paid: dict[str, float]
    """Prices, moving fees and lump sums together."""
    due: dict[str, float]
    """m² due to each household."""
    housed: dict[str, str]
    """Where the best plan leaves no choice of the month."""
    dossier: dict[str, object]
    """A line of the dossier."""


HANDS = {
    "zhejiang": Hand(
        objective=191_740,
        fees={
            "C1": 2 * 1_600 + 3_200 + 6 * 3_200,
            "C3": 6 * 600,
            "C4": 2 * 1_800 + 3_600 + 6 * 3_600,
            "T1": 6 * 3_000,
            "T2": 12 * 3_600 + 5 * 4_140 + 6 * 4_140,
            "T3": 3 * 3_000 + 6 * 3_000,
        },
        pays={"C1": 10 * 9_000, "C2": 5 * 9_000},
        paid={},
        due={"C1": 80, "C2": 70, "C3": 45, "C4": 90, "T1": 75, "T2": 90, "T3": 75},
        housed={
            "C1": "2024-04",
            "C2": "2024-01",
            "C3": "2024-01",
            "C4": "2024-04",
            "T1": "2024-01",
            "T2": "2025-06",
            "T3": "2024-04",
        },
        dossier={
            "household": "T2",
            "fee_now": 2 * 1_800,
            "multiplier": 2,
            "overdue_from": "2021-11",
            "fee_in_a_year": 2 * 2_070,
            "route": "transfer",
            "pool": "Canalside/90",
            "remark": "never: too few homes are open to other projects",
        },
    ),
    "village": Hand(
        objective=9 * 1_500 * 3,
        fees={"V4": 5 * 1_500 * 3, "V5": 1 * 1_500 * 3, "V6": 3 * 1_500 * 3},
        pays={
            "V1": 150 * 4_000,
            "V2": 200 * 4_000 + 10 * 4_000,
            "V3": 100 * 4_000,
            "V4": 250 * 4_000,
            "V5": 50 * 4_000 + 5 * 4_000,
            "V6": 150 * 4_000,
        },
        paid={"V3": 50_000, "V5": 30_000},
        due={"V1": 150, "V2": 200, "V3": 100, "V4": 250, "V5": 50, "V6": 150},
        housed={
            "V1": "2024-01",
            "V2": "2024-01",
            "V3": "2024-01",
            "V4": "2024-04",
            "V5": "2024-04",
            "V6": "2024-04",
        },
        dossier={
            "household": "V2",
            "fee_now": 4 * 1_500,
            "overdue_from": "2024-05",
            "reckoned": "4 × 50 m² a person = 200 m²",
            "pool": "Orchard/100;Orchard/120",
            "given_m2": 220,
            "household_pays": 200 * 4_000 + 15 * 4_000 + 5 * 6_000,
            "remark": "",
        },
    ),
    "mumbai": Hand(
        objective=822_060 + (4 * 5 + 6 * 5 + 3 * 19) * 3_000,
        fees={
            "M1": 5 * 15_972,
            "M2": 5 * 15_972,
            "M3": 5 * 15_972,
            "M4": 5 * 13_200,
            "M5": 9 * 13_200 + 10 * 14_520,
            "M6": 3 * 12_000 + 12 * 13_200 + 4 * 14_520,
        },
        pays={},
        paid={},
        due=dict.fromkeys(["M1", "M2", "M3", "M4", "M5", "M6", "K1", "K2"], 27.87),
        housed={
            "M1": "2026-06",
            "M2": "2026-06",
            "M3": "2026-06",
            "M4": "2026-06",
            "K1": "2026-06",
            "M5": "2027-08",
            "M6": "2027-08",
            "K2": "2027-08",
        },
        dossier={
            "household": "M3",
            "fee_now": 15_972,  # 12,000 × 1.1³
            "multiplier": 1,
            "fee_in_a_year": 17_569.2,
            "reckoned": "30 m² given up, at most 27.87 m²",
            "pool": "Rehab/300 sq ft",
            "household_pays": 0,
            "remark": "",
        },
    ),
    "decant": Hand(
        objective=2 * 2 * 900,
        fees={},
        pays={},
        paid={
            **dict.fromkeys(["B1", "B2", "B3", "C1", "C2", "C3", "C5"], 8_100 + 1_500),
            "B4": 70 * 450 + 2_500,
            "C4": 50 * 4_500 + 50 * 450 + 2_500,
        },
        due={"B1": 50, "B2": 70, "B3": 86, "B4": 70, "C1": 50, "C2": 70, "C3": 86, "C4": 50, "C5": 50},
        housed={"C2": "2027-06", "C5": "2027-06"},  # the others have until their block is cleared
        dossier={
            "household": "C3",
            "fee_now": 0,
            "reckoned": "6 × 25 m² a person = 150 m², at most 86 m²",
            "route": "transfer",
            "pool": "Nearby/3 bed",
            "household_pays": 0,
            "remark": "",
        },
    ),
}


@dataclass(frozen=True)
class Case:
    name: str
    scenario: renewopt.Scenario
    plan: renewopt.Plan

    @property
    def hand(self) -> Hand:
        return HANDS[self.name]


@pytest.fixture(scope="module", params=HANDS)
def case(request: pytest.FixtureRequest, repository: Path) -> Case:
    scenario = renewopt.load(repository / "scenarios" / "rules" / f"{request.param}.yaml")
    return Case(request.param, scenario, renewopt.plan(scenario, gap=0))


def nonzero(amounts: dict[str, float]) -> dict[str, float]:
    return {household: round(amount, 2) for household, amount in amounts.items() if abs(amount) >= 0.005}


def test_every_scenario_of_the_folder_is_worked_out_by_hand(repository: Path) -> None:
    assert {path.stem for path in (repository / "scenarios" / "rules").iterdir()} == set(HANDS)


@pytest.mark.slow
def test_nothing_is_to_be_warned_of(case: Case) -> None:
    assert case.scenario.warnings == ()
    assert case.plan.findings == ()
    assert renewopt.audit(case.scenario, case.plan) == []


def test_the_best_plan_is_proven(case: Case) -> None:
    assert case.plan.status == "optimal"
    assert case.plan.objective == pytest.approx(case.hand.objective, abs=0.005)
    assert case.plan.bound == pytest.approx(case.hand.objective, abs=0.005)
    assert case.plan.transition_fees == pytest.approx(sum(case.hand.fees.values()), abs=0.005)


@pytest.mark.slow
def test_all_are_housed_when_the_comment_says(case: Case) -> None:
    rows = case.plan.allocation.set_index("household")
    assert set(rows.index) == set(case.hand.due)
    months = rows["housed"].astype(str).to_dict()
    assert {household: months[household] for household in case.hand.housed} == case.hand.housed


def test_fees_top_ups_and_payments_by_household(case: Case) -> None:
    rows, hand = case.plan.allocation.set_index("household"), case.hand
    assert nonzero(rows["fees"].to_dict()) == hand.fees
    assert nonzero(rows["household_pays"].to_dict()) == hand.pays
    assert nonzero(rows["paid"].to_dict()) == hand.paid
    assert rows["entitled_m2"].to_dict() == hand.due
    lines = case.plan.statement
    told = lines[lines["item"].isin(FEES)].groupby("household")["amount"].sum()
    assert nonzero((-told).to_dict()) == hand.fees


def test_a_line_of_the_dossier(case: Case) -> None:
    lines = renewopt.dossier(case.scenario).to_dict("records")
    assert {"household", "pool"} < set(case.hand.dossier)
    assert [line for line in lines if case.hand.dossier.items() <= line.items()], lines


def test_who_is_housed_in_london_before_the_block_is_cleared(repository: Path) -> None:
    """No month of their moves counts for anything, so that the best plan may house them in any of them."""
    scenario = renewopt.load(repository / "scenarios" / "rules" / "decant.yaml")
    housed = renewopt.plan(scenario, gap=0).allocation.set_index("household")["housed"].astype(str)
    assert (housed[["B1", "B2", "B3", "B4"]] <= "2025-12").all()
    assert (housed[["C1", "C3", "C4"]] <= "2027-04").all()


def test_the_circular_in_mumbai_lets_rents_grow_by_half_as_much(repository: Path) -> None:
    rents = renewopt.load(repository / "scenarios" / "rules" / "mumbai.yaml", variant="circular")
    fees = renewopt.dossier(rents).set_index("household")["fee_now"]
    assert fees[["M1", "M4", "M6", "K1"]].tolist() == [13_891.5, 12_600, 12_000, 0]


def test_a_developer_pays_all_rents_in_mumbai(repository: Path) -> None:
    plan = renewopt.plan(renewopt.load(repository / "scenarios" / "rules" / "mumbai.yaml"), gap=0)
    lines = plan.statement
    assert set(lines.loc[lines["item"].isin(FEES), "paid_by"]) == {"developer"}
    assert plan.waiting_cost == 321_000


@pytest.mark.parametrize("policy", ["first-come", "costliest-first"])
def test_rules_of_thumb_house_everybody_where_a_developer_pays(policy: str, repository: Path) -> None:
    """No fund may pay fees here, and none has to."""
    plan = renewopt.plan(repository / "scenarios" / "rules" / "mumbai.yaml", policy=policy)
    housed = plan.allocation.set_index("household")["housed"].astype(str)
    assert set(housed) == {"2026-06", "2027-08"}
    assert plan.findings == ()


# --- the page that shows them


def page(repository: Path) -> str:
    return (repository / "docs" / "rules-elsewhere.md").read_text(encoding="utf-8")


def part_of(part: object, whole: object) -> bool:
    """Whether a tree is the other one with some of its keys and items left out; items keep their order."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and part_of(part[key], whole[key]) for key in part)
    if isinstance(part, list):
        items = iter(whole if isinstance(whole, list) else [])
        return all(any(part_of(item, other) for other in items) for item in part)
    return part == whole


def shown(repository: Path) -> Iterator[tuple[str, str]]:
    """The file that a part of the page links to in its table, and each snippet of the part."""
    files = dict(re.findall(r"\| \[.+?\]\(#(.+?)\) .*?\(\.\./scenarios/rules/(\w+)\.yaml\)", page(repository)))
    for part in page(repository).split("\n## ")[1:]:
        anchor = part.partition("\n")[0].lower().replace(" ", "-")
        for snippet in re.findall(r"(?ms)^```yaml\n(.*?)^```", part):
            yield files[anchor], snippet


def test_the_page_shows_lines_of_the_files(repository: Path) -> None:
    yaml, seen = YAML(typ="safe"), set()
    for name, snippet in shown(repository):
        text = (repository / "scenarios" / "rules" / f"{name}.yaml").read_text(encoding="utf-8")
        assert part_of(yaml.load(snippet), yaml.load(text)), snippet
        lines = text.splitlines()
        assert [line for line in snippet.splitlines() if line not in lines] == []
        seen.add(name)
    assert seen == set(HANDS)


@pytest.mark.parametrize("name", HANDS)
def test_the_page_tells_what_was_worked_out(name: str, repository: Path) -> None:
    row = next(line for line in page(repository).splitlines() if f"scenarios/rules/{name}.yaml)" in line)
    assert f"{HANDS[name].objective:,.0f}" in row
    fees = sum(HANDS[name].fees.values())
    assert f"{fees:,.0f}" in row or not fees
