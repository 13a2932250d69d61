"""When a plan breaks: limits in words, from figures of futures made by hand and drawn."""

import numpy as np
import pandas as pd
import pytest
from tests.comparison.test_message import compared, run

from renewopt import Comparison
from renewopt.charts.labels import LANGUAGES, Language
from renewopt.comparison.introducing import Compared
from renewopt.comparison.runs import DRAWN_FIGURES


def drawn(seeds: int, breaks: bool = True) -> Comparison:
    """Futures of ``optimal`` that break where the budget of 2025 is below 92 % and phase E-1 later than two months."""
    generator = np.random.default_rng(7)
    rows, figures = [run("optimal", "as-planned", 1e6)], []
    for seed in range(seeds):
        share, late, take_up = generator.uniform(0.7, 1.1), int(generator.integers(0, 7)), generator.uniform(0.5, 1)
        broken = share < 0.92 and late > 2 if breaks else generator.random() < 0.4
        rows.append(run("optimal", "rough", 1e6 + 1e5 * late, 1e5 if broken else 0.0, seed))
        where = {"scenario": "town", "variant": "", "future": "rough", "seed": seed}
        for what, of, value in (
            ("inflow_share", "budget/2025", share),
            ("phase_delay", "E-1", late),
            ("take_up_share", "", take_up),
        ):
            figures.append({**where, "what": what, "of": of, "value": value})
    rows.append(run("optimal", "quiet", 1e6))
    found = compared(rows)
    names = {("town", ""): {"fund": {"budget": "年度预算"}, "phase": {"E-1": ""}}}
    tables = (found.runs, found.waits, found.settled, found.timings)
    return Comparison(*tables, drawn=pd.DataFrame(figures, columns=list(DRAWN_FIGURES)), stated=Compared(names=names))


def test_what_was_planted_is_found_and_told_in_words() -> None:
    found = drawn(120).discover()
    (breaks,) = found.breaks
    assert {(each.what, each.of, each.side) for each in breaks.conditions} == {
        ("inflow_share", "budget/2025", "below"),
        ("phase_delay", "E-1", "above"),
    }
    values = {each.what: each.value for each in breaks.conditions}
    assert values["phase_delay"] == 3
    assert values["inflow_share"] == pytest.approx(0.92, abs=0.01)
    assert (breaks.density, breaks.coverage) == (1.0, 1.0)
    assert (found.futures, found.broken) == (121, breaks.broken)
    (english,) = drawn(120).tell_breaks()
    assert english.startswith("optimal is not in order in 100% of the futures in which ")
    assert "E-1 is 3 months late or more" in english
    assert "of its stated inflow at the most" in english
    assert f"({breaks.broken} of {breaks.within})" in english
    (chinese,) = drawn(120).tell_breaks("zh")
    assert "E-1推迟不少于3个月" in chinese
    assert "年度预算2025年到位率不高于" in chinese


def test_fees_above_a_threshold_break_it_too() -> None:
    (breaks,) = drawn(120).discover("optimal", cost_above=1.45e6).breaks
    assert [(each.what, each.side, each.value) for each in breaks.conditions] == [("phase_delay", "above", 5)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_too_few_and_chance_are_said(lang: Language) -> None:
    few, chance = drawn(6).tell_breaks(lang), drawn(60, breaks=False).tell_breaks(lang)
    assert few == [] or "20" in few[0]
    assert drawn(60, breaks=False).discover().breaks == ()
    assert len(chance) == 1
    assert "61" in chance[0]


def test_of_several_scenarios_one_has_to_be_named() -> None:
    found = drawn(30)
    both = pd.concat([found.runs, found.runs.assign(scenario="hill")])
    several = Comparison(both, found.waits, found.settled, found.timings, drawn=found.drawn)
    with pytest.raises(ValueError, match="runs of town, hill: name one"):
        several.discover()
    assert several.discover(scenario="hill").scenario == "hill"
    with pytest.raises(ValueError, match="no run of policy 'mine'"):
        found.discover("mine")
