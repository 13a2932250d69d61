"""What the plan does not start, project by project and work by work, and what each would take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from renewopt.charts.scales import money_scale
from renewopt.results.reporting.page import Table
from renewopt.results.reporting.programme import kinds_of
from renewopt.vocabulary import Keeps
from renewopt.wording.amounts import in_report

if TYPE_CHECKING:
    from renewopt.charts.labels import Locale
    from renewopt.results.pricing.record import PriceRecord
    from renewopt.results.record import PlanRecord

__all__ = ["left_out_table"]

SHOWN = 60
LEAST = 0.5
"""Yuan: less is nothing."""
NOTHING = "–"


def left_out_table(plan: PlanRecord, say: Locale, prices: PriceRecord | None = None) -> Table | None:
    """Tell what is not started: whom it concerns, what it costs, what is lacking for it; None where all starts.

    Parameters
    ----------
    plan
        One with tables.
    say
        Language and names.
    prices
        With the differences that were proven, where they were asked for.
    """
    table = plan.left_out
    if table.empty:
        return None
    scale, kinds, later = money_scale(float(table["cost"].max()), say), kinds_of(plan), _later(prices)
    delay = dict(zip(plan.programme["item"], plan.programme["delay_cost"], strict=True))
    in_time = bool(plan.stated.get("objective", {}).get("", {}).get("start_only_if_housed"))

    def cells(row: Mapping[Any, Any]) -> list[str]:
        homes, kind = row["homes"], kinds.get(row["item"], row["kind"])
        return [
            say.label("item", row["item"]),
            say.word("work_kind", kind) or say("starts.no_kind"),
            f"{row['households']:,}" if row["households"] else NOTHING,
            f"{homes:,.10g}" if homes == homes else NOTHING,  # noqa: PLR0124 - NaN
            *(scale.written(row[name]) for name in ("cost", "lacking", "land_revenue")),
            scale.written(delay.get(row["item"], 0.0)),
            say.apart(_takes(row, say, later.get(row["item"], 0.0), in_time=in_time and homes == homes)),  # noqa: PLR0124
        ]

    head = ["item", "kind", "households", "homes", "cost", "lacking", "land", "delay", "takes"]
    hidden = len(table) - SHOWN
    sums = [
        float(table["cost"].sum()),
        None,
        float(table["land_revenue"].sum()),
        sum(delay[item] for item in table["item"]),
    ]
    return Table(
        say("left.caption", unit=scale.unit),
        [say(f"left.column.{name}") for name in head],
        [cells(row) for row in table.head(SHOWN).to_dict("records")],
        range(2, len(head) - 1),
        [say("column.total"), "", f"{table['households'].sum():,}", "",
         *("" if total is None else scale.written(total) for total in sums), ""],
        say("page.more", count=hidden, file="left_out.csv") if hidden > 0 else "",
    )  # fmt: skip


def _later(prices: PriceRecord | None) -> dict[str, float]:
    """Yuan that a start in the month after its window is reckoned to save, by project or work."""
    if prices is None or prices.differences.empty:
        return {}
    rows = prices.differences[(prices.differences["kind"] == "window") & prices.differences["saved"].notna()]
    return dict(zip(rows["id"].map(str), rows["saved"].map(float), strict=True))


def _takes(row: Mapping[Any, Any], say: Locale, later: float, *, in_time: bool) -> Iterator[str]:
    """What keeps it out, when it could begin and be paid, and what hangs on it."""
    yield from _rules(row, say)
    if row["cost"] > 0 and row["start"]:
        told = {"start": row["start"], "funds": say.joined(say.label("fund", fund) for fund in row["funds"].split(";"))}
        if row["lacking"] < LEAST:
            yield say("left.paid", **told)
        elif row["idle"] < LEAST:
            yield say("left.none", **told)
        else:
            yield say("left.money", **told, idle=in_report(say.lang, row["idle"]))
    if len(uses := row["uses"].split(";")) > 1:
        yield say.joined(_use(use, say) for use in uses)
    if in_time:
        yield say("left.in_time")
    if row["phases"]:
        yield say("left.phases", phases=say.joined(say.label("phase", phase) for phase in row["phases"].split(";")))
    if row["deadline"]:
        yield say("left.deadline", deadline=row["deadline"])
    if later >= LEAST:
        yield say("left.later", amount=in_report(say.lang, later))


def _use(written: str, say: Locale) -> str:
    """What some of its stages may be paid as, and how much they come to."""
    uses, _, amount = written.rpartition(":")
    ways = say("left.or").join(say.word("use", use) for use in uses.split("+"))
    return say("left.use", use=ways, amount=in_report(say.lang, float(amount)))


def _rules(row: Mapping[Any, Any], say: Locale) -> Iterator[str]:
    """Months that the rules leave it, or which of them leave none."""
    if row["first"] and row["first"] == row["last"]:
        yield say("left.open.once", first=row["first"])
    elif row["first"]:
        yield say("left.open", first=row["first"], last=row["last"])
    for rule in filter(None, row["keeps"].split(";")):
        if rule == Keeps.PRECEDENCE and row["waits_for"]:
            names = say.joined(say.label("item", name) for name in row["waits_for"].split(";"))
            yield say("left.waits", names=names)
        elif rule == Keeps.CREWS:
            crews = (crew.rpartition(":") for crew in row["crews"].split(";"))
            yield say(
                "left.crews",
                crews=say.joined(
                    say("left.crew", crew=say.label("crew", crew), hands=hands) for crew, _, hands in crews
                ),
            )
        else:
            yield say(f"left.{rule}")
