"""Where a row stands in a table changes nothing."""

from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest

from renewopt.comparison.digests import digest
from renewopt.problem import compile_problem
from renewopt.problem.compiling.order import in_order
from renewopt.scenario import Scenario, load
from renewopt.testing.written import Written

TABLES = ("households", "quotes", "fee_curves")


@pytest.fixture(scope="module")
def quoted(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """Quotes and fee curves of which several are for one household, some of them alike but for one cell."""
    random = Random(7)
    households = [{"id": f"H{n}", "project": "P1"} for n in range(12)]
    quotes: list[dict[str, object]] = [
        {
            "household": household["id"],
            "route": random.choice(["cash", "voucher"]),
            "price": "" if price == 9 else 100 * price,
            "price_by_month": "2025-02:70;2025-03:60" if price == 9 else "",
            "first": random.choice(["", "2025-02"]),
        }
        for household in households
        for price in random.sample(range(10), 4)
    ]
    curves: list[dict[str, object]] = [
        {"household": household["id"], "from": start, "fee": random.randint(1, 9)}
        for household in households
        for start in ("2025-01", "2025-03")
    ]
    sections = "funds:\n  - id: F\n    opening: 100万元\n"
    written = Written(6, "transition_fees", households, quotes, curves, sections)
    return load(written.write(tmp_path_factory.mktemp("quoted")))


@pytest.fixture(scope="module", params=["quoted", "scenarios/minimal.yaml", "scenarios/uncertain.yaml"])
def stated(request: pytest.FixtureRequest, repository: Path, quoted: Scenario) -> Scenario:
    return quoted if request.param == "quoted" else load(repository / request.param)


def shuffled(scenario: Scenario, seed: int) -> Scenario:
    update: dict[str, Any] = {}
    for name in TABLES:
        frame = getattr(scenario, name)
        if frame is not None:
            update[name] = frame.sample(frac=1, random_state=seed).reset_index(drop=True)
    return scenario.model_copy(update=update)


def test_the_order_of_rows_changes_no_table_of_the_problem(stated: Scenario) -> None:
    problem = digest(compile_problem(stated))
    for seed in range(8):
        other = shuffled(stated, seed)
        assert not all(
            getattr(other, name).equals(getattr(stated, name)) for name in TABLES if getattr(stated, name) is not None
        )
        assert digest(compile_problem(other)) == problem


def test_numbers_in_ids_are_compared_by_size() -> None:
    ids = ["H10", "H2", "H1-10", "H1-9", "h1", "第10户", "第9户", "H02"]
    scenario = load_with(ids)
    assert in_order(scenario).households["id"].tolist() == [
        "H1-9",
        "H1-10",
        "H02",
        "H2",
        "H10",
        "h1",
        "第9户",
        "第10户",
    ]


def test_what_is_in_order_is_left_as_it_is() -> None:
    scenario = load_with(["H1", "H2", "H10"])
    assert in_order(scenario) is scenario


def load_with(ids: list[str]) -> Scenario:
    return Scenario.model_construct(households=pd.DataFrame({"id": ids}), quotes=None, fee_curves=None)
