"""The work summary as headings, paragraphs and tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from renewopt.results.texts import Language
from renewopt.results.texts import known as known_word
from renewopt.results.texts import say as say_word
from renewopt.results.work_summary.blocks import Block, Heading, Paragraph, Table
from renewopt.results.work_summary.figures import ROUTES, Figures, figures_of, years_of
from renewopt.results.work_summary.texts import amount, cell, month, say
from renewopt.wording import words

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord

__all__ = ["tell_work"]

LEAST = 0.005
"""Amounts below this are nothing."""


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
    if not plan.feasible:
        raise ValueError(words("an infeasible plan has no work to sum up"))
    spans = years_of(plan)
    if year is not None:
        spans = [span for span in spans if int(span[0][:4]) == year]
        if not spans:
            first, *_, last = [*(int(span[0][:4]) for span in years_of(plan)), years_of(plan)[-1][0][:4]]
            raise ValueError(
                words("the plan has no year {year}; it runs from {first} to {last}", year=year, first=first, last=last)
            )
    title = "title" if plan.variant is None else "title.variant"
    policy = f"policy.{plan.policy}"
    named = say_word(lang, policy) if known_word(policy) else plan.policy
    blocks: list[Block] = [
        Heading(1, say(lang, title, name=plan.name, variant=plan.variant)),
        Paragraph(say(lang, "made", policy=named, status=say(lang, f"status.{_status(plan)}")), quiet=True),
    ]
    years = [figures_of(plan, first, last) for first, last in spans]
    for figures in years:
        blocks.append(Heading(2, say(lang, "year", year=figures.year)))
        blocks += _span(plan, figures, lang, _named(figures, lang))
    if year is None:
        blocks += _all(plan, years, lang)
    return blocks


def _status(plan: PlanRecord) -> str:
    return "rule" if plan.status == "feasible" and plan.gap is None else plan.status


def _named(figures: Figures, lang: Language) -> str:
    whole = figures.first.endswith("-01") and figures.last.endswith("-12")
    if whole:
        return say(lang, "span.year", year=figures.year)
    return say(lang, "span.part", first=month(lang, figures.first), last=month(lang, figures.last))


def _span(plan: PlanRecord, figures: Figures, lang: Language, span: str) -> Iterator[Block]:
    """Paragraph and table of a span of months."""
    sentences = [*_households(plan, figures, lang, span), *_money(figures, lang, figures.saved)]
    yield Paragraph(_together(sentences, lang))
    yield _projects(plan, figures, lang)


def _together(sentences: list[str], lang: Language) -> str:
    return ("" if lang == "zh" else " ").join(sentences)


def _households(plan: PlanRecord, figures: Figures, lang: Language, span: str) -> Iterator[str]:
    routes = [
        say(lang, f"route.{route}", count=f"{figures.route(route):,}")
        for route in (*ROUTES, "mixed")
        if figures.route(route)
    ]
    waiting = int(figures.total("waiting"))
    yield say(
        lang,
        "households",
        span=span,
        name=plan.name,
        projects=sum(project.involved > 0 for project in figures.projects),
        involved=f"{int(figures.total('involved')):,}",
        housed=f"{int(figures.total('housed')):,}",
        routes=say(lang, "routes", routes=say(lang, "join").join(routes)) if routes else "",
        done=f"{figures.done:,}",
        all=f"{figures.households:,}",
        share=f"{figures.done / max(figures.households, 1):.1%}",
        waiting=f"{waiting:,}",
    )
    overdue = int(figures.total("overdue"))
    if waiting:
        yield say(lang, "overdue" if overdue else "overdue.none", count=f"{overdue:,}")


def _money(figures: Figures, lang: Language, saved: float | None) -> Iterator[str]:
    fees, extra = figures.total("fees"), figures.total("extra")
    yield say(
        lang,
        "fees",
        fees=amount(lang, fees),
        overdue=amount(lang, extra),
        paid=amount(lang, figures.paid),
        owed=amount(lang, figures.owed),
    )
    if saved is not None and abs(saved) >= LEAST:
        yield say(lang, "saved" if saved > 0 else "saved.less", amount=amount(lang, abs(saved)))
    building = figures.spent.get("construction", 0.0)
    if figures.handed_over:
        names = say(lang, "phases", names=say(lang, "join").join(figures.handed_over[:10]))
        count = f"{len(figures.handed_over):,}"
        yield say(lang, "building", amount=amount(lang, building), count=count, phases=names)
    elif building:
        yield say(lang, "building.none", amount=amount(lang, building))
    for use in ("voucher", "units", "cash", "moving"):
        if figures.spent.get(use):
            yield say(lang, use, amount=amount(lang, figures.spent[use]))
    if figures.offset:
        yield say(lang, "offset", amount=amount(lang, figures.offset))


def _projects(plan: PlanRecord, figures: Figures, lang: Language) -> Table:
    """Table of a span by project."""
    routes = [route for route in (*ROUTES, "mixed") if figures.route(route)]
    counts = ("involved", "housed", *routes, "waiting", "overdue")
    sums = ("fees", "extra", *(("saved",) if figures.saved is not None else ()))
    stated = plan.stated.get("projects", {})

    def row(name: str, of: Figures) -> tuple[str, ...]:
        cells = [of.route(key) if key in routes else int(of.total(key)) for key in counts]
        return (name, *(f"{count:,}" for count in cells), *(cell(lang, of.total(key)) for key in sums))

    rows = [
        row(stated.get(project.project, {}).get("name") or project.project, replace(figures, projects=(project,)))
        for project in figures.projects
    ]
    head = (say(lang, "col.project"), *(say(lang, f"col.{key}") for key in (*counts, *sums)))
    return Table(
        say(lang, "by_project", span=say(lang, "year", year=figures.year)),
        head,
        (*rows, row(say(lang, "sum"), figures)),
    )


def _all(plan: PlanRecord, years: list[Figures], lang: Language) -> Iterator[Block]:
    """All years together, what comes after them included."""
    tables = (plan.fees, plan.funds, plan.baseline)
    last = max([years[-1].last, *(str(table["month"].max()) for table in tables if not table.empty)])
    whole = figures_of(plan, plan.start, last)
    end = figures_of(plan, plan.start, years[-1].last)
    saved = None if plan.savings is None else plan.savings.against_waiting
    span = say(lang, "span.all", first=month(lang, plan.start), last=month(lang, years[-1].last))
    yield Heading(2, say(lang, "total"))
    sentences = [*_households(plan, end, lang, span), *_money(whole, lang, saved)]
    if plan.savings is not None and plan.savings.office_convention > 0:
        sentences.append(say(lang, "office", amount=amount(lang, plan.savings.office_convention)))
    yield Paragraph(_together(sentences, lang))
    after = _after(plan, whole, years)
    yield _years(whole, years, after, saved, lang)
    if after is not None:
        yield Paragraph(say(lang, "after", last=month(lang, last), end=month(lang, years[-1].last)), quiet=True)
    valued = None if saved is None or whole.saved is None else saved - whole.saved
    if valued is not None and abs(valued) >= LEAST:
        yield Paragraph(say(lang, "valued", amount=amount(lang, valued)), quiet=True)


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
    stated = {"building": "construction", "paid_vouchers": "voucher"}
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
            "building": of.spent.get("construction", 0.0),
            "paid_vouchers": of.spent.get("voucher", 0.0),
            "offset": of.offset,
            "saved": of_saved or 0.0,
        }
        return [cell(lang, found[key]) for key in sums]

    def row(name: str, of: Figures) -> tuple[str, ...]:
        figures = (of.total("involved"), of.total("housed"), of.done, of.total("waiting"), of.total("overdue"))
        return (name, *(f"{int(figure):,}" for figure in figures), *amounts(of, of.saved))

    rows = [row(say(lang, "year", year=of.year), of) for of in years]
    if after is not None:
        rows.append(row(say(lang, "afterwards"), after))
    rows.append(row(say(lang, "sum"), whole))
    head = (say(lang, "col.span"), *(say(lang, f"col.{key}") for key in (*counts, *sums)))
    return Table(say(lang, "by_year"), head, tuple(rows))
