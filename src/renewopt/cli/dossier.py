"""What the rules make of each household, on the screen: a block for each, and what `check` lists of them."""

from __future__ import annotations

import shutil
import sys
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from renewopt.cli.speaking import tell
from renewopt.wording import Language, visible, width
from renewopt.wording.amounts import of_household
from renewopt.wording.phrases import say, word
from renewopt.wording.wrapping import room, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from renewopt.problem import Problem
    from renewopt.problem.dossiers import Dossier, Notice

__all__ = ["show_dossier", "show_notices"]

SHOWN = 60
"""Households that are shown before the rest is only counted; those without an offer come first."""
NAMED = 10
"""Households that a notice names."""
MONTHS = 4
"""From which of its cells on an offer tells months."""
REASONS = 5
"""Reasons that are told of one kind of notice."""


def show_dossier(dossier: Dossier, households: int, lang: Language) -> None:
    """Print the dossier, a block for each household.

    Parameters
    ----------
    dossier
    households
        How many there are: cohorts count by their households, a household with several claims once.
    lang
    """
    without = dossier.offers["route"][dossier.start[:-1]] == "" if len(dossier) else np.zeros(0, dtype=bool)
    order = np.argsort(~without, kind="stable")
    alone = dict.fromkeys(dossier.claims["household"][without].tolist())
    offers = int(dossier.start[-1]) - int(without.sum())
    tell(say(lang, "dossier.head", households=f"{households:,}", offers=f"{offers:,}", without=f"{len(alone):,}"))
    for claim in order[:SHOWN].tolist():
        tell()
        tell("\n".join(_block(dossier, claim, lang)))
    if len(dossier) > SHOWN:
        tell()
        tell(say(lang, "dossier.more", count=f"{len(dossier) - SHOWN:,}"))


def _block(dossier: Dossier, claim: int, lang: Language) -> list[str]:
    """Lines of one claim."""
    of = {name: values[claim] for name, values in dossier.claims.items()}
    rows = range(int(dossier.start[claim]), int(dossier.start[claim + 1]))
    offers = [{name: values[row] for name, values in dossier.offers.items()} for row in rows]
    due = of["entitled_m2"]
    lines = [_title(of, lang), *_indented(_fee(of, lang))]
    key = "dossier.due" if due == due else "dossier.unknown"  # noqa: PLR0124 - NaN: not known
    lines += _indented(say(lang, key, area=f"{due:,.10g}", reckoned=of["reckoned"]))
    if not offers[0]["route"]:
        return [*lines, *_indented(offers[0]["remark"])]
    for offer, told in zip(offers, _aligned([_offer(offer, lang) for offer in offers]), strict=True):
        lines += told
        lines += [f"    {text}" for text in _indented(offer["remark"])] if offer["remark"] else []
    return lines


def _title(of: dict[str, Any], lang: Language) -> str:
    parts = [of["household"], of["project"]]
    if of["part"]:
        parts.append(say(lang, "dossier.part", part=of["part"]))
    if of["count"] > 1:
        parts.append(say(lang, "dossier.households", count=f"{of['count']:,}"))
    return " · ".join(visible(str(part), keep="") for part in parts)


def _fee(of: dict[str, Any], lang: Language) -> str:
    fee = say(
        lang,
        "dossier.fee",
        now=of_household(lang, of["fee_now"]),
        multiplier=f"{of['multiplier']:g}",
        later=of_household(lang, of["fee_in_a_year"]),
    )
    month = of["overdue_from"]
    overdue = say(lang, "dossier.overdue", month=month) if month else say(lang, "dossier.never_overdue")
    return f"{fee} · {overdue}"


def _offer(offer: dict[str, Any], lang: Language) -> list[str]:
    """Cells of an offer."""
    pays, price, given = offer["household_pays"], offer["price"], offer["given_m2"]
    money = []
    if pays:
        key = "dossier.pays" if pays > 0 else "dossier.is_paid"
        money.append(say(lang, key, amount=of_household(lang, abs(pays))))
    if price:
        money.append(say(lang, "dossier.price", amount=of_household(lang, price)))
    return [
        word(lang, "route", offer["route"]),
        visible(offer["pool"], keep=""),
        say(lang, "dossier.area", area=f"{given:,.10g}") if given == given else "",  # noqa: PLR0124 - NaN: not known
        " · ".join(money),
        say(lang, "dossier.months", first=offer["first"], last=offer["last"]),
        say(lang, "dossier.housed", month=offer["housed_from"]) if offer["housed_from"] else "",
    ]


def _aligned(rows: list[list[str]]) -> list[list[str]]:
    """Lines of each row, cells below each other, without a head; columns that are empty throughout are left out.

    Where a row is too wide for a line, its months take another one.
    """
    used = [place for place in range(len(rows[0])) if any(row[place] for row in rows)]
    widths = {place: max(width(row[place]) for row in rows) for place in used}
    padded = [[row[place] + " " * (widths[place] - width(row[place])) for place in used] for row in rows]
    if sum(widths.values()) + 2 * len(used) <= room():
        return [["  " + "  ".join(cells).rstrip()] for cells in padded]
    months = sum(place >= MONTHS for place in used)
    return [
        ["  " + "  ".join(cells[:-months]).rstrip(), "    " + "  ".join(cells[-months:]).rstrip()] for cells in padded
    ]


def _indented(text: str) -> list[str]:
    """Lines of a text, no wider than the terminal; one line in a pipe."""
    if not sys.stdout.isatty():
        return [f"  {text}"]
    return [f"  {line}" for line in wrapped(text, max(shutil.get_terminal_size().columns - 2, 20))]


def show_notices(notices: Sequence[Notice], problem: Problem, path: Path, lang: Language) -> None:
    """Print what there is to look at, as warnings, the first households of each by name."""
    from renewopt.problem.dossiers import last_months

    if not notices:
        return
    months = problem.calendar.months
    last = last_months(months)
    facts = {
        "all": f"{int(problem.claims.households[problem.claims.stay(months)].sum()):,}",
        "months": last,
        "planned": months,
        "month": problem.calendar.label(months - last),
    }
    lines: list[str] = []
    for kind, alike in groupby(notices, key=lambda notice: notice.kind):
        listed = list(alike)
        for notice in listed[:REASONS]:
            told = {"count": f"{notice.count:,}", "names": _names(notice.households, lang)}
            lines.append(say(lang, f"notice.{kind}", reason=notice.reason.said(lang), **told, **facts))
        if rest := listed[REASONS:]:
            count = sum(notice.count for notice in rest)
            lines.append(say(lang, "notice.others", count=f"{count:,}", reasons=len(rest)))
    tell()
    tell(say(lang, "notice.head"))
    for line in lines:
        tell("\n".join(_indented(line)), fg="yellow")
    tell("  " + say(lang, "notice.how", path=path))


def _names(households: Iterable[str], lang: Language) -> str:
    every = [visible(name, keep="") for name in households]
    names = ("、" if lang == "zh" else ", ").join(every[:NAMED])
    return say(lang, "notice.names", names=names, count=f"{len(every) - NAMED:,}") if len(every) > NAMED else names
