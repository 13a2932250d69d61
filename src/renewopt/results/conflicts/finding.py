"""Minimal sets of rules that cannot hold together, by leaving rules of the scenario out and solving again.

The sets are irreducible infeasible subsets over named rules instead of rows (Chinneck, *Feasibility and
Infeasibility in Optimization*, 2008), found by divide and conquer (Junker, *QuickXplain*, AAAI 2004): each rule is
left out in the scenario itself, which is compiled and solved anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from renewopt.errors import ScenarioError
from renewopt.optimiser.infeasibility.feasibility import Effort, can_be_kept
from renewopt.problem import Problem, compile_problem
from renewopt.results.conflicts.rules_homes import home_rules
from renewopt.results.conflicts.rules_households import household_rules
from renewopt.results.conflicts.rules_money import money_rules
from renewopt.results.conflicts.stated_rule import Edit, StatedRule, Way
from renewopt.results.record import Conflict, ConflictingRule
from renewopt.scenario import Scenario
from renewopt.vocabulary import Goal
from renewopt.wording import LANGUAGES, Wording, words

__all__ = ["FoundConflict", "FoundRule", "find_conflicts", "search_conflicts", "stated_rules"]

EFFORT = 2e8
"""Nonzeros × iterations of all models that are solved: about a minute of a processor for thousands of households.
"""
MOST = 3
"""Conflicts that are told; there may be more."""
MANY = 8
"""Rules that are told together where the effort was not enough to leave out all that play no part."""
ASIDE = 20
"""Rules that are left aside in search of a conflict each rule of which is enough alone."""
ROUGH = 0.02
"""Amounts are found to this fraction where nothing is proven."""
NOT_ENOUGH = words("leaving it out alone would not be enough")


def stated_rules(scenario: Scenario, problem: Problem) -> list[StatedRule]:
    """List every rule of a scenario that can make a plan impossible, and everything that may be scarce."""
    return [*household_rules(scenario, problem), *home_rules(scenario, problem), *money_rules(scenario, problem)]


def find_conflicts(
    scenario: Scenario, problem: Problem, missing: float = 0.0, effort: float = EFFORT
) -> tuple[Conflict, ...]:
    """Find rules of an infeasible scenario that cannot hold together, in words; see `search_conflicts`."""
    return tuple(
        Conflict(
            tuple(
                ConflictingRule(
                    one.rule.key, _in_words(one.rule.text), None if one.said is None else _in_words(one.said)
                )
                for one in found.rules
            ),
            found.proven,
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
    finder = _Finder(
        scenario.model_copy(update={"objective": aim}), stated_rules(scenario, problem), missing, Effort(effort)
    )
    try:
        return finder.conflicts()
    except KeyboardInterrupt:
        return []


@dataclass(frozen=True, eq=False)
class FoundRule:
    """A rule of a conflict.

    Attributes
    ----------
    said
        Its smallest change, in words; None where it was not found out.
    change
        The same on a scenario; None where no change of it alone is enough, or it was not found out.
    less
        The next smaller change, which was found not to be enough; None where there is none.
    """

    rule: StatedRule
    said: Wording | None = None
    change: Edit | None = None
    less: Edit | None = None


@dataclass(frozen=True, eq=False)
class FoundConflict:
    """Rules that cannot hold together.

    Attributes
    ----------
    context
        The scenario in which any one of the changes is enough.
    """

    rules: tuple[FoundRule, ...]
    context: Scenario
    proven: bool


class _Finder:
    """The search in one scenario; every answer about a set of rules is remembered."""

    def __init__(self, scenario: Scenario, rules: Sequence[StatedRule], missing: float, effort: Effort) -> None:
        self._scenario = scenario
        self._rules = rules
        self._missing = missing
        self._effort = effort
        self._families = [rule.key.partition(".")[0] for rule in rules]
        self._known: dict[frozenset[int], bool] = {}
        self._sure = True
        """Whether every answer since this was last set was decided and proven."""

    def conflicts(self) -> list[FoundConflict]:
        """Find one conflict each rule of which is the key to all, or several ones."""
        every = list(range(len(self._rules)))
        if not self._cannot_hold(every):
            return []
        members = self._minimal(every)
        enough, aside = self._enough(members), set[int]()
        while enough and len(enough) < len(members) and len(aside) < ASIDE:
            # Whoever is not enough alone has no part in some other conflict, and the others are in all of them.
            weak = [n for n in members if n not in enough]
            left_out = next(
                (
                    some
                    for some in (set(weak), *({n} for n in weak))
                    if self._cannot_hold(n for n in every if n not in aside and n not in some)
                ),
                None,
            )
            if left_out is None:
                break
            aside |= left_out
            members = self._minimal([n for n in every if n not in aside])
            enough = self._enough(members)
        if not members or (self._effort.left <= 0 and len(members) > MANY):
            return []
        # Of rules that are not enough alone there are others that stand in the way as well: they are told, too.
        found, left, out = [(members, self._sure)], every, set[int]()
        while len(found) < MOST and (weak := [n for n in found[-1][0] if n not in enough]):
            out.add(weak[0])
            left = [n for n in left if n != weak[0]]
            if not self._cannot_hold(left):
                break
            found.append((self._minimal(left), self._sure))
        others = set() if enough else out
        return [self._told(members, sure, others=others - set(members)) for members, sure in found]

    def _enough(self, members: Iterable[int]) -> list[int]:
        """Those rules without any one of which all the others can hold together."""
        every = range(len(self._rules))
        return [n for n in members if not self._cannot_hold(m for m in every if m != n)]

    def _minimal(self, numbers: list[int]) -> list[int]:
        """Of rules that cannot hold together a smallest set that cannot; notes whether it is proven."""
        self._sure = True
        # Whole families first: what has nothing to do with money, or with homes, is gone with one answer.
        for family in dict.fromkeys(self._families[n] for n in numbers):
            others = [n for n in numbers if self._families[n] != family]
            if others and self._cannot_hold(others):
                numbers = others
        return sorted(self._smallest([], [], numbers))

    def _smallest(self, kept: list[int], added: list[int], candidates: list[int]) -> list[int]:
        if added and self._cannot_hold(kept):
            return []
        if len(candidates) == 1:
            return candidates
        first, second = candidates[: len(candidates) // 2], candidates[len(candidates) // 2 :]
        of_second = self._smallest([*kept, *first], first, second)
        of_first = self._smallest([*kept, *of_second], of_second, first)
        return [*of_first, *of_second]

    def _cannot_hold(self, kept: Iterable[int]) -> bool:
        """Whether the rules of these numbers cannot hold together, all others left out."""
        numbers = frozenset(kept)
        if numbers not in self._known:
            self._known[numbers] = self._follows(numbers)
        return self._known[numbers]

    def _follows(self, numbers: frozenset[int]) -> bool:
        """What is known of these rules from fewer or more of them, else what is found out."""
        for others, impossible in self._known.items():
            if (others <= numbers) if impossible else (numbers <= others):
                return impossible
        return self._impossible(self._without(n for n in range(len(self._rules)) if n not in numbers))

    def _without(self, numbers: Iterable[int]) -> Scenario:
        scenario = self._scenario
        for n in numbers:
            scenario = self._rules[n].without(scenario)
        return scenario

    def _impossible(self, scenario: Scenario) -> bool:
        """Whether no plan is possible; what is not decided counts as possible, and is noted."""
        return self._possible(scenario) is False

    def _possible(self, scenario: Scenario) -> bool | None:
        try:
            problem = compile_problem(scenario)
        except ScenarioError:
            self._sure = False
            return None
        answer = can_be_kept(problem, self._effort)
        self._sure = self._sure and answer.proven
        return answer.kept

    def _told(self, members: list[int], sure: bool, *, others: set[int]) -> FoundConflict:
        context = self._without(others)
        return FoundConflict(tuple(self._changed(self._rules[n], context) for n in members), context, sure)

    def _changed(self, rule: StatedRule, scenario: Scenario) -> FoundRule:
        """Find the smallest change of a rule after which all others of the scenario can be kept."""
        outright = self._possible(rule.without(scenario)) if self._effort.left > 0 else None
        if outright is None:
            return FoundRule(rule)
        if not outright:
            return FoundRule(rule, NOT_ENOUGH)
        for way in rule.ways:
            level = self._level(way, scenario)
            if level is None:
                continue
            less = None if level == 1 else partial(way.at, level=level - 1)
            month = self._latest(way, level, scenario)
            if month is None or way.arriving is None or way.said_by is None:
                return FoundRule(rule, way.said(level), partial(way.at, level=level), less)
            said = way.said_by(level, scenario.start + month)
            return FoundRule(rule, said, partial(way.arriving, level=level, month=month), less)
        return FoundRule(rule, rule.dropped, rule.without)

    def _level(self, way: Way, scenario: Scenario) -> int | None:
        """Least level of a way that is enough; None: not even the greatest is, or it was not found out."""
        low, high = 0, way.most
        guess = int(self._missing)
        if way.in_yuan and 1 < guess < high and self._possible(way.at(scenario, guess + 1)):
            high = guess + 1
            # As a rule it is just that amount.
            low = 0 if self._possible(way.at(scenario, guess - 1)) else guess - 1
        elif high < 1 or not self._possible(way.at(scenario, high)):
            return None
        while high - low > max(1, 0 if self._sure or not way.in_yuan else int(high * ROUGH)):
            middle = (low + high) // 2
            answer = self._possible(way.at(scenario, middle))
            if answer is None:
                return None
            low, high = (low, middle) if answer else (middle, high)
        return high

    def _latest(self, way: Way, level: int, scenario: Scenario) -> int | None:
        """Find the latest month in which an amount is still enough; None where the way has no date."""
        if way.arriving is None:
            return None
        low, high = 0, scenario.months
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._possible(way.arriving(scenario, level, middle)) else (low, middle)
        return low


def _in_words(text: Wording) -> dict[str, str]:
    return {lang: text.said(lang) for lang in LANGUAGES}
