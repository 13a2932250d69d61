"""What the dossier and `check` say of related households."""

from pathlib import Path

import pytest
from tests.problem.dossiers.stating import stated

from renewopt.problem import compile_problem
from renewopt.problem.dossiers import dossier, notice_households

CASE = """
households:
  - {{id: A, related: Li{a}}}
  - {{id: B, project: Q, moved_out: 2023-01, area: 50, related: Li{b}}}
estates:
  - {{id: E, projects: [P], open_to: [], units: [{{type: a, on_hand: 1}}]}}
  - {{id: F, projects: [Q], units: [{{type: a, on_hand: {homes}, surplus: 1}}]}}
"""


def remarks(change: str, folder: Path, lang: str = "en") -> dict[tuple[str, str], str]:
    table = dossier(stated(change, folder), lang=lang)  # type: ignore[arg-type]
    return {(row.household, row.pool): row.remark for row in table.itertuples()}


def apart(change: str, folder: Path) -> list[tuple[tuple[str, ...], int, str]]:
    scenario = stated(change, folder)
    found = notice_households(compile_problem(scenario), scenario)
    return [(each.households, each.count, str(each.reason)) for each in found if each.kind == "apart"]


def test_homes_of_those_who_are_kept_together(tmp_path: Path) -> None:
    change = CASE.format(a="", b="", homes=2)
    assert remarks(change, tmp_path) == {
        ("A", "E/a"): "never: it cannot take all of A, B: no home for B",
        ("A", "F/a"): "only in one estate with B",
        ("B", "F/a"): "only in one estate with A",
    }
    assert apart(change, tmp_path) == []


def test_no_offer_together(tmp_path: Path) -> None:
    change = CASE.format(a="", b="", homes=1)
    why = "E: no home for B; F: too few homes for all of them"
    assert remarks(change, tmp_path) == {
        ("A", "E/a"): f"no offer together with B, because {why}",
        ("A", "F/a"): f"no offer together with B, because {why}",
        ("B", "F/a"): f"no offer together with A, because {why}",
    }
    assert apart(change, tmp_path) == [(("A", "B"), 2, why)]
    assert remarks(change, tmp_path, "zh")["B", "F/a"] == (
        "无法与 A 安置在同一小区，原因：E：没有可供 B 的住房；F：房源不够各户同住"
    )


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        ("", ", routes: [cash]", "only A can be given a home"),
        (", routes: [cash]", ", routes: [cash]", "none of them can be given a home"),
    ],
)
def test_fewer_than_two_who_can_be_given_a_home(tmp_path: Path, a: str, b: str, why: str) -> None:
    assert apart(CASE.format(a=a, b=b, homes=1), tmp_path) == [(("A", "B"), 2, why)]
