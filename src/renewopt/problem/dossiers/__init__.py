"""The dossier: what the rules make of each household, before any plan (户情底册).

Fee, entitlement and how it was reckoned, every offer, and, where there is none, why. It is told from the tables that
the optimiser works on and from what the compiler knew before them, by the same functions.
"""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from renewopt.asked import a_language, a_path, a_text, yes_or_no
from renewopt.problem.compiling import compile_problem
from renewopt.problem.compiling.households import table
from renewopt.problem.dossiers.facts import find_facts
from renewopt.problem.dossiers.noticing import Notice, last_months, notice_households
from renewopt.problem.dossiers.tables import CLAIM_COLUMNS, OFFER_COLUMNS, Dossier, make_dossier
from renewopt.problem.problem import Problem
from renewopt.scenario.given import as_it_is, checked_anew, in_variant
from renewopt.scenario.loading import load
from renewopt.scenario.models import Scenario
from renewopt.wording import Language, of_its_place, words

__all__ = [
    "CLAIM_COLUMNS",
    "OFFER_COLUMNS",
    "Dossier",
    "Notice",
    "dossier",
    "last_months",
    "notice_households",
    "open_dossier",
]


def dossier(
    scenario: Scenario | str | os.PathLike[str],
    *,
    variant: str | None = None,
    lang: Language = "en",
    allow_outside: bool = False,
) -> pd.DataFrame:
    """Tell what the rules make of each household: its fee, what it is due, and every offer open to it.

    Parameters
    ----------
    scenario
        From `load`, or the path of a scenario file.
    variant
        Name of a variant of the scenario.
    lang
        Language of the columns ``reckoned`` and ``remark``.
    allow_outside
        Whether tables of a scenario file may lie outside of its folder.

    Returns
    -------
    DataFrame
        One row for each household (claim, where one is split) and offer, households in the order of the scenario; one
        row without a route where there is no offer. Money is yuan for one household, areas are m², months are
        ``YYYY-MM`` ("" where there is none).

        - ``household``, ``part``, ``project``, ``count``
        - ``fee_now``, ``multiplier``, ``overdue_from``, ``fee_in_a_year``: as long as it is not housed
        - ``entitled_m2``, ``reckoned``: the area due, and how it was reckoned
        - ``route``, ``pool``, ``given_m2``: the offer; NaN where no area is stated
        - ``household_pays``: for its home (top-up); negative: refunded
        - ``price``: what the office pays if it is chosen in its first month
        - ``first``, ``last``: months in which it may be chosen
        - ``housed_from``: the first month in which it can house, by the dates of homes and phases; "" if never
        - ``remark``: why there is no offer, or why this one can never be had

    Raises
    ------
    ScenarioError
        If the scenario cannot be used as stated.
    """
    if not isinstance(scenario, Scenario):
        a_path("scenario", scenario)
    a_text("variant", variant, words("the name of a variant, or None"))
    a_language(lang)
    yes_or_no("allow_outside", allow_outside)
    if not isinstance(scenario, Scenario):
        loaded = load(Path(scenario), variant=variant, allow_outside=allow_outside)
    elif variant is None or scenario.variant == variant:
        loaded = checked_anew(scenario)
    else:
        loaded = in_variant(as_it_is(scenario), variant)
    return open_dossier(loaded, compile_problem(loaded), lang).frame()


@of_its_place
def open_dossier(scenario: Scenario, problem: Problem, lang: Language = "en") -> Dossier:
    """Make the dossier of a scenario that is compiled already."""
    names = table(scenario.households)["id"].to_numpy(dtype=object)
    return make_dossier(find_facts(scenario, problem), names, lang)
