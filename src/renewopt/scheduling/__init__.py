"""The programme: which projects and works start when, and what that makes of the scenario.

A programme is a scenario whose dates are not yet written in. `compile_programme` gives its tables, `dated` the plain
scenario once the starts are known, `faults` what is wrong with given starts, `programme_delay` what they cost by delay.
"""

from renewopt.scheduling.activities import (
    NEVER_STARTS,
    Activities,
    Arcs,
    Crews,
    LandNeeds,
    Moves,
    Outlays,
    Programme,
    StartCounts,
    StartGoal,
)
from renewopt.scheduling.compiling import compile_programme
from renewopt.scheduling.dating import dated, revenues
from renewopt.scheduling.goals import goal_of_each, goal_value
from renewopt.scheduling.going_on import carried_on, under_way
from renewopt.scheduling.overview import Overview, first_starts, look_over
from renewopt.scheduling.schedule import Fault, delay_fen, faults, programme_delay

__all__ = [
    "NEVER_STARTS",
    "Activities",
    "Arcs",
    "Crews",
    "Fault",
    "LandNeeds",
    "Moves",
    "Outlays",
    "Overview",
    "Programme",
    "StartCounts",
    "StartGoal",
    "carried_on",
    "compile_programme",
    "dated",
    "delay_fen",
    "faults",
    "first_starts",
    "goal_of_each",
    "goal_value",
    "look_over",
    "programme_delay",
    "revenues",
    "under_way",
]
