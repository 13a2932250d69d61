"""Signed contracts as rules: they can be dissolved, as the last thing that anybody would do."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd

from renewopt.results.conflicts.stated_rule import Rows, StatedRule, in_groups
from renewopt.scenario import Scenario
from renewopt.units import Month
from renewopt.wording import Names, Term, Wording, words

__all__ = ["pin_rules"]

TO_THE_END = "…"


def pin_rules(scenario: Scenario) -> Iterator[StatedRule]:
    """What households have signed, and phases that are to stand by a month."""
    frame = scenario.pins
    if frame is None or frame.empty:
        return
    is_phase = (frame["phase"] != "").to_numpy()
    project_of = dict(zip(scenario.households["id"], scenario.households["project"], strict=True))
    projects = [project_of.get(household, "") for household in frame["household"]]
    for rows in in_groups(np.arange(len(frame)), ["phases" if phase else "households" for phase in is_phase]):
        yield StatedRule(
            "pins",
            _said(frame, rows),
            partial(_without, rows=rows),
            dropped=words("dissolve the contract") if rows.size == 1 else words("dissolve some of these contracts"),
            projects=frozenset() if is_phase[rows[0]] else frozenset(projects[row] for row in rows),
        )


def _said(frame: pd.DataFrame, rows: Rows) -> Wording:
    pin = frame.iloc[rows[0]]
    if rows.size > 1 and pin["phase"]:
        return words(
            (
                "{count} {count:phase|phases} "
                "{count:is handed over as its contract says|are handed over as their contracts say}"
            ),
            count=rows.size,
        )
    if rows.size > 1:
        return words(
            (
                "{count} {count:household|households} "
                "{count:is settled as its contract says|are settled as their contracts say}"
            ),
            count=rows.size,
        )
    route, months = pin["route"] and Term("route", pin["route"]), _months(pin)
    terms = Names(filter(None, [route, pin["pool"], months and words("{month}", month=months)]))
    if pin["phase"]:
        return words("the contract of phase {phase}: {terms}", phase=pin["phase"], terms=terms)
    return words("the contract of {household}: {terms}", household=pin["household"], terms=terms)


def _months(pin: pd.Series) -> str:
    """One month, or the first and last that are stated."""
    if pin["month"] >= 0:
        return str(Month(int(pin["month"])))
    if pin["not_before"] < 0 and pin["not_after"] < 0:
        return ""
    first, last = ("" if pin[name] < 0 else str(Month(int(pin[name]))) for name in ("not_before", "not_after"))
    return f"{first}{TO_THE_END}{last}"


def _without(scenario: Scenario, rows: Rows) -> Scenario:
    """Return the scenario without some contracts, by their labels: others may be gone already."""
    frame = scenario.pins
    assert frame is not None
    return scenario.model_copy(update={"pins": frame.drop(rows)})
