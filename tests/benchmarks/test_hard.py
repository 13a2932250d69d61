"""Hard districts: their scenarios, what is noted of a search, and the page."""

import math
from pathlib import Path

import pytest
from benchmarks.hard import AFTER, BEGIN, CASES, END, Case, Outcome, head, on_page, planned, row
from tests.waiting import UNHURRIED

import renewopt
from benchmarks import hard


@pytest.fixture(name="here", autouse=True)
def in_the_repository(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)


@pytest.mark.slow
def test_the_variants_are_laid_over_the_shipped_district(tmp_path: Path) -> None:
    path = hard.district(tmp_path)
    variants = {case.variant for case in CASES.values() if case.write is hard.district and case.variant}
    base = renewopt.load(path)
    for variant in sorted(variants):
        changed = renewopt.load(path, variant=variant)
        assert changed.sha256 == base.sha256
        assert changed.model_dump(exclude={"variant"}) != base.model_dump(exclude={"variant"}), variant


def test_gaps_are_told_by_processor_seconds() -> None:
    outcome = Outcome("feasible", ((5.0, 0.4), (20.0, 0.02), (70.0, 0.001)), 71.2)
    assert [outcome.after(each) for each in (1.0, *AFTER)] == [None, 0.4, 0.02, 0.001]
    cells = [cell.strip() for cell in row("one", outcome).split("|")[1:-1]]
    assert cells == ["one", "5", "40.00 %", "2.00 %", "0.10 %", "71", "feasible"]
    assert head().splitlines()[0].count("|") == row("one", outcome).count("|")
    assert "none" in row("one", Outcome("infeasible", (), 3.0))
    # The next strict goal begins further off than the one before it ended.
    tiers = Outcome("time_limit", ((5.0, 0.4), (20.0, 0.001), (40.0, 0.7), (290.0, 0.002)), 300.0)
    assert [tiers.after(each) for each in AFTER] == [0.4, 0.7, 0.002]


@pytest.mark.slow
def test_a_case_is_planned_and_its_gaps_fall(tmp_path: Path) -> None:
    outcome = planned(Case(hard.drawn(12, projects=2, months=24)), gap=0.3, limit=UNHURRIED)
    assert outcome.status in ("optimal", "feasible")
    gaps = [gap for _, gap in outcome.told]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] <= 0.3
    assert outcome.after(math.inf) == gaps[-1]


def test_the_release_before_stays_beneath() -> None:
    empty = f"Text.\n{BEGIN}\n{END}\nMore.\n"
    first = on_page(empty, "1.0", "| a |")
    assert first == f"Text.\n{BEGIN}\nRelease 1.0:\n\n| a |\n{END}\nMore.\n"
    assert on_page(first, "1.0", "| b |") == first.replace("| a |", "| b |")
    second = on_page(first, "1.1", "| c |")
    assert "Release 1.1:\n\n| c |\n\nRelease 1.0:\n\n| a |" in second
    third = on_page(second, "1.2", "| d |")
    assert "1.1" in third
    assert "1.0" not in third
    assert on_page(third, "1.2", "| e |") == third.replace("| d |", "| e |")
    with pytest.raises(ValueError, match="no place"):
        on_page("Text.", "1.0", "| a |")
