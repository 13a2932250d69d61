"""Checks of what may start: windows, stages and who pays them, signing, crews, land, numbers of starts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from renewopt.errors import Finding
from renewopt.scenario.columns import Checked
from renewopt.scenario.contents import Contents
from renewopt.scenario.network import durations
from renewopt.scenario.notes import Notes
from renewopt.scenario.sections import Project, Stage, Work
from renewopt.scenario.starting import activities, may_pay, must_start, stages_of, window_of
from renewopt.scenario.suggestions import did_you_mean, listed
from renewopt.vocabulary import Use
from renewopt.wording import Wording, words

__all__ = ["check_moves", "check_works", "no_kind", "paths"]

Path = tuple[str | int, ...]

NO_STAGE = (Use.FEES, Use.INTEREST, Use.PRINCIPAL)
"""Uses that no stage is paid as: fees are households', the others service of loans."""
WHOLE = Decimal("0.000001")
"""Shares may miss the whole by so much: thirds are written 33.3333 %."""


def paths(scenario: Contents) -> dict[str, Path]:
    """Where each project with a start window, and each work, is stated."""
    projects = {p.id: ("projects", row) for row, p in enumerate(scenario.projects) if p.start is not None}
    return {**projects, **{work.id: ("works", row) for row, work in enumerate(scenario.works)}}


def check_works(scenario: Contents, notes: Notes) -> None:
    """Note what cannot be right in projects with a start window, works, crews and numbers of starts."""
    _ids(scenario, notes)
    for row, project in enumerate(scenario.projects):
        if project.start is None:
            _begun(project, ("projects", row), notes)
        else:
            _opening(project, scenario, ("projects", row), notes)
        _land(project, ("projects", row), notes)
    where = paths(scenario)
    for item in activities(scenario):
        _window(item, scenario, where[item.id], notes)
        _stages(item, where[item.id], notes)
        _payers(item, scenario, where[item.id], notes)
        _crews(item, scenario, where[item.id], notes)
    _idle(scenario, notes)
    _kinds(scenario, notes)
    _numbers(scenario, notes)


def _ids(scenario: Contents, notes: Notes) -> None:
    """One name stands for one thing that starts, and for one sum that is committed."""
    projects = {project.id for project in scenario.projects}
    committed = {commitment.id for commitment in scenario.commitments}
    for row, work in enumerate(scenario.works):
        if work.id in projects:
            message = words("{id!r} is a project as well; precedence could mean either", id=work.id)
            notes.error(("works", row, "id"), message, words("give the work another id"))
    for name, path in paths(scenario).items():
        if name in committed:
            message = words("{id!r} is a commitment as well, and its stages become one", id=name)
            notes.error((*path, "id"), message, words("give the commitment another id"))


def _begun(project: Project, path: Path, notes: Notes) -> None:
    """A project without a start window has begun: nothing is counted from its start."""
    stated = {
        "signing": project.signing,
        "stages": project.stages,
        "cost": project.cost,
        "crews": project.crews,
        "delay_cost": project.delay_cost,
    }
    for name, value in stated.items():
        if value:
            message = words("`{name}` is counted from the start, and the project has no start window", name=name)
            notes.error((*path, name), message, words("add `start: {{from: …, to: …}}`, or delete the key"))


def _opening(project: Project, scenario: Contents, path: Path, notes: Notes) -> None:
    """A project with a start window: nobody has moved out, nothing is owed, and its households sign in whole."""
    if project.moved_out is not None:
        message = words("its households move out counted from its start, not in a stated month")
        notes.error((*path, "moved_out"), message, words("delete it, or delete `start` if the project has begun"))
    for name in ("choices_from", "own_clock"):
        if getattr(project, name):
            message = words("`{name}` follows from the start window", name=name)
            notes.error((*path, name), message, words("delete the key"))
    for row, arrears in enumerate(scenario.arrears):
        if arrears.project == project.id:
            message = words("{project} has not started: nothing can be owed to its households yet", project=project.id)
            notes.error(("arrears", row, "project"), message, words("delete the arrears, or the project's `start`"))
    if project.signing:
        _whole([step.share for step in project.signing], (*path, "signing"), notes)
        for after, times in Counter(step.after for step in project.signing).items():
            if times > 1:
                message = words("two shares move out {after} {after:month|months} after the start", after=after)
                notes.error((*path, "signing"), message, words("add them up in one"))
        own = scenario.households[(scenario.households["project"] == project.id).to_numpy()]
        if len(own) and (own["moves_after"] >= 0).all():
            message = words(
                "every household of the project states `moves_after` itself, so that `signing` says nothing"
            )
            notes.warn((*path, "signing"), message, words("delete one of the two"))


