"""Related households: with whom each of them is housed, or why no estate can take them together."""

from __future__ import annotations

from collections.abc import Iterator

from renewopt.problem.compiling.related import Group
from renewopt.problem.dossiers.facts import Facts
from renewopt.problem.dossiers.joining import by_cause, joined, some_of
from renewopt.wording import Names, Wording, words

__all__ = ["remarks_on_homes", "shut_to_all", "why_apart"]


def why_apart(facts: Facts, group: Group) -> Wording:
    """Tell why no estate can take a group."""
    if not group.able:
        return words("none of them can be given a home")
    if len(group.able) == 1:
        return words("only {household} can be given a home", household=_names(facts, group.able))
    return joined(list(by_cause((estate, _why_not(facts, group, estate)) for estate in group.lacking)))


def shut_to_all(facts: Facts) -> Iterator[tuple[list[int], Wording]]:
    """Yield offers that are closed to groups which are kept together, and why."""
    for group in facts.groups:
        for estate in group.lacking if group.kept else ():
            if estate not in group.roomy:
                offers = [home.offer for some in group.homes.values() for home in some if estate in home.estates]
                cause = words("it cannot take all of {names}", names=_names(facts, tuple(group.homes)))
                yield offers, words("{cause}: {why}", cause=cause, why=_why_not(facts, group, estate))


def remarks_on_homes(facts: Facts) -> Iterator[tuple[int, Wording]]:
    """Yield the offers of homes that related households can have, and what is to be said of them."""
    for group in facts.groups:
        why = None if group.kept else why_apart(facts, group)
        for claim, homes in group.homes.items():
            others = _names(facts, tuple(other for other in group.homes if other != claim))
            for home in (home for home in homes if home.last >= 0):
                if why is not None:
                    yield home.offer, words("no offer together with {names}, because {why}", names=others, why=why)
                elif home.within(group.roomy):
                    yield home.offer, words("only in one estate with {names}", names=others)


def _why_not(facts: Facts, group: Group, estate: str) -> Wording:
    lacking = group.lacking[estate]
    if lacking:
        return words("no home for {names}", names=_names(facts, lacking))
    return words("too few homes for all of them")


def _names(facts: Facts, claims: tuple[int, ...]) -> Wording | Names:
    """Name the households of some claims, each once."""
    return some_of(list(dict.fromkeys(str(facts.problem.claims.household[claim]) for claim in claims)))
