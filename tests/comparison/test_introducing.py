"""A sentence for each future and policy: what it does, in both languages."""

from pathlib import Path

import pytest
from tests.comparison.test_report import compared

from renewopt import PriorityRule, load
from renewopt.charts.labels import Language
from renewopt.comparison.introducing import introduce, tell_future, tell_policy, words_of
from renewopt.policies import SHIPPED, make_policy
from renewopt.results.reporting.page import words_for

FUTURES = """
futures:
  - id: all
    delays:
      - {estates: [Meadow], months: {distribution: uniform, low: 1, high: 6}, probability: 25%, together: true}
    inflows:
      - {funds: [budget], share: 80%, late: 2, from_month: 3, months: 12}
    take_up: [{share: {distribution: normal, mean: 0.9, spread: 0.1}}]
    decrees: [{factor: 1.2, after: 12}]
    later_moves: [{months: {distribution: discrete, values: [0, 3]}}]
"""
TOLD: dict[Language, str] = {
    "en": "Meadow: handed over 1 to 6 months late, all alike (with a chance of 25%); budget: 80% of the stated "
    "inflow comes from month 3 on for 12 months; budget: inflow comes 2 months late from month 3 on for "
    "12 months; of the households that are asked, about 90% take a voucher; all projects: fees times 1.2 "
    "from 12 months after the start on; all projects: households move out 0 or 3 months later.",
    "zh": "Meadow推迟1至6个月交付，同步推迟（概率25%）；budget到位80%，自第3个月后起，持续12个月；"
    "budget推迟2个月到位，自第3个月后起，持续12个月；被征询住户中约90%接受购房凭证；"
    "所有项目自起始12个月后过渡费按1.2倍计；所有项目住户推迟0或3个月搬离。",
}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_future_is_told_change_by_change(repository: Path, tmp_path: Path, lang: Language) -> None:
    path = tmp_path / "town.yaml"
    path.write_text((repository / "scenarios" / "minimal.yaml").read_text("utf-8") + FUTURES, "utf-8")
    stated = introduce({("town", ""): load(path)}, {})
    assert tell_future(stated, ("town", ""), "all", words_for(lang)) == TOLD[lang]
    assert "2" not in tell_future(stated, ("town", ""), "as-planned", words_for(lang))


CALLED: dict[Language, dict[str, str]] = {
    "en": {
        "all": "all (late handover, money short or late and more)",
        "late": "late (late handover)",
        "dry": "dry 枯水",
        "still": "still",
    },
    "zh": {"all": "推迟交付、资金少到或迟到等（all）", "late": "推迟交付（late）", "dry": "枯水", "still": "still"},
}
OTHERS = """
  - {id: late, delays: [{months: 6}]}
  - {id: dry, name: 枯水, inflows: [{share: 50%}]}
  - {id: still}
"""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_futures_are_called_by_their_names_or_by_what_they_are_about(
    repository: Path, tmp_path: Path, lang: Language
) -> None:
    path = tmp_path / "town.yaml"
    minimal = (repository / "scenarios" / "minimal.yaml").read_text("utf-8")
    path.write_text(minimal + FUTURES + OTHERS, "utf-8")
    stated = introduce({("town", ""): load(path)}, {})
    assert words_of(stated, lang).names["future"] == CALLED[lang]
    # Where a variant states it otherwise, only the id holds for both.
    other = tmp_path / "other.yaml"
    other.write_text(minimal + FUTURES + OTHERS.replace("months: 6", "months: 6}], inflows: [{late: 2"), "utf-8")
    both = introduce({("town", ""): load(path), ("town", "other"): load(other)}, {})
    assert words_of(both, lang).names["future"] == {key: told for key, told in CALLED[lang].items() if key != "late"}


class Largest(PriorityRule):
    """Who costs most is served first.

    And so on.
    """

    name = "largest"


class Silent(PriorityRule):
    name = "silent"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_policy_is_told_by_what_it_does(lang: Language) -> None:
    say = words_for(lang)
    mine = {"patient": make_policy("first-come", {"hold_months": 24}), "mine": Largest(), "silent": Silent()}
    told = introduce({}, mine).policies
    assert "hold_months: 24" in tell_policy("patient", told["patient"], say)
    assert tell_policy("first-come", None, say)[:10] in tell_policy("patient", told["patient"], say)
    assert tell_policy("mine", told["mine"], say).startswith(
        "Who costs most is served first (" if lang == "en" else "Who"
    )
    assert tell_policy("silent", told["silent"], say) == say("policy.does.own")
    sentences = {tell_policy(name, None, say) for name in (*SHIPPED, "perfect")}
    assert len(sentences) == len(SHIPPED) + 1


def test_a_comparison_keeps_what_was_compared() -> None:
    stated = compared().stated
    assert list(stated.futures) == [("town", "")]
    assert set(stated.policies) == {"optimal", "first-come", "voucher-first", "wait-for-build"}
    assert stated.policies["optimal"].parameters == {}
    assert set(compared().drawn["future"]) == {"late"}
    assert compared().drawn[["what", "of", "value"]].to_numpy().tolist()[0] == ["phase_delay", "Meadow-1", 2.0]
