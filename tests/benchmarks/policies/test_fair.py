"""Fair play on 200 random problems; the benchmark does 10,000."""

import pytest
from benchmarks.policies.fair import outcomes


@pytest.mark.parametrize("start", range(0, 200, 25))
def test_no_rule_is_broken_and_no_bound_is_beaten(start: int) -> None:
    found = [outcome for seed in range(50_000 + start, 50_000 + start + 25) for outcome in outcomes(seed)]
    assert [outcome for outcome in found if not outcome.fair] == []
    assert sum(outcome.above is not None for outcome in found) > 50
    assert {outcome.future for outcome in found} == {"as-planned", "rough"}
