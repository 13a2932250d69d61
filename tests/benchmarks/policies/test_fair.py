"""Fair play on 10 random problems, on 110 with the slow tests, on 210 at night; the benchmark does 10,000."""

from pathlib import Path

import pytest
from benchmarks.policies.fair import outcomes, play
from tests.conftest import full_count
from tests.seeds import seeds


@pytest.mark.parametrize("start", seeds(range(0, 10 * full_count(11, 21), 10), fast=0))
def test_no_rule_is_broken_and_no_bound_is_beaten(start: int) -> None:
    found = [outcome for seed in range(50_000 + start, 50_000 + start + 10) for outcome in outcomes(seed)]
    assert [outcome for outcome in found if not outcome.fair] == []
    assert sum(outcome.above is not None for outcome in found) > 20
    assert {outcome.future for outcome in found} == {"as-planned", "rough"}


@pytest.mark.parametrize(
    "seed",
    [
        114,  # a revolving loan drawn twice in a month, with a repayment in between
        308,  # the same, by plans made anew
        561,  # arrears that were set off, and then left owing again because a surcharge could not be paid
    ],
)
def test_what_was_unfair_once_is_fair(seed: int) -> None:
    assert [outcome for outcome in outcomes(seed) if not outcome.fair] == []


def test_what_is_recorded_is_not_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = tmp_path / "fair.jsonl"
    counts, unfair = play(2, 1, record)
    assert (counts["problems"], unfair) == (2, [])
    monkeypatch.setattr("benchmarks.policies.fair.outcomes", lambda _: [])
    with record.open("a", encoding="utf-8") as file:
        file.write('{"first": 100, "cou')
    assert play(2, 1, record) == (counts, [])


def test_a_part_that_is_recorded_with_fewer_problems_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.policies.fair.outcomes", lambda _: [])
    record = tmp_path / "fair.jsonl"
    for problems in (10, 200, 10, 150):
        assert play(problems, 1, record)[0]["problems"] == problems
    # Of 10 the one part, of 200 both, of 150 the second one: what is there is kept.
    assert len(record.read_text(encoding="utf-8").splitlines()) == 4
