"""Futures and policies in a scenario file: everything that is wrong is told, with its line."""

from pathlib import Path

import pytest

import renewopt

BASE = """\
name: Small
start: 2024-01
months: 6
fee_policies: [{id: fees, rate: 10, term: 24}]
projects: [{id: P, moved_out: 2023-01}]
households: [{id: H, project: P, area: 60}]
vouchers: [{id: V, price: 5000}]
funds: [{id: budget, opening: 100万元}]
futures:
"""


def told(tmp_path: Path, futures: str) -> list[str]:
    path = tmp_path / "small.yaml"
    path.write_text(BASE + futures, encoding="utf-8")
    with pytest.raises(renewopt.ScenarioError) as raised:
        renewopt.load(path)
    return [str(finding) for finding in raised.value.errors]


def test_a_future_is_read(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(BASE + "  - {id: f, take_up: [{share: 80%}], delays: [{months: 3, probability: 50%}]}\n", "utf-8")
    (future,) = renewopt.load(path).futures
    assert (float(future.take_up[0].share), future.delays[0].months, float(future.delays[0].probability)) == (
        0.8,
        3,
        0.5,
    )


def test_all_that_is_wrong_is_told_together(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        "  - id: f\n"
        "    delays:\n"
        "      - months: {distribution: uniform, low: 5, high: 2}\n"
        "      - months: {distribution: normal, mean: 3}\n"
        "        estates: [E9]\n"
        "    inflows:\n"
        "      - {funds: [budgt], share: 90%}\n"
        "    take_up:\n"
        "      - {share: 2, sharee: 1}\n"
        "  - id: f\n",
    )
    text = "\n".join(found)
    for line, words in (
        (12, "low 5 is above high 2"),
        (13, "a normal distribution needs spread"),
        (14, "there is no estate 'E9'"),
        (16, "did you mean 'budget'?"),
        (18, "unknown key 'sharee'"),
        (19, "stands on line 10 already"),
    ):
        assert any(f"small.yaml:{line}" in finding and words in finding for finding in found), (line, words, text)


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ("{distribution: gamma, mean: 1}", "gamma"),
        ("{distribution: discrete, values: [1, 2], weights: [1]}", "1 weight for 2 values"),
        ("{distribution: discrete, values: [1], weights: [0]}", "the weights add up to nothing"),
        ("{distribution: triangular, low: 1, mode: 9, high: 3}", "mode 9 is not between"),
        ("{distribution: lognormal, mean: 0, spread: 1}", "above 0"),
        ("soon", "soon"),
    ],
)
def test_distributions_that_cannot_be(tmp_path: Path, stated: str, words: str) -> None:
    found = told(tmp_path, f"  - id: f\n    delays:\n      - months: {stated}\n")
    assert any("small.yaml:12" in finding and words in finding for finding in found), found
