"""Sentences of the work summary: what a span of months comes to, point by point, and what the next brings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from renewopt.charts.labels import Locale
from renewopt.results.reporting.facts import names
from renewopt.results.work_summary.figures import LEAST, Figures
from renewopt.results.work_summary.renewal import Begun
from renewopt.vocabulary import ROUTES, Use
from renewopt.wording import Language
from renewopt.wording.amounts import in_report
from renewopt.wording.phrases import known, say, word

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord

__all__ = ["begun_told", "called", "kind_told", "next_year", "overview", "points", "together"]

PHASES_NAMED = 10


def together(sentences: Iterable[str], lang: Language) -> str:
    """Join sentences to a paragraph."""
    return ("" if lang == "zh" else " ").join(sentences)


def _clauses(sentences: Iterable[str], lang: Language) -> str:
    """Join sentences to what is said of one matter; in Chinese as clauses of one sentence."""
    if lang == "en":
        return together(sentences, lang)
    return "；".join(sentence.removesuffix("。") for sentence in sentences) + "。"


def overview(plan: PlanRecord, figures: Figures, lang: Language, span: str) -> Iterator[str]:
    """Households, fees and the saving of a span."""
    involved = int(figures.total("involved"))
    if involved:
        yield say(
            lang,
            "work.households",
            span=span,
            name=plan.name,
            projects=sum(project.involved > 0 for project in figures.projects),
            involved=f"{involved:,}",
            housed=f"{int(figures.total('housed')):,}",
        )
    else:
        yield say(lang, "work.households.none", span=span, name=plan.name)
    fees = figures.total("fees")
    yield say(lang, "work.fees" if fees >= LEAST else "work.fees.none", fees=in_report(lang, fees))
    saved = figures.saved
    if saved is not None and abs(saved) >= LEAST:
        yield say(lang, "work.saved" if saved > 0 else "work.saved.less", amount=in_report(lang, abs(saved)))


def called(plan: PlanRecord, lang: Language) -> Locale:
    """Names that the planner gave: in Chinese in the place of ids."""
    return Locale(lang, names(plan.stated))


def points(figures: Figures, local: Locale, office: float = 0.0) -> list[str]:
    """What was done, a numbered point for each matter; matters of which nothing is to be told are left out.

    Parameters
    ----------
    figures
        Of the span.
    local
        Language, and names of phases.
    office
        Saved by the office's convention, yuan; 0: not told.
    """
    lang = local.lang
    matters = {
        "housing": _housing(figures, lang),
        "fees": _fees(figures, lang, office),
        "building": _building(figures, local),
        "payments": _payments(figures, lang),
        "debt": _debt(figures, lang),
        "renewal": _renewal(figures, lang),
    }
    told = {topic: list(sentences) for topic, sentences in matters.items()}
    listed = [
        say(lang, "work.point.headed", topic=say(lang, f"work.point.{topic}"), text=_clauses(sentences, lang))
        for topic, sentences in told.items()
        if sentences
    ]
    return [text[:1].upper() + text[1:] for text in _numbered(listed, lang)]


def _numbered(listed: list[str], lang: Language) -> list[str]:
    numbers = say(lang, "work.numbers").split()
    return [say(lang, "work.point", number=number, text=text) for number, text in zip(numbers, listed, strict=False)]


def _housing(figures: Figures, lang: Language) -> Iterator[str]:
    waiting, overdue = int(figures.total("waiting")), int(figures.total("overdue"))
    if not figures.total("involved"):
        return
    routes = _routes(figures, lang)
    if routes:
        yield say(lang, "work.routes", routes=routes)
    if not waiting and figures.done == figures.households:
        yield say(lang, "work.done.all", all=f"{figures.households:,}")
        return
    share = f"{figures.done / max(figures.households, 1):.1%}"
    yield say(lang, "work.done", done=f"{figures.done:,}", all=f"{figures.households:,}", share=share)
    # Parts of a household that is due several homes fall overdue one by one.
    key = "none" if not overdue else "parts" if overdue > waiting else "some"
    if waiting:
        yield say(lang, f"work.waiting.{key}", waiting=f"{waiting:,}", overdue=f"{overdue:,}")


def _routes(figures: Figures, lang: Language) -> str:
    told = [
        say(lang, f"work.route.{route}", count=f"{figures.route(route):,}")
        for route in (*ROUTES, "mixed")
        if figures.route(route)
    ]
    return say(lang, "join").join(told)


def _fees(figures: Figures, lang: Language, office: float) -> Iterator[str]:
    extra = figures.total("extra")
    if figures.total("fees") >= LEAST:
        yield say(lang, "work.overdue" if extra >= LEAST else "work.overdue.none", overdue=in_report(lang, extra))
    if figures.paid >= LEAST or figures.owed >= LEAST:
        key = "work.paid" if figures.owed >= LEAST else "work.paid.all"
        yield say(lang, key, paid=in_report(lang, figures.paid), owed=in_report(lang, figures.owed))
    if office >= LEAST:
        yield say(lang, "work.office", amount=in_report(lang, office))


def _building(figures: Figures, local: Locale) -> Iterator[str]:
    lang = local.lang
    building = figures.spent.get(Use.CONSTRUCTION, 0.0)
    if building >= LEAST:
        yield say(lang, "work.building", amount=in_report(lang, building))
    if figures.handed_over:
        yield say(lang, "work.handed_over", count=f"{len(figures.handed_over):,}", phases=_phases(figures, local))
    elif building >= LEAST:
        yield say(lang, "work.handed_over.none")


def _phases(figures: Figures, local: Locale) -> str:
    told = local.joined(local.label("phase", phase) for phase in figures.handed_over[:PHASES_NAMED])
    key = "work.phases" if len(figures.handed_over) <= PHASES_NAMED else "work.phases.more"
    return say(local.lang, key, names=told)


def _payments(figures: Figures, lang: Language) -> Iterator[str]:
    for use in (Use.VOUCHER, Use.UNITS, Use.CASH, Use.MOVING):
        if figures.spent.get(use, 0.0) >= LEAST:
            yield say(lang, f"work.{use}", amount=in_report(lang, figures.spent[use]))


def _debt(figures: Figures, lang: Language) -> Iterator[str]:
    if figures.offset >= LEAST:
        yield say(lang, "work.offset", amount=in_report(lang, figures.offset))


def _renewal(figures: Figures, lang: Language) -> Iterator[str]:
    if figures.begun:
        yield say(lang, "work.begun", begun=begun_told(figures.begun, lang))
    for key in ("finished", "cleared"):
        count = getattr(figures, key)
        if count:
            yield say(lang, f"work.{key}", count=f"{count:,}")


def begun_told(begun: Iterable[Begun], lang: Language) -> str:
    """Tell what starts, kind by kind, as in 城中村改造项目2个1500户，计划投资3.2亿元."""
    told = []
    for of in begun:
        key = f"work.counted.{of.kind}"
        items = say(lang, key if known(key) else "work.counted", count=f"{of.items:,}")
        key = "work.begun.project" if not of.is_work else "work.begun.work" if of.households else "work.begun.works"
        cost = say(lang, "work.begun.cost", amount=in_report(lang, of.cost)) if of.cost >= LEAST else ""
        kind = kind_told(of, lang)
        told.append(say(lang, key, kind=kind, items=items, households=f"{of.households:,}", cost=cost))
    return say(lang, "join.apart").join(told)


def kind_told(of: Begun, lang: Language) -> str:
    """Name a kind of projects or works."""
    if of.kind:
        return word(lang, "work_kind", of.kind)
    return say(lang, "work.kind.works" if of.is_work else "work.kind.projects")


def next_year(figures: Figures, local: Locale) -> str:
    """Tell what the following year is to bring, as the plan has it (下一步工作计划)."""
    lang = local.lang
    plans = say(lang, "join.apart").join(_numbered(list(_intended(figures, local)), lang))
    return say(lang, "work.next", year=figures.year, plans=plans) if plans else ""


def _intended(figures: Figures, local: Locale) -> Iterator[str]:
    lang = local.lang
    housed, waiting = int(figures.total("housed")), int(figures.total("waiting"))
    if housed:
        key = "work.next.housed" if waiting else "work.next.housed.all"
        yield say(lang, key, housed=f"{housed:,}", routes=_routes(figures, lang), waiting=f"{waiting:,}")
    fees = figures.total("fees")
    if fees >= LEAST:
        yield say(lang, "work.next.fees", fees=in_report(lang, fees))
    building, count = figures.spent.get(Use.CONSTRUCTION, 0.0), f"{len(figures.handed_over):,}"
    if building >= LEAST:
        yield say(lang, "work.next.building", amount=in_report(lang, building))
    if figures.handed_over:
        yield say(lang, "work.next.handed_over", count=count, phases=_phases(figures, local))
    if figures.spent.get(Use.VOUCHER, 0.0) >= LEAST:
        yield say(lang, "work.next.vouchers", amount=in_report(lang, figures.spent[Use.VOUCHER]))
    if figures.begun:
        yield say(lang, "work.next.begun", begun=begun_told(figures.begun, lang))
