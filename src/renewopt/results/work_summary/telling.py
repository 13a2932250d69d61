"""The work summary as headings, paragraphs and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from renewopt.results.summary import lacking
from renewopt.results.work_summary.blocks import Block, Heading, Paragraph, Table
from renewopt.results.work_summary.figures import LEAST, Figures, ProjectFigures, figures_of, years_of
from renewopt.results.work_summary.renewal import Begun
from renewopt.results.work_summary.sentences import begun_told, called, kind_told, next_year, overview, points, together
from renewopt.vocabulary import ROUTES, Use
from renewopt.wording import Language, of_its_place, words
from renewopt.wording.amounts import in_report, in_table, month
from renewopt.wording.phrases import say, word

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord

__all__ = ["tell_work"]


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
    told = [figures_of(plan, first, last) for first, last in spans]
    years = [figures for figures in told if not figures.empty] or told[:1]
    following = {of.year - 1: of for of in (years if year is None else _year_after(plan, years[0]))}
    alone = year is None and len(years) == 1 and not _books_go_on(plan, years)
    for figures in [of for of in years if not of.quiet] or years[:1]:
        blocks.append(Heading(2, say(lang, "work.year", year=figures.year)))
        blocks += _span(plan, figures, lang, _office(plan, lang) if alone else ())
        plans = next_year(following[figures.year], called(plan, lang)) if figures.year in following else ""
        blocks += [Paragraph(plans)] if plans else []
    if year is None:
        blocks += _valued(plan, years[0], lang) if alone else _all(plan, years, lang)
    return blocks


def _year_after(plan: PlanRecord, figures: Figures) -> list[Figures]:
    """The year after, if it is one of the plan's and not empty."""
    found = [figures_of(plan, first, last) for first, last in years_of(plan) if int(first[:4]) == figures.year + 1]
    return [of for of in found if not of.empty]


def _office(plan: PlanRecord, lang: Language) -> list[str]:
    """What the office's convention says is saved, where it says so."""
    saved = 0.0 if plan.savings is None else plan.savings.office_convention
    return [say(lang, "work.office", amount=in_report(lang, saved))] if saved >= LEAST else []


def _books_go_on(plan: PlanRecord, years: list[Figures]) -> bool:
    """Whether anything that the summary tells of comes after the last year that is told."""
    last = _last(plan, years)
    return last > years[-1].last and _after(plan, figures_of(plan, plan.start, last), years) is not None


def _last(plan: PlanRecord, years: list[Figures]) -> str:
    """The last month that the plan's tables tell of."""
    tables = (plan.fees, plan.funds, plan.baseline)
    return max([years[-1].last, *(str(table["month"].max()) for table in tables if not table.empty)])


def _status(plan: PlanRecord) -> str:
    return "rule" if plan.status == "feasible" and plan.gap is None else plan.status


def _named(figures: Figures, lang: Language) -> str:
    whole = figures.first.endswith("-01") and figures.last.endswith("-12")
    if whole:
        return say(lang, "work.span.year", year=figures.year)
    return say(lang, "work.span.part", first=month(lang, figures.first), last=month(lang, figures.last))


def _span(plan: PlanRecord, figures: Figures, lang: Language, more: Sequence[str] = ()) -> Iterator[Block]:
    """Paragraphs and table of a year; `more` is told of its fees where it is the only one."""
    yield Paragraph(together(overview(plan, figures, lang, _named(figures, lang)), lang))
    yield from _points(plan, figures, lang)
    yield from map(Paragraph, more)
    if figures.projects:
        yield _projects(plan, figures, lang)


def _points(plan: PlanRecord, figures: Figures, lang: Language, office: float = 0.0) -> Iterator[Block]:
    told = points(figures, called(plan, lang), office)
    if told:
        yield Paragraph(together(told, lang))


def _head(lang: Language, key: str) -> str:
    return word(lang, "route", key) if key in ROUTES else say(lang, f"work.col.{key}")


