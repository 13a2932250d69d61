"""The page and the figures say what the runs were, from records made by hand."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from benchmarks.solver.report import markdown, write

from .made_runs import ours, peer

RECORDS = [
    ours(),
    peer(),
    ours(repeat=1, trace=[(5.0, 1e6, 1e6)]),
    peer(repeat=1),
    peer(path="cbc", status="out of memory", objective=None, last="hand_over"),
    peer(path="glop", status="failed", objective=None, message="no such thing", last="build"),
    ours(size=10_000, trace=[(40.0, 1e7, 1e7)], peak={"optimise": 2 * 2**30}),
]


def rows(page: str, heading: str) -> list[list[str]]:
    """Cells of the table under a heading."""
    part = page.split(f"## {heading}\n")[1].split("\n## ", maxsplit=1)[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:1] + lines[2:]]


def test_the_first_table_holds_times_memory_and_ratios() -> None:
    head, *body = rows(markdown(RECORDS), "Time and memory")
    table = {(row[1], row[2]): dict(zip(head, row, strict=True)) for row in body}
    our, ipx, cbc, glop = (table["1,000", path] for path in ("**structured**", "ipx", "cbc", "glop"))
    assert our["to the gap, s"] == "4.50 (4.00–5.00)"
    assert our["bound to LP, s"] == "3.50 (2.00–5.00)"
    assert our["bound to plan, s"] == "4.50 (4.00–5.00)"
    assert ipx["to the gap, s"] == "40.0"
    assert ipx["× time"] == "8.94 (8.00–10.0)"
    assert ipx["× bound"] == "12.6 (8.00–20.0)"
    assert ipx["× memory"] == "4.00"
    assert ipx["off"] == "0.000%"
    assert (cbc["to the gap, s"], cbc["× time"], cbc["ended"]) == ("≥ 100", "≥ 25.0", "out of memory (hand over)")
    assert cbc["× memory"] == "≥ 4.00"
    assert (glop["to the gap, s"], glop["× time"], glop["ended"]) == ("–", "–", "failed (build)")
    assert table["10,000", "**structured**"]["memory, GB"] == "2.00"


def test_the_other_tables_follow_the_runs() -> None:
    page = markdown(RECORDS)
    head, first, second = rows(page, "Gap after so many seconds")
    assert dict(zip(head, first, strict=True)) == {
        "district": "tight", "households": "1,000", "path": "structured",
        "1 s": "–", "10 s": "0.025%", "60 s": "0.025%", "300 s": "0.025%", "at the end": "0.025%",
    }  # fmt: skip
    assert second[3:5] == ["–", "–"]
    head, first = rows(page, "Growth with households")[:2]
    # ln(40 / √(4 · 5)) / ln 10: least squares through two points and one.
    assert dict(zip(head, first, strict=True))["exponent"].startswith("0.95 ± ")
    steps = rows(page, "Steps")[1:]
    assert steps[0][3] == "start 1.00; load 0.50; compile 0.25; solve 4.00"
    assert steps[1][4] == "5 × 6, 7"


def test_the_head_names_tolerances_versions_and_a_change_of_the_code() -> None:
    page = markdown(RECORDS)
    assert "7 runs" in page
    assert "- **ipx**: full LP, HiGHS IPX, no crossover; primal and dual value within 0.10%" in page
    assert "seeds 0" in page
    assert "renewopt changed" not in page
    assert "**renewopt changed between these runs** (2 states" in markdown([*RECORDS, ours(repeat=2, code="0b")])


def test_failures_are_told_in_their_last_words() -> None:
    assert "## Runs that failed" not in markdown([ours(), peer()])
    told = markdown(RECORDS).split("## Runs that failed\n")[1].strip()
    assert told == "- tight, 1,000 households, seed 0, repeat 0: glop in build: no such thing"


@pytest.mark.slow
def test_the_figures_are_drawn_and_the_same_again(tmp_path: Path) -> None:
    page, *figures = write(tmp_path, RECORDS)
    assert {path.name for path in figures} == {"bound-against-time.svg", "growth.svg"}
    shown = re.findall(r"!\[.*\]\((.+)\)", page.read_text(encoding="utf-8"))
    assert shown == [figure.name for figure in figures]
    for figure in figures:
        text = "".join(ET.parse(figure).getroot().itertext())
        assert "structured" in text
        assert "ipx" in text
        first = figure.read_bytes()
        write(tmp_path, RECORDS)
        assert figure.read_bytes() == first


@pytest.mark.slow
def test_the_figures_can_be_drawn_of_anything_that_was_run(tmp_path: Path) -> None:
    for records in ([peer(status="failed", trace=[], objective=None)], [ours(trace=[], status="stopped")]):
        assert all(path.stat().st_size > 0 for path in write(tmp_path, records))
