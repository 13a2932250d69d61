"""Policies as a scenario states them, and the futures that a hedged one plans with."""

from pathlib import Path

import pytest

import renewopt
from renewopt.problem import compile_problem
from renewopt.results.choosing import TRAINING_SEEDS, check_policies, chosen_policy, training_futures


def test_who_plans_with_a_sample_has_not_seen_the_stress_cases(repository: Path) -> None:
    scenario = renewopt.load(repository / "scenarios" / "uncertain.yaml")
    problem = compile_problem(scenario)
    sample = training_futures(scenario)(problem, 6)
    assert [(future.id, future.seed) for future in sample] == [("rough", TRAINING_SEEDS + n) for n in range(6)]


def test_stress_cases_are_planned_with_where_nothing_random_is_stated(repository: Path) -> None:
    scenario = renewopt.load(repository / "scenarios" / "uncertain.yaml")
    problem = compile_problem(scenario)
    fixed = scenario.model_copy(update={"futures": [each for each in scenario.futures if each.id != "rough"]})
    assert [future.id for future in training_futures(fixed)(problem, 3)] == ["late", "lean", "late"]
    none = scenario.model_copy(update={"futures": []})
    assert training_futures(none)(problem, 3) == []


def with_policies(repository: Path, tmp_path: Path, *stated: str) -> renewopt.Scenario:
    text = (repository / "scenarios" / "minimal.yaml").read_text(encoding="utf-8")
    path = tmp_path / "stated.yaml"
    path.write_text("\n".join([text, "policies:", *(f"  - {each}" for each in stated)]), encoding="utf-8")
    return renewopt.load(path)


def test_wrong_parameters_are_found_before_anything_runs(repository: Path, tmp_path: Path) -> None:
    scenario = with_policies(
        repository,
        tmp_path,
        "{id: a, policy: first-come, parameters: {hold_months: -1, shares: half}}",
        "{id: b, policy: rolling, parameters: {every: 0, gap: 5}}",
        "{id: good, policy: first-come, parameters: {hold_months: 3}}",
    )
    found = {finding.key: finding.message for finding in check_policies(scenario)}
    assert list(found) == ["policies.a", "policies.b"]
    assert "hold_months -1: expected a whole number from 0" in found["policies.a"]
    assert "shares 'half'" in found["policies.a"]
    assert found["policies.b"].said("zh") == (
        "决策方式“rolling”：every 0：应为不小于 1 的整数、gap 5.0：应为不小于 0、小于 1 的小数，如 0.01"
    )
    with pytest.raises(renewopt.ScenarioError, match=r"policies\.b.*every 0"):
        renewopt.compare(scenario, policies=["good", "b"], seeds=1)


def test_no_policy_goes_by_the_name_of_another_one(repository: Path, tmp_path: Path) -> None:
    scenario = with_policies(
        repository,
        tmp_path,
        "{id: perfect, policy: first-come}",
        "{id: optimal, policy: first-come, parameters: {hold_months: -1}}",
        "{id: rolling, policy: rolling, parameters: {every: 6}}",
    )
    told = [(finding.key, str(finding.message)) for finding in check_policies(scenario)]
    assert [key for key, _ in told] == ["policies.perfect", "policies.optimal", "policies.optimal"]
    assert "knows the future; choose another name" in told[0][1]
    assert "is a policy that ships; choose another name" in told[1][1]
    assert chosen_policy(scenario, "rolling").every == 6
    with pytest.raises(renewopt.ScenarioError, match=r"policies\.optimal.*state `policy: optimal`"):
        chosen_policy(scenario, "optimal")
