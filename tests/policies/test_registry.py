"""Policies by name: shipped, registered, announced, stated in a scenario; all that is wrong is told."""

from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import ClassVar

import pytest

import renewopt
from renewopt.policies import SHIPPED, Policy, PriorityRule, make_policy, policy_names, registry
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
    names |= {"units-first", "finish-nearest", "project-by-project", "equal-shares", "hedged"}
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
        ("no.such.module:Rule", {}, "cannot be loaded"),
        ("renewopt.policies:Nothing", {}, "cannot be loaded"),
    ],
)
def test_what_is_wrong_is_told(name: str, parameters: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        make_policy(name, parameters)


def test_an_own_policy_by_registration_by_module_and_by_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_own", {})
    assert renewopt.register(Backwards) is Backwards
    assert make_policy("backwards", {"strength": 2}) == Backwards(strength=2.0)
    assert "backwards" in policy_names()
    with pytest.raises(ValueError, match="ships"):
        renewopt.register(Backwards, name="optimal")
    with pytest.raises(ValueError, match="no name"):
        renewopt.register(lambda: None)
    point = EntryPoint("packaged", "renewopt.policies.rules:FirstCome", registry.ENTRY_POINTS)
    monkeypatch.setattr(registry, "entry_points", lambda group: [point] if group == "renewopt.policies" else [])
    assert make_policy("packaged", {"hold_months": 3}).hold_months == 3
    assert make_policy("renewopt.policies.rules:EqualShares").name == "equal-shares"


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