def _projects(plan: PlanRecord, figures: Figures, lang: Language) -> Table:
    """Table of a span by project."""
    routes = [route for route in (*ROUTES, "mixed") if figures.route(route)]
    counts = ("involved", "housed", *routes, "waiting", "overdue")
    sums = ("fees", "extra", *(("saved",) if figures.saved is not None else ()))

    def row(name: str, of: Figures) -> tuple[str, ...]:
        cells = [of.route(key) if key in routes else int(of.total(key)) for key in counts]
        return (name, *(f"{count:,}" for count in cells), *(in_table(lang, of.total(key)) for key in sums))

    rows = [
        row(called(plan, lang).label("project", project.project), replace(figures, projects=(project,)))
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
    last, end_month = _last(plan, years), years_of(plan)[-1][1]
    whole = figures_of(plan, plan.start, last)
    end = figures_of(plan, plan.start, end_month)
    saved = None if plan.savings is None else plan.savings.against_waiting
    span = say(lang, "work.span.all", first=month(lang, plan.start), last=month(lang, end_month))
    yield Heading(2, say(lang, "work.total"))
    # Households as they are when the plan ends; money to the end of the books.
    counted = replace(whole, projects=_as_at(end, whole), done=end.done)
    yield Paragraph(together(overview(plan, counted, lang, span), lang))
    yield from _points(plan, counted, lang, 0.0 if plan.savings is None else plan.savings.office_convention)
    if whole.begun:
        first, latest = (of.year for of in (years[0], years[-1]))
        key = "work.programme" if first < latest else "work.programme.year"
        total = sum(of.cost for of in whole.begun)
        told = {"begun": begun_told(whole.begun, lang), "amount": in_report(lang, total)}
        count = f"{sum(of.items for of in whole.begun):,}"
        yield Paragraph(say(lang, key, first=first, last=latest, count=count, **told))
        yield _starts(years, whole.begun, lang)
    after = _after(plan, whole, years)
    yield _years(whole, years, after, saved, lang)
    if after is not None:
        told_month = month(lang, years[-1].last)
        yield Paragraph(say(lang, "work.after", last=month(lang, last), end=told_month), quiet=True)
    yield from _valued(plan, whole, lang)


def _as_at(end: Figures, whole: Figures) -> tuple[ProjectFigures, ...]:
    """Projects with the households of the plan's end and the money of the whole."""
    counts = {of.project: of for of in end.projects}
    return tuple(
        replace(of, waiting=counts[of.project].waiting, overdue=counts[of.project].overdue)
        if of.project in counts
        else of
        for of in whole.projects
    )


def _valued(plan: PlanRecord, whole: Figures, lang: Language) -> Iterator[Block]:
    """What is saved beside the fees of the years that are told."""
    saved = None if plan.savings is None else plan.savings.against_waiting
    valued = None if saved is None or whole.saved is None else saved - whole.saved
    if valued is not None and abs(valued) >= LEAST:
        key = "work.valued" if abs(saved or 0.0) >= LEAST else "work.valued.even"
        told = say(lang, key, amount=in_report(lang, valued), total=in_report(lang, saved or 0.0))
        yield Paragraph(told, quiet=True)


def _starts(years: list[Figures], begun: Sequence[Begun], lang: Language) -> Table:
    """Table of what starts, by kind and year."""

    def row(name: str, kinds: Sequence[Begun]) -> tuple[str, ...]:
        wanted = {(of.kind, of.is_work) for of in kinds}
        each = [sum(of.items for of in year.begun if (of.kind, of.is_work) in wanted) for year in years]
        counts = (sum(of.items for of in kinds), sum(of.households for of in kinds))
        cost = sum(of.cost for of in kinds)
        return (name, *(f"{count:,}" for count in counts), in_table(lang, cost), *(f"{count:,}" for count in each))

    rows = [row(kind_told(of, lang), [of]) for of in begun]
    head = [say(lang, f"work.col.{key}") for key in ("kind", "begun", "households", "cost")]
    head += [say(lang, "work.col.begun.year", year=of.year) for of in years]
    return Table(say(lang, "work.by_kind"), tuple(head), (*rows, row(say(lang, "work.sum"), begun)))


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
