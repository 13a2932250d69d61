import numpy as np
import pandas as pd

from renewopt.scenario.splits import carry_on, ruling_project


def frame(*rows: dict[str, object]) -> pd.DataFrame:
    empty = {
        "id": "", "project": "", "split_from": "", "moved_out": -1, "moved_out_day": -1, "term": -1, "term_class": "",
        "fee_policy": "", "home_policy": "", "area": np.nan,
    }  # fmt: skip
    return pd.DataFrame([empty | row for row in rows])


def test_a_table_without_splits_is_the_same() -> None:
    table = frame({"id": "A"}, {"id": "B"})
    assert carry_on(table) is table


def test_what_is_not_stated_is_carried_on_and_nothing_else() -> None:
    table = frame(
        {"id": "A", "moved_out": 5, "moved_out_day": 9, "term": 24, "term_class": "low", "fee_policy": "f", "area": 80},
        {"id": "B", "split_from": "A", "term": 12},
        {"id": "C", "split_from": "A", "moved_out": 7},
        {"id": "D", "split_from": "A", "moved_out_day": 3},
        {"id": "E"},
    )
    filled = carry_on(table)
    assert filled["moved_out"].tolist() == [5, 5, 7, 5, -1]
    assert filled["moved_out_day"].tolist() == [9, 9, -1, 3, -1]  # the day of another month is none of its own
    assert filled["term"].tolist() == [24, 12, 24, 24, -1]
    assert filled["term_class"].tolist() == ["low"] * 4 + [""]
    assert filled["fee_policy"].tolist() == ["f"] * 4 + [""]
    assert filled["area"].isna().tolist() == [False, True, True, True, True]
    assert table["term"].tolist() == [24, 12, -1, -1, -1]


def test_a_household_that_is_not_there_carries_nothing_on() -> None:
    table = frame({"id": "A", "term": 3}, {"id": "B", "split_from": "Z"})
    assert carry_on(table)["term"].tolist() == [3, -1]


def test_a_class_of_its_own_is_a_term_of_its_own() -> None:
    table = frame({"id": "A", "term": 3}, {"id": "B", "split_from": "A", "term_class": "high"})
    filled = carry_on(table)
    assert (filled["term"].tolist(), filled["term_class"].tolist()) == ([3, -1], ["", "high"])


def test_what_is_left_open_the_project_of_the_first_one_says() -> None:
    table = frame(
        {"id": "A", "project": "P"},
        {"id": "B", "project": "Q", "split_from": "A"},
        {"id": "C", "project": "Q", "split_from": "Z"},
        {"id": "D", "project": "Q"},
    )
    assert ruling_project(table).tolist() == ["P", "P", "Q", "Q"]
    assert ruling_project(table.iloc[[3]]).tolist() == ["Q"]
