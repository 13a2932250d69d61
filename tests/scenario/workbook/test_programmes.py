"""A programme goes into a workbook, or into tables beside its file, and comes back as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.scheduling.scenarios import programme

from renewopt import Scenario, load, write_workbook
from renewopt.scheduling import compile_programme
from renewopt.wording import LANGUAGES, Language

MORE = {"funds__1__kinds": ["back_street", "urban_village"], "objective": {"start_only_if_housed": True}}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_programme_comes_back_from_a_workbook(lang: Language, tmp_path: Path) -> None:
    stated = programme(**MORE)
    again = load(write_workbook(stated, tmp_path / "programme.xlsx", lang=lang))
    sections = ("projects", "works", "crews", "precedence", "starts", "estates", "objective")
    for name in sections:
        assert getattr(again, name) == getattr(stated, name), name
    assert again.households["moves_after"].tolist() == [-1, 1, -1]
    assert str(compile_programme(again)) == str(compile_programme(stated))


def test_works_alone_come_back_from_a_workbook(tmp_path: Path) -> None:
    stated = Scenario.from_tables(
        name="Works", start="2024-01", months=4, works=[{"id": "A", "duration": 2, "delay_cost": 100}]
    )
    again = load(write_workbook(stated, tmp_path / "works.xlsx"))
    assert again.works == stated.works
    assert again.projects == []


def test_moves_are_read_from_a_register(tmp_path: Path) -> None:
    (tmp_path / "households.csv").write_text("户号,项目,面积,户数,启动后搬离\nN1,New,100,1,2\nN2,New,80,3,\n", "utf-8")
    (tmp_path / "district.yaml").write_text(
        """
name: Register
start: 2024-01
months: 6
fee_policies: [{id: standard, rate: 10, term: 4}]
projects: [{id: New, start: {from: 2024-02, to: 2024-03}}]
households: {file: households.csv}
vouchers: [{id: voucher, price: 5000}]
funds: [{id: budget, opening: 100万元}]
""",
        "utf-8",
    )
    scenario = load(tmp_path / "district.yaml")
    assert scenario.households["moves_after"].tolist() == [2, -1]
    assert compile_programme(scenario).activities.finish.tolist() == [2]
