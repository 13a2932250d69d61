"""Of rules that cannot hold together a smallest set that cannot, by leaving rules out and asking again."""

from __future__ import annotations

from renewopt.optimiser.infeasibility.feasibility import MONEY
from renewopt.results.conflicts.questions import Questions

__all__ = ["minimal_set"]

OF_MONEY = ("funds", "moves", "opening_loans", "owing", "arrears", "commitments")


def minimal_set(questions: Questions, numbers: list[int]) -> list[int]:
    """Of rules that cannot hold together a smallest set that cannot; notes whether it is proven."""
    questions.sure = True
    scarce = questions.answer(frozenset(numbers)).scarce
    if scarce is not None:
        numbers = _needed(questions, numbers, scarce)
        if questions.cannot_hold(numbers):
            return numbers
    # Whole families first: what has nothing to do with money, or with homes, is gone with one answer.
    for family in dict.fromkeys(questions.families[n] for n in numbers):
        others = [n for n in numbers if questions.families[n] != family]
        if others and questions.cannot_hold(others):
            numbers = others
    return sorted(_smallest(questions, [], [], numbers))


def _needed(questions: Questions, numbers: list[int], scarce: frozenset[str]) -> list[int]:
    """Of rules that cannot hold together those without any one of which they, and the rest of these, can.

    Rules that seem to play no part are left as they are, so that what is asked stays near to the scenario, where
    answers come fastest; others are left out for good, many alike at a time, as long as the rest cannot hold.
    """
    hinted = [n for n in numbers if _plays_a_part(questions.rules[n].key, scarce)]
    if not hinted or not questions.cannot_hold(hinted):
        hinted = numbers
    left, needed = list(numbers), list[int]()
    groups = [(hinted, 0)]
    while groups:
        group, depth = groups.pop()
        if depth and questions.cannot_hold(n for n in left if n not in group):
            left = [n for n in left if n not in group]
        elif len(group) == 1:
            needed += group
        else:
            groups += [(part, depth + 1) for part in _alike(questions, group, depth + 1)]
    return sorted(needed)


def _alike(questions: Questions, group: list[int], depth: int) -> list[list[int]]:
    """Parts of a group whose keys begin alike; halves where they cannot be told apart."""
    by: dict[str, list[int]] = {}
    for n in group:
        by.setdefault(".".join(questions.rules[n].key.split(".")[:depth]), []).append(n)
    half = len(group) // 2
    whole = len(by) == 1 and len({questions.rules[n].key for n in group}) == 1
    return [group[:half], group[half:]] if whole else list(by.values())


def _smallest(questions: Questions, kept: list[int], added: list[int], candidates: list[int]) -> list[int]:
    if added and questions.cannot_hold(kept):
        return []
    if len(candidates) == 1:
        return candidates
    first, second = candidates[: len(candidates) // 2], candidates[len(candidates) // 2 :]
    of_second = _smallest(questions, [*kept, *first], first, second)
    of_first = _smallest(questions, [*kept, *of_second], of_second, first)
    return [*of_first, *of_second]


def _plays_a_part(key: str, scarce: frozenset[str]) -> bool:
    """Whether a rule may matter where this is scarce."""
    section, _, rest = key.partition(".")
    if section == "estates":
        return rest.partition(".")[0] in scarce
    return section not in OF_MONEY or MONEY in scarce
