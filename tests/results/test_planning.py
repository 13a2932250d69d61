"""From scenario to plan, and what stands between: arguments, statuses, audit."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import renewopt
from renewopt.optimiser import Solution, shortfall
from renewopt.optimiser.highs import Engine, SolverError
from renewopt.policies.starting import START_RULES
from renewopt.problem import Decisions
from renewopt.results import planning
from renewopt.results.failures import AuditError, InterruptedPlanError, NoPlanInTimeError
from renewopt.results.planned import Plan


@pytest.fixture(scope="module")
def minimal(repository: Path) -> Path:
    return repository / "scenarios" / "minimal.yaml"


@pytest.fixture(scope="module")
def scenario(minimal: Path) -> renewopt.Scenario:
    return renewopt.load(minimal)


@pytest.fixture(scope="module")
def best(scenario: renewopt.Scenario) -> Plan:
    return renewopt.plan(scenario, gap=0)


@pytest.fixture(scope="module")
def waiting(scenario: renewopt.Scenario) -> Plan:
    return renewopt.plan(scenario, policy="wait-for-build")


def test_the_record_of_the_best_plan(best: Plan, minimal: Path) -> None:
    assert (best.status, best.objective, best.bound, best.gap) == ("optimal", 18_700, 18_700, 0)
    assert (best.transition_fees, best.fiscal_cost) == (18_700, 1_318_700)
    assert (best.households, best.settled) == (5, 5)
    assert (best.clear_month, best.all_settled_month) == ("2024-05", "2024-05")
    assert (best.start, best.months, best.variant, best.policy) == ("2024-01", 8, None, "optimal")
    assert best.scenario_path == minimal.resolve()
    assert [tier.name for tier in best.tiers] == ["transition_fees"]
    assert best.options == {"objective": None, "gap": 0, "time_limit": 600.0, "solver": "highs", "method": "auto"}
    assert best.seconds["compile"] >= 0
    assert repr(best) == ("<Plan of 'Minimal': optimal, transition_fees=18,700.00 yuan, gap=0.0000%, settled 5 of 5>")


def test_a_path_does_as_well_as_a_scenario(minimal: Path, best: Plan) -> None:
    again = renewopt.plan(str(minimal), gap=0)
    assert again.objective == best.objective
    assert again.scenario_sha256 == best.scenario_sha256


def test_a_rule_of_thumb_says_so(waiting: Plan, scenario: renewopt.Scenario) -> None:
    assert (waiting.status, waiting.bound, waiting.gap) == ("feasible", None, None)
    assert waiting.objective == 87_500
    assert waiting.clear_month is None
    assert "wait-for-build" in waiting.summary()
    assert renewopt.audit(scenario, waiting) == []


def test_savings_are_against_the_simulated_waiting(best: Plan, waiting: Plan) -> None:
    assert best.savings is not None
    assert best.savings.waiting_fees == waiting.transition_fees
    assert best.savings.against_waiting == 87_500 - 18_700
    # The home on hand goes to N1; N2 and N3 wait, in the year after the horizon too, at 1,600 and 2,400 a month.
    assert (best.savings.waiting_valued, best.savings.saved_valued) == (48_000, 48_000)
    # N2 takes a voucher, N1 a surplus home; but North's own estate stands finished, with nothing to come.
    assert best.savings.office_convention == 0


def test_the_other_objective(scenario: renewopt.Scenario) -> None:
    unfit = scenario.model_copy(update={"projects": scenario.projects})
    with pytest.raises((renewopt.ScenarioError, ValueError)):
        renewopt.plan(unfit, objective="fiscal_cost")
    projects = [project.model_copy(update={"obligation": 6000}) for project in scenario.projects]
    plan = renewopt.plan(scenario.model_copy(update={"projects": projects}), objective="fiscal_cost", gap=0)
    assert plan.objective_name == "fiscal_cost"
    assert plan.objective == plan.fiscal_cost


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"policy": "guess"}, "unknown policy 'guess'; expected one of optimal, rolling"),
        ({"objective": "joy"}, "objective 'joy': expected one of transition_fees, fiscal_cost"),
        ({"gap": 2}, "gap 2"),
        ({"gap": float("nan")}, "gap nan"),
        ({"time_limit": 0}, "time_limit 0"),
        ({"time_limit": float("nan")}, "time_limit nan"),
        ({"method": "magic"}, "method 'magic'"),
        ({"solver": "abacus"}, "solver 'abacus'"),
        ({"variant": "rich"}, "rich"),
    ],
)
def test_wrong_arguments_are_told(scenario: renewopt.Scenario, arguments: dict[str, Any], says: str) -> None:
    with pytest.raises((ValueError, renewopt.RenewoptError), match=says):
        renewopt.plan(scenario, **arguments)


def test_a_variant_is_loaded_where_the_file_is_known(repository: Path, tmp_path: Path) -> None:
    text = (repository / "scenarios" / "minimal.yaml").read_text("utf-8")
    path = tmp_path / "a.yaml"
    path.write_text(text + "\nvariants:\n  long:\n    months: 10\n", "utf-8")
    scenario = renewopt.load(path)
    plan = renewopt.plan(scenario, variant="long", policy="wait-for-build")
    assert (plan.variant, plan.months) == ("long", 10)
    assert renewopt.audit(scenario, plan) == []
    assert renewopt.plan(renewopt.load(path, variant="long"), variant="long", policy="wait-for-build").months == 10
    with pytest.raises(renewopt.ScenarioError, match="other"):
        renewopt.plan(renewopt.load(path, variant="long"), variant="other", policy="wait-for-build")
    # What was changed in Python is not in the file: it would be lost with its variants.
    for changed in (scenario.model_copy(update={"months": 7}), renewopt.Scenario(**dict(scenario))):
        with pytest.raises(ValueError, match="cannot take variant 'long': it was built or changed in Python"):
            renewopt.plan(changed, variant="long", policy="wait-for-build")
    path.write_text(text, "utf-8")
    with pytest.raises((ValueError, renewopt.RenewoptError)):
        renewopt.audit(path, plan)


def test_audit_knows_its_scenario(best: Plan, scenario: renewopt.Scenario, tmp_path: Path, minimal: Path) -> None:
    read = renewopt.read_plan(best.write(tmp_path / "plan"))
    assert renewopt.audit(scenario, read) == []
    assert renewopt.audit(minimal, read) == []
    other = tmp_path / "other.yaml"
    other.write_text(minimal.read_text("utf-8") + "\n", "utf-8")
    with pytest.raises(ValueError, match="not the scenario that the plan was made from"):
        renewopt.audit(other, read)
    with pytest.raises(renewopt.PlanFileError, match="decisions"):
        renewopt.audit(scenario, replace(read, decisions=None))
    with pytest.raises(ValueError, match="nothing to audit"):
        renewopt.audit(scenario, replace(read, status="infeasible"))


def test_audit_finds_what_was_changed(best: Plan, scenario: renewopt.Scenario) -> None:
    assert best.decisions is not None
    pay = best.decisions.pay.copy()
    pay[0, 3] += 1
    changed = replace(best, decisions=replace(best.decisions, pay=pay))
    assert {violation.rule for violation in renewopt.audit(scenario, changed)} == {"need"}


def answer(monkeypatch: pytest.MonkeyPatch, **parts: Any) -> None:
    """Let the optimiser answer so."""
    stated = {"status": "optimal", "objective": 1.0, "bound": 1.0, "gap": 0.0, "decisions": None}
    monkeypatch.setattr("renewopt.optimiser.optimise", lambda *_, **__: Solution(**{**stated, **parts}))


def test_a_plan_that_breaks_rules_is_never_returned(
    best: Plan, scenario: renewopt.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert best.decisions is not None
    settle = np.concatenate([best.decisions.settle, best.decisions.settle[:1]])
    answer(monkeypatch, decisions=replace(best.decisions, settle=settle))
    with pytest.raises(AuditError, match=r"please report this\n  broken rule"):
        renewopt.plan(scenario)


def test_a_shortfall_is_no_plan_of_the_optimiser(
    best: Plan, scenario: renewopt.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, decisions=Decisions(), status="feasible")
    with pytest.raises(AuditError):
        renewopt.plan(scenario)


@pytest.mark.parametrize(
    ("status", "error"),
    [("time_limit", NoPlanInTimeError), ("interrupted", InterruptedPlanError), ("strange", AuditError)],
)
def test_without_a_plan(
    scenario: renewopt.Scenario, monkeypatch: pytest.MonkeyPatch, status: str, error: type[Exception]
) -> None:
    answer(monkeypatch, status=status, objective=None, bound=None, gap=None)
    with pytest.raises(error):
        renewopt.plan(scenario)


def test_without_a_plan_what_check_knows_is_told(scenario: renewopt.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, status="time_limit", objective=None, bound=None, gap=None)
    with pytest.raises(NoPlanInTimeError, match="the money for fees runs out in 2024-") as raised:
        renewopt.plan(poor(scenario))
    assert raised.value.money_runs_out is not None


def test_a_plan_is_no_worse_than_rules_of_thumb_though_the_solver_fails(
    scenario: renewopt.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise SolverError("HiGHS has failed")

    monkeypatch.setattr(Engine, "run", fail)
    found = renewopt.plan(scenario)
    assert (found.status, found.bound) == ("time_limit", None)
    assert renewopt.audit(scenario, found) == []
    rules = [renewopt.plan(scenario, policy=rule.name).objective for rule in START_RULES]
    assert found.objective <= min(value for value in rules if value is not None)


@pytest.mark.parametrize("status", ["feasible", "time_limit", "interrupted"])
def test_the_best_so_far_is_returned(
    best: Plan, scenario: renewopt.Scenario, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    answer(monkeypatch, status=status, decisions=best.decisions, bound=17_000.0)
    plan = renewopt.plan(scenario)
    assert (plan.status, plan.objective, plan.bound) == (status, 18_700, 17_000)
    assert plan.gap == pytest.approx(1_700 / 18_700)
    assert "9.09" in plan.summary()
    assert "9.09" in plan.summary("zh")


def poor(scenario: renewopt.Scenario) -> renewopt.Scenario:
    """No money for fees from the second month on."""
    funds = [fund.model_copy(update={"inflow": []}) for fund in scenario.funds]
    funds[0] = funds[0].model_copy(update={"opening": 10_000})
    return scenario.model_copy(update={"funds": funds})


@pytest.mark.parametrize("policy", ["optimal", "wait-for-build"])
@pytest.mark.slow
def test_what_is_short_is_described(scenario: renewopt.Scenario, policy: str, tmp_path: Path) -> None:
    plan = renewopt.plan(poor(scenario), policy=policy)
    assert (plan.status, plan.objective) == ("infeasible", None)
    (first, *_) = plan.shortages
    assert first.what == "money"
    assert first.where.startswith("fees/")
    assert first.amount is not None
    assert first.amount > 0
    assert first.where in plan.summary()
    assert "缺" in plan.summary("zh")
    folder = plan.write(tmp_path / "plan")
    assert renewopt.read_plan(folder) == plan
    assert "<pre>" in plan._repr_html_()
    if policy != "optimal":
        assert (plan.decisions, plan.shortfall, len(plan.allocation)) == (None, None, 0)
        assert sorted(path.name for path in folder.iterdir()) == ["brief.docx", "plan.json", "report.html"]


@pytest.mark.slow
@pytest.mark.parametrize("method", ["exact", "structured"])
def test_where_money_alone_is_short_a_plan_with_a_shortfall_is_told_in_full(
    scenario: renewopt.Scenario, method: str, tmp_path: Path
) -> None:
    stated = poor(scenario)
    plan = renewopt.plan(stated, method=method)
    assert (plan.status, plan.objective, plan.gap, plan.feasible) == ("infeasible", None, None, False)
    assert plan.has_tables
    assert plan.shortfall is not None
    assert plan.shortfall_bound is not None
    assert 0 < plan.shortfall_bound <= plan.shortfall
    if method == "exact":
        assert plan.shortfall_bound > plan.shortfall - 1.01
    found = renewopt.audit(stated, plan)
    assert {violation.code for violation in found} == {"need.shortfall"}
    assert sum(int(violation.found) for violation in found) == round(plan.shortfall * 100)
    outside = plan.statement.loc[plan.statement["paid_by"] == "outside"]
    assert len(outside)
    assert sum(plan.allocation["count"]) == plan.households
    folder = plan.write(tmp_path / "plan")
    assert {"allocation.csv", "decisions.csv", "plan.xlsx", "work-summary.md"} <= {
        path.name for path in folder.iterdir()
    }
    again = renewopt.read_plan(folder)
    assert again == plan
    assert again.summary("zh") == plan.summary("zh")
    assert renewopt.audit(stated, again) == found
    amount = f"{plan.shortfall:,.0f} yuan"
    for told in (plan.summary(), plan.report(), plan.work_summary(), plan._repr_html_()):
        assert amount in told
        assert "with a shortfall" in told
    for told in (plan.summary("zh"), plan.report("zh"), plan.work_summary("zh")):
        assert "有资金缺口的方案" in told
    assert 'id="short"' in plan.report()
    assert 'id="building"' in plan.report()
    assert plan.plot.waiting() is not None


@pytest.mark.slow
def test_where_not_only_money_is_short_there_is_no_plan_with_a_shortfall(scenario: renewopt.Scenario) -> None:
    north = scenario.projects[0].model_copy(update={"deadline": scenario.start})
    stated = poor(scenario).model_copy(update={"projects": [north, *scenario.projects[1:]], "vouchers": []})
    plan = renewopt.plan(stated)
    assert (plan.status, plan.shortfall, plan.decisions, plan.has_tables) == ("infeasible", None, None, False)
    assert {"households", "money"} <= {shortage.what for shortage in plan.shortages}


@pytest.mark.slow
def test_what_is_lacking_is_told_where_no_plan_with_a_shortfall_was_found(
    scenario: renewopt.Scenario, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nothing = shortfall.LeastShortfall(None, 1234.0)
    monkeypatch.setattr("renewopt.optimiser.plan_with_shortfall", lambda *_, **__: nothing)
    plan = renewopt.plan(poor(scenario))
    assert (plan.shortfall, plan.shortfall_bound, plan.has_tables) == (None, 1234.0, False)
    assert "1,234 yuan" in plan.summary()
    assert renewopt.read_plan(plan.write(tmp_path / "plan")) == plan
    monkeypatch.setattr("renewopt.optimiser.plan_with_shortfall", lambda *_, **__: replace(nothing, bound=0.0))
    plan = renewopt.plan(poor(scenario))
    assert (plan.shortfall, plan.shortfall_bound) == (None, None)


@pytest.mark.slow
def test_a_plan_that_breaks_more_than_a_shortfall_is_refused(
    scenario: renewopt.Scenario, best: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = shortfall.LeastShortfall(best.decisions, 0.0)
    monkeypatch.setattr("renewopt.optimiser.plan_with_shortfall", lambda *_, **__: wrong)
    with pytest.raises(AuditError):
        renewopt.plan(poor(scenario))


def test_progress_is_told(scenario: renewopt.Scenario) -> None:
    told: list[object] = []
    renewopt.plan(scenario, progress=told.append)
    assert told
    assert all(isinstance(progress.step, str) for progress in told)  # type: ignore[attr-defined]


def test_a_plan_shows_itself(best: Plan) -> None:
    assert str(best) == best.summary()
    page = best._repr_html_()
    assert "<pre>Plan for Minimal" in page
    assert "<table" in page
    assert planning.__all__ == ["audit", "plan", "statement"]
