"""Minimal sets of rules that cannot hold together, by leaving rules of the scenario out and solving again.

The sets are irreducible infeasible subsets over named rules instead of rows (Chinneck, *Feasibility and
Infeasibility in Optimization*, 2008), found by divide and conquer (Junker, *QuickXplain*, AAAI 2004): each rule is
left out in the scenario itself, which is compiled and solved anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from math import isqrt

from renewopt.errors import ScenarioError
from renewopt.optimiser.infeasibility.feasibility import LATER_ROUNDS, MONEY, Effort, Feasibility, can_be_kept
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
MANY_CERTAIN = 24
"""The same where it is proven that they cannot hold together."""
ASIDE = 20
"""Rules that are left aside in search of a conflict each rule of which is enough alone."""
FOR_CHANGES = 0.6
"""Share of the effort that is kept for the changes: no further conflict is looked for with it."""
ROUGH = 0.02
"""Amounts are found to this fraction where nothing is proven."""
FAR = 8
"""Amounts that are so many times apart are halved by their ratio, nearer ones by their difference."""
OF_MONEY = ("funds", "moves", "opening_loans", "owing", "arrears", "commitments")
NOT_ENOUGH = words("leaving it out alone would not be enough")


def stated_rules(scenario: Scenario, problem: Problem) -> list[StatedRule]:
    """List every rule of a scenario that can make a plan impossible, and everything that may be scarce."""
    return [*household_rules(scenario), *home_rules(scenario, problem), *money_rules(scenario, problem)]


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
            found.certain,
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
        A smaller change, the next one if all is proven, which was found not to be enough; None where there is none.
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
    proven, certain
        As in `Conflict`.
    """

    rules: tuple[FoundRule, ...]
    context: Scenario
    proven: bool
    certain: bool


