"""What is decided: who is housed, what is built, when nobody is overdue, what it costs, how good that is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from renewopt.results.briefing import facts
from renewopt.results.briefing.voice import LEAST, Voice, count_told, homes_told
from renewopt.results.summary import percent
from renewopt.wording import amounts

__all__ = ["decided"]


def _housed(voice: Voice) -> Iterator[str]:
    plan = voice.plan
    if not plan.households:
        return
    routes = [
        voice.say(
            f"brief.route.{taken.route}", count=count_told(taken.households), months=voice.span(taken.first, taken.last)
        )
        for taken in facts.routes_taken(plan)
    ]
    yield voice.say(
        "brief.housed" if routes else "brief.housed.none",
        settled=count_told(plan.settled or 0),
        households=count_told(plan.households),
        month=voice.month(plan.all_settled_month or voice.last),
        **({"routes": voice.joined(routes)} if routes else {}),
    )


def _starting(voice: Voice) -> Iterator[str]:
    kinds = facts.starts_by_kind(voice.plan)
    if not kinds:
        return
    told = [
        voice.say(
            "brief.starts.kind" if each.begun else "brief.starts.none",
            count=each.begun,
            stated=each.stated,
            kind=voice.say.word("work_kind", each.kind) or voice.say("starts.no_kind"),
            **({"months": voice.span(each.first, each.last)} if each.begun else {}),
        )
        for each in kinds
    ]
    yield voice.say(
        "brief.starts",
        count=sum(each.begun for each in kinds),
        stated=sum(each.stated for each in kinds),
        kinds=voice.joined(told),
    )


def _built(voice: Voice) -> Iterator[str]:
    built = facts.building(voice.plan)
    if built is None:
        return
    handed = [
        voice.say(
            "brief.handed",
            phases=voice.joined(voice.name("phase", phase) for phase in phases),
            month=voice.month(when),
        )
        for when, phases in built.handed.items()
    ]
    months = voice.span(built.begun, built.paid_up) if built.begun else ""
    yield voice.say(
        "brief.built.paid" if months else "brief.built",
        count=built.count,
        stated=built.stated,
        homes=homes_told(built.homes),
        amount=voice.yuan(built.amount),
        handed=voice.joined(handed, "brief.semicolon", 4 * voice.most),
        **({"months": months} if months else {}),
    )


def _clear(voice: Voice) -> Iterator[str]:
    plan, clear = voice.plan, facts.clearing(voice.plan)
    if clear is not None:
        yield voice.say("brief.clear", month=voice.month(clear.month), households=_of_projects(voice, clear.households))
    elif plan.clear_month is None:
        end = plan.people[(plan.people["month"] == voice.last) & (plan.people["overdue"] > 0)]
        overdue = dict(zip(end["project"].map(str), end["overdue"].map(int), strict=True))
        if overdue:
            whose = _of_projects(voice, overdue)
            yield voice.say("brief.clear.never", month=voice.month(voice.last), households=whose)


def _of_projects(voice: Voice, households: dict[str, int]) -> str:
    told = [
        voice.say("brief.of_project", count=count_told(count), project=voice.name("project", project))
        for project, count in sorted(households.items(), key=lambda item: -item[1])
    ]
    return voice.joined(told)


def _cost(voice: Voice) -> Iterator[str]:
    plan = voice.plan
    saved = None if plan.savings is None else plan.savings.against_waiting
    key = "" if saved is None or abs(saved) < LEAST else ".saved" if saved > 0 else ".more"
    yield voice.say(
        f"brief.cost{key}",
        fees=voice.yuan(plan.transition_fees or 0.0),
        overdue=voice.yuan(float(plan.fees["overdue"].sum())),
        fiscal=voice.yuan(plan.fiscal_cost or 0.0),
        **({"saved": voice.yuan(abs(saved or 0.0))} if key else {}),
    )


def _proof(voice: Voice) -> Iterator[str]:
    plan = voice.plan
    if plan.objective is None:
        return
    alike = plan.bound is not None and voice.yuan(plan.bound) == voice.yuan(plan.objective)
    # With more digits, where the bound would be written like what is reached.
    written = partial(amounts.yuan, voice.lang) if alike else voice.yuan
    reached = {"objective": written(plan.objective), "goal": voice.goal()}
    if plan.status == "optimal":
        yield voice.say("brief.proof.optimal", **reached)
    elif plan.bound is not None and plan.gap is not None:
        yield voice.say("brief.proof.gap", **reached, bound=written(plan.bound), gap=percent(plan.gap))
    elif plan.status == "feasible":
        yield voice.say("brief.proof.rule", **reached, policy=voice.say.word("policy", plan.policy))
    else:
        yield voice.say("brief.proof.none", **reached)


def decided(voice: Voice) -> Iterator[str]:
    """What starts, who is housed, what is built, when nobody is overdue, what it costs, how good that is."""
    yield from _starting(voice)
    yield from _housed(voice)
    yield from _built(voice)
    yield from _clear(voice)
    yield from _cost(voice)
    yield from _proof(voice)
