"""Of rules that cannot hold together a smallest set that cannot, by leaving rules out and asking again."""

from __future__ import annotations

from heapq import heappop, heappush

from renewopt.optimiser.infeasibility.feasibility import MONEY
from renewopt.results.conflicts.questions import Questions
from renewopt.results.conflicts.stated_rule import StatedRule

__all__ = ["MANY", "minimal_set", "rules_enough"]

MANY = 8
"""Rules up to which all are told where the effort was not enough to leave out all that play no part."""
FEW = 4
"""Rules that are asked about one by one: in groups it would take more questions."""
SINGLY = 2.0
"""Questions about a rule alone that are taken to be asked of a known proof, for the work that they are."""
IN_VAIN = 0.06
"""Share of the effort that is left after which no more groups are asked about, if none could be left out for it."""
NAMED = ("projects", "estates", "developers", "throughput")
"""Sections whose items a proof names."""
OF_MONEY = ("funds", "moves", "opening_loans", "owing", "arrears", "commitments")


def minimal_set(questions: Questions, numbers: list[int], until: float) -> list[int]:
    """Of rules that cannot hold together a smallest set that cannot; notes whether it is proven.

    Parameters
    ----------
    until
        Effort that has to be left in a large problem; rules that were not asked about then are taken to be needed.
    """
    found = next((some for some in questions.smallest if some <= set(numbers)), None)
    if found is not None:
        questions.sure = questions.smallest[found]
        return sorted(found)
    questions.sure = True
    scarce = questions.answer(frozenset(numbers)).scarce
    members = _by_halves(questions, numbers) if scarce is None else _needed(questions, numbers, scarce, until)
    questions.smallest[frozenset(members)] = questions.sure
    return members


def rules_enough(questions: Questions, members: list[int], until: float) -> list[int]:
    """Those rules without any one of which all the others of the scenario can hold together.

    Where a whole group is not enough none of its rules is. Small groups come first: what stands alone is likelier to
    be out of the ordinary. The money of each fund is asked about alone.

    Parameters
    ----------
    until
        Effort that has to be left; of a few rules those that were not asked about then are taken to be enough.
    """
    enough = list[int]()
    money = [n for n in members if _is_money(questions.rules[n])]
    groups = _Groups(questions, [n for n in members if n not in money], smallest=True)
    for n in money:
        groups.add([n], 1)
    while groups:
        if questions.effort.left <= until and len(members) > MANY:
            break
        group = groups.pop()
        kept = questions.answer(questions.every.difference(group)).kept
        if kept is False or (kept is None and len(group) == 1 and questions.effort.left > 0):
            continue
        if len(group) == 1:
            enough += group
        else:
            groups.split(group)
    return sorted(enough)


def _by_halves(questions: Questions, numbers: list[int]) -> list[int]:
    # Whole families first: what has nothing to do with money, or with homes, is gone with one answer.
    for family in dict.fromkeys(questions.families[n] for n in numbers):
        others = [n for n in numbers if questions.families[n] != family]
        if others and questions.cannot_hold(others):
            numbers = others
    return sorted(_smallest(questions, [], [], numbers))


def _needed(questions: Questions, numbers: list[int], scarce: frozenset[str], until: float) -> list[int]:
    """Of rules that cannot hold together those without any one of which they can, as far as the work allows.

    What a proof does not speak of is left out at once. Of the rest whatever the proof does not need is left out for
    good, the largest group first. What then is left is mostly needed, and asked about one by one: whether a rule of
    thumb shows that it is, whether a proof shows that it is not, else by another proof.
    """
    hinted = [n for n in numbers if _plays_a_part(questions.rules[n], scarce)]
    before = questions.effort.left
    left = set(hinted if questions.denied(hinted) else numbers)
    each = SINGLY * (before - questions.effort.left)
    left = _denied(questions, left, set(), until)
    needed = set[int]()
    if len(left) * each > questions.effort.left - until:
        # Of some of so many nothing would be known: which ones are enough alone is worth more.
        until = questions.effort.left
    while questions.effort.left > until and (unknown := left - needed):
        n = max(unknown)
        fewer = left - {n}
        if questions.shown(fewer):
            needed.add(n)
        elif questions.denied(fewer):
            left = fewer
        elif questions.shown(fewer, if_limited=True):
            needed.add(n)
        elif questions.cannot_hold(fewer):
            left = _denied(questions, fewer, needed, until)
        else:
            needed.add(n)
    questions.sure = questions.sure and left == needed
    return sorted(left)


