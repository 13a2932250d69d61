"""Who waits longest, and what has to be signed in the first month to come."""

from __future__ import annotations

from collections.abc import Iterator

from renewopt.results.briefing import facts
from renewopt.results.briefing.voice import LEAST, Voice, count_told, homes_told

__all__ = ["signing", "waits"]


def waits(voice: Voice) -> Iterator[str]:
    """The last of the projects that are housed last, and those who are out for longest."""
    waits = facts.longest_waits(voice.plan)
    for wait in waits[: voice.most]:
        who = {"count": count_told(wait.households), "project": voice.name("project", wait.project)}
        if wait.month:
            yield voice.say("brief.wait", **who, month=voice.month(wait.month), reason=_why(voice, wait))
        else:
            yield voice.say("brief.wait.end", **who, last=voice.month(voice.last), reason=_why_not(voice, wait))
    if later := [wait for wait in waits[voice.most :] if not wait.month]:
        more = count_told(sum(wait.households for wait in later))
        yield voice.say("brief.wait.end.more", count=more, projects=len(later), last=voice.month(voice.last))
    longest = facts.longest_out(waits, voice.last)
    months = None if longest is None else longest.months_out(voice.last)
    if longest is not None and months:
        yield voice.say(
            "brief.wait.longest",
            count=count_told(longest.households),
            project=voice.name("project", longest.project),
            months=months,
            since=voice.month(longest.out_since),
            month=voice.month(longest.month or voice.last),
        )


def _why(voice: Voice, wait: facts.ProjectWait) -> str:
    estate = voice.name("estate", wait.source)
    if wait.ready:
        return voice.say("brief.why.phase", phase=voice.name("phase", wait.ready))
    if wait.built:
        return voice.say("brief.why.arrival", source=estate)
    if wait.source in voice.plan.stated.get("estates", {}):
        return voice.say("brief.why.homes", source=estate)
    return voice.say("brief.why.route", route=voice.say.word("route", wait.route))


def _why_not(voice: Voice, wait: facts.ProjectWait) -> str:
    """Why they still wait at the end: what of their own estates is not built, else who has the homes of these."""
    if wait.unbuilt:
        phases = voice.joined(voice.name("phase", phase) for phase in wait.unbuilt)
        return voice.say("brief.why.unbuilt", phases=phases)
    if wait.homes:
        return voice.say("brief.why.given", given=count_told(wait.given), homes=homes_told(wait.homes))
    return voice.say("brief.why.none")


def signing(voice: Voice) -> Iterator[str]:
    """What the first month to come asks for."""
    asked = facts.signing(voice.plan)
    if asked.started:
        started = voice.joined(voice.name("item", item) for item in asked.started)
        yield voice.say("brief.sign.started", count=len(asked.started), names=started)
    if asked.routes:
        routes = [
            voice.say("brief.sign.route", route=voice.say.word("route", route), count=count_told(count))
            for route, count in asked.routes.items()
        ]
        yield voice.say("brief.sign.routes", routes=voice.joined(routes))
    if asked.phases:
        phases = [
            voice.say("brief.sign.phase", phase=voice.name("phase", phase), amount=voice.yuan(amount))
            for phase, amount in asked.phases.items()
        ]
        yield voice.say("brief.sign.phases", phases=voice.joined(phases))
    for fund, amount in [*asked.borrowed.items()][: voice.most]:
        yield voice.say("brief.sign.borrowed", fund=voice.name("fund", fund), amount=voice.yuan(amount))
    for (fund, other), amount in [*asked.moved.items()][: voice.most]:
        names = {"fund": voice.name("fund", fund), "other": voice.name("fund", other)}
        yield voice.say("brief.sign.moved", **names, amount=voice.yuan(amount))
    if asked.paid >= LEAST:
        owed = {"owed": voice.yuan(asked.owed)} if asked.owed >= LEAST else {}
        yield voice.say(f"brief.sign.paid{'.owed' if owed else ''}", paid=voice.yuan(asked.paid), **owed)
