"""What the scenario states is kept with the plan, but for its people."""

import json
from pathlib import Path

from renewopt import load
from renewopt.results.stated import state


def test_the_district_is_kept_but_for_its_people(repository: Path) -> None:
    stated = state(load(repository / "scenarios" / "district" / "district.yaml"))
    assert stated["projects"]["P1"]["name"] == "河东一期"
    assert stated["fee_policies"]["standard"]["rate"] == "10"
    assert stated["phases"]["E2-1"]["estate"] == "E2"
    assert stated["phases"]["E2-1"]["handover_lag"] == 3
    assert "phases" not in stated["estates"]["E2"]
    assert stated["objective"][""]["after_horizon_months"] == 12
    assert stated["tables"]["households"] == {"rows": 3200, "count": 3200}
    assert stated["moves"]["1"]["from"] == "p8_account"
    # As JSON it is the same, and small whatever the number of households.
    text = json.dumps(stated, ensure_ascii=False)
    assert json.loads(text) == stated
    assert len(text) < 20_000


def test_a_cohort_counts_its_households(repository: Path) -> None:
    stated = state(load(repository / "scenarios" / "uncertain.yaml"))
    assert stated["tables"]["households"] == {"rows": 8, "count": 56}
    assert "futures" not in stated