class _Finder:
    """The search in one scenario; every answer about a set of rules is remembered."""

    def __init__(self, scenario: Scenario, rules: Sequence[StatedRule], missing: float, effort: Effort) -> None:
        self._scenario = scenario
        self._rules = rules
        self._missing = missing
        self._effort = effort
        self._for_changes = FOR_CHANGES * effort.left
        self._every = frozenset(range(len(rules)))
        self._families = [rule.key.partition(".")[0] for rule in rules]
        self._known: dict[frozenset[int], Feasibility] = {}
        self._sure = True
        """Whether every answer since this was last set was decided and proven."""

    def conflicts(self) -> list[FoundConflict]:
        """Find one conflict each rule of which is the key to all, or several ones."""
        every = sorted(self._every)
        if not self._cannot_hold(every):
            return []
        # Where the first question is not decided by prices the others, which are alike, would not be either.
        first = self._answer(self._every)
        self._effort.rounds = LATER_ROUNDS if first.proven else 0
        self._missing = self._missing or first.lacking
        members = self._minimal(every)
        enough, aside = self._enough(members), set[int]()
        while enough and len(enough) < len(members) and len(aside) < ASIDE and self._time_for_more():
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
        if not members or (self._effort.left <= 0 and len(members) > self._most(members)):
            return []
        # Of rules that are not enough alone there are others that stand in the way as well: they are told, too.
        found, left, out = [(members, self._sure)], every, set[int]()
        while len(found) < MOST and self._time_for_more() and (weak := [n for n in found[-1][0] if n not in enough]):
            out.add(weak[0])
            left = [n for n in left if n != weak[0]]
            if not self._cannot_hold(left):
                break
            found.append((self._minimal(left), self._sure))
        others = set() if enough else out
        return [self._told(members, sure, others=others - set(members)) for members, sure in found]

    def _time_for_more(self) -> bool:
        return self._effort.left > self._for_changes

    def _most(self, members: Iterable[int]) -> int:
        """How many rules may be told together without more effort."""
        known = self._known.get(frozenset(members))
        return MANY if known is None or not known.proven else MANY_CERTAIN

    def _enough(self, members: Iterable[int]) -> list[int]:
        """Those rules without any one of which all the others can hold together."""
        return [n for n in members if not self._cannot_hold(self._every - {n})]

    def _minimal(self, numbers: list[int]) -> list[int]:
        """Of rules that cannot hold together a smallest set that cannot; notes whether it is proven."""
        self._sure = True
        scarce = self._answer(frozenset(numbers)).scarce
        if scarce is not None:
            numbers = self._needed(numbers, scarce)
            if self._cannot_hold(numbers):
                return numbers
        # Whole families first: what has nothing to do with money, or with homes, is gone with one answer.
        for family in dict.fromkeys(self._families[n] for n in numbers):
            others = [n for n in numbers if self._families[n] != family]
            if others and self._cannot_hold(others):
                numbers = others
        return sorted(self._smallest([], [], numbers))

    def _needed(self, numbers: list[int], scarce: frozenset[str]) -> list[int]:
        """Of rules that cannot hold together those without any one of which they, and the rest of these, can.

        Rules that seem to play no part are left as they are, so that what is asked stays near to the scenario, where
        answers come fastest; others are left out for good, many alike at a time, as long as the rest cannot hold.
        """
        hinted = [n for n in numbers if _plays_a_part(self._rules[n].key, scarce)]
        if not hinted or not self._cannot_hold(hinted):
            hinted = numbers
        left, needed = list(numbers), list[int]()
        groups = [(hinted, 0)]
        while groups:
            group, depth = groups.pop()
            if depth and self._cannot_hold(n for n in left if n not in group):
                left = [n for n in left if n not in group]
            elif len(group) == 1:
                needed += group
            else:
                groups += [(part, depth + 1) for part in self._alike(group, depth + 1)]
        return sorted(needed)

    def _alike(self, group: list[int], depth: int) -> list[list[int]]:
        """Parts of a group whose keys begin alike; halves where they cannot be told apart."""
        by: dict[str, list[int]] = {}
        for n in group:
            by.setdefault(".".join(self._rules[n].key.split(".")[:depth]), []).append(n)
        half = len(group) // 2
        whole = len(by) == 1 and len({self._rules[n].key for n in group}) == 1
        return [group[:half], group[half:]] if whole else list(by.values())

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
        return self._answer(frozenset(kept)).kept is False

    def _answer(self, numbers: frozenset[int]) -> Feasibility:
        """What is known of these rules from fewer or more of them, else what is found out."""
        known = self._known.get(numbers)
        if known is None:
            known = next(
                (
                    answer
                    for others, answer in self._known.items()
                    if (answer.kept is False and others <= numbers) or (answer.kept is True and numbers <= others)
                ),
                None,
            )
            known = self._known[numbers] = known or self._asked(self._without(self._every - numbers))
        self._sure = self._sure and known.proven
        return known

    def _without(self, numbers: Iterable[int]) -> Scenario:
        scenario = self._scenario
        for n in sorted(numbers):
            scenario = self._rules[n].without(scenario)
        return scenario

    def _asked(self, scenario: Scenario) -> Feasibility:
        if self._effort.left <= 0:
            return Feasibility(None, proven=False)
        try:
            problem = compile_problem(scenario)
        except ScenarioError:
            return Feasibility(None, proven=False)
        return can_be_kept(problem, self._effort)

    def _possible(self, scenario: Scenario) -> bool | None:
        answer = self._asked(scenario)
        self._sure = self._sure and answer.proven
        return answer.kept

    def _told(self, members: list[int], sure: bool, *, others: set[int]) -> FoundConflict:
        alone = self._known.get(frozenset(members))
        if not sure and (alone is None or not alone.proven):
            # That they cannot hold may follow from answers that prove nothing.
            alone = self._asked(self._without(self._every - set(members)))
        certain = sure or (alone is not None and alone.kept is False and alone.proven)
        context = self._every - others
        found = {n: self._changed(n, context, certain=certain) for n in sorted(members, key=self._questions)}
        return FoundConflict(tuple(found[n] for n in members), self._without(others), sure, certain)

    def _questions(self, number: int) -> tuple[int, int]:
        """Rank by the questions that a smallest change takes: months and counts, then amounts, then dated amounts."""
        ways = self._rules[number].ways
        return sum(way.in_yuan for way in ways) + sum(way.arriving is not None for way in ways), number

    def _changed(self, number: int, context: frozenset[int], *, certain: bool) -> FoundRule:
        """Find the smallest change of a rule after which all others of these can be kept."""
        rule, scenario = self._rules[number], self._without(self._every - context)
        outright = self._answer(context - {number})
        if outright.kept is None:
            return FoundRule(rule)
        if not outright.kept:
            # Beside what is proven nothing is claimed that is not.
            return FoundRule(rule, NOT_ENOUGH if outright.proven or not certain else None)
        for way in rule.ways:
            found = self._level(way, scenario)
            if found is None:
                continue
            level, too_low = found
            less = partial(way.at, level=too_low) if too_low else None
            month = self._latest(way, level, scenario)
            if month is None or way.arriving is None or way.said_by is None:
                return FoundRule(rule, way.said(level), partial(way.at, level=level), less)
            said = way.said_by(level, scenario.start + month)
            return FoundRule(rule, said, partial(way.arriving, level=level, month=month), less)
        return FoundRule(rule, rule.dropped, rule.without)

    def _level(self, way: Way, scenario: Scenario) -> tuple[int, int] | None:
        """Least level of a way that is enough, and one that is not; None: not even the greatest is, or not found out.

        Amounts of money are found to the yuan where all is proven, else to a share of what they are.
        """
        low, high = 0, way.most
        if high < 1:
            return None
        guess = int(self._missing) if way.in_yuan else 0
        near = max(1, 0 if self._sure else int(guess * ROUGH))
        if near < guess < high - near:
            # As a rule it is just that amount.
            low = guess + near
            if self._possible(way.at(scenario, low)):
                low, high = 0 if self._possible(way.at(scenario, guess - near)) else guess - near, low
        if high == way.most and not self._possible(way.at(scenario, high)):
            return None
        while high - low > max(1, 0 if self._sure or not way.in_yuan else int(high * ROUGH)):
            middle = isqrt(low * high) if way.in_yuan and 0 < FAR * low < high else (low + high) // 2
            answer = self._possible(way.at(scenario, middle))
            if answer is None:
                return None
            low, high = (low, middle) if answer else (middle, high)
        return high, low

    def _latest(self, way: Way, level: int, scenario: Scenario) -> int | None:
        """Find the latest month in which an amount is still enough; None where the way has no date."""
        if way.arriving is None:
            return None
        low, high = 0, scenario.months
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._possible(way.arriving(scenario, level, middle)) else (low, middle)
        return low


def _plays_a_part(key: str, scarce: frozenset[str]) -> bool:
    """Whether a rule may matter where this is scarce."""
    section, _, rest = key.partition(".")
    if section == "estates":
        return rest.partition(".")[0] in scarce
    return section not in OF_MONEY or MONEY in scarce


def _in_words(text: Wording) -> dict[str, str]:
    return {lang: text.said(lang) for lang in LANGUAGES}
