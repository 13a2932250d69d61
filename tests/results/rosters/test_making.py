"""Rosters of a small plan: who has which home, what is refused, and that the check of a roster can fail."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xlsxwriter
from tests.conftest import full_count
from tests.results.rosters.riverside import HOMES, HOMES_EN, WISHES, WISHES_EN, loaded, planned, write

import renewopt
from renewopt.results.rosters.checking import check_roster, faults
from renewopt.results.rosters.making import _tables
from renewopt.results.rosters.record import FIT, LOTTERY, SIGNING
from renewopt.vocabulary import ROSTER_MODES


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(
        tmp_path_factory.mktemp("riverside"), homes=HOMES, wishes=WISHES, homes_en=HOMES_EN, wishes_en=WISHES_EN
    )


@pytest.fixture(scope="module")
def plan(folder: Path) -> renewopt.Plan:
    return planned(folder)


def made(plan: renewopt.Plan, folder: Path, mode: str = SIGNING, seed: int | None = None) -> renewopt.Roster:
    tables = {"homes": folder / "homes.csv", "wishes": folder / "wishes.csv"}
    return renewopt.roster(plan, mode=mode, seed=seed, scenario=loaded(folder), **tables)


def homes_of(roster: renewopt.Roster) -> dict[str, str]:
    names = roster.table["household"] + roster.table["number"].map(lambda number: number and f"#{number}")
    return dict(zip(names, roster.table["home"], strict=True))


def test_the_plan_is_what_the_tests_build_on(plan: renewopt.Plan) -> None:
    assert plan.status == "optimal"
    assert plan.claims["pool"].tolist() == ["E/flat"] * 5 + ["E/studio"] * 2 + ["E/flat"]
    assert plan.claims["housed"].tolist() == ["2024-01"] * 4 + ["2024-05"] + ["2024-01"] * 2 + ["2024-05"]


def test_by_signing_needs_come_first_and_nobody_is_named_without_a_reason(plan: renewopt.Plan, folder: Path) -> None:
    roster = made(plan, folder)
    found = homes_of(roster)
    assert found["H10"] == "1-101", "the only home without a step"
    assert found["H2"] == "1-201", "first to choose: 5.5 m² off, south; no ground floor in the south is left by needs"
    assert set(roster.table["home"]) | set(roster.left["home"]) == {line.split(",")[0] for line in HOMES.split()[1:]}
    assert len(roster.table) + len(roster.open) == 6
    assert roster.unlisted == 2
    assert roster.complete == roster.open.empty


@pytest.mark.parametrize("mode", ROSTER_MODES)
def test_what_is_posted_tells_no_need_and_no_wish(plan: renewopt.Plan, folder: Path, mode: str, tmp_path: Path) -> None:
    roster = made(plan, folder, mode, 7 if mode == LOTTERY else None)
    out = roster.write(tmp_path / "roster", lang="zh")
    posted = [(out / name).read_text(encoding="utf-8-sig") for name in ("roster.csv", "roster.html")]
    for text in posted:
        assert "H10" in text
        for secret in ("barrier_free", "电梯", "misfit", "unmet"):
            assert secret not in text
    assert "无障碍" not in posted[0]
    read = pd.read_csv(out / "office.csv", dtype=str, keep_default_na=False)
    assert read["home"].tolist() == roster.table["home"].tolist()
    with pytest.raises(renewopt.OutputExistsError):
        roster.write(out)
    (out / "left.csv").write_text("changed")
    with pytest.raises(renewopt.OutputExistsError, match=r"left\.csv"):
        roster.write(out, force=True)


def test_both_languages_of_the_tables_say_the_same(plan: renewopt.Plan, folder: Path) -> None:
    english = renewopt.roster(plan, homes=folder / "homes_en.csv", wishes=folder / "wishes_en.csv")
    assert homes_of(english) == homes_of(made(plan, folder))


def test_a_workbook_says_the_same(plan: renewopt.Plan, folder: Path, tmp_path: Path) -> None:
    book = tmp_path / "选房.xlsx"
    with xlsxwriter.Workbook(book) as written:
        for sheet, name in (("home_wishes", "wishes"), ("homes", "homes")):
            rows = (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()
            page = written.add_worksheet(sheet)
            for row, line in enumerate(rows):
                page.write_row(row, 0, line.split(","))
    roster = renewopt.roster(plan, homes=book, wishes=book, scenario=loaded(folder))
    assert homes_of(roster) == homes_of(made(plan, folder))


def test_no_order_of_rows_and_no_other_table_changes_a_lottery(plan: renewopt.Plan, folder: Path) -> None:
    homes = pd.read_csv(folder / "homes.csv", dtype=str, keep_default_na=False)
    wishes = pd.read_csv(folder / "wishes.csv", dtype=str, keep_default_na=False)
    known = made(plan, folder, LOTTERY, 5)
    for seed in range(2):
        shuffled = [table.sample(frac=1, random_state=seed) for table in (homes, wishes)]
        again = renewopt.roster(
            plan, mode=LOTTERY, seed=5, homes=shuffled[0], wishes=shuffled[1], scenario=loaded(folder)
        )
        assert again.table.equals(known.table)
        assert again.open.equals(known.open)
    assert len({tuple(made(plan, folder, LOTTERY, seed).table["home"]) for seed in range(6)}) > 1


def test_seeds_that_are_missing_or_none_are_refused(plan: renewopt.Plan, folder: Path) -> None:
    with pytest.raises(ValueError, match="a lottery needs a seed"):
        made(plan, folder, LOTTERY)
    with pytest.raises(ValueError, match="whole number from 0"):
        made(plan, folder, LOTTERY, -1)
    with pytest.raises(ValueError, match="leave out the seed"):
        made(plan, folder, FIT, 1)
    with pytest.raises(ValueError, match="mode 'draw'"):
        made(plan, folder, "draw")


def test_between_those_of_the_same_place_lots_decide(plan: renewopt.Plan, folder: Path) -> None:
    wishes = pd.DataFrame({"household": ["H1", "H2", "H3"], "signed": [1, 1, 2]})
    first = {
        renewopt.roster(plan, homes=folder / "homes.csv", wishes=wishes, seed=seed, scenario=loaded(folder))
        .table.set_index("place")
        .loc["1", "household"]
        for seed in range(4)
    }
    assert first == {"H1", "H2"}


def test_a_changed_scenario_is_refused_and_a_table_in_it_is_read(folder: Path, tmp_path: Path) -> None:
    path = write(tmp_path, homes=HOMES, wishes=WISHES) / "riverside.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "homes: {file: homes.csv}\nhome_wishes: {file: wishes.csv}\n", encoding="utf-8")
    plan = renewopt.plan(path, gap=0)
    assert homes_of(renewopt.roster(plan)) == homes_of(made(planned(folder), folder))
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="not the scenario that the plan was made from"):
        renewopt.roster(plan)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("1-101,E", "1-101,F"), "there is no estate 'F'"),
        (("1-101,E,flat", "1-101,E,falt"), "estate E has no unit type 'falt'; did you mean 'flat'?"),
        (("flat,E1,3,1", "flat,E2,3,1"), "estate E has no phase 'E2'; known: E1"),
        (("1-201,", "1-101,"), "stands in line 2 already"),
        (("flat,E1,3,1", "flat,,3,1"), "5 homes of type flat in E are listed by 2024-01, but it has 4 by then"),
        (("2-101,E,flat,,", "2-101,E,flat,E1,"), "3 homes of type flat are listed in phase E1, which delivers 2"),
        (("H10,3,无障碍", "H10,3,无障凝"), "no listed home has '无障凝'"),
        (("H10,3", "H11,3"), "there is no household 'H11'"),
        (("南:10", "南:many"), "'many'"),
        (("南:10", "南:2000"), "not a number of m² from 0 to 1,000"),
        (("南:10", "南"), "not a pair"),
    ],
)  # fmt: skip
def test_tables_that_cannot_be_right_are_refused(
    plan: renewopt.Plan, tmp_path: Path, change: tuple[str, str], told: str
) -> None:
    assert any(change[0] in text for text in (HOMES, WISHES))
    folder = write(tmp_path, homes=HOMES.replace(*change), wishes=WISHES.replace(*change))
    with pytest.raises(renewopt.ScenarioError) as caught:
        made(plan, folder)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("南:10", "西:10"), "no listed home has '西'"),
        (("1-101,E,flat,,1,1,79.5", "1-101,E,flat,,1,1,60"), "far from the 80 m² of its type"),
        (("3-201,E,flat,E1,3,2,80,南,,电梯\n", ""), "1 home of type flat is listed in phase E1, which delivers 2"),
        (("1-301,E,flat,,1,3,84,北,,\n", ""), "3 homes of type flat in E are listed, but it has 4 outside of phases"),
    ],
)
def test_what_is_unlikely_is_warned_of(plan: renewopt.Plan, tmp_path: Path, change: tuple[str, str], told: str) -> None:
    folder = write(tmp_path, homes=HOMES.replace(*change), wishes=WISHES.replace(*change))
    assert told in "\n".join(warning["en"] for warning in made(plan, folder).warnings)


def test_without_homes_that_are_listed_there_is_no_roster(plan: renewopt.Plan) -> None:
    with pytest.raises(renewopt.ScenarioError, match="no homes are listed one by one"):
        renewopt.roster(plan)
    with pytest.raises(renewopt.ScenarioError, match="no such file"):
        renewopt.roster(plan, homes="nowhere.csv")


def random_tables(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(3, 7))
    homes = pd.DataFrame({
        "id": [f"h{row}" for row in range(count)],
        "estate": "E",
        "type": "flat",
        "phase": ["" if row < 4 else "E1" for row in range(count)],
        "floor": rng.integers(1, 4, count).astype(str),
        "area": rng.choice(["", "78", "80", "82.5"], count),
        "barrier_free": rng.choice(["yes", ""], count),
        "orientation": rng.choice(["S", "N"], count),
    })  # fmt: skip
    ids = np.array(["H1", "H2", "H3", "H10", "H5"])
    wishes = pd.DataFrame({
        "household": ids,
        "signed": rng.integers(1, 4, 5).astype(str),
        "needs": rng.choice(["", "", "ground_floor", "barrier_free", "S"], 5),
        "max_floor": rng.choice(["", "", "", "2"], 5),
        "wishes": rng.choice(["", "S:2", "floor>=2:3;S:1", "N:1.5"], 5),
    })  # fmt: skip
    if (homes["orientation"] == "N").all():
        homes.loc[0, "orientation"] = "S"
    return homes, wishes


@pytest.mark.parametrize("seed", range(full_count(8, 200)))
@pytest.mark.parametrize("mode", ROSTER_MODES)
def test_every_roster_passes_its_check_and_no_changed_one_does(
    plan: renewopt.Plan, folder: Path, mode: str, seed: int
) -> None:
    homes, wishes = random_tables(seed)
    drawn = seed if mode == LOTTERY else None
    roster = renewopt.roster(plan, mode=mode, seed=drawn, homes=homes, wishes=wishes, scenario=loaded(folder))
    scenario = loaded(folder)
    listed, wanted, _ = _tables(scenario, homes, wishes)
    inputs = (plan, scenario, listed, wanted)
    check_roster(roster, *inputs)
    assert len(roster.table) + len(roster.open) == 6
    table = roster.table
    missing = dataclasses.replace(roster, table=table.iloc[1:].reset_index(drop=True))
    assert any("has not just the homes" in str(fault) for fault in faults(missing, *inputs))
    twice = table.assign(home=[table["home"][0], *table["home"][:-1]])
    with pytest.raises(Exception, match=r"given twice|not ready|should have|would rather"):
        check_roster(dataclasses.replace(roster, table=twice), *inputs)


def test_the_check_finds_needs_dates_and_envy(plan: renewopt.Plan, folder: Path) -> None:
    scenario = loaded(folder)
    listed, wanted, _ = _tables(scenario, folder / "homes.csv", folder / "wishes.csv")

    def told(mode: str, one: str, other: str) -> str:
        roster = made(plan, folder, mode)
        homes = homes_of(roster)
        changed = {homes[one]: homes[other], homes[other]: homes[one]}
        table = roster.table.assign(home=roster.table["home"].replace(changed))
        return "; ".join(map(str, faults(dataclasses.replace(roster, table=table), plan, scenario, listed, wanted)))

    assert "home 1-201 of H10 is not ready in time, or lacks what it needs" in told(SIGNING, "H10", "H2")
    assert "H2 should have the home of H1" in told(SIGNING, "H1", "H2")
    assert "H1 should have the home of H3" in told(FIT, "H1", "H3")
