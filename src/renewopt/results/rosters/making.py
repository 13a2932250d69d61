"""Make a home roster: read what is needed, match each estate and type, and check it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.asked import a_path, one_of, yes_or_no
from renewopt.errors import Finding, ScenarioError, sort_findings
from renewopt.problem.compiling.order import natural
from renewopt.problem.compiling.stock import phase_ids
from renewopt.results.failures import PlanFileError
from renewopt.results.planned import Plan
from renewopt.results.reading import read_plan
from renewopt.results.reopening import scenario_of
from renewopt.results.rosters.checking import check_roster
from renewopt.results.rosters.choosing import choosers_of
from renewopt.results.rosters.lots import lot
from renewopt.results.rosters.market import Chooser, Market, make_market
from renewopt.results.rosters.matching import match_in_order, match_with_least_misfit
from renewopt.results.rosters.record import FIT, LOTTERY, OFFICE, OPEN, SIGNING
from renewopt.results.rosters.roster import Roster
from renewopt.scenario.checks_homes import check_home_wishes, check_homes
from renewopt.scenario.home_words import has_word, rows_by_pool
from renewopt.scenario.models import Scenario
from renewopt.scenario.table_files import listed_table
from renewopt.units import Month
from renewopt.vocabulary import ROSTER_MODES
from renewopt.wording import LANGUAGES, words

__all__ = ["roster"]

NEVER = 10**9
"""Month of a home whose phase the plan does not build."""
Table = str | os.PathLike[str] | pd.DataFrame | None


def roster(
    plan: Plan | str | os.PathLike[str],
    *,
    mode: str = SIGNING,
    seed: int | None = None,
    homes: Table = None,
    wishes: Table = None,
    scenario: Scenario | str | os.PathLike[str] | None = None,
    allow_outside: bool = False,
) -> Roster:
    """Give each household of a plan a home of its type that is listed one by one; the plan stays as it is.

    Parameters
    ----------
    plan
        From `plan` or `read_plan`, or the folder of one.
    mode : {'signing', 'lottery', 'fit'}
        Whether homes are given in the order of signing, in an order that is drawn by lot, or so that the sum of all
        misfits is the least. Needs come first in all three.
    seed
        Of the lots: a whole number ≥ 0. Needed by a lottery; with ``signing`` it decides between households of the
        same place in the order, or of none.
    homes, wishes
        CSV file, workbook or DataFrame, as the scenario's tables ``homes`` and ``home_wishes``; default: these.
    scenario
        What the plan was made from; default: the file that the plan names.
    allow_outside
        Whether tables of a scenario file may lie outside of its folder.

    Returns
    -------
    Roster

    Raises
    ------
    ScenarioError
        If a table cannot be used as stated.
    ValueError
        If the scenario is not the one that the plan was made from, or a lottery has no seed.
    PlanFileError
        If there is no plan, or it has no tables.
    """
    one_of("mode", mode, ROSTER_MODES)
    yes_or_no("allow_outside", allow_outside)
    _check_seed(mode, seed)
    if not isinstance(plan, Plan):
        a_path("plan", plan)
        plan = read_plan(plan)
    if not plan.has_tables:
        raise PlanFileError(words("the plan is infeasible: nobody has a home by it"))
    stated = scenario_of(
        plan,
        scenario,
        allow_outside,
        otherwise=words("plan it anew, or hand over homes and wishes as files of their own (--homes, --wishes)"),
    )
    with plan.place.spoken():
        listed, wanted, warnings = _tables(stated, _given("homes", homes), _given("wishes", wishes))
        choosers = choosers_of(plan, stated, wanted)
        made = _made(plan, stated, listed, choosers, mode, None if seed is None else int(seed), warnings)
        check_roster(made, plan, stated, listed, wanted)
    return made


def _check_seed(mode: str, seed: object) -> None:
    if seed is None:
        if mode == LOTTERY:
            raise ValueError(
                words("a lottery needs a seed (--seed): a whole number that is announced before it is drawn")
            )
    elif isinstance(seed, bool) or not isinstance(seed, Integral) or seed < 0:
        raise ValueError(words("seed {value}: expected a whole number from 0", value=repr(seed)[:100]))
    elif mode == FIT:
        raise ValueError(words("mode fit draws no lots: leave out the seed"))


def _given(name: str, value: Table) -> Path | pd.DataFrame | None:
    if value is None or isinstance(value, pd.DataFrame):
        return value
    a_path(name, value)
    return Path(value)


def _tables(
    scenario: Scenario, homes: Path | pd.DataFrame | None, wishes: Path | pd.DataFrame | None
) -> tuple[pd.DataFrame, pd.DataFrame | None, list[Finding]]:
    """Tables of homes and of wishes, checked together, and what is noticed in them.

    Raises
    ------
    ScenarioError
        With all that is wrong in both.
    """
    listed = listed_table(scenario, "homes", homes)
    if listed is None:
        message = words("no homes are listed one by one")
        mend = words("add the table `homes` to the scenario, or hand over a file (--homes FILE)")
        file = scenario.path.name if scenario.path is not None else "<python>"
        raise ScenarioError([Finding("error", file, None, "homes", message, mend)])
    wanted = listed_table(scenario, "home_wishes", wishes)
    findings = [*listed.findings, *check_homes(scenario, listed)]
    if wanted is not None:
        findings += [*wanted.findings, *check_home_wishes(wanted, listed)]
    if any(finding.severity == "error" for finding in findings):
        raise ScenarioError(findings)
    return listed.frame, None if wanted is None else wanted.frame, sort_findings(findings)


def handovers(plan: Plan, scenario: Scenario, homes: pd.DataFrame) -> NDArray[np.int64]:
    """(X,) ordinal of the month from which each listed home can be lived in by the plan; `NEVER`: not by it."""
    built = plan.construction[plan.construction["handed_over"] != ""]
    when = {name: Month.parse(month).ordinal for name, month in zip(built["phase"], built["month"], strict=True)}
    pairs = [(estate.id, phase.id) for estate in scenario.estates for phase in estate.phases]
    of = {pair: when.get(name, NEVER) for pair, name in zip(pairs, phase_ids(scenario), strict=True)}
    phase = [of[estate, name] if name else 0 for estate, name in zip(homes["estate"], homes["phase"], strict=True)]
    ready: NDArray[np.int64] = np.maximum(phase, homes["available"].to_numpy(dtype=np.int64))
    return ready


def _order(choosers: Sequence[Chooser], mode: str, seed: int | None) -> list[int]:
    """Rows of all choosers, who comes first before the others."""
    lots = ["" if seed is None else lot(seed, chooser.name) for chooser in choosers]
    signed = [chooser.signed or NEVER if mode == SIGNING else 0 for chooser in choosers]
    return sorted(range(len(choosers)), key=lambda row: (signed[row], lots[row], row))


def _made(
    plan: Plan,
    scenario: Scenario,
    homes: pd.DataFrame,
    choosers: Sequence[Chooser],
    mode: str,
    seed: int | None,
    warnings: Iterable[Finding],
) -> Roster:
    order = _order(choosers, mode, seed)
    place = {row: number for number, row in enumerate(order, start=1)}
    ready = handovers(plan, scenario, homes)
    size = {
        (estate.id, unit.type): np.nan if unit.area is None else float(unit.area)
        for estate in scenario.estates
        for unit in estate.units
    }
    own = np.array([size[pool] for pool in zip(homes["estate"], homes["type"], strict=True)], dtype=np.float64)
    area = np.where(np.isnan(homes["area"]), own, homes["area"])
    whole = np.where(np.isnan(area), -1, np.floor(np.nan_to_num(area) * 100 + 0.5)).astype(np.int64)
    by_pool: dict[tuple[str, str], list[int]] = {}
    for row, chooser in enumerate(choosers):
        by_pool.setdefault((chooser.estate, chooser.type), []).append(row)
    given, without, used, unlisted = [], [], np.zeros(len(homes), dtype=np.bool_), 0
    places = rows_by_pool(homes)
    for pool, rows in by_pool.items():
        if pool not in places:
            unlisted += len(rows)
            continue
        here = np.array(sorted(places[pool].tolist(), key=lambda row: natural(homes["id"].iloc[row])))
        frame = homes.iloc[here].reset_index(drop=True)
        market = make_market([choosers[row] for row in rows], frame, ready[here], whole[here])
        turn = sorted(range(len(rows)), key=lambda each: place[rows[each]])
        found = match_with_least_misfit(market) if mode == FIT else match_in_order(market, turn)
        for each, home in enumerate(found.tolist()):
            if home < 0:
                without.append((rows[each], _left_open(market.choosers[each])))
            else:
                used[here[home]] = True
                entry = _entry(market, each, home, place[rows[each]] if mode != FIT else None)
                if seed is not None:
                    entry["lot"] = lot(seed, market.choosers[each].name)
                given.append(((*pool, rows[each]), entry))
    rest = homes.loc[~used, ["estate", "type", "id"]].rename(columns={"id": "home"})
    return Roster(
        plan.name,
        plan.start,
        plan.scenario_sha256,
        mode,
        seed,
        _frame([entry for _, entry in sorted(given, key=lambda pair: pair[0])], OFFICE),
        _frame([entry for _, entry in sorted(without, key=lambda pair: pair[0])], OPEN),
        rest.reset_index(drop=True),
        unlisted,
        tuple({lang: warning.said(lang) for lang in LANGUAGES} for warning in warnings),
        plan.place,
        plan.scenario_files,
    )


def _who(chooser: Chooser) -> dict[str, object]:
    return {
        "household": chooser.household,
        "part": chooser.part,
        "number": str(chooser.number or ""),
        "estate": chooser.estate,
        "type": chooser.type,
        "moves_in": str(Month(chooser.housed)),
    }


def _entry(market: Market, each: int, home: int, place: int | None) -> dict[str, object]:
    chooser, row = market.choosers[each], market.homes.iloc[home]
    one = market.homes.iloc[[home]]
    return {
        **_who(chooser),
        "home": row["id"],
        "building": row["building"],
        "floor": str(row["floor"]) if row["floor"] >= 0 else "",
        "area_m2": market.area[home] / 100 if market.area[home] >= 0 else np.nan,
        "orientation": row["orientation"],
        "place": "" if place is None else str(place),
        "misfit_m2": int(market.misfit(each)[home]) / 100,
        "unmet": ";".join(word for word, _ in chooser.wishes if not has_word(one, word)[0]),
    }


def _left_open(chooser: Chooser) -> dict[str, object]:
    most = [f"floor<={chooser.max_floor}"] if chooser.max_floor > 0 else []
    needs = [*chooser.needs, *most]
    return {**_who(chooser), "needs": ";".join(needs), "why": "needs" if needs else "homes"}


def _frame(rows: Sequence[Mapping[str, object]], kinds: Mapping[str, str]) -> pd.DataFrame:
    empty: dict[str, object] = {"text": "", "number": np.nan}
    types = {"text": object, "number": np.float64}
    return pd.DataFrame(
        {
            name: pd.Series([row.get(name, empty[kind]) for row in rows], dtype=types[kind])
            for name, kind in kinds.items()
        }
    )
