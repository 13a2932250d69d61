"""Idle homes: told exactly where one more household could be housed and nothing would cost more."""

from dataclasses import replace

import numpy as np
import pytest
from tests.optimiser.undominated.idle_problems import idle_problem
from tests.results.made import random_decisions
from tests.seeds import seeds

from renewopt.ledger import Books, audit_decisions, idle_homes, replay
from renewopt.problem import Decisions, Problem, Tier
from renewopt.vocabulary import Goal

HOMES = {"household", "stock", "reservation", "limits"}


def broken(problem: Problem, decisions: Decisions) -> int:
    """Rules about households and homes that are broken, one by one."""
    return sum(v.rule in HOMES for v in audit_decisions(problem, decisions))


def cost(books: Books) -> float:
    """The households' part of the objective."""
    return float(books.totals.weighted_fees + books.totals.disutility_cost)


def could_be_housed(problem: Problem, decisions: Decisions) -> set[str]:
    """Projects of which some household who waits could take an offer: all of them are tried, and replayed."""
    before, faults = replay(problem, decisions), broken(problem, decisions)
    found = set()
    for offer, claim in enumerate(problem.offers.claim.tolist()):
        unit = int(problem.claims.count[claim]) if problem.claims.indivisible[claim] else 1
        if before.people.unsettled[claim] < unit:
            continue
        for month in range(int(problem.offers.first[offer]), int(problem.offers.last[offer]) + 1):
            moved = replace(decisions, settle=np.concatenate([decisions.settle, [[offer, month, unit]]]))
            after = replay(problem, moved)
            goals = zip(after.totals.tiers, before.totals.tiers, problem.objective.tiers, strict=True)
            if (
                broken(problem, moved) <= faults
                and (after.dues.due <= before.dues.due).all()
                and (after.fees.by_bill <= before.fees.by_bill).all()
                and cost(after) <= cost(before)
                and all(then <= now for then, now, tier in goals if tier.goal != Goal.FISCAL)
            ):
                found.add(str(problem.projects[problem.claims.project[claim]]))
    return found


@pytest.mark.parametrize("seed", seeds(range(60), fast=15))
def test_it_names_the_projects_that_trying_everything_finds(seed: int) -> None:
    problem = idle_problem(seed)
    problem = replace(problem, objective=replace(problem.objective, name=Goal.FEES))
    decisions = random_decisions(problem, seed)
    if broken(problem, decisions):
        decisions = Decisions()
    named = {violation.place["project"] for violation in idle_homes(replay(problem, decisions))}
    assert named == could_be_housed(problem, decisions)


def idle_in(problem: Problem, **objective: object) -> set[str]:
    problem = replace(problem, objective=replace(problem.objective, disutility_weight=0.0, **objective))
    return {violation.place["project"] for violation in idle_homes(replay(problem, Decisions()))}


def test_a_home_costs_no_more_whichever_objective_it_is() -> None:
    for problem in map(idle_problem, range(20)):
        assert idle_in(problem, name=Goal.FISCAL, tiers=()) == idle_in(problem, name=Goal.FEES, tiers=())


def test_a_strict_goal_may_not_get_worse() -> None:
    """What nobody likes is left alone where disutility comes first, and taken where it does not count."""
    told = 0
    for problem in map(idle_problem, range(20)):
        offers = replace(problem.offers, disutility=np.ones(len(problem.offers)))
        disliked = replace(problem, offers=offers)
        everybody = Tier("quiet", Goal.DISUTILITY, np.ones(len(problem.claims), dtype=np.bool_))
        told += bool(idle_in(disliked, tiers=()))
        assert not idle_in(disliked, tiers=(everybody,))
    assert told
