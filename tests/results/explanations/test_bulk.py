"""All households at once, and the report's look-up: the same answers as one by one."""

import io
import json
import re

import numpy as np
import pandas as pd
import pytest

from renewopt.results.explanations.bulk import next_best
from renewopt.results.explanations.record import BULK
from renewopt.results.planned import Plan


def test_all_households_are_answered_as_each_one_is(kept: Plan) -> None:
    table = kept.next_best(top=3)
    assert list(table.columns) == list(BULK)
    assert set(table["household"]) == set(kept.claims["household"])
    for household, mine in table.groupby("household"):
        assert mine["rank"].tolist() == list(range(1, len(mine) + 1))
        assert mine["rise"].is_monotonic_increasing
        one = kept.explain(str(household), top=50).alternatives
        for row in mine.to_dict("records"):
            same = one[(one["route"] == row["route"]) & (one["pool"] == row["pool"]) & (one["month"] == row["month"])]
            assert len(same) == 1
            assert row["rise"] == pytest.approx(same["rise"].iloc[0], abs=0.011)
            assert row["against_plan"] == pytest.approx(same["against_plan"].iloc[0], abs=0.011)
            assert row["fees"] == pytest.approx(same["fees"].iloc[0])
            assert row["housed"] == same["housed"].iloc[0]
        plan = kept.allocation[kept.allocation["household"] == household]
        assert set(mine["plan_month"]) <= set(plan["month"])


def test_the_file_holds_the_table(kept: Plan) -> None:
    found = next_best(kept.opened(), 2)
    content = b"".join(found.csv())
    read = pd.read_csv(io.BytesIO(content), encoding="utf-8-sig", keep_default_na=False)
    pd.testing.assert_frame_equal(
        read[["household", "route", "pool", "month", "rank"]],
        found.frame()[["household", "route", "pool", "month", "rank"]],
        check_dtype=False,
    )
    assert np.allclose(read["rise"], found.frame()["rise"], atol=0.005)


def test_the_report_answers_for_every_household(kept: Plan) -> None:
    page = kept.report()
    found = re.search(r'id="data-lookup">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    told = json.loads(found[1])
    assert set(told["households"]) == set(kept.claims["household"])
    table = kept.next_best(top=3)
    for household, (project, plan, others) in told["households"].items():
        mine = kept.claims[kept.claims["household"] == household]
        assert told["projects"][project].startswith(mine["project"].iloc[0])
        assert len(plan) == len(mine)
        assert mine["month"].iloc[0] in plan[0]
        rows = table[table["household"] == household]
        assert [told["months"][row[1]] if row[1] >= 0 else "" for row in others] == rows["month"].tolist()


def test_a_report_whose_scenario_is_gone_tells_what_the_plan_gives(kept: Plan) -> None:
    import copy

    alone = copy.copy(kept)  # without what was opened
    object.__setattr__(alone, "scenario_path", None)
    page = alone.report()
    found = re.search(r'id="data-lookup">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    told = json.loads(found[1])
    assert all(plan and not others for _, plan, others in told["households"].values())
    assert "renewopt explain" in page