def _denied(questions: Questions, left: set[int], needed: set[int], until: float) -> set[int]:
    """Leave out groups of rules that the proofs do without by which it is known that these rules cannot hold together.

    Rules that are alone in their group stay.
    """
    groups = _Groups(questions, sorted(left - needed), few=FEW)
    in_vain = IN_VAIN * questions.effort.left
    last = questions.effort.left - in_vain
    while groups and questions.effort.left > max(until, last):
        group = groups.pop()
        if len(group) == 1:
            break
        if len(group) < len(left) and questions.denied(left.difference(group)):
            left = left.difference(group)
            last = questions.effort.left - in_vain
        else:
            groups.split(group)
    return left


class _Groups:
    """Groups of rules that are still to be asked about: first those whose keys begin with the same section."""

    def __init__(self, questions: Questions, numbers: list[int], *, smallest: bool = False, few: int = 1) -> None:
        self._keys = [rule.key for rule in questions.rules]
        self._few = few
        self._sign = 1 if smallest else -1
        self._heap = list[tuple[int, int, int, list[int]]]()
        self._depth = 0
        self.split(numbers)

    def __len__(self) -> int:
        return len(self._heap)

    def pop(self) -> list[int]:
        """Take the largest group, or the smallest; of equal ones the last."""
        *_, self._depth, group = heappop(self._heap)
        return group

    def split(self, group: list[int]) -> None:
        """Put back the parts of the group taken last: of a section, of a kind, of an item; halves if all are alike.

        A few rules are put back one by one.
        """
        depth = self._depth + 1
        if len(group) <= self._few:
            for n in group:
                self.add([n], depth)
            return
        by: dict[tuple[str, ...], list[int]] = {}
        for n in group:
            parts = self._keys[n].split(".")
            # In a key the names of keys take turns with ids: all first months of phases are of a kind.
            alike = parts[:1] if depth == 1 else parts[::2] if depth == 2 else parts[: depth - 1]
            by.setdefault(tuple(alike), []).append(n)
        half = len(group) // 2
        same = depth > 1 and len({self._keys[n] for n in group}) == 1
        for part in (group[:half], group[half:]) if same else by.values():
            self.add(part, depth)

    def add(self, group: list[int], depth: int) -> None:
        """Put in a group that was split so many times."""
        heappush(self._heap, (self._sign * len(group), -group[0], depth, group))


def _smallest(questions: Questions, kept: list[int], added: list[int], candidates: list[int]) -> list[int]:
    if added and questions.cannot_hold(kept):
        return []
    if len(candidates) == 1:
        return candidates
    first, second = candidates[: len(candidates) // 2], candidates[len(candidates) // 2 :]
    of_second = _smallest(questions, [*kept, *first], first, second)
    of_first = _smallest(questions, [*kept, *of_second], of_second, first)
    return [*of_first, *of_second]


def _is_money(rule: StatedRule) -> bool:
    return rule.key.count(".") == 1 and any(way.in_yuan for way in rule.ways)


def _plays_a_part(rule: StatedRule, scarce: frozenset[str]) -> bool:
    """Whether a rule may matter to a proof that speaks of this."""
    section, _, rest = rule.key.partition(".")
    if section in OF_MONEY or rule.key == "objective.reserve_months":
        return MONEY in scarce
    if rest.endswith(".take_up"):
        return any(name.startswith(f"take_up/{rest.removesuffix('.take_up')}/") for name in scarce)
    estate, units, of = rest.partition(".units.")
    if units:
        return f"{estate}/{of.replace('.surplus', '/surplus')}" in scarce
    if section in NAMED:
        return any(rest == name or rest.startswith(f"{name}.") for name in scarce)
    return not rule.projects or not scarce.isdisjoint(rule.projects)
