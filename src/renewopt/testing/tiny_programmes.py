"""Tiny random programmes, as a planner would state them: few projects and works, few months, every rule drawn.

Money, homes, crews and time are drawn tight around what is needed, so that rules bind. All starts of one can be listed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise, product
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from renewopt.errors import ScenarioError
from renewopt.optimiser.model.start_options import StartOptions
from renewopt.problem import Ragged
from renewopt.scenario import Scenario, load
from renewopt.scheduling import Programme
from renewopt.units import Month

START = Month.parse("2024-01")
SCHEDULES = 40
"""At most so many ways to start what is drawn."""
BEGUN = {"id": "B", "moved_out": "2023-06", "obligation": 900}
"""A project that has begun already."""
KINDS = ("urban_village", "back_street")


def tiny_programme(seed: int, folder: Path) -> Scenario:
    """Draw a tiny programme, write it into a folder and load it; the same for the same seed.

    What the checks of a scenario refuse, such as windows that precedence empties, is drawn anew.
    """
    random = Random(seed)
    while True:
        with suppress(ScenarioError):
            return written(_Draw(random).scenario(), folder)


def written(content: dict[str, Any], folder: Path) -> Scenario:
    """Write the content of a scenario into a folder, and load it."""
    path = folder / "tiny.yaml"
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return load(path)


def every_schedule(programme: Programme) -> Iterator[dict[str, int | None]]:
    """Yield all ways to start the activities of a programme within their windows, in order or not."""
    each = programme.activities
    ways = [[None, *range(first, last + 1)] for first, last in zip(each.first, each.last, strict=True)]
    for chosen in product(*ways):
        yield dict(zip(map(str, each.id), chosen, strict=True))


def no_activities(claims: int) -> StartOptions:
    """Make the options of a programme in which nothing may start, beside a problem with so many claims."""
    none, names = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=object)

    def lists(*columns: str) -> Ragged:
        return Ragged(np.zeros(1, dtype=np.int64), dict.fromkeys(columns, none))

    return StartOptions(
        id=names,
        first=none,
        last=none,
        must=np.zeros(0, dtype=np.bool_),
        lasts=none,
        clears=none,
        cost=none,
        idle=none,
        fiscal=np.zeros(0),
        given=0.0,
        due=lists("need", "after", "fen"),
        inflow=lists("fund", "after", "fen"),
        surplus=lists("pool", "amount"),
        claim_option=np.full(claims, -1, dtype=np.int64),
        crew=names,
        crews=np.zeros((0, 0), dtype=np.int64),
        capacity=np.zeros((0, 0), dtype=np.int64),
        before=none,
        after=none,
        gap=none,
        land_phase=none,
        land_activity=none,
        land_build=none,
        counted=np.zeros((0, 0), dtype=np.bool_),
        by=none,
        least=none,
        most=none,
    )


def _month(index: int) -> str:
    return str(START + index)


class _Draw:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.months = random.choice([4, 5, 5, 6])
        self.projects = random.choice([1, 1, 2])
        self.works = random.choice([0, 1, 1, 2])
        self.fiscal = self.chance(0.3)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def scenario(self) -> dict[str, Any]:
        """Draw everything, in the order in which later parts lean on earlier ones."""
        self.names = [f"P{i + 1}" for i in range(self.projects)]
        self.latest_move: dict[str, int] = {}
        windows = self._windows(self.projects + self.works)
        projects = [self._project(name, window) for name, window in zip(self.names, windows, strict=False)]
        works = [self._work(f"W{i + 1}", window) for i, window in enumerate(windows[self.projects :])]
        activities = [*projects, *works]
        self._precede(activities)
        content: dict[str, Any] = {
            "name": "Tiny programme",
            "start": str(START),
            "months": self.months,
            "fee_policies": [self._fees()],
            "projects": [*projects, *([BEGUN] if self.chance(0.4) else [])],
            "works": works,
            "households": self._households(projects),
            "estates": self._estates(),
            "vouchers": [{"id": "voucher", "price": 1000}] if self.chance(0.6) else [],
            "funds": self._funds(activities),
            "precedence": self.arcs,
            "crews": self._crews(activities),
            "starts": self._numbers(),
            "objective": self._objective(),
        }
        if BEGUN in content["projects"]:
            content["households"].append({"id": "B1", "project": "B", "area": 60, "count": 1, "moves_after": None})
        tighten = self.random.choice([None, None, None, None, *self._tightening])
        if tighten is not None:
            tighten(self, content, activities)
        return {key: value for key, value in content.items() if value != []}

    def _few_crews(self, content: dict[str, Any], activities: list[dict[str, Any]]) -> None:
        """All want the one team at once."""
        for each in activities:
            # Who is busy for no month needs nobody.
            lasts = {"duration": 2} if "duration" in each else {"clearing": 1}
            window = {"from": _month(0), "to": _month(1), "must": False}
            each.update({**lasts, "crews": {"team": 1}, "delay_cost": 5000, "start": window})
            each.pop("land", None)
        content.pop("precedence", None)
        content["crews"] = [{"id": "team", "per_month": 1}]

    def _few_starts(self, content: dict[str, Any], activities: list[dict[str, Any]]) -> None:
        """Fewer may be begun than are wanted."""
        for each in activities:
            each |= {"delay_cost": self.random.choice([3000, 5000])}
            each["start"] = each["start"] | {"must": False}
        rule = {"by": _month(self.random.choice([0, self.months - 1])), "most": self.random.choice([0, 1])}
        content["starts"] = [rule]

    def _due_land(self, content: dict[str, Any], activities: list[dict[str, Any]]) -> None:  # noqa: ARG002
        """Land is due in the first month in which it can be cleared, whatever its households cost."""
        project = activities[0]
        soonest = Month.parse(project["start"]["from"]) - START + project["clearing"] + self.latest_move["P1"] + 1
        project["land"] = {"deadline": _month(soonest)}
        project["start"] = project["start"] | {"must": False}
        project["delay_cost"] = 0

    def _earmarked(self, content: dict[str, Any], activities: list[dict[str, Any]]) -> None:
        """The money for stages is for one kind, and another one is urgent, too."""
        for each, kind in zip(activities, [KINDS[1], KINDS[0]] * len(activities), strict=False):
            each |= {"kind": kind, "delay_cost": 5000, "stages": [{"after": 0, "amount": self._amount(1, 3)}]}
            each.pop("cost", None)
        content["funds"][0] |= {"opening": 0, "inflow": {"monthly": self._amount(0, 1)}}
        strings = {"uses": ["commitments"], "kinds": [KINDS[0]]}
        content["funds"] = [content["funds"][0], {"id": "F2", "opening": self._amount(8, 12), **strings}]
        for rule in content.get("starts", []):
            rule.pop("kind", None)

    def _wanted_starts(self, content: dict[str, Any], activities: list[dict[str, Any]]) -> None:
        """Something is to be begun that nothing else urges to start."""
        for each in activities:
            each |= {"delay_cost": 0}
            each["start"] = each["start"] | {"must": False}
            each.pop("land", None)
        content["starts"] = [{"by": _month(self.random.choice([2, self.months - 1])), "least": 1}]

    def _housed_late(self, content: dict[str, Any], activities: list[dict[str, Any]]) -> None:
        """It would pay to start what cannot be housed in time."""
        content["objective"]["start_only_if_housed"] = True
        content.pop("vouchers", None)
        content["estates"][0]["units"][0]["on_hand"] = 0
        activities[0] |= {"delay_cost": 5000}
        activities[0]["start"] = activities[0]["start"] | {"must": False}
        activities[0].pop("land", None)
        content["fee_policies"][0] |= {"rate": 10, "term": self.random.choice([0, 1])}

    _tightening = (
        _few_crews, _few_crews, _few_starts, _few_starts, _due_land, _earmarked, _earmarked, _wanted_starts,
        _wanted_starts, _housed_late, _housed_late,
    )  # fmt: skip
    """Ways to make a rule bind that mostly does not."""

    def _windows(self, count: int) -> list[dict[str, Any]]:
        """Draw windows, narrow enough for all schedules to be listed; few activities must start."""
        spans = []
        for _ in range(count):
            first = self.random.choice([0, 0, 0, 1, 2])
            spans.append([first, min(first + self.random.choice([0, 1, 2, 3]), self.months - 1)])
        while _ways(spans) > SCHEDULES:
            longest = max(spans, key=lambda span: span[1] - span[0])
            longest[self.random.randrange(2)] += -1 if longest[1] - longest[0] < 1 else 0
            if self.chance(0.5) and longest[0] < longest[1]:
                longest[0] += 1
            elif longest[0] < longest[1]:
                longest[1] -= 1
            else:
                break
        return [
            {"from": _month(max(first, 0)), "to": _month(max(last, first, 0)), "must": self.chance(0.3)}
            for first, last in spans
        ]

    def _project(self, name: str, window: dict[str, Any]) -> dict[str, Any]:
        self.latest_move[name] = self.random.choice([0, 0, 1, 2])
        project: dict[str, Any] = {
            "id": name,
            "kind": self.random.choice(KINDS),
            "start": window,
            "clearing": self.random.choice([0, 0, 1]),
            "delay_cost": self.random.choice([0, 1000, 3000, 5000]),
        }
        if self.chance(0.4):
            project["stages"] = [{"after": self.random.choice([0, 1, 2]), "amount": self._amount(1, 4)}]
        land: dict[str, Any] = {}
        if self.chance(0.6):
            land |= {"revenue": self._amount(2, 8), "after": self.random.choice([0, 1]), "into": "F1"}
        if self.chance(0.5):
            soonest = Month.parse(window["from"]) - START + project["clearing"] + max(self.latest_move[name], 1)
            land["deadline"] = _month(soonest + self.random.choice([0, 0, 1, 2]))
            if self.chance(0.5):
                land["penalty"] = self.random.choice([1000, 4000])
        if land:
            project["land"] = land
        if self.fiscal:
            project["obligation"] = self.random.choice([600, 1200])
        if self.chance(0.25):
            project["signing"] = [{"after": 0, "share": 0.5}, {"after": 1, "share": 0.5}]
        return project

    def _work(self, name: str, window: dict[str, Any]) -> dict[str, Any]:
        work: dict[str, Any] = {
            "id": name,
            "kind": self.random.choice(KINDS),
            "start": window,
            "duration": self.random.choice([0, 1, 1, 2]),
            "cost": self._amount(1, 4),
            "delay_cost": self.random.choice([0, 1000, 3000, 4000]),
        }
        if self.chance(0.4):
            work["stages"] = [{"after": 0, "share": 0.5}, {"after": self.random.choice([1, 2]), "share": 0.5}]
        return work

    def _precede(self, activities: list[dict[str, Any]]) -> None:
        self.arcs = []
        for before, after in pairwise(activities):
            if self.chance(0.35):
                event = self.random.choice(["start", "finish", *(["cleared"] if before["id"] in self.names else [])])
                ends = [before["id"], after["id"]]
                self.arcs.append(
                    {"before": ends[0], "after": ends[1], "from": event, "lag": self.random.choice([0, 0, 1])}
                )

    def _fees(self) -> dict[str, Any]:
        self.term = self.random.choice([0, 1, 2, 2])
        return {
            "id": "standard",
            "rate": self.random.choice([10, 20]),
            "term": self.term,
            "overdue": [{"after": 0, "multiplier": 2}],
        }

    def _households(self, projects: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self.homes = 0
        rows = []
        for project in projects:
            for i in range(self.random.choice([1, 1, 2])):
                count = self.random.choice([1, 1, 2])
                self.homes += count
                says = not project.get("signing") and self.chance(0.6)
                rows.append(
                    {
                        "id": f"{project['id']}-{i + 1}",
                        "project": project["id"],
                        "area": self.random.choice([50, 60, 100]),
                        "count": count,
                        "moves_after": self.random.randint(0, self.latest_move[project["id"]]) if says else None,
                    }
                )
        return rows

    def _estates(self) -> list[dict[str, Any]]:
        homes, builds = max(self.homes, 1), self.chance(0.65)
        estate: dict[str, Any] = {
            "id": "E",
            "open_to": "all",
            "units": [{"type": "flat", "on_hand": self.random.randint(0 if builds else 1, homes)}],
        }
        if builds:
            phase: dict[str, Any] = {
                "id": "E-1",
                "cost": self._amount(1, 6),
                "handover_lag": self.random.choice([0, 0, 1]),
                "delivers": {"flat": self.random.randint(1, homes)},
            }
            if self.chance(0.8):
                phase["land"] = [self.random.choice(self.names)]
                phase["build_months"] = self.random.choice([0, 1, 1])
            estate["phases"] = [phase]
        return [estate]

    def _funds(self, activities: list[dict[str, Any]]) -> list[dict[str, Any]]:
        asked = sum(float(each.get("cost", 0)) for each in activities) / self.months
        fund: dict[str, Any] = {
            "id": "F1",
            "opening": self._amount(0, 12),
            "inflow": {"monthly": round(asked * self.random.choice([0.4, 0.7, 1.0])) + self._amount(1, 4)},
        }
        if self.chance(0.3):
            fund["carry_over"] = "month"
        funds = [fund]
        if self.chance(0.5):
            bond = {"id": "F2", "opening": self._amount(0, 6), "inflow": {"monthly": self._amount(0, 2)}}
            funds.append(bond | {"uses": ["construction", "commitments"], "kinds": [self.random.choice(KINDS)]})
        return funds

    def _crews(self, activities: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if not self.chance(0.6):
            return []
        for each in activities:
            if self.chance(0.8):
                each["crews"] = {"team": self.random.choice([1, 1, 2])}
        if not any("crews" in each for each in activities):
            return []
        return [{"id": "team", "per_month": self.random.choice([1, 1, 2])}]

    def _numbers(self) -> list[dict[str, Any]]:
        if not self.chance(0.5):
            return []
        rule: dict[str, Any] = {"by": _month(self.random.randrange(self.months))}
        if self.chance(0.3):
            rule["kind"] = self.random.choice(KINDS)
        return [rule | ({"most": 1} if self.chance(0.5) else {"least": 1})]

    def _objective(self) -> dict[str, Any]:
        result: dict[str, Any] = {
            "minimise": "fiscal_cost" if self.fiscal else "transition_fees",
            "after_horizon_months": self.random.choice([0, 2, 3]),
            "start_only_if_housed": self.chance(0.5),
        }
        if self.fiscal:
            result["discount_rate"] = self.random.choice([0, 0.03])
        return result

    def _amount(self, low: int, high: int) -> int:
        """Draw yuan: whole 万元, or half of one."""
        return self.random.randint(2 * low, 2 * high) * 5_000


def _ways(spans: list[list[int]]) -> int:
    result = 1
    for first, last in spans:
        result *= max(last - first + 1, 1) + 1
    return result
