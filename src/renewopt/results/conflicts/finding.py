"""Minimal sets of rules that cannot hold together, by leaving rules of the scenario out and solving again.

The sets are irreducible infeasible subsets over named rules instead of rows (Chinneck, *Feasibility and
Infeasibility in Optimization*, 2008), found by divide and conquer (Junker, *QuickXplain*, AAAI 2004): each rule is
left out in the scenario itself, which is compiled and solved anew.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from renewopt.optimiser.infeasibility.feasibility import LATER_ROUNDS, Effort, is_large
from renewopt.problem import Problem
from renewopt.results.conflicts.changes import Changes, FoundRule
from renewopt.results.conflicts.minimal import MANY, minimal_set, rules_enough
from renewopt.results.conflicts.questions import Questions
from renewopt.results.conflicts.rules_homes import home_rules
from renewopt.results.conflicts.rules_households import household_rules
from renewopt.results.conflicts.rules_money import money_rules
from renewopt.results.conflicts.rules_pins import pin_rules
from renewopt.results.conflicts.stated_rule import StatedRule
from renewopt.results.record import Conflict, ConflictingRule
from renewopt.scenario import Scenario
from renewopt.vocabulary import Goal
from renewopt.wording import LANGUAGES, Wording

__all__ = ["FoundConflict", "FoundRule", "find_conflicts", "search_conflicts", "stated_rules"]

EFFORT = 1.8e8
"""Nonzeros × iterations of all models that are solved: less than a minute of a processor for thousands of households.
"""
MOST = 3
"""Conflicts that are told; there may be more."""
JOINTS = re.compile("(/| → )")
"""Between ids that are written together."""
LISTED = 12
"""Rules of which all are told; of more that are not proven to be needed only those that are enough alone."""
ASIDE = 20
"""Rules that are left aside in search of a conflict each rule of which is enough alone."""
FOR_CHANGES = 0.2
"""Share of the effort that is kept for the changes: no further conflict is looked for with it."""
AFTER_SET, AFTER_ENOUGH = 0.2, 0.15
"""Shares of it that are left in a large problem after the search for a smallest set, and for rules of it that are
enough alone."""


def stated_rules(scenario: Scenario, problem: Problem) -> list[StatedRule]:
    """List every rule of a scenario that can make a plan impossible, and everything that may be scarce."""
    return [
        *household_rules(scenario, problem),
        *home_rules(scenario, problem),
        *money_rules(scenario, problem),
        *pin_rules(scenario),
    ]


def find_conflicts(
    scenario: Scenario, problem: Problem, missing: float = 0.0, effort: float = EFFORT
) -> tuple[Conflict, ...]:
    """Find rules of an infeasible scenario that cannot hold together, in words; see `search_conflicts`."""
    called = _calling(scenario)
    return tuple(
        Conflict(
            tuple(
                ConflictingRule(
                    one.rule.key,
                    _in_words(one.rule.text, called),
                    None if one.said is None else _in_words(one.said, called),
                )
                for one in found.rules
            ),
            found.proven,
            found.certain,
            found.more,
            found.needed,
        )
        for found in search_conflicts(scenario, problem, missing, effort)
    )


def search_conflicts(
    scenario: Scenario, problem: Problem, missing: float = 0.0, effort: float = EFFORT
) -> list[FoundConflict]:
    """Find rules of an infeasible scenario that cannot hold together.

    Parameters
    ----------
    scenario
        Compiled it gives `problem`, which no plan can keep.
    missing
        Yuan that are lacking at the least, as far as that is known: where the search for an amount begins.
    effort
        Work that may be done, in nonzeros × iterations of the models that are solved.

    Returns
    -------
    list of FoundConflict
        Each with the smallest change of each of its rules that would make a plan possible; if there are several, given
        that the first rule of each of the others is left out. Empty where none was found with that effort.
    """
    # What is minimised plays no part; without deadlines `fiscal_cost` might not even be defined.
    aim = scenario.objective.model_copy(update={"minimise": Goal.FEES, "tiers": []})
    rules = stated_rules(scenario, problem)
    aimed = scenario.model_copy(update={"objective": aim})
    questions = Questions(aimed, rules, Effort(effort), large=is_large(problem))
    try:
        return _Finder(questions, missing).conflicts()
    except KeyboardInterrupt:
        return []


@dataclass(frozen=True, eq=False)
class FoundConflict:
    """Rules that cannot hold together.

    Attributes
    ----------
    context
        The scenario in which any one of the changes is enough.
    proven, certain, more, needed
        As in `Conflict`.
    """

    rules: tuple[FoundRule, ...]
    context: Scenario
    proven: bool
    certain: bool
    more: int
    needed: bool


class _Finder:
    """The search in one scenario."""

    def __init__(self, questions: Questions, missing: float) -> None:
        self._questions = questions
        self._missing = missing
        effort = questions.effort.left
        self._for_changes = FOR_CHANGES * effort
        self._after_set, self._after_enough = AFTER_SET * effort, AFTER_ENOUGH * effort

    def conflicts(self) -> list[FoundConflict]:
        """Find one conflict each rule of which is the key to all, or several ones."""
        every = sorted(self._questions.every)
        first = self._questions.answer(self._questions.every)
        if first.kept is not False:
            return []
        # Where the first question is not decided by prices the others, which are alike, would not be either.
        self._questions.effort.rounds = LATER_ROUNDS if first.proven else 0
        self._questions.effort.simplifies = not first.proven
        self._missing = self._missing or first.lacking
        members = minimal_set(self._questions, every, self._after_set)
        enough, aside = self._enough(members), set[int]()
        # In a large problem another list takes too much work, and is as likely to be longer.
        while (
            not self._questions.large
            and enough
            and len(enough) < len(members)
            and len(aside) < ASIDE
            and self._time_for_more()
        ):
            # Whoever is not enough alone has no part in some other conflict, and the others are in all of them.
            weak = [n for n in members if n not in enough]
            left_out = next(
                (
                    some
                    for some in (set(weak), *({n} for n in weak))
                    if self._questions.cannot_hold(n for n in every if n not in aside and n not in some)
                ),
                None,
            )
            if left_out is None:
                break
            aside |= left_out
            members = minimal_set(self._questions, [n for n in every if n not in aside], self._after_set)
            enough = self._enough(members)
        if not members or self._unfinished(members):
            return []
        # Of rules that are not enough alone there are others that stand in the way as well: they are told, too.
        found, left, out = [members], every, set[int]()
        # Where most rules of a large problem are enough alone they do away with the rest as well.
        most = 1 if self._questions.large and 2 * len(enough) > len(members) else MOST
        while len(found) < most and self._time_for_more() and (weak := [n for n in found[-1] if n not in enough]):
            some = self._to_leave_out(left, weak, together=self._questions.large and bool(enough))
            out |= some
            left = [n for n in left if n not in some]
            if not self._questions.cannot_hold(left):
                break
            members = minimal_set(self._questions, left, self._after_set)
            if self._unfinished(members):
                break
            found.append(members)
        others = set() if enough else out
        return [self._told(members, enough, others=others - set(members)) for members in found]

    def _to_leave_out(self, left: list[int], weak: list[int], *, together: bool) -> set[int]:
        """Those of some rules without which the next list is looked for: all of them, where that is told, or one."""
        if together and self._questions.cannot_hold(n for n in left if n not in weak):
            return set(weak)
        # What was not decided without one may be without another.
        return {next((n for n in weak if self._questions.answer(frozenset(left) - {n}).kept is not None), weak[0])}

    def _time_for_more(self) -> bool:
        return self._questions.effort.left > self._for_changes

    def _enough(self, members: list[int]) -> list[int]:
        """Those rules without any one of which all the others can hold together."""
        return rules_enough(self._questions, members, self._after_enough)

    def _unfinished(self, members: list[int]) -> bool:
        """Whether many rules are left, of which nothing is proven, because the work has ended."""
        return self._questions.effort.left <= 0 and len(members) > MANY and not self._certain(members)

    def _certain(self, members: Iterable[int]) -> bool:
        known = self._questions.known.get(frozenset(members))
        return known is not None and known.kept is False and known.proven

    def _told(self, members: list[int], enough: list[int], *, others: set[int]) -> FoundConflict:
        questions = self._questions
        needed = questions.smallest[frozenset(members)]
        certain = needed or self._certain(members)
        if not certain:
            # That they cannot hold may follow from answers that prove nothing.
            alone = questions.asked(questions.without(questions.every - set(members)))
            certain = alone.kept is False and alone.proven
        listed = members
        if certain and not needed and len(members) > LISTED:
            listed = [n for n in members if n in enough] or members
        context = questions.every - others
        questions.sure = True
        changes = Changes(questions, self._missing, exact=needed and not questions.large)
        found = {n: changes.smallest(n, context, certain=certain) for n in sorted(listed, key=changes.steps)}
        more = len(members) - len(listed)
        return FoundConflict(
            tuple(found[n] for n in listed),
            questions.without(others),
            needed and questions.sure,
            certain,
            more,
            needed,
        )


def _in_words(text: Wording, called: Callable[[str], str]) -> dict[str, str]:
    told = text.calling(called)
    return {lang: told.said(lang) for lang in LANGUAGES}


def _calling(scenario: Scenario) -> Callable[[str], str]:
    """How the planner calls what has an id, alone or joined to others (``E1/90``, ``tax → bond``)."""
    items: list[Any] = [
        *scenario.projects,
        *scenario.works,
        *scenario.estates,
        *(phase for estate in scenario.estates for phase in estate.phases),
        *scenario.developers,
        *scenario.vouchers,
        *scenario.cash,
        *scenario.funds,
        *scenario.commitments,
    ]
    ids, names = Counter(item.id for item in items), Counter(item.name for item in items)
    by_id: dict[str, str] = {
        item.id: item.name for item in items if item.name and ids[item.id] == names[item.name] == 1
    }

    def called(text: str) -> str:
        return by_id.get(text) or "".join(by_id.get(str(part), str(part)) for part in JOINTS.split(text))

    return called