def _whole(shares: list[Decimal], path: Path, notes: Notes) -> None:
    total = sum(shares, Decimal(0))
    if abs(total - 1) > WHOLE:
        message = words("the shares add up to {total:.6g} %, not to 100 %", total=float(total * 100))
        notes.error(path, message, words("make them add up to 1"))


def _window(item: Project | Work, scenario: Contents, path: Path, notes: Notes) -> None:
    """Some month of the window is planned."""
    if item.start is None:
        return
    first, last = window_of(item.start, scenario)
    since, until = item.start.since, item.start.until
    if since is not None and until is not None and until < since:
        return
    if first <= last:
        return
    end = scenario.start + (scenario.months - 1)
    message = words("no month of its window is planned ({start} to {end})", start=scenario.start, end=end)
    mend = words("move the window, or plan more months")
    if must_start(item):
        notes.error((*path, "start"), message, mend)
    else:
        notes.warn((*path, "start"), words("it cannot start: {message}", message=message), mend)


def _stages(item: Project | Work, path: Path, notes: Notes) -> None:
    """Stages are all shares of a cost, which add up to it, or all amounts, which do so where a cost is stated."""
    shares = [stage.share for stage in item.stages if stage.share is not None]
    amounts = [stage.amount for stage in item.stages if stage.amount is not None]
    for number, stage in enumerate(item.stages):
        _stage(stage, (*path, "stages", number), notes)
    if isinstance(item, Work):
        for number, use in enumerate(item.uses):
            if use in NO_STAGE:
                _no_use(use, (*path, "uses", number), notes)
    if shares and amounts:
        message = words("some stages are shares and some are amounts")
        notes.error((*path, "stages"), message, words("write all of them as shares, or all as amounts"))
    elif shares:
        if not item.cost:
            message = words("shares of a cost, and no cost is stated")
            notes.error((*path, "stages"), message, words("add `cost`, or write amounts"))
        _whole(shares, (*path, "stages"), notes)
    elif amounts and item.cost and sum(amounts) != item.cost:
        message = words(
            "the amounts of the stages add up to {total:,.2f} yuan, the cost is {cost:,.2f}",
            total=sum(amounts),
            cost=item.cost,
        )
        notes.error((*path, "stages"), message, words("mend one of the two"))
    elif item.cost and not item.stages and isinstance(item, Project):
        message = words("a cost, and no stages say when it falls due")
        notes.error((*path, "cost"), message, words("add `stages`, such as {{after: 0, share: 1}}"))


def _stage(stage: Stage, path: Path, notes: Notes) -> None:
    if (stage.share is None) == (stage.amount is None):
        message = (
            words("neither `share` nor `amount` says how much it is")
            if stage.share is None
            else words("both `share` and `amount` say how much it is")
        )
        notes.error(path, message, words("state one of the two"))
    if stage.use in NO_STAGE:
        _no_use(str(stage.use), (*path, "use"), notes)


def _no_use(use: str, path: Path, notes: Notes) -> None:
    message = words("a stage is not paid as {use!r}", use=use)
    notes.error(path, message, words("write commitments, construction, cash, moving, units or voucher"))


def _payers(item: Project | Work, scenario: Contents, path: Path, notes: Notes) -> None:
    """Some fund may pay each stage."""
    project = item.id if isinstance(item, Project) else None
    told: set[tuple[str, ...]] = set()
    for _, _, uses in stages_of(item):
        if uses in told or any(may_pay(fund, uses, item.kind, project) for fund in scenario.funds):
            continue
        told.add(uses)
        by_use = [fund for fund in scenario.funds if fund.uses == "all" or not set(fund.uses).isdisjoint(uses)]
        if not by_use:
            message = words("no fund may pay its stages: none may be used for {uses}", uses=listed(uses))
        elif not any(fund.kinds == "all" or item.kind in fund.kinds for fund in by_use):
            message = words(
                "no fund may pay its stages: those for {uses} are earmarked for other kinds than {kind!r}",
                uses=listed(uses),
                kind=item.kind,
            )
        else:
            message = words(
                "no fund may pay its stages: those for {uses} pay the bills of some projects alone", uses=listed(uses)
            )
        notes.error((*path, "stages" if item.stages else "cost"), message, words("open a fund to them, or add one"))


