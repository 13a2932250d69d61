"""What is asked about the prices of a plan: whether it can be answered."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from renewopt.asked import a_text, is_number, yes_or_no
from renewopt.problem import Problem
from renewopt.results.contents import RECORD
from renewopt.results.planned import Plan
from renewopt.wording import words

__all__ = ["check_numbers", "files_of", "months_of"]


def check_numbers(top: object, whole: object, time_limit: object, differences: object, allow_outside: object) -> None:
    """Refuse what is no number of prices, no limit of time or no flag.

    Raises
    ------
    ValueError, TypeError
    """
    for name, value, least in (("top", top, 1), ("whole", whole, 0)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise ValueError(
                words(
                    "{name} {value}: expected a whole number from {least}",
                    name=name,
                    value=repr(value)[:100],
                    least=least,
                )
            )
    if not is_number(time_limit) or not 0 < time_limit < float("inf"):  # type: ignore[operator]
        raise ValueError(
            words("time_limit {time_limit!r}: expected a number of seconds above 0", time_limit=time_limit)
        )
    yes_or_no("differences", differences)
    yes_or_no("allow_outside", allow_outside)


def months_of(problem: Problem, months: Iterable[str] | None) -> list[int] | None:
    """Months of the plan by number.

    Raises
    ------
    ValueError
        If one is no month of the plan.
    """
    if months is None:
        return None
    calendar = problem.calendar
    labels = [calendar.label(t) for t in range(calendar.months)]
    found = []
    for month in [months] if isinstance(months, str) else months:
        a_text("months", month, words("a month of the plan, YYYY-MM"), none=False)
        if month not in labels[calendar.now :]:
            raise ValueError(
                words(
                    "{month!r} is no month of the plan that is still open; expected YYYY-MM from {first} to {last}",
                    month=month,
                    first=labels[calendar.now],
                    last=labels[-1],
                )
            )
        found.append(labels.index(month))
    return sorted(set(found))


def files_of(given: object, plan: Plan) -> tuple[Path, ...]:
    """Files that nothing is written over: the scenario's, and the record of a plan that was read."""
    if isinstance(given, Plan):
        return plan.scenario_files
    path = Path(str(given))
    return (*plan.scenario_files, (path if path.name == RECORD else path / RECORD).resolve())
