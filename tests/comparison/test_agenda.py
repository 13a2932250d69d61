"""What has to be done, in which order, and how long it will take."""

import pytest

from renewopt.comparison import agenda
from renewopt.comparison.agenda import _Kind, _Outlook

PLAN, SEARCH, OTHER, RULE = (
    _Kind("plan optimal", searches=True),
    _Kind("run perfect", searches=True),
    _Kind("run rolling", searches=True),
    _Kind("run first-come", searches=False),
)


def test_the_time_left_is_told_by_what_like_work_took(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(agenda.time, "monotonic", lambda: now)
    outlook = _Outlook()
    for kind in (PLAN, SEARCH, SEARCH, OTHER, RULE, RULE):
        outlook.expect(kind)
    assert outlook.left() is None
    # Two workers: half the time of what was spent. What has no like yet is reckoned as the searches so far.
    now = 15.0
    outlook.add(PLAN, 30.0)
    assert outlook.left() == pytest.approx(3 * 30 / 2)
    now = 20.0
    outlook.add(SEARCH, 10.0)
    assert outlook.left() == pytest.approx((10 + 20) / 2)
    now = 20.5
    outlook.add(RULE, 1.0)
    assert outlook.left() == pytest.approx((10 + 20 + 1) / 2)
    for kind, seconds in ((SEARCH, 10.0), (OTHER, 4.0), (RULE, 1.0)):
        outlook.add(kind, seconds)
    assert outlook.left() == 0


def test_rules_alone_do_not_tell_how_long_searches_take() -> None:
    outlook = _Outlook()
    for kind in (SEARCH, RULE, RULE):
        outlook.expect(kind)
    outlook.add(RULE, 0.5)
    assert outlook.left() is None