def _crews(item: Project | Work, scenario: Contents, path: Path, notes: Notes) -> None:
    """Crews are known, and there are enough of them in some month of its window."""
    known = {crew.id: crew for crew in scenario.crews}
    needed = {name: number for name, number in item.crews.items() if name in known}
    for name in item.crews:
        if name not in known:
            message = words("there is no crew {name!r}", name=name)
            mend = did_you_mean(name, known) or words("there are {names}", names=listed(known))
            notes.error((*path, "crews", name), message, mend)
    first, last = (0, -1) if item.start is None else window_of(item.start, scenario)
    if not needed or last < first:
        return
    ready = durations(item, scenario)["cleared"]
    enough = np.ones(last - first + 1, dtype=bool)
    for name, number in needed.items():
        short = _capacity(known[name].per_month, scenario, last + ready + 1) < number
        ahead = np.concatenate([[0], np.cumsum(short)])
        starts = np.arange(first, last + 1)
        enough &= ahead[starts + ready] == ahead[starts]
    if not enough.any():
        message = words("in no month of its window are there crews enough until it is finished or cleared")
        mend = words("raise `per_month`, or need fewer crews")
        if must_start(item):
            notes.error((*path, "crews"), message, mend)
        else:
            notes.warn((*path, "crews"), words("it cannot start: {message}", message=message), mend)


def _capacity(per_month: int | dict, scenario: Contents, months: int) -> np.ndarray:  # type: ignore[type-arg]
    unlimited = np.iinfo(np.int64).max
    if not isinstance(per_month, dict):
        return np.full(months, per_month, dtype=np.int64)
    result = np.full(months, unlimited, dtype=np.int64)
    for span, number in per_month.items():
        result[span.within(scenario.start, months)] = number
    return result


def _land(project: Project, path: Path, notes: Notes) -> None:
    """Land revenue goes into a fund; a penalty has a deadline, and a deadline can be met."""
    land = project.land
    if land is None:
        return
    if land.revenue and land.into is None:
        message = words("land revenue, and no fund is named that receives it")
        notes.error((*path, "land", "revenue"), message, words("add `into`"))
    if land.into is not None and not land.revenue:
        message = words("a fund for land revenue, and no revenue is stated")
        notes.warn((*path, "land", "into"), message, words("add `revenue`, or delete the key"))
    if land.penalty is not None and land.deadline is None:
        message = words("a penalty, and no deadline from which it is counted")
        notes.error((*path, "land", "penalty"), message, words("add `deadline`"))
    if project.start is None and (land.deadline is not None or land.penalty is not None):
        name = "deadline" if land.deadline is not None else "penalty"
        message = words("`{name}` binds the start, and the project has no start window", name=name)
        notes.error((*path, "land", name), message, words("add `start: {{from: …, to: …}}`, or delete the key"))


def _idle(scenario: Contents, notes: Notes) -> None:
    """Note crews that nobody keeps busy, and a switch that switches nothing."""
    used = {name for item in activities(scenario) for name in item.crews}
    for row, crew in enumerate(scenario.crews):
        if crew.id not in used:
            message = words("nothing keeps this crew busy")
            notes.warn(("crews", row), message, words("name it in `crews` of a project or a work, or delete it"))
    if scenario.objective.start_only_if_housed and all(project.start is None for project in scenario.projects):
        message = words("no project has a start window, so that this binds nobody")
        notes.warn(("objective", "start_only_if_housed"), message, words("delete the key"))


def _kinds(scenario: Contents, notes: Notes) -> None:
    """Kinds that funds and numbers of starts name are those of projects, works or commitments."""
    starting = dict.fromkeys(item.kind for item in activities(scenario) if item.kind)
    known = {**starting, **dict.fromkeys(commitment.kind for commitment in scenario.commitments if commitment.kind)}
    for row, fund in enumerate(scenario.funds):
        for number, kind in enumerate([] if fund.kinds == "all" else fund.kinds):
            if kind not in known:
                no_kind(kind, known, ("funds", row, "kinds", number), notes)
    for row, rule in enumerate(scenario.starts):
        if rule.kind is not None and rule.kind not in starting:
            no_kind(rule.kind, starting, ("starts", row, "kind"), notes)


