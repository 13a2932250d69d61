"""The chart of missing money: every yuan of it is drawn, by use and month."""

import pandas as pd
import pytest
from tests.results.made import frame, tiny

from renewopt.charts.labels import LANGUAGES, Language, Locale
from renewopt.charts.lacking import missing_money
from renewopt.results.record import Shortage
from renewopt.results.reporting.missing import missing_by_month

COLUMNS = ["month", "use", "amount"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_yuan_is_drawn(lang: Language) -> None:
    missing = pd.DataFrame(
        [("2024-01", "fees", 4e6), ("2024-03", "fees", 1e6), ("2024-03", "voucher", 2e6)], columns=COLUMNS
    )
    chart = missing_money(missing, Locale(lang))
    assert chart is not None
    unit = 1e4 if lang == "zh" else 1e6
    assert {bar.name: sum(bar.y) * unit for bar in chart.body.data} == {
        Locale(lang).word("use", "fees"): 5e6,
        Locale(lang).word("use", "voucher"): 2e6,
    }


def test_nothing_is_drawn_where_nothing_is_missing() -> None:
    assert missing_money(pd.DataFrame(columns=COLUMNS), Locale("en")) is None


def test_needs_of_a_use_are_added_up_by_month() -> None:
    words = {"en": "x", "zh": "中"}
    short = (
        Shortage("money", "fees/P", "2024-01", 5.0, words, {"2024-01": 2.0, "2024-02": 3.0}),
        Shortage("money", "fees/Q", "2024-02", 4.0, words, {"2024-02": 4.0, "2024-03": 0.0}),
        Shortage("homes", "E/90", "", 2.0, words),
    )
    found = missing_by_month(frame(tiny(1), status="infeasible", shortages=short))
    assert found.to_numpy().tolist() == [["2024-01", "fees", 2.0], ["2024-02", "fees", 7.0]]
    assert missing_by_month(frame(tiny(1), status="infeasible")).empty
