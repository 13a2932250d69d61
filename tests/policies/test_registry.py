"""Policies by name: shipped, registered, announced, stated in a scenario; all that is wrong is told."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

import renewopt
from renewopt.policies import (
    RULES,
    SHIPPED,
    Hedged,
    Optimal,
    Policy,
    PriorityRule,
    Rolling,
    make_policy,
    policy_names,
    registry,
)
from renewopt.results.choosing import chosen_policy


@dataclass(frozen=True)
class Backwards(PriorityRule):
    """Those who moved out last come first."""

    name: ClassVar[str] = "backwards"
    strength: float = 1.0

    def order(self, candidates):
        return [-self.strength * candidates.moved_out]


def test_every_shipped_policy_keeps_the_protocol_and_says_what_it_does() -> None:
    names = {"optimal", "rolling", "wait-for-build", "first-come", "urgent-first", "costliest-first", "voucher-first"}
    names |= {"apparent-tardiness", "units-first", "finish-nearest", "project-by-project", "equal-shares", "hedged"}
    assert names == set(SHIPPED)
    for name in names:
        policy = make_policy(name)
        assert isinstance(policy, Policy)
        assert policy.name == name
        assert len((policy.__doc__ or "").split()) > 20, name


def test_parameters_are_read_as_a_scenario_writes_them() -> None:
    made = make_policy("first-come", {"hold_months": 24, "routes": [["voucher"], ["own_unit"]], "patient": False})
    assert (made.hold_months, made.routes, made.patient) == (24, (("voucher",), ("own_unit",)), False)


@pytest.mark.parametrize(
    ("name", "parameters", "told"),
    [
        ("first-com", {}, "did you mean 'first-come'"),
        ("first-come", {"hold": 2, "prudnt": True}, "no parameter 'hold', 'prudnt'"),
        ("first-come", {"hold_months": "long", "shares": "half"}, "hold_months 'long'.*shares 'half'"),
        (
            "first-come",
            {"hold_months": -1, "routes": []},
            "groups of one or more of own_unit.*hold_months -1: expected a",
        ),
        ("first-come", {"hold_months": -1, "patient": "perhaps"}, "patient 'perhaps'.*, hold_months -1"),
        ("first-come", {"routes": [["voucher"], ["lottery"]]}, "routes .*own_unit"),
        ("first-come", {"routes": [["voucher"], []]}, "routes .*own_unit"),
        ("equal-shares", {"shares": "none"}, "shares 'none'.*front"),
        ("costliest-first", {"lookahead": 0, "hold_months": -2}, "hold_months -2.*lookahead 0: .*whole number from 1"),
        ("apparent-tardiness", {"lookahead": 0}, "lookahead 0.0: expected a number above 0"),
        ("optimal", {"gap": 5, "method": "fast"}, "gap 5.0: .*less than 1, .*, method 'fast': .*structured"),
        ("rolling", {"every": 0, "gap": -0.1}, "every 0: .*whole number from 1, gap -0.1"),
        (
            "hedged",
            {"cvar": 90, "weight": 7, "plans": -3, "sample": 0, "sample_gap": 1},
            "cvar 90.0.*weight 7.0.*sample 0.*plans -3.*sample_gap 1.0",
        ),
        ("no.such.module:Rule", {}, "--policy-module no.such.module"),
        ("renewopt.policies.rules:FirstCome", {}, "--policy-module renewopt.policies.rules"),
        ("subprocess:check_output", {"args": ["true"]}, "--policy-module subprocess"),
    ],
)
def test_what_is_wrong_is_told(name: str, parameters: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        make_policy(name, parameters)


@pytest.mark.parametrize(
    ("policy", "wrong"),
    [
        (RULES["first-come"], {"shares": "none"}),
        (RULES["voucher-first"], {"routes": (("lottery",),)}),
        (RULES["costliest-first"], {"lookahead": -4}),
        (RULES["apparent-tardiness"], {"lookahead": float("nan")}),
        (Optimal, {"gap": float("nan")}),
        (Rolling, {"every": 1.5}),
        (Hedged, {"cvar": 1}),
    ],
)
def test_what_is_wrong_is_told_in_python_too(policy: Callable[..., Policy], wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=f"^{next(iter(wrong))} .*: expected"):
        policy(**wrong)


def test_all_that_is_allowed_is_taken() -> None:
    whole = {"lookahead": np.int64(12), "hold_months": 0, "routes": [["voucher"]], "shares": "front"}
    assert RULES["costliest-first"](**whole).lookahead == 12
    assert Hedged(cvar=0, weight=1, sample=1, plans=1, gap=0, sample_gap=0.5, method="exact").plans == 1


class Measured(PriorityRule):
    """A rule that is made in a way of its own."""

    name = "measured"

    def __init__(self, strength: float) -> None:
        self.__dict__["strength"] = strength


@dataclass(frozen=True)
class Stepwise(RULES["costliest-first"]):
    """A rule with a parameter of its own, and what it may be."""

    name: ClassVar[str] = "stepwise"
    step: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.step < 1:
            raise ValueError("step: at least 1")


def test_policies_of_ones_own_are_made_as_they_wish() -> None:
    assert Measured(2.0).strength == 2.0
    assert Measured(2.0).hold_months is None
    with pytest.raises(ValueError, match="step: at least 1"):
        Stepwise(step=0)
    with pytest.raises(ValueError, match="lookahead 0"):
        Stepwise(lookahead=0)


def test_an_own_policy_by_registration_by_module_and_by_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_own", {})
    assert renewopt.register(Backwards) is Backwards
    assert make_policy("backwards", {"strength": 2}) == Backwards(strength=2.0)
    assert "backwards" in policy_names()
    with pytest.raises(ValueError, match="ships"):
        renewopt.register(Backwards, name="optimal")
    with pytest.raises(ValueError, match="knows the future"):
        renewopt.register(Backwards, name="perfect")
    with pytest.raises(ValueError, match="no name"):
        renewopt.register(lambda: None)
    point = EntryPoint("packaged", "renewopt.policies.rules:FirstCome", registry.ENTRY_POINTS)
    monkeypatch.setattr(registry, "entry_points", lambda group: [point] if group == "renewopt.policies" else [])
    assert make_policy("packaged", {"hold_months": 3}).hold_months == 3
    module = "renewopt.policies.rules"
    assert make_policy(f"{module}:EqualShares", modules=[module]).name == "equal-shares"


def test_a_scenario_names_policies_with_parameters(repository: Path, tmp_path: Path) -> None:
    text = (repository / "scenarios" / "minimal.yaml").read_text(encoding="utf-8")
    good = "\npolicies:\n  - id: patient\n    policy: first-come\n    parameters: {hold_months: 3}\n"
    path = tmp_path / "good.yaml"
    path.write_text(text + good, encoding="utf-8")
    scenario = renewopt.load(path)
    assert chosen_policy(scenario, "patient").hold_months == 3
    plan = renewopt.plan(scenario, policy="patient")
    assert (plan.status, plan.bound, plan.gap, plan.policy) == ("feasible", None, None, "patient")
    path.write_text(text + good.replace("hold_months: 3", "hold: 3"), encoding="utf-8")
    with pytest.raises(renewopt.ScenarioError, match=r"policies\.patient.*no parameter 'hold'"):
        renewopt.plan(path, policy="patient")


@pytest.mark.parametrize("policy", [name for name in SHIPPED if name != "optimal"])
def test_every_policy_makes_a_plan(repository: Path, policy: str) -> None:
    plan = renewopt.plan(repository / "scenarios" / "minimal.yaml", policy=policy, gap=0)
    assert (plan.status, plan.bound, plan.gap) == ("feasible", None, None)
    assert plan.objective >= 18_700
    if policy in ("rolling", "hedged"):
        assert plan.objective == 18_700
    assert policy in plan.summary() or policy == "wait-for-build"
    assert renewopt.audit(repository / "scenarios" / "minimal.yaml", plan) == []
