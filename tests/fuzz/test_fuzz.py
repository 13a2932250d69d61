"""Whatever a file holds, it gives a scenario or findings: no other exception, no warning, no end of the process.

Inputs are fixed: each is drawn from its kind and number alone. A few are read in the fast tests, more in the slow ones,
and as many as a night has room for by ``.ci/night``. One that failed is made again by
``python -m tests.fuzz.running KIND NUMBER FOLDER``.
"""

from __future__ import annotations

import os
import random
from typing import Any

import pytest
from tests.conftest import NIGHT, full_count
from tests.fuzz.running import APART, KINDS, complaints, judged, judged_apart

FAST = {"yaml trees": 60, "yaml texts": 60, "csv": 30, "scenario workbooks": 15, "table workbooks": 15}
CI = {"yaml trees": 1_600, "yaml texts": 2_000, "csv": 900, "scenario workbooks": 400, "table workbooks": 500}
BATCHES = 4


def hold(kind: str, numbers: range, *, apart: bool) -> list[dict[str, Any]]:
    answers = (judged_apart if apart else judged)(kind, numbers)
    assert len(answers) == len(numbers)
    wrong = {f"{kind} {answer['number']}": complaints(answer) for answer in answers}
    assert {name: words for name, words in wrong.items() if words} == {}
    return answers


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_file_is_read_or_refused_in_words(kind: str) -> None:
    hold(kind, range(FAST[kind]), apart=False)  # these few are known to let their process live


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(BATCHES))
@pytest.mark.parametrize("kind", KINDS)
def test_many_changed_files_are_read_or_refused_in_words(kind: str, batch: int) -> None:
    count = full_count(CI[kind], 100 * CI[kind]) // BATCHES
    # At night other inputs are wanted each time.
    begin = random.randrange(10**9) if os.environ.get(NIGHT) else FAST[kind]
    answers = []
    for low in range(begin + batch * count, begin + (batch + 1) * count, 500):
        numbers = range(low, min(low + 500, begin + (batch + 1) * count))
        answers += hold(kind, numbers, apart=kind in APART)
    # Neither all are sound nor all broken: what is drawn reaches both sides of the checks.
    assert {answer["outcome"] for answer in answers} == {"loaded", "refused"}
