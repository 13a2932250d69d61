"""What is given up, what could break the plan, and which money is in doubt by law."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from renewopt.charts.labels import short
from renewopt.results.briefing.facts import left_out as left_out_by_cause
from renewopt.results.briefing.facts import starts_by_kind
from renewopt.results.briefing.given_up import Unbuilt, doubtful, idle, tightest, unbuilt, undrawn, unfinished
from renewopt.results.briefing.voice import LEAST, LONGEST, Voice, count_told, homes_told, share_told
from renewopt.results.briefing.worst import worst_delays
from renewopt.vocabulary import USES, Doubt

if TYPE_CHECKING:
    from renewopt.results.record import Tried, Without

__all__ = ["breaks", "doubts", "given_up"]

MOST_TOLD = 100
"""Signs of what a future does: of one that does more the first is told."""


def given_up(voice: Voice) -> Iterator[str]:
    """What is not started, phases, money and loans that are left unused, and why."""
    left_out = [name for each in starts_by_kind(voice.plan) for name in each.left_out]
    if left_out:
        key = "brief.not_started.households" if voice.plan.not_started else "brief.not_started"
        names = voice.joined(voice.name("item", name) for name in left_out)
        stay = {"households": count_told(voice.plan.not_started)} if voice.plan.not_started else {}
        yield voice.say(key, count=len(left_out), names=names, **stay)
    if not voice.plan.left_out.empty:
        yield _why_left_out(voice)
    phases = unbuilt(voice.plan)
    for phase in phases[: voice.most]:
        yield _unbuilt(voice, phase)
    if rest := phases[voice.most :]:
        yield voice.say("brief.unbuilt.more", count=len(rest), homes=homes_told(sum(phase.homes for phase in rest)))
    for begun, amount in [*unfinished(voice.plan).items()][: voice.most]:
        name, last = voice.name("phase", begun), voice.month(voice.last)
        yield voice.say("brief.unfinished", phase=name, amount=voice.yuan(amount), last=last)
    for left in idle(voice.plan)[: voice.most]:
        uses = voice.joined((voice.say.word("use", use) for use in left.uses), most=len(USES))
        yield voice.say(
            "brief.idle" if left.uses == USES else "brief.idle.uses",
            amount=voice.yuan(left.amount),
            fund=voice.name("fund", left.fund),
            share=share_told(left.share),
            since=voice.month(left.since),
            **({} if left.uses == USES else {"uses": uses}),
        )
        if left.interest >= LEAST:
            yield voice.say("brief.idle.interest", interest=voice.yuan(left.interest))
    for loan in undrawn(voice.plan)[: voice.most]:
        amounts = {"limit": voice.yuan(loan.limit), "left": voice.yuan(loan.left)}
        yield voice.say("brief.undrawn", fund=voice.name("fund", loan.fund), **amounts)


def _why_left_out(voice: Voice) -> str:
    found, parts = left_out_by_cause(voice.plan), []
    if found.waits:
        parts.append(voice.say("brief.left_out.waits", count=found.waits))
    if found.rules:
        parts.append(voice.say("brief.left_out.rules", count=found.rules))
    if found.money:
        name, lacking = next(iter(found.money.items()))
        told = {"name": voice.name("item", name), "lacking": voice.yuan(lacking)}
        parts.append(voice.say("brief.left_out.money", count=len(found.money), **told))
    if found.free:
        people = {"households": count_told(found.households)} if found.households else {}
        key = f"brief.left_out.free{'.households' * bool(people)}"
        parts.append(voice.say(key, count=found.free, delay=voice.yuan(found.delay), **people))
    return voice.say("brief.left_out", parts=voice.joined(parts, "brief.semicolon"))


def _unbuilt(voice: Voice, phase: Unbuilt) -> str:
    reasons = []
    if phase.idle < phase.cost or phase.saved is None:
        key = "none" if phase.idle < LEAST else "short" if phase.idle < phase.cost else "idle"
        reasons.append(voice.say(f"brief.unbuilt.{key}", idle=voice.yuan(phase.idle)))
    if phase.saved is not None:
        saves = {"saved": voice.yuan(phase.saved)} if phase.saved >= LEAST else {}
        reasons.append(voice.say(f"brief.unbuilt.{'saves' if saves else 'nothing'}", **saves, goal=voice.goal()))
    if phase.waiting:
        reasons.append(voice.say("brief.unbuilt.waiting", count=count_told(phase.waiting)))
    told = {"homes": homes_told(phase.homes), "cost": voice.yuan(phase.cost)}
    name, why = voice.name("phase", phase.phase), voice.joined(reasons, "brief.semicolon")
    return voice.say("brief.unbuilt", phase=name, **told, reasons=why)


def doubts(voice: Voice) -> Iterator[str]:
    """Sources that are in doubt by law."""
    for doubt in doubtful(voice.plan)[: 2 * voice.most]:
        values = {"amount": voice.yuan(doubt.amount), "share": share_told(doubt.share)}
        if doubt.kind == Doubt.OWING:
            yield voice.say("brief.doubt.owing", **values, month=voice.month(doubt.month))
        else:
            funds = {"fund": voice.name("fund", doubt.fund)}
            if doubt.kind == Doubt.MOVES:
                funds["other"] = voice.name("fund", doubt.other)
            yield voice.say(f"brief.doubt.{doubt.kind}", **values, **funds)
    if voice.plan.without is not None:
        yield _without(voice, voice.plan.without)


def _without(voice: Voice, without: Without) -> str:
    """What it costs to do without all of it: by what is minimised, what was found and what is proven."""
    plan = voice.plan
    if without.objective is None:
        short, least = without.shortfall, without.shortfall_bound or 0.0
        if short is None and without.missing is None:
            return voice.say("brief.without.none")
        if short is None:
            return voice.say("brief.without.missing", missing=voice.yuan(without.missing or 0.0))
        proven = least >= LEAST
        values = {"enough": voice.yuan(short)} | ({"least": voice.yuan(least)} if proven else {})
        return voice.say("brief.without.short.proven" if proven else "brief.without.short", **values)
    assert plan.objective is not None
    more = without.objective - plan.objective
    values = {"goal": voice.goal(), "objective": voice.yuan(without.objective)}
    if more <= -LEAST:
        return voice.say("brief.without.less", **values, less=voice.yuan(-more))
    if more < LEAST:
        return voice.say("brief.without.nothing", **values)
    values |= {"more": voice.yuan(more)}
    if plan.objective >= LEAST:
        values |= {
            "more": voice.say("brief.without.more", more=voice.yuan(more), share=share_told(more / plan.objective))
        }
    # The best plan with that money is no dearer than this one, and the best one without it no cheaper than its bound.
    least = -math.inf if without.bound is None else without.bound - plan.objective
    if least >= LEAST and more - least >= LEAST:
        return voice.say("brief.without.proven", **values, least=voice.yuan(least))
    return voice.say("brief.without", **values)


def in_futures(voice: Voice) -> Iterator[str]:
    """What comes of the plan in the futures that the scenario states, those that break it most first."""
    broken = sorted((each for each in voice.plan.tried if each.short or each.late), key=lambda each: -each.most)
    for tried in broken[: voice.most]:
        future = _future(voice, tried)
        values: dict[str, Any] = {"future": future, "draws": tried.draws}
        if not tried.short:
            yield voice.say("brief.future.late", **values, late=tried.late)
            continue
        most, month = voice.yuan(tried.most), voice.month(tried.first_short)
        if tried.draws == 1:
            yield voice.say("brief.future.short", future=future, missing=most, month=month)
        else:
            least = {} if tried.short == 1 else {"least": voice.yuan(tried.least)}
            key = "brief.future.drawn" if least else "brief.future.drawn.once"
            once = {} if tried.short == 1 else {"short": tried.short}
            yield voice.say(key, **values, **least, **once, most=most, month=month)
    if holds := [each for each in voice.plan.tried if not each.short and not each.late]:
        futures = voice.joined((_future(voice, each) for each in holds), "brief.semicolon", voice.most)
        yield voice.say("brief.future.holds", futures=futures, draws=sum(each.draws for each in holds))


def _future(voice: Voice, tried: Tried) -> str:
    """Call a future by its name, with what it does, or the first of that where it is more than a few words."""
    name, does = short(tried.name or tried.future, LONGEST), tried.does[voice.lang]
    if len(does) <= MOST_TOLD:
        return voice.say("brief.future", future=name, does=does)
    apart = voice.say("brief.semicolon")
    clauses = list(accumulate(does.split(apart), lambda before, clause: before + apart + clause))
    if first := [told for told in clauses if len(told) <= MOST_TOLD]:
        return voice.say("brief.future.more", future=name, does=first[-1])
    return voice.say("brief.future.name", future=name)


def breaks(voice: Voice) -> Iterator[str]:
    """The narrowest month, what comes of phases that are late, and of the plan in the futures that are stated."""
    tight = tightest(voice.plan)
    if tight is not None:
        left = {"left": voice.yuan(tight.left)} if tight.left >= LEAST else {}
        key = "brief.tight" if left else "brief.tight.none"
        yield voice.say(key, month=voice.month(tight.month), paid=voice.yuan(tight.paid), **left)
    for late in worst_delays(voice.plan.delayed, voice.most):
        short_of = late.missing >= LEAST
        later = short_of and late.held_back >= LEAST
        yield voice.say(
            f"brief.late{'.short' * short_of}{'.later' * later}",
            phase=voice.name("phase", late.phase) if late.phase else voice.say("brief.late.all"),
            months=late.months,
            count=count_told(late.households),
            fees=voice.yuan(late.fees),
            **({"missing": voice.yuan(late.missing), "month": voice.month(late.first_short)} if short_of else {}),
            **({"later": voice.yuan(late.held_back)} if later else {}),
        )
    yield from in_futures(voice)