def no_kind(kind: str, known: dict[str, None], path: Path, notes: Notes) -> None:
    """Note a kind that nothing is of."""
    message = words("nothing that may start is of the kind {kind!r}", kind=kind)
    notes.error(path, message, did_you_mean(kind, known) or words("there are {names}", names=listed(known)))


def _numbers(scenario: Contents, notes: Notes) -> None:
    """Numbers of starts can be reached, and kept."""
    stated: set[tuple[str | None, object]] = set()
    for row, rule in enumerate(scenario.starts):
        path: Path = ("starts", row)
        counted = [item for item in activities(scenario) if rule.kind in (None, item.kind)]
        windows = [(item, *window_of(item.start, scenario)) for item in counted if item.start is not None]
        by = rule.by - scenario.start
        can = sum(first <= min(by, last) for _, first, last in windows)
        must = sum(must_start(item) and last <= by for item, first, last in windows)
        if rule.least is None and rule.most is None:
            message = words("neither `least` nor `most` says how many")
            notes.error(path, message, words("state one of them"))
        if rule.least is not None and rule.most is not None and rule.least > rule.most:
            message = words("at least {least}, but at most {most}", least=rule.least, most=rule.most)
            notes.error((*path, "least"), message, words("exchange the two"))
        if rule.least is not None and rule.least > can:
            message = words(
                "at least {least} by {by}, but only {can} can start by then", least=rule.least, by=rule.by, can=can
            )
            notes.error((*path, "least"), message, words("lower it, or open windows earlier"))
        if rule.most is not None and rule.most < must:
            message = words(
                "at most {most} by {by}, but {must} must start by then", most=rule.most, by=rule.by, must=must
            )
            notes.error((*path, "most"), message, words("raise it, or let windows end later"))
        if (rule.kind, rule.by) in stated:
            message = words("a rule for this kind and month stands before")
            notes.error(path, message, words("state `least` and `most` in one rule"))
        stated.add((rule.kind, rule.by))


def check_moves(scenario: Contents, households: Checked, others: Mapping[str, Checked]) -> list[Finding]:
    """Report households that cannot move out as they state, by their project's start window.

    Parameters
    ----------
    scenario
    households
        Their table.
    others
        Tables by household that hold months of the calendar: direct fee curves, pins, parts of fees.
    """
    frame, windowed = households.frame, {p.id for p in scenario.projects if p.start is not None}
    opens = frame["project"].isin(windowed).to_numpy()
    findings: list[Finding] = []

    def report(table: Checked, bad: NDArray[np.bool_], column: str, message: Wording, mend: Wording) -> None:
        findings.extend(table.rows(bad, column, lambda _: (message, mend)))

    report(
        households,
        (frame["moves_after"].to_numpy() >= 0) & ~opens,
        "moves_after",
        words("its project has no start window from which months could be counted"),
        words("write `moved_out`, or add `start` to the project"),
    )
    report(
        households,
        (frame["moved_out"].to_numpy() >= 0) & opens,
        "moved_out",
        words("its project has a start window: it moves out counted from the start"),
        words("write `moves_after`, or delete `start` of the project"),
    )
    report(
        households,
        (frame["prepaid"].to_numpy() > 0) & opens,
        "prepaid",
        words("its project has not started: nothing was paid to it yet"),
        words("delete it, or delete `start` of the project"),
    )
    report(
        households,
        (frame["split_from"] != "").to_numpy() & opens,
        "split_from",
        words("its project has not started: no household of it has been split yet"),
        words("state it as a household of its own, or delete `start` of the project"),
    )
    theirs = set(frame["id"][opens])
    dated = {
        "fee_curves": ("from", words("a fee by calendar month, and when its project starts is not known")),
        "pins": ("household", words("a signed contract, and its project has not started")),
        "fee_parts": ("moved_out", words("a month of moving out, and when its project starts is not known")),
    }
    for name, (column, message) in dated.items():
        if name in others:
            table = others[name].frame
            bad = table["household"].isin(theirs).to_numpy()
            if name == "fee_parts":
                bad = bad & (table["moved_out"].to_numpy() >= 0)
            report(others[name], bad, column, message, words("delete the row, or delete `start` of the project"))
    return findings
