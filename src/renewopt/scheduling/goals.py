"""Strict goals that starts alone decide: delay, what is not begun by a month, whom no work has helped by then."""

from __future__ import annotations

import numpy as np

from renewopt.scheduling.activities import NEVER_STARTS, Ints, Programme, StartGoal
from renewopt.scheduling.schedule import delay_fen
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import StartsGoal

__all__ = ["goal_of_each", "goal_value"]


def goal_of_each(programme: Programme, goal: StartGoal, starts: Ints) -> Ints:
    """(n,) what each activity adds to a goal: fen, or a number."""
    each = programme.activities
    if goal.goal == StartsGoal.DELAY:
        value = delay_fen(programme, starts)
    elif goal.goal == StartsGoal.NOT_BEGUN:
        value = ((starts == NEVER_STARTS) | (starts > goal.by)).astype(np.int64)
    else:
        late = (starts == NEVER_STARTS) | (starts + each.ready > goal.by)
        value = np.where(late & each.is_work, each.households, 0)
    result: Ints = np.where(goal.counted, value, 0)
    return result


def goal_value(programme: Programme, goal: StartGoal, starts: Ints) -> float:
    """What a goal comes to: yuan, or a number."""
    total = int(goal_of_each(programme, goal, starts).sum())
    return total / FEN_PER_YUAN if goal.goal == StartsGoal.DELAY else float(total)
