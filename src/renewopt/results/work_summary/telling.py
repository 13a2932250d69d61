"""The work summary as headings, paragraphs and tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from renewopt.results.summary import lacking
from renewopt.results.work_summary.blocks import Block, Heading, Paragraph, Table
from renewopt.results.work_summary.figures import Figures, figures_of, years_of
from renewopt.vocabulary import ROUTES, Use
from renewopt.wording import Language, of_its_place, words
from renewopt.wording.amounts import in_report, in_table, month
from renewopt.wording.phrases import say, word

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord

__all__ = ["tell_work"]

LEAST = 0.005
"""Amounts below this are nothing."""


@of_its_place
def tell_work(plan: PlanRecord, lang: Language, year: int | None = None) -> list[Block]:
    """Tell the work of a plan.

    Parameters
    ----------
    plan : PlanRecord
    lang : {'en', 'zh'}
    year : int, optional
        Calendar year; default: each year of the plan, and all of them together.

    Raises
    ------
    ValueError
        If the plan is infeasible, or has no such year.
    """
    if not plan.has_tables:
        raise ValueError(words("an infeasible plan has no work to sum up"))
    spans = years_of(plan)
    if year is not None:
        spans = [span for span in spans if int(span[0][:4]) == year]
        if not spans:
            first, *_, last = [*(int(span[0][:4]) for span in years_of(plan)), years_of(plan)[-1][0][:4]]
            raise ValueError(
                words("the plan has no year {year}; it runs from {first} to {last}", year=year, first=first, last=last)
            )
    title = "work.title" if plan.variant is None else "work.title.variant"
    policy, status = word(lang, "policy", plan.policy), say(lang, f"work.status.{_status(plan)}")
    blocks: list[Block] = [
        Heading(1, say(lang, title, name=plan.name, variant=plan.variant)),
        Paragraph(say(lang, "work.made", policy=policy, status=status), quiet=True),
        *map(Paragraph, lacking(plan, lang)),
    ]
    years = [figures_of(plan, first, last) for first, last in spans]
    for figures in years:
        blocks.append(Heading(2, say(lang, "work.year", year=figures.year)))
        blocks += _span(plan, figures, lang, _named(figures, lang))
    if year is None:
        blocks += _all(plan, years, lang)
    return blocks


def _status(plan: PlanRecord) -> str:
    return "rule" if plan.status == "feasible" and plan.gap is None else plan.status


def _named(figures: Figures, lang: Language) -> str:
    whole = figures.first.endswith("-01") and figures.last.endswith("-12")
    if whole:
        return say(lang, "work.span.year", year=figures.year)
    return say(lang, "work.span.part", first=month(lang, figures.first), last=month(lang, figures.last))


def _span(plan: PlanRecord, figures: Figures, lang: Language, span: str) -> Iterator[Block]:
    """Paragraph and table of a span of months."""
    sentences = [*_households(plan, figures, lang, span), *_money(figures, lang)]
    yield Paragraph(_together(sentences, lang))
    yield _projects(plan, figures, lang)


def _together(sentences: list[str], lang: Language) -> str:
    return ("" if lang == "zh" else " ").join(sentences)


def _households(plan: PlanRecord, figures: Figures, lang: Language, span: str) -> Iterator[str]:
    routes = [
        say(lang, f"work.route.{route}", count=f"{figures.route(route):,}")
        for route in (*ROUTES, "mixed")
        if figures.route(route)
    ]
    waiting = int(figures.total("waiting"))
    yield say(
        lang,
        "work.households",
        span=span,
        name=plan.name,
        projects=sum(project.involved > 0 for project in figures.projects),
        involved=f"{int(figures.total('involved')):,}",
        housed=f"{int(figures.total('housed')):,}",
        routes=say(lang, "work.routes", routes=say(lang, "work.join").join(routes)) if routes else "",
        done=f"{figures.done:,}",
        all=f"{figures.households:,}",
        share=f"{figures.done / max(figures.households, 1):.1%}",
        waiting=f"{waiting:,}",
    )
    overdue = int(figures.total("overdue"))
    if waiting:
        yield say(lang, "work.overdue" if overdue else "work.overdue.none", count=f"{overdue:,}")


def _money(figures: Figures, lang: Language) -> Iterator[str]:
    fees, extra, saved = figures.total("fees"), figures.total("extra"), figures.saved
    yield say(
        lang,
        "work.fees",
        fees=in_report(lang, fees),
        overdue=in_report(lang, extra),
        paid=in_report(lang, figures.paid),
        owed=in_report(lang, figures.owed),
    )
    if saved is not None and abs(saved) >= LEAST:
        yield say(lang, "work.saved" if saved > 0 else "work.saved.less", amount=in_report(lang, abs(saved)))
    building = figures.spent.get(Use.CONSTRUCTION, 0.0)
    if figures.handed_over:
        names = say(lang, "work.phases", names=say(lang, "work.join").join(figures.handed_over[:10]))
        count = f"{len(figures.handed_over):,}"
        yield say(lang, "work.building", amount=in_report(lang, building), count=count, phases=names)
    elif building:
        yield say(lang, "work.building.none", amount=in_report(lang, building))
    for use in (Use.VOUCHER, Use.UNITS, Use.CASH, Use.MOVING):
        if figures.spent.get(use):
            yield say(lang, f"work.{use}", amount=in_report(lang, figures.spent[use]))
    if figures.offset:
        yield say(lang, "work.offset", amount=in_report(lang, figures.offset))


def _head(lang: Language, key: str) -> str:
    return word(lang, "route", key) if key in ROUTES else say(lang, f"work.col.{key}")


def _projects(plan: PlanRecord, figures: Figures, lang: Language) -> Table:
    """Table of a span by project."""
    routes = [route for route in (*ROUTES, "mixed") if figures.route(route)]
    counts = ("involved", "housed", *routes, "waiting", "overdue")
    sums = ("fees", "extra", *(("saved",) if figures.saved is not None else ()))
    stated = plan.stated.get("projects", {})

    def row(name: str, of: Figures) -> tuple[str, ...]:
        cells = [of.route(key) if key in routes else int(of.total(key)) for key in counts]
        return (name, *(f"{count:,}" for count in cells), *(in_table(lang, of.total(key)) for key in sums))

    rows = [
        row(stated.get(project.project, {}).get("name") or project.project, replace(figures, projects=(project,)))
        for project in figures.projects
    ]
    head = (say(lang, "work.col.project"), *(_head(lang, key) for key in (*counts, *sums)))
    return Table(
        say(lang, "work.by_project", span=say(lang, "work.year", year=figures.year)),
        head,
        (*rows, row(say(lang, "work.sum"), figures)),
    )


def _all(plan: PlanRecord, years: list[Figures], lang: Language) -> Iterator[Block]:
    """All years together, what comes after them included."""
    tables = (plan.fees, plan.funds, plan.baseline)
    last = max([years[-1].last, *(str(table["month"].max()) for table in tables if not table.empty)])
    whole = figures_of(plan, plan.start, last)
    end = figures_of(plan, plan.start, years[-1].last)
    saved = None if plan.savings is None else plan.savings.against_waiting
    span = say(lang, "work.span.all", first=month(lang, plan.start), last=month(lang, years[-1].last))
    yield Heading(2, say(lang, "work.total"))
    sentences = [*_households(plan, end, lang, span), *_money(whole, lang)]
    if plan.savings is not None and plan.savings.office_convention > 0:
        sentences.append(say(lang, "work.office", amount=in_report(lang, plan.savings.office_convention)))
    yield Paragraph(_together(sentences, lang))
    after = _after(plan, whole, years)
    yield _years(whole, years, after, saved, lang)
    if after is not None:
        yield Paragraph(say(lang, "work.after", last=month(lang, last), end=month(lang, years[-1].last)), quiet=True)
    valued = None if saved is None or whole.saved is None else saved - whole.saved
    if valued is not None and abs(valued) >= LEAST:
        told = say(lang, "work.valued", amount=in_report(lang, valued), total=in_report(lang, saved or 0.0))
        yield Paragraph(told, quiet=True)


def _after(plan: PlanRecord, whole: Figures, years: list[Figures]) -> Figures | None:
    """What the books hold after the last year; None where they hold nothing of it."""
    if whole.last <= years[-1].last:
        return None
    after = figures_of(plan, _next(years[-1].last), whole.last)
    moved = after.total("fees") or after.saved or after.offset or any(after.spent.values())
    return after if moved or after.total("housed") else None


def _next(text: str) -> str:
    from renewopt.units import Month

    return str(Month.parse(text) + 1)


def _years(whole: Figures, years: list[Figures], after: Figures | None, saved: float | None, lang: Language) -> Table:
    """Table of all years."""
    counts = ("involved", "housed", "done", "waiting", "overdue")
    stated = {"building": Use.CONSTRUCTION, "paid_vouchers": Use.VOUCHER}
    sums = (
        "fees",
        "extra",
        *(key for key, use in stated.items() if whole.spent.get(use)),
        *(("offset",) if whole.offset else ()),
        *(("saved",) if saved is not None else ()),
    )

    def amounts(of: Figures, of_saved: float | None) -> list[str]:
        found = {
            "fees": of.total("fees"),
            "extra": of.total("extra"),
            "building": of.spent.get(Use.CONSTRUCTION, 0.0),
            "paid_vouchers": of.spent.get(Use.VOUCHER, 0.0),
            "offset": of.offset,
            "saved": of_saved or 0.0,
        }
        return [in_table(lang, found[key]) for key in sums]

    def row(name: str, of: Figures) -> tuple[str, ...]:
        figures = (of.total("involved"), of.total("housed"), of.done, of.total("waiting"), of.total("overdue"))
        return (name, *(f"{int(figure):,}" for figure in figures), *amounts(of, of.saved))

    rows = [row(say(lang, "work.year", year=of.year), of) for of in years]
    if after is not None:
        rows.append(row(say(lang, "work.afterwards"), after))
    rows.append(row(say(lang, "work.sum"), whole))
    head = (say(lang, "work.col.span"), *(_head(lang, key) for key in (*counts, *sums)))
    return Table(say(lang, "work.by_year"), head, tuple(rows))
