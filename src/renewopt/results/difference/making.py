"""From two plans to what changed between them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from renewopt.asked import a_path
from renewopt.results.contents import RECORD
from renewopt.results.difference.changed import Difference
from renewopt.results.difference.money import account_beside, fees_by_cause, money_by_quarter, projects_beside
from renewopt.results.difference.pairing import pair_households
from renewopt.results.difference.phasing import phases_beside
from renewopt.results.difference.record import Effect, Side, made
from renewopt.results.difference.stating import alone, stated_otherwise, stated_table
from renewopt.results.failures import PlanFileError
from renewopt.results.planned import Plan
from renewopt.results.reading import read_plan
from renewopt.results.reporting.facts import names
from renewopt.wording import Wording, words

__all__ = ["diff"]

FIGURES = (
    "status", "objective_name", "objective", "bound", "gap", "transition_fees", "fiscal_cost", "waiting_cost",
    "shortfall", "households", "settled", "clear_month", "all_settled_month",
)  # fmt: skip
_BASE = "base"
"""How a scenario without variant is called."""


def diff(a: Plan | str | os.PathLike[str], b: Plan | str | os.PathLike[str]) -> Difference:
    """Lay two plans side by side: base and variant, before and after a change, rule and optimum.

    Both are told from their own tables; no scenario is read, so they may be of different ones. Households, projects,
    phases and funds are compared by id.

    Parameters
    ----------
    a, b
        From `plan` or `read_plan`, or folders of plans: from which, and to which.

    Returns
    -------
    Difference
        False if nothing differs.

    Raises
    ------
    TypeError
        If one is neither.
    PlanFileError
        If a folder holds no plan; if a plan has no tables, as an infeasible one, or is of an earlier version and does
        not say what its totals are made of.
    ValueError
        If the plans are in different currencies.
    """
    given = (a, b)
    for name, each in zip("ab", given, strict=True):
        if not isinstance(each, Plan):
            a_path(name, each)
    plans = [each if isinstance(each, Plan) else read_plan(each) for each in given]
    ours, theirs = plans
    labels = _labels(given, plans)
    if faults := [fault for plan, label in zip(plans, labels, strict=True) if (fault := _unfit(plan, label))]:
        raise PlanFileError(faults[0] if len(faults) == 1 else words("{one}\n{other}", one=faults[0], other=faults[1]))
    if ours.place.currency.name != theirs.place.currency.name:
        raise ValueError(
            words(
                "{a} is in {one}, {b} in {other}: amounts in different currencies cannot be compared",
                a=labels[0],
                b=labels[1],
                one=ours.place.currency.name,
                other=theirs.place.currency.name,
            )
        )
    with theirs.place.spoken():
        return _difference(ours, theirs, labels, given)


def _difference(a: Plan, b: Plan, labels: list[str], given: tuple[Plan | str | os.PathLike[str], ...]) -> Difference:
    sides = (Side.of(a, labels[0]), Side.of(b, labels[1]))
    pairs = pair_households(a.allocation, b.allocation)
    touched = pairs[pairs["cause"] != ""]
    account = account_beside(a.account, b.account)
    stated_by = stated_otherwise(a.stated, b.stated)
    return Difference(
        *sides,
        figures=_figures(*sides),
        account=account[account["difference"] != 0].reset_index(drop=True),
        causes=fees_by_cause(touched, account),
        projects=projects_beside(pairs, account),
        households=_households(touched),
        phases=phases_beside(a, b),
        money=money_by_quarter(a.funds, b.funds),
        stated=stated_table(*stated_by),
        alone=alone(a, b, pairs),
        as_before=int(pairs.loc[pairs["effect"] == Effect.AS_BEFORE, "count"].sum()),
        names=_joined(names(a.stated), names(b.stated)),
        stated_by=stated_by,
        place=b.place,
        reads=tuple(
            path for each, plan in zip(given, (a, b), strict=True) for path in (*plan.scenario_files, *_files(each))
        ),
    )


def _labels(given: tuple[Plan | str | os.PathLike[str], ...], plans: list[Plan]) -> list[str]:
    """What tells the plans apart: the names of their folders, else variant, policy or scenario."""
    paths = [Path(each) for each in given if not isinstance(each, Plan)]
    if len(paths) == 2:
        folders = [path.parent if path.name == RECORD else path for path in paths]
        choices = [[folder.absolute().name for folder in folders], [str(folder) for folder in folders]]
    else:
        choices = [
            [plan.variant or _BASE for plan in plans],
            [plan.policy for plan in plans],
            [plan.name for plan in plans],
        ]
    return next((labels for labels in choices if labels[0] != labels[1] and all(labels)), ["A", "B"])


def _unfit(plan: Plan, label: str) -> Wording | None:
    """Why a plan has nothing to be compared by."""
    if not plan.has_tables:
        return words(
            "{plan}: there is no plan that keeps every rule, and so none to compare; its report tells what is short",
            plan=label,
        )
    if plan.allocation["fees_valued"].isna().any() or (
        plan.account.empty and (plan.transition_fees or plan.fiscal_cost)
    ):
        return words(
            "{plan}: made by an earlier version, which did not write down what its totals are made of; plan it anew",
            plan=label,
        )
    return None


def _figures(a: Side, b: Side) -> pd.DataFrame:
    rows = []
    for name in FIGURES:
        ours, theirs = getattr(a, name), getattr(b, name)
        if ours != theirs:
            numbers = all(isinstance(value, int | float) for value in (ours, theirs))
            change = _told(theirs - ours, name) if numbers and _comparable(a, b, name) else ""
            rows.append((name, _told(ours, name), _told(theirs, name), change))
    return made(
        "figures", {column: [row[n] for row in rows] for n, column in enumerate(("figure", "a", "b", "difference"))}
    )


def _comparable(a: Side, b: Side, name: str) -> bool:
    return name not in ("objective", "bound") or a.objective_name == b.objective_name


def _told(value: float | str | None, name: str) -> str:
    if value is None or isinstance(value, str | int):
        return "" if value is None else str(value)
    return f"{value:.6f}" if name == "gap" else f"{value:.2f}"


def _households(touched: pd.DataFrame) -> pd.DataFrame:
    change = {side: touched[f"fees_{side}"] + touched[f"fees_valued_{side}"] for side in ("a", "b")}
    columns = {**touched, **{f"fees_{side}": fen for side, fen in change.items()}}
    return made("households", {**columns, "fees_change": change["b"] - change["a"]})


def _joined(a: Mapping[str, Mapping[str, str]], b: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {kind: {**a.get(kind, {}), **b.get(kind, {})} for kind in (*a, *b)}


def _files(given: Plan | str | os.PathLike[str]) -> tuple[Path, ...]:
    """The record of a plan that was read: what is written is not put in its place."""
    if isinstance(given, Plan):
        return ()
    path = Path(given)
    return ((path if path.name == RECORD else path / RECORD).resolve(),)
