"""What is wrong with a programme is told all together, where it stands, and how to mend it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.scheduling.scenarios import programme, sections

from renewopt.errors import ScenarioError
from renewopt.scenario import Scenario

MUST = {"from": "2024-03", "to": "2024-06", "must": True}

BAD: list[tuple[dict[str, Any], str, str]] = [
    # --- windows
    ({"works__0__start__to": "2024-02"}, "works.Lane.start.to", "it ends in 2024-02, before it begins in 2024-03"),
    ({"works__0__start": {"from": "2025-06", "must": True}}, "works.Lane.start", "no month of its window is planned"),
    (
        {"projects__1__start": {"to": "2023-06", "must": True}},
        "projects.New.start",
        "no month of its window is planned",
    ),
    ({"works__0__start": {"from": "2024-13"}}, "works.Lane.start.from", "has no month 13"),
    ({"works__0__start": {"must": "yes"}}, "works.Lane.start.must", "true or false"),
    ({"works__0__start": {"since": "2024-02"}}, "works.Lane.start.since", "unknown key"),
    # --- moves
    ({"projects__1__moved_out": "2024-01"}, "projects.New.moved_out", "move out counted from its start"),
    ({"households__0__moves_after": 2}, "households.O1.moves_after", "no start window from which months could be"),
    ({"households__1__moved_out": "2024-05"}, "households.N1.moved_out", "it moves out counted from the start"),
    ({"households__1__moves_after": -1}, "households.N1.moves_after", "-1"),
    ({"households__1__prepaid": 100}, "households.N1.prepaid", "nothing was paid to it yet"),
    ({"projects__1__signing__1__share": 0.4}, "projects.New.signing", "add up to 90 %, not to 100 %"),
    ({"projects__1__signing__1__after": 0}, "projects.New.signing", "two shares move out 0 months after the start"),
    (
        {"projects__0__signing": [{"after": 0, "share": 1}]},
        "projects.Old.signing",
        "`signing` is counted from the start",
    ),
    ({"projects__0__stages": [{"after": 0, "amount": 1}]}, "projects.Old.stages", "has no start window"),
    ({"projects__0__crews": {"teams": 1}}, "projects.Old.crews", "`crews` is counted from the start"),
    ({"projects__0__delay_cost": 5}, "projects.Old.delay_cost", "`delay_cost` is counted from the start"),
    ({"projects__1__own_clock": True}, "projects.New.own_clock", "follows from the start window"),
    ({"fee_curves": [{"household": "N1", "fee": 5}]}, "fee_curves.0.from", "when its project starts is not known"),
    ({"pins": [{"household": "N1", "route": "voucher"}]}, "pins.0.household", "its project has not started"),
    (
        {"fee_parts": [{"household": "N1", "area": 20, "moved_out": "2024-05"}]},
        "fee_parts.0.moved_out",
        "a month of moving out, and when its project starts is not known",
    ),
    ({"households__1__split_from": "N2"}, "households.N1.split_from", "no household of it has been split yet"),
    ({"arrears": [{"project": "New", "amount": 5}]}, "arrears.0.project", "nothing can be owed to its households yet"),
    # --- stages and money
    ({"works__0__stages__1__share": 0.4}, "works.Lane.stages", "add up to 90 %"),
    ({"works__0__stages__0": {"after": 0}}, "works.Lane.stages.0", "neither `share` nor `amount`"),
    ({"works__0__stages__0__amount": 5}, "works.Lane.stages.0", "both `share` and `amount`"),
    ({"works__0__stages__0": {"after": 0, "amount": 5}}, "works.Lane.stages", "some stages are shares and some are"),
    ({"works__0__cost": ...}, "works.Lane.stages", "shares of a cost, and no cost is stated"),
    (
        {"works__0__stages": [{"after": 0, "amount": 5}]},
        "works.Lane.stages",
        "the amounts of the stages add up to 5.00 yuan, the cost is 300,000.00",
    ),
    ({"projects__1__stages": [], "projects__1__cost": 5}, "projects.New.cost", "no stages say when it falls due"),
    ({"works__0__stages__0__use": "fees"}, "works.Lane.stages.0.use", "a stage is not paid as 'fees'"),
    ({"works__0__uses": ["interest"]}, "works.Lane.uses.0", "a stage is not paid as 'interest'"),
    ({"works__0__uses": ["streets"]}, "works.Lane.uses.0", "streets"),
    (
        {"funds__0__uses": ["fees", "voucher", "cash", "construction"], "funds__1__uses": ["cash"]},
        "works.Lane.stages",
        "no fund may pay its stages: none may be used for commitments",
    ),
    (
        {"funds__0__kinds": ["urban_village"], "funds__1__kinds": ["supporting"]},
        "works.Lane.stages",
        "are earmarked for other kinds than 'back_street'",
    ),
    ({"funds__0__projects": ["Old"]}, "projects.New.stages", "pay the bills of some projects alone"),
    ({"funds__1__kinds": ["back_streets"]}, "funds.bond.kinds.0", "did you mean 'back_street'?"),
    ({"works__0__cost": -5}, "works.Lane.cost", "-5"),
    # --- names
    ({"works__0__id": "New"}, "works.New.id", "'New' is a project as well"),
    ({"works__1__id": "Lane"}, "works.Lane.id", "Lane"),
    (
        {"commitments": [{"id": "Lane", "monthly": 5}]},
        "works.Lane.id",
        "'Lane' is a commitment as well",
    ),
    # --- durations, crews
    ({"works__0__duration": -1}, "works.Lane.duration", "-1"),
    ({"works__0__duration": ...}, "works.Lane.duration", "missing"),
    ({"works__0__duration": 1.5}, "works.Lane.duration", "1.5"),
    ({"projects__1__clearing": -2}, "projects.New.clearing", "-2"),
    ({"works__0__crews": {"builder": 1}}, "works.Lane.crews.builder", "did you mean 'builders'?"),
    (
        {"works__0__crews": {"builders": 4}, "works__0__start": MUST},
        "works.Lane.crews",
        "in no month of its window are there crews enough",
    ),
    ({"crews__0__per_month": -1}, "crews.teams.per_month", "-1"),
    (
        {"crews__1__per_month": {"2024-01..2024-06": 1, "2024-05..": 3}},
        "crews.builders.per_month.2024-05..",
        "overlap; each month has one limit",
    ),
    # --- precedence
    ({"precedence__0__before": "Nw"}, "precedence.0.before", "there is no project or work 'Nw'; did you mean 'New'?"),
    ({"precedence__0__after": "Drain"}, "precedence.0.after", "there is no project or work 'Drain'; there are"),
    ({"precedence__0__after": "New"}, "precedence.0", "'New' would have to wait for itself"),
    ({"precedence__0__after": "Old"}, "precedence.0.after", "'Old' has begun: it has no start window"),
    ({"precedence__1__from": "cleared"}, "precedence.1.from", "'Lane' is a work, which clears no land"),
    ({"precedence__0__from": "end"}, "precedence.0.from", "end"),
    ({"precedence__0__lag": -1}, "precedence.0.lag", "-1"),
    (
        {"precedence__2": {"before": "Pipe", "after": "New"}},
        "precedence.0",
        "in a circle: Lane, Pipe, New, Lane",
    ),
    (
        {"precedence__2": {"before": "Pipe", "after": "Lane", "from": "start"}},
        "precedence.1",
        "in a circle: Lane, Pipe, Lane",
    ),
    (
        {"precedence__2": {"before": "Lane", "after": "Pipe", "lag": 3}},
        "precedence.2",
        "'Pipe' waits for 'Lane' already",
    ),
    (
        {"works__0__start": {"from": "2024-01", "to": "2024-02", "must": True}, "works__0__crews": {}},
        "works.Lane.start",
        "it can start in 2024-03 at the earliest, and its window ends in 2024-02",
    ),
    (
        {"works__1__start": {"to": "2024-05", "must": True}, "works__0__start__must": True},
        "works.Pipe.start",
        "it can start in 2024-06 at the earliest, and its window ends in 2024-05",
    ),
    # --- land
    ({"projects__1__land__into": ...}, "projects.New.land.revenue", "no fund is named that receives it"),
    ({"projects__1__land__into": "budgt"}, "projects.New.land.into", "did you mean 'budget'?"),
    ({"projects__1__land__deadline": ...}, "projects.New.land.penalty", "no deadline from which it is counted"),
    ({"projects__0__land": {"deadline": "2024-05"}}, "projects.Old.land.deadline", "binds the start, and the project"),
    (
        {"projects__1__land": {"deadline": "2024-04"}},
        "projects.New.land.deadline",
        "is to be cleared by 2024-04, and can be in 2024-05 at the earliest",
    ),
    ({"estates__0__phases__0__land": ["Nw"]}, "estates.Garden.phases.G1.land.0", "did you mean 'New'?"),
    (
        {
            "estates__0__phases__0__land": ["Old"],
            "projects__0__moved_out": ...,
            "fee_policies__0__rate": 0,
            "fee_curves": [{"household": "O1", "fee": 5}],
        },
        "estates.Garden.phases.G1.land.0",
        "nothing frees the land of 'Old'",
    ),
    ({"estates__0__phases__0__progress": 0.5}, "estates.Garden.phases.G1.progress", "is partly built already"),
    ({"estates__0__phases__0__build_months": -1}, "estates.Garden.phases.G1.build_months", "-1"),
    # --- numbers of starts
    ({"starts__0__most": ...}, "starts.0", "neither `least` nor `most` says how many"),
    ({"starts__0__least": 2}, "starts.0.least", "at least 2, but at most 1"),
    ({"starts__0": {"by": "2024-12", "least": 4}}, "starts.0.least", "but only 3 can start by then"),
    ({"starts__0": {"kind": "urban_village", "by": "2024-12", "most": 0}}, "starts.0.most", "but 1 must start by then"),
    ({"starts__0__kind": "back_streets"}, "starts.0.kind", "did you mean 'back_street'?"),
    ({"starts__0__by": "2023-12"}, "starts.0.by", "2023-12 lies before the start 2024-01"),
    ({"starts__1": {"kind": "back_street", "by": "2024-12", "least": 1}}, "starts.1", "a rule for this kind and month"),
    ({"objective": {"start_only_if_housed": "no"}}, "objective.start_only_if_housed", "true or false"),
]


@pytest.mark.parametrize(("changes", "key", "message"), BAD, ids=range(len(BAD)))
def test_what_is_wrong_is_told_where_it_stands(changes: dict[str, Any], key: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        programme(**changes)
    errors = [finding for finding in caught.value.findings if finding.severity == "error"]
    told = [(finding.key, f"{finding.message}; {finding.mend}") for finding in errors]
    assert any(where == key and message in text for where, text in told), told


def test_every_bad_input_is_told_in_both_languages() -> None:
    for changes, _, _ in BAD:
        with pytest.raises(ScenarioError) as caught:
            programme(**changes)
        for finding in caught.value.findings:
            assert str(finding.message)
            assert finding.message.said("zh") != finding.message.said("en")


WARNED: list[tuple[dict[str, Any], str, str]] = [
    ({"works__0__start": {"from": "2025-06"}}, "works.Lane.start", "it cannot start: no month of its window"),
    ({"works__0__crews": {"builders": 4}}, "works.Lane.crews", "it cannot start: in no month of its window"),
    (
        {"works__0__start": {"to": "2024-02"}, "works__0__crews": {}},
        "works.Lane.start",
        "leaves no month of its window",
    ),
    ({"works__0__crews": {}}, "crews.builders", "nothing keeps this crew busy"),
    ({"projects__1__land__deadline": "2024-04"}, "projects.New.land.deadline", "can be in 2024-05 at the earliest"),
    ({"projects__1__land__revenue": 0}, "projects.New.land.into", "no revenue is stated"),
    ({"works__1__start": {"must": True}}, "works.Lane.start", "'Pipe', which must start, waits for it"),
    ({"precedence__0__before": "Old"}, "precedence.0.before", "'Old' has begun already"),
    ({"households__2__moves_after": 0}, "projects.New.signing", "`signing` says nothing"),
    ({"estates__0__phases__0__build_months": 20}, "estates.Garden.phases.G1.land", "after the plan ends"),
]


@pytest.mark.parametrize(("changes", "key", "message"), WARNED, ids=range(len(WARNED)))
def test_what_is_unlikely_is_warned_of(changes: dict[str, Any], key: str, message: str) -> None:
    warnings = [(warning.key, str(warning.message)) for warning in programme(**changes).warnings]
    assert any(where == key and message in text for where, text in warnings), warnings


def test_the_switch_without_a_window_is_warned_of() -> None:
    changes = {"projects__1": ..., "households__2": ..., "objective": {"start_only_if_housed": True}}
    stated = sections(**changes)
    stated["households"] = stated["households"][:1]
    stated["estates"] = []
    stated["works"], stated["precedence"] = [], []
    stated["starts"], stated["crews"] = [], []
    stated["funds"] = stated["funds"][:1]
    warnings = [(w.key, str(w.message)) for w in Scenario.from_tables(**stated).warnings]
    assert ("objective.start_only_if_housed", "no project has a start window, so that this binds nobody") in warnings


def test_a_sound_programme_has_no_findings() -> None:
    assert [str(warning) for warning in programme().warnings] == []


def test_works_stand_alone() -> None:
    alone = Scenario.from_tables(name="x", start="2024-01", months=3, works=[{"id": "A", "duration": 1}])
    assert alone.projects == []
    assert alone.funds == []
    assert len(alone.households) == 0


@pytest.mark.parametrize("missing", ["projects", "households", "funds"])
def test_without_works_the_rest_is_needed(missing: str) -> None:
    stated = sections(works=[], precedence=[], starts=[])
    del stated[missing]
    with pytest.raises(ScenarioError, match=f"the key `{missing}` is missing"):
        Scenario.from_tables(**stated)


def test_an_empty_section_is_refused_beside_works_too() -> None:
    with pytest.raises(ScenarioError, match="it is empty, at least one entry was expected"):
        Scenario.from_tables(name="x", start="2024-01", months=3, projects=[], works=[{"id": "A", "duration": 1}])
