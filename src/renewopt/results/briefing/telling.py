"""The brief in sentences: each from a figure of the plan's tables, and left out where there is nothing to say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from renewopt.charts.labels import Locale, short
from renewopt.charts.scales import money_scale
from renewopt.results.briefing import facts
from renewopt.results.briefing.given_up import Unbuilt, doubtful, idle, tightest, unbuilt, undrawn, unfinished
from renewopt.results.briefing.periods import Period, quarters_of
from renewopt.results.briefing.worst import worst_delays
from renewopt.results.reporting.facts import last_month
from renewopt.results.reporting.page import Table, words_for
from renewopt.results.shortages import ONE
from renewopt.results.summary import lacking, percent
from renewopt.vocabulary import USES, Doubt, Goal
from renewopt.wording import Language, of_its_place
from renewopt.wording.amounts import in_report, month
from renewopt.wording.phrases import say

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord, Shortage

__all__ = ["Brief", "Section", "tell_brief"]

SHOWN = 3
"""Sentences of a kind, so that the brief stays on its page; and names in one sentence, twice as many."""
MANY = (100, 10_000)
"""Units of money in all from which the table writes one digit after the point instead of two, and none."""
NOTHING = "–"
"""How the table writes 0."""
LONGEST = 24
"""Signs of a name."""
LEAST = 50.0
"""Yuan: less is nothing when it is written in 万元."""


@dataclass(frozen=True)
class Section:
    """A paragraph of the brief.

    Attributes
    ----------
    key
        Which one, as its placeholder in a template is called.
    lead
        Heading.
    sentences
        Each with its figures; of the section ``money``, none: there the table stands.
    """

    key: str
    lead: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Brief:
    """All that the page says.

    Attributes
    ----------
    lang
        Language.
    title, made
        Heading; months, policy and status.
    sections
        In their order.
    table
        Money by fund and quarter, and homes; None where there are no tables.
    """

    lang: Language
    title: str
    made: str
    sections: tuple[Section, ...]
    table: Table | None

    def head(self, section: Section) -> str:
        """Heading of a section with its number, as a paragraph begins with it."""
        number = say(self.lang, "brief.numbers").split()[self.sections.index(section)]
        return say(self.lang, "brief.number", number=number, lead=section.lead)

    def text(self, section: Section) -> str:
        """Sentences of a section, one after the other."""
        return ("" if self.lang == "zh" else " ").join(section.sentences)


@of_its_place
def tell_brief(plan: PlanRecord, lang: Language, most: int = SHOWN) -> Brief:
    """Tell a plan on one page.

    Parameters
    ----------
    plan : PlanRecord
        Any; of one without tables only what is lacking and how that can be mended is told.
    lang : {'en', 'zh'}
    most
        Sentences of a kind.
    """
    teller = _Teller(plan, words_for(lang, plan.stated), most)
    parts: list[tuple[str, Iterable[str]]] = [("lacking", teller.lacking()), ("remedies", teller.remedies())]
    if plan.has_tables:
        parts += [
            ("decided", teller.decided()),
            ("money", ()),
            ("given_up", teller.given_up()),
            ("waits", teller.waits()),
            ("breaks", teller.breaks()),
            ("doubts", teller.doubts()),
            ("signing", teller.signing()),
        ]
    told = [(key, tuple(ONE.sub("1 household", sentence) for sentence in sentences)) for key, sentences in parts]
    say = teller.say
    coming = month(lang, facts.signing(plan).month) if plan.has_tables else ""
    table = teller.table() if plan.has_tables else None
    sections = tuple(
        Section(key, table.caption if key == "money" and table else say(f"brief.{key}", month=coming), sentences)
        for key, sentences in told
        if sentences or key == "money"
    )
    title = "brief.title" if plan.variant is None else "brief.title.variant"
    return Brief(
        lang,
        say(title, name=short(plan.name, 40), variant=short(plan.variant or "", LONGEST)),
        " · ".join([say("plan.months", first=plan.start, last=teller.last), teller.status()]),
        sections,
        table,
    )


class _Teller:
    """Sentences of a plan, section by section."""

    def __init__(self, plan: PlanRecord, say: Locale, most: int) -> None:
        self.plan, self.say, self.lang, self.most = plan, say, say.lang, most
        self.last = last_month(plan.start, plan.months)

    def status(self) -> str:
        """Status in a word or two."""
        if not self.plan.has_tables:
            return self.say("brief.status.none")
        rule = self.plan.status == "feasible" and self.plan.gap is None
        return self.say(f"work.status.{'rule' if rule else self.plan.status}")

    def lacking(self) -> Iterator[str]:
        """What is short."""
        yield from lacking(self.plan, self.lang)
        felt = [each for each in self.plan.shortages if each.what != "money" or (each.amount or 0.0) >= LEAST]
        most_first = sorted(felt, key=lambda each: -sum(each.by_month.values()))
        yield from self._first([self._missing(shortage) for shortage in most_first])

    def _missing(self, shortage: Shortage) -> str:
        if shortage.amount is None or not shortage.by_month:
            return shortage.text[self.lang]
        use, _, whose = shortage.where.partition("/")
        kinds = ("project", "fund", "commitment", "phase")
        kind = next((kind for kind in kinds if self.say.names.get(kind, {}).get(whose)), "project")
        return self.say(
            "brief.missing",
            amount=self._yuan(shortage.amount),
            use=self.say.word("use", use),
            whose=self._name(kind, whose),
            months=self._span(min(shortage.by_month), max(shortage.by_month)),
        )

    def remedies(self) -> Iterator[str]:
        """The smallest change of each rule that does."""
        from renewopt.results.conflicts.changes import NOT_ENOUGH

        found = [
            self.say(
                "brief.remedy" if conflict.proven else "brief.remedy.likely",
                rule=_open(rule.text[self.lang]),
                change=_open(rule.change[self.lang]),
            )
            for conflict in self.plan.conflicts
            for rule in conflict.rules
            if rule.change is not None and rule.change[self.lang] != NOT_ENOUGH.said(self.lang)
        ]
        # Another conflict may ask for the same.
        yield from self._first(list(dict.fromkeys(found)), 2 * self.most)

    def decided(self) -> Iterator[str]:
        """Who is housed, what is built, when nobody is overdue, what it costs, how good that is."""
        yield from self._housed()
        yield from self._built()
        yield from self._clear()
        yield from self._cost()
        yield from self._proof()

    def _housed(self) -> Iterator[str]:
        plan = self.plan
        if not plan.households:
            return
        routes = [
            self.say(
                f"brief.route.{taken.route}", count=_count(taken.households), months=self._span(taken.first, taken.last)
            )
            for taken in facts.routes_taken(plan)
        ]
        yield self.say(
            "brief.housed" if routes else "brief.housed.none",
            settled=_count(plan.settled or 0),
            households=_count(plan.households),
            month=self._month(plan.all_settled_month or self.last),
            **({"routes": self._joined(routes)} if routes else {}),
        )

    def _span(self, first: str, last: str) -> str:
        if first == last:
            return self._month(first)
        return self.say("brief.months", first=self._month(first), last=self._month(last))

    def _built(self) -> Iterator[str]:
        built = facts.building(self.plan)
        if built is None:
            return
        handed = [
            self.say(
                "brief.handed",
                phases=self._joined(self._name("phase", phase) for phase in phases),
                month=self._month(when),
            )
            for when, phases in built.handed.items()
        ]
        months = self._span(built.begun, built.paid_up) if built.begun else ""
        yield self.say(
            "brief.built.paid" if months else "brief.built",
            count=built.count,
            stated=built.stated,
            homes=_homes(built.homes),
            amount=self._yuan(built.amount),
            handed=self._joined(handed, "brief.semicolon", 4 * self.most),
            **({"months": months} if months else {}),
        )

    def _clear(self) -> Iterator[str]:
        plan, clear = self.plan, facts.clearing(self.plan)
        if clear is not None:
            yield self.say(
                "brief.clear", month=self._month(clear.month), households=self._of_projects(clear.households)
            )
        elif plan.clear_month is None:
            end = plan.people[(plan.people["month"] == self.last) & (plan.people["overdue"] > 0)]
            overdue = dict(zip(end["project"].map(str), end["overdue"].map(int), strict=True))
            if overdue:
                whose = self._of_projects(overdue)
                yield self.say("brief.clear.never", month=self._month(self.last), households=whose)

    def _of_projects(self, households: dict[str, int]) -> str:
        told = [
            self.say("brief.of_project", count=_count(count), project=self._name("project", project))
            for project, count in sorted(households.items(), key=lambda item: -item[1])
        ]
        return self._joined(told)

    def _cost(self) -> Iterator[str]:
        plan = self.plan
        saved = None if plan.savings is None else plan.savings.against_waiting
        key = "" if saved is None or abs(saved) < LEAST else ".saved" if saved > 0 else ".more"
        yield self.say(
            f"brief.cost{key}",
            fees=self._yuan(plan.transition_fees or 0.0),
            overdue=self._yuan(float(plan.fees["overdue"].sum())),
            fiscal=self._yuan(plan.fiscal_cost or 0.0),
            **({"saved": self._yuan(abs(saved or 0.0))} if key else {}),
        )

    def _proof(self) -> Iterator[str]:
        plan = self.plan
        if plan.objective is None:
            return
        reached = {"objective": self._yuan(plan.objective), "goal": self._goal()}
        if plan.status == "optimal":
            yield self.say("brief.proof.optimal", **reached)
        elif plan.bound is not None and plan.gap is not None:
            yield self.say("brief.proof.gap", **reached, bound=self._yuan(plan.bound), gap=percent(plan.gap))
        else:
            yield self.say("brief.proof.rule", **reached, policy=self.say.word("policy", plan.policy))

    def _goal(self) -> str:
        """What is minimised; where weights or other goals make it another figure than the total, that is said."""
        plan, goal = self.plan, self.say.word("objective", self.plan.objective_name)
        total = plan.fiscal_cost if plan.objective_name == Goal.FISCAL else plan.transition_fees
        same = plan.objective is None or total is None or abs(plan.objective - total) < LEAST
        return goal if same else self.say("brief.weighted", goal=goal)

    def given_up(self) -> Iterator[str]:
        """Phases, money and loans that are left unused, and why."""
        phases = unbuilt(self.plan)
        for phase in phases[: self.most]:
            yield self._unbuilt(phase)
        if rest := phases[self.most :]:
            yield self.say("brief.unbuilt.more", count=len(rest), homes=_homes(sum(phase.homes for phase in rest)))
        for begun, amount in [*unfinished(self.plan).items()][: self.most]:
            name, last = self._name("phase", begun), self._month(self.last)
            yield self.say("brief.unfinished", phase=name, amount=self._yuan(amount), last=last)
        for left in idle(self.plan)[: self.most]:
            uses = self._joined((self.say.word("use", use) for use in left.uses), most=len(USES))
            yield self.say(
                "brief.idle" if left.uses == USES else "brief.idle.uses",
                amount=self._yuan(left.amount),
                fund=self._name("fund", left.fund),
                share=_percent(left.share),
                since=self._month(left.since),
                **({} if left.uses == USES else {"uses": uses}),
            )
            if left.interest >= LEAST:
                yield self.say("brief.idle.interest", interest=self._yuan(left.interest))
        for loan in undrawn(self.plan)[: self.most]:
            amounts = {"limit": self._yuan(loan.limit), "left": self._yuan(loan.left)}
            yield self.say("brief.undrawn", fund=self._name("fund", loan.fund), **amounts)

    def _unbuilt(self, phase: Unbuilt) -> str:
        reasons = []
        if phase.idle < phase.cost or phase.saved is None:
            key = "short" if phase.idle < phase.cost else "idle"
            reasons.append(self.say(f"brief.unbuilt.{key}", idle=self._yuan(phase.idle)))
        if phase.saved is not None:
            saves = {"saved": self._yuan(phase.saved)} if phase.saved >= LEAST else {}
            reasons.append(self.say(f"brief.unbuilt.{'saves' if saves else 'nothing'}", **saves, goal=self._goal()))
        if phase.waiting:
            reasons.append(self.say("brief.unbuilt.waiting", count=_count(phase.waiting)))
        told = {"homes": _homes(phase.homes), "cost": self._yuan(phase.cost)}
        name, why = self._name("phase", phase.phase), self._joined(reasons, "brief.semicolon")
        return self.say("brief.unbuilt", phase=name, **told, reasons=why)

    def waits(self) -> Iterator[str]:
        """The last of the projects that are housed last, and those who are out for longest."""
        waits = facts.longest_waits(self.plan)
        for wait in waits[: self.most]:
            who = {"count": _count(wait.households), "project": self._name("project", wait.project)}
            if wait.month:
                yield self.say("brief.wait", **who, month=self._month(wait.month), reason=self._why(wait))
            else:
                yield self.say("brief.wait.end", **who, last=self._month(self.last))
        longest = facts.longest_out(self.plan)
        months = None if longest is None else longest.months_out(self.last)
        if longest is not None and months:
            yield self.say(
                "brief.wait.longest",
                count=_count(longest.households),
                project=self._name("project", longest.project),
                months=months,
                since=self._month(longest.out_since),
                month=self._month(longest.month or self.last),
            )

    def _why(self, wait: facts.ProjectWait) -> str:
        estate = self._name("estate", wait.source)
        if wait.ready:
            return self.say("brief.why.phase", phase=self._name("phase", wait.ready))
        if wait.built:
            return self.say("brief.why.arrival", source=estate)
        if wait.source in self.plan.stated.get("estates", {}):
            return self.say("brief.why.homes", source=estate)
        return self.say("brief.why.route", route=self.say.word("route", wait.route))

    def breaks(self) -> Iterator[str]:
        """The narrowest month, and what comes of phases that are late."""
        tight = tightest(self.plan)
        if tight is not None:
            left = {"left": self._yuan(tight.left)} if tight.left >= LEAST else {}
            key = "brief.tight" if left else "brief.tight.none"
            yield self.say(key, month=self._month(tight.month), paid=self._yuan(tight.paid), **left)
        for late in worst_delays(self.plan.delayed, self.most):
            short_of = late.missing >= LEAST
            later = short_of and late.held_back >= LEAST
            yield self.say(
                f"brief.late{'.short' * short_of}{'.later' * later}",
                phase=self._name("phase", late.phase) if late.phase else self.say("brief.late.all"),
                months=late.months,
                count=_count(late.households),
                fees=self._yuan(late.fees),
                **({"missing": self._yuan(late.missing), "month": self._month(late.first_short)} if short_of else {}),
                **({"later": self._yuan(late.held_back)} if later else {}),
            )

    def doubts(self) -> Iterator[str]:
        """Sources that are in doubt by law."""
        for doubt in doubtful(self.plan)[: 2 * self.most]:
            values = {"amount": self._yuan(doubt.amount), "share": _percent(doubt.share)}
            if doubt.kind == Doubt.OWING:
                yield self.say("brief.doubt.owing", **values, month=self._month(doubt.month))
            else:
                funds = {"fund": self._name("fund", doubt.fund)}
                if doubt.kind == Doubt.MOVES:
                    funds["other"] = self._name("fund", doubt.other)
                yield self.say(f"brief.doubt.{doubt.kind}", **values, **funds)

    def signing(self) -> Iterator[str]:
        """What the first month to come asks for."""
        asked = facts.signing(self.plan)
        if asked.routes:
            routes = [
                self.say("brief.sign.route", route=self.say.word("route", route), count=_count(count))
                for route, count in asked.routes.items()
            ]
            yield self.say("brief.sign.routes", routes=self._joined(routes))
        if asked.phases:
            phases = [
                self.say("brief.sign.phase", phase=self._name("phase", phase), amount=self._yuan(amount))
                for phase, amount in asked.phases.items()
            ]
            yield self.say("brief.sign.phases", phases=self._joined(phases))
        for fund, amount in [*asked.borrowed.items()][: self.most]:
            yield self.say("brief.sign.borrowed", fund=self._name("fund", fund), amount=self._yuan(amount))
        for (fund, other), amount in [*asked.moved.items()][: self.most]:
            names = {"fund": self._name("fund", fund), "other": self._name("fund", other)}
            yield self.say("brief.sign.moved", **names, amount=self._yuan(amount))
        if asked.paid >= LEAST:
            owed = {"owed": self._yuan(asked.owed)} if asked.owed >= LEAST else {}
            yield self.say(f"brief.sign.paid{'.owed' if owed else ''}", paid=self._yuan(asked.paid), **owed)

    def table(self) -> Table:
        """Money paid by fund and period, homes that come, households housed; the last column is the sum."""
        say, found = self.say, quarters_of(self.plan)
        scale = money_scale(found.total[-1] if found.paid else 0.0, say)

        def amounts(row: Iterable[float]) -> list[str]:
            units = found.total[-1] / scale.yuan
            digits = 0 if scale.yuan == 1 else sum(units < most for most in MANY)
            return [f"{amount / scale.yuan:,.{digits}f}" if amount else NOTHING for amount in row]

        rows = [
            [self._name("fund", fund) if fund else say("brief.row.other"), *amounts(paid)]
            for fund, paid in found.paid.items()
        ]
        if len(rows) > 1:
            rows.append([say("brief.row.total"), *amounts(found.total)])
        if found.homes is not None:
            rows.append([say("brief.row.homes"), *(_homes(homes) if homes else NOTHING for homes in found.homes)])
        if self.plan.households:
            rows.append([say("brief.row.housed"), *(_count(count) if count else NOTHING for count in found.housed)])
        head = [say("brief.column.fund"), *(_period(each, say) for each in found.periods), say("brief.column.total")]
        return Table(say("brief.table", unit=scale.unit), head, rows, range(1, len(head)))

    def _first(self, sentences: Sequence[str], most: int | None = None) -> Iterator[str]:
        most = most or self.most
        yield from sentences[:most]
        if len(sentences) > most:
            yield self.say("risk.more", count=len(sentences) - most)

    def _joined(self, parts: Iterable[str], by: str = "brief.join", most: int | None = None) -> str:
        listed, most = list(parts), most or 2 * self.most
        more = self.say("brief.and_more", count=len(listed) - most) if len(listed) > most else ""
        return self.say(by).join(listed[:most]) + more

    def _name(self, kind: str, identifier: str) -> str:
        """Call a thing as readers do: by its name; in English with its id, for names are often Chinese."""
        if self.lang == "zh":
            return short(self.say.names.get(kind, {}).get(identifier) or identifier, LONGEST)
        return short(self.say.label(kind, identifier), LONGEST)

    def _month(self, text: str) -> str:
        return month(self.lang, text)

    def _yuan(self, amount: float) -> str:
        return in_report(self.lang, amount)


def _open(sentence: str) -> str:
    """Take off the full stop of a sentence that is told within another one."""
    return sentence.rstrip("。. ")


def _count(households: int) -> str:
    return f"{households:,}"


def _homes(homes: float) -> str:
    return f"{homes:,.10g}"


def _percent(share: float) -> str:
    return f"{share:.1%}"


def _period(period: Period, say: Locale) -> str:
    if not period.last:
        return say("brief.column.after")
    year, last = int(period.first[:4]), int(period.last[:4])
    if period.quarter:
        number = say("brief.numbers").split()[period.quarter - 1]
        return say("brief.column.quarter", year=year, quarter=number)
    if year != last:
        return say("brief.column.years", first=year, last=last)
    if period.first.endswith("-01") and period.last.endswith("-12"):
        return say("brief.column.year", year=year)
    return say("brief.column.part", year=year, first=int(period.first[5:]), last=int(period.last[5:]))
