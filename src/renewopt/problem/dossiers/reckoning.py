"""How many m² a claim is due and how that was reckoned, in words (rule 11)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.compiling.exact import AREA_SCALE, Ints, area, combine
from renewopt.problem.compiling.homes import bounded_by_size
from renewopt.problem.compiling.households import Households
from renewopt.problem.dossiers.facts import Facts
from renewopt.scenario.models import AreaBound, HomePolicy
from renewopt.units import PPM, divide_half_up, scaled
from renewopt.wording import Language, Wording, words

__all__ = ["metres", "reckoned"]


def metres(size: int) -> str:
    """Write 1/10,000 m² as m².

    Examples
    --------
    >>> metres(1_205_000), metres(900_000)
    ('120.5', '90')
    """
    return f"{size / AREA_SCALE:,.10g}"


def reckoned(facts: Facts, lang: Language) -> NDArray[np.object_]:
    """(H,) how the m² due to each claim were reckoned; each distinct reckoning is put into words once."""
    households = facts.households
    code, first = combine(*_figures(facts))
    texts = np.empty(first.size, dtype=object)
    texts[:] = [_reckoning(facts, households, row).said(lang) for row in first.tolist()]
    result: NDArray[np.object_] = texts[code]
    return result


def _figures(facts: Facts) -> tuple[Ints, ...]:
    """What a reckoning depends on: policy, area or entitlement, persons and part, each −1 where it does not."""
    households = facts.households
    stated = households.entitlement >= 0
    policy = np.where(stated, -1, households.home_policy)
    policies = facts.scenario.home_policies
    by_person = np.array([*(each.basis == "person" or bounded_by_size(each) for each in policies), False])[policy]
    by_area = np.array([*(each.basis == "area" for each in policies), True])[policy]
    parts = np.where(households.parts > 1, households.parts, 0)
    return (
        policy,
        np.where(stated, households.entitlement, -1),
        np.where(~stated & by_area, households.area, -1),
        np.where(~stated & by_person, households.persons, -1),
        parts,
        np.where(parts > 0, households.part, 0),
    )


def _reckoning(facts: Facts, households: Households, row: int) -> Wording:
    text = _of_household(facts, households, row)
    parts, due = int(households.parts[row]), int(facts.problem.claims.due[row])
    if parts == 1 or due < 0:
        return text
    return words(
        "{text}; home {part} of {parts}: {due} m²",
        text=text,
        part=int(households.part[row]) + 1,
        parts=parts,
        due=metres(due),
    )


def _of_household(facts: Facts, households: Households, row: int) -> Wording:
    """Tell it for a whole household: as stated, else by the home policy, else the area given up."""
    given_up, persons = int(households.area[row]), int(households.persons[row])
    if households.entitlement[row] >= 0:
        return words("{area} m² as stated", area=metres(int(households.entitlement[row])))
    number = int(households.home_policy[row])
    policy = facts.scenario.home_policies[number] if number >= 0 else None
    if policy is not None and policy.basis == "person":
        if persons < 0:
            return words("unknown: the number of persons is not stated")
        due = persons * area(policy.per_basis)
        text = words(
            "{persons} × {each} m² a person = {due} m²",
            persons=persons,
            each=metres(area(policy.per_basis)),
            due=metres(due),
        )
    elif given_up < 0:
        return words("unknown: the area given up is not stated")
    elif policy is None or policy.per_basis == 1:
        due, text = given_up, words("{area} m² given up", area=metres(given_up))
    else:
        factor = scaled(policy.per_basis, PPM)
        due = int(divide_half_up(np.array([given_up * factor]), PPM)[0])
        text = words(
            "{area} m² given up × {factor} = {due} m²",
            area=metres(given_up),
            factor=f"{factor / PPM:.10g}",
            due=metres(due),
        )
    return text if policy is None else _within(policy, persons, due, text)


def _within(policy: HomePolicy, persons: int, due: int, text: Wording) -> Wording:
    """Add the bound that acts, if one does: the first that holds for the household's size."""
    bound = next((each for each in policy.bounds if _holds(each, max(persons, 0))), None)
    if bound is None:
        return text
    low = max(_sides(bound.minimum, bound.minimum_per_person, persons), default=(-1, False, 0))
    high = min(_sides(bound.maximum, bound.maximum_per_person, persons), default=None)
    if due < low[0]:
        size, by_person, each = low
        if by_person:
            return words(
                "{text}, at least {each} m² a person × {persons} = {due} m²",
                text=text,
                each=metres(each),
                persons=persons,
                due=metres(size),
            )
        return words("{text}, at least {due} m²", text=text, due=metres(size))
    if high is None or due <= high[0]:
        return text
    size, by_person, each = high
    if size < low[0]:  # bounds that cross: the lower one holds
        return words("{text}, at most {due} m²", text=text, due=metres(low[0]))
    if by_person:
        return words(
            "{text}, at most {each} m² a person × {persons} = {due} m²",
            text=text,
            each=metres(each),
            persons=persons,
            due=metres(size),
        )
    return words("{text}, at most {due} m²", text=text, due=metres(size))


def _holds(bound: AreaBound, persons: int) -> bool:
    return persons >= bound.persons_from and (bound.persons_to is None or persons <= bound.persons_to)


def _sides(whole: object, per_person: object, persons: int) -> list[tuple[int, bool, int]]:
    """Bounds of one side: m² in all, whether by person, m² for each."""
    sides = []
    if whole is not None:
        sides.append((area(whole), False, 0))  # type: ignore[arg-type]
    if per_person is not None:
        sides.append((area(per_person) * persons, True, area(per_person)))  # type: ignore[arg-type]
    return sides
