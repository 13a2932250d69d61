"""Plans of programmes in which starts are still to be decided: starts and plan are searched for together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from renewopt.errors import Finding, ScenarioError
from renewopt.ledger import audit_decisions
from renewopt.policies.start_rules import starts_by
from renewopt.policies.starting import plans_of_rules
from renewopt.problem import Decisions, Problem, compile_problem
from renewopt.results.programme import Started, started, with_starts
from renewopt.scenario import Scenario
from renewopt.scheduling import Programme, StartGoal, compile_programme, dated
from renewopt.vocabulary import STARTS_GOALS, StartBy, StartByName
from renewopt.wording import words

if TYPE_CHECKING:
    from renewopt.optimiser.progress import Progress
    from renewopt.optimiser.solving import Solution
    from renewopt.optimiser.starting import Starts
    from renewopt.optimiser.starts.asked import Chosen
    from renewopt.optimiser.warm_start import WarmStart

__all__ = [
    "StartsAim",
    "check_starts",
    "decide",
    "is_decided",
    "none_possible",
    "provable",
    "started_by_rule",
    "started_by_search",
]


@dataclass(frozen=True, eq=False)
class StartsAim:
    """What a search is asked besides; see `renewopt.optimiser.starts.choosing.choose` and `choose_strictly`.

    Attributes
    ----------
    change, begin
        As there.
    limited
        Whether there is a goal before all others: `first`, or the first tier of what `change` makes.
    first, limits
        As of `renewopt.optimiser.starts.strict.choose_strictly`.
    """

    change: Callable[[Problem], Problem] = lambda problem: problem
    begin: tuple[NDArray[np.int64], ...] = ()
    limited: bool = False
    first: StartGoal | None = None
    limits: tuple[float, ...] = ()


def started_by_search(
    scenario: Scenario,
    *,
    gap: float,
    time_limit: float,
    solver: str,
    method: str,
    progress: Callable[[Progress], None] | None = None,
    asked: StartsAim | None = None,
    warm: WarmStart | None = None,
) -> tuple[Started, Solution | None]:
    """Decide what starts when, together with the plan for it.

    Parameters
    ----------
    warm
        What an earlier search for a similar programme has learnt.

    Returns
    -------
    Started
        The scenario with these dates.
    Solution or None
        The plan for them, with the bound and gap of starts and plan together, less what the programme adds; None where
        there was nothing to decide, or where no schedule has a plan: that of one is then to be told.

    Raises
    ------
    ScenarioError
        If the rules of the programme leave no schedule, or it is too large for its strict goals.
    ValueError
        If another solver than HiGHS is asked for, and there is something to decide.
    """
    programme = compile_programme(scenario)
    if programme.fixed:
        return started(scenario), None
    if solver != "highs":
        raise ValueError(
            words(
                "solver {solver!r}: what starts when is decided with HiGHS alone; leave the solver out", solver=solver
            )
        )
    check_starts(scenario)
    chosen = decide(
        scenario, programme, asked or StartsAim(), gap=gap, time_limit=time_limit, method=method, progress=progress,
        warm=warm,
    )  # fmt: skip
    if chosen.starts is None:
        raise ScenarioError([none_possible(scenario)])
    begun = with_starts(scenario, programme, programme.vector(chosen.starts))
    # Of a goal that a search was asked for besides, nothing stands in the scenario.
    begun = replace(begun, least=chosen.least[0 if asked is None or asked.first is None else 1 :])
    solution = chosen.solution
    if solution is None or chosen.status == "infeasible":
        return begun, None
    bound = None if chosen.bound is None else chosen.bound - chosen.added
    seconds = {f"starts.{phase}": spent for phase, spent in chosen.seconds.items()}
    return begun, replace(
        solution, status=chosen.status, bound=bound, gap=chosen.gap, seconds=solution.seconds | seconds
    )


def started_by_rule(scenario: Scenario, rule: StartByName = StartBy.ALL) -> Started:
    """Start what can be by a rule, for a policy that does not have its starts decided with the plan.

    Parameters
    ----------
    rule
        As of `renewopt.policies.start_rules.starts_by`; ``start-all``: everything as early as it can, in the order that
        delays least. Where the order of another rule leads to no schedule, it is that one, too.

    Raises
    ------
    ScenarioError
        If no rule of thumb finds a schedule that the programme allows.
    """
    programme = compile_programme(scenario)
    if programme.fixed:
        return started(scenario)
    from renewopt.optimiser.starts.choosing import by_rule

    starts = None if rule == StartBy.ALL else starts_by(rule, scenario, programme)
    starts = by_rule(scenario, programme) if starts is None else starts
    if starts is None:
        raise ScenarioError([none_possible(scenario)])
    return with_starts(scenario, programme, starts)


def provable(scenario: Scenario, programme: Programme) -> tuple[bool, int]:
    """Whether the model in which starts are open is small enough to be solved to a proof; and its choices."""
    from renewopt.optimiser.starts.asking import fits
    from renewopt.optimiser.starts.widening import open_choices, without_land

    plain = without_land(scenario)
    choices = open_choices(programme, lambda starts: compile_problem(dated(plain, programme.named(starts), programme)))
    return fits(choices), choices


def decide(
    scenario: Scenario,
    programme: Programme,
    asked: StartsAim,
    *,
    gap: float,
    time_limit: float,
    method: str,
    progress: Callable[[Progress], None] | None = None,
    warm: WarmStart | None = None,
) -> Chosen:
    """Decide what starts when, by whichever search serves the goals."""
    from renewopt.optimiser.starts.choosing import choose
    from renewopt.optimiser.starts.strict import choose_strictly

    if scenario.objective.tiers or asked.limited:
        return choose_strictly(
            scenario, programme, gap=gap, time_limit=time_limit, method=method, change=asked.change, first=asked.first,
            limits=asked.limits, accepts=_accepts, starts=_rules, begin=asked.begin, warm=warm,
        )  # fmt: skip
    return choose(
        scenario, programme, gap=gap, time_limit=time_limit, method=method, progress=progress, accepts=_accepts,
        starts=_rules, change=asked.change, begin=asked.begin, warm=warm,
    )  # fmt: skip


def is_decided(scenario: Scenario, programme: Programme, goals: Iterable[str] = ()) -> bool:
    """Whether what starts when can be decided: goals that are no sums are weighed in small programmes alone.

    Parameters
    ----------
    goals
        Limited besides those of the scenario.
    """
    from renewopt.optimiser.starts.aim import PRICED

    named = {*goals, *(tier.goal for tier in scenario.objective.tiers)}
    return named <= {*PRICED, *STARTS_GOALS} or provable(scenario, programme)[0]


def check_starts(scenario: Scenario, goals: Iterable[str] = ()) -> None:
    """Refuse a scenario whose starts are neither settled nor to be decided; `goals` as of `is_decided`.

    Raises
    ------
    ScenarioError
    """
    programme = compile_programme(scenario)
    if programme.fixed:
        started(scenario)
        return
    if not is_decided(scenario, programme, goals):
        raise ScenarioError([_too_large(scenario, provable(scenario, programme)[1])])


def _too_large(scenario: Scenario, choices: int) -> Finding:
    return Finding(
        "error",
        _place(scenario),
        None,
        "starts",
        words(
            "{choices:,} {choices:choice|choices} (offer × month) with what starts when still open: too many for a "
            "goal of waits (`longest_wait`, `wait_spread`)",
            choices=choices,
        ),
        words("take a goal of fees, fiscal cost, disutility or starts, or write the starts of a plan in"),
    )


def _rules(problem: Problem) -> Starts:
    return partial(plans_of_rules, problem)


def _accepts(problem: Problem) -> Callable[[Decisions], bool]:
    return lambda decisions: not audit_decisions(problem, decisions)


def _place(scenario: Scenario) -> str:
    return str(scenario.path.name) if scenario.path is not None else scenario.name


def none_possible(scenario: Scenario) -> Finding:
    """Say that no schedule was found."""
    return Finding(
        "error",
        _place(scenario),
        None,
        "starts",
        words("no schedule was found in which all that must start does so within its window, crews and numbers"),
        words("widen a window, give a crew more hands, or let something that must start be left out"),
    )
