"""What a comparison says: from runs made by hand, so that each figure is known."""

from collections.abc import Iterable

import pandas as pd
import pytest

from renewopt import Comparison
from renewopt.charts.labels import LANGUAGES, Language
from renewopt.comparison.runs import KINDS, SETTLED, TIMINGS, WAITS

NAN = float("nan")


def run(
    policy: str, future: str, cost: float, short: float = 0.0, seed: int = 0, **figures: object
) -> dict[str, object]:
    """A run of fees `cost`, with so much missing, which counts tenfold."""
    row: dict[str, object] = {name: "" if kind == "text" else 0.0 for name, kind in KINDS.items()}
    row |= {"scenario": "town", "policy": policy, "future": future, "seed": seed, "bound": NAN, "regret": NAN}
    row |= {"transition_fees": cost, "cost": cost, "shortfall": short, "penalty": 10 * short}
    row |= {"objective": cost + 10 * short, "clean": not short, "status": "infeasible" if short else "feasible"}
    return row | figures


def compared(rows: Iterable[dict[str, object]]) -> Comparison:
    tables = [pd.DataFrame(columns=list(names)) for names in (WAITS, SETTLED, TIMINGS)]
    return Comparison(pd.DataFrame(list(rows))[list(KINDS)], *tables)


PLANNED = [run("optimal", "as-planned", 1e6), run("hedged", "as-planned", 1.2e6), run("rolling", "as-planned", 1e6)]


def test_a_plan_that_holds_in_no_future_is_the_first_sentence_and_what_holds_follows_with_its_premium() -> None:
    rough = [run("optimal", "rough", 1e6, 2e5 + 1e5 * seed, seed) for seed in range(4)]
    rough += [run("hedged", "rough", 1.3e6, 5e4 if seed == 3 else 0.0, seed) for seed in range(4)]
    rough += [run("rolling", "rough", 1.1e6, 0.0 if seed == 0 else 1e5, seed) for seed in range(4)]
    told = compared([*PLANNED, *rough]).message
    assert told == [
        (
            "optimal is in order in no future tried besides the plan (4): 350,000 yuan is missing on the "
            "mean of those that fall short, 500,000 yuan at the most."
        ),
        (
            "Instead: hedged is in order in 3 of 4. Its premium, where everything comes as planned, is 200,000 "
            "yuan of transition fees, 20.0% more than the 1 million yuan of optimal."
        ),
        (
            "Instead: rolling is in order in 1 of 4, at no premium: where everything comes as planned it comes to"
            " the 1 million yuan of transition fees of optimal."
        ),
        (
            "Or keep optimal and 500,000 yuan in reserve beyond all its funds (50.0% of its transition fees as "
            "planned): with it, it is in order in 4 of 4."
        ),
        "Futures in which each is in order, of 4: hedged 3, rolling 1; in none: optimal.",
        "Of 4 futures every policy is in order in 0 and none in 1: 3 tell policies apart.",
    ]


def test_a_plan_that_holds_everywhere_is_said_to_and_nothing_is_offered_instead() -> None:
    late = [run(name, "late", 1.1e6) for name in ("optimal", "hedged", "rolling")]
    assert compared([*PLANNED, *late]).message == [
        (
            "optimal is in order in the one future tried besides the plan (1), with 1.1 million yuan of transition "
            "fees on the mean."
        ),
        "Futures in which each is in order, of 1: optimal 1, hedged 1, rolling 1.",
    ]


def test_nothing_better_is_said_too_and_a_deadline_that_is_missed_is_no_money() -> None:
    late = [run(name, "late", 1.1e6, clean=False, missed_deadlines=3.0) for name in ("optimal", "hedged", "rolling")]
    assert compared([*PLANNED, *late]).message == [
        "optimal is in order in no future tried besides the plan (1).",
        "None of the 2 other policies is in order in more of them: 0 of 1 at the most.",
        "In order in no future (of 1): optimal, hedged, rolling.",
    ]


def test_a_reserve_covers_nine_tenths_of_many_futures_and_no_more_than_money_can_mend() -> None:
    rough = [run("optimal", "rough", 1e6, 1e4 * seed, seed) for seed in range(18)]
    rough += [run("optimal", "rough", 1e6, 1e3, seed, missed_deadlines=1.0) for seed in (18, 19)]
    (told,) = [line for line in compared([PLANNED[0], *rough]).message if "reserve" in line]
    assert "170,000 yuan in reserve" in told
    assert "in order in 18 of 20" in told


def test_only_futures_that_every_policy_met_are_counted() -> None:
    rough = [run("optimal", "rough", 1e6, 1e5, seed) for seed in range(9)]
    rough += [run(name, "rough", 1e6, seed=seed) for name in ("hedged", "rolling") for seed in range(2)]
    told = compared([*PLANNED, *rough]).message
    assert told[0].startswith("optimal is in order in no future tried besides the plan (2)")
    assert told[-1] == "Counted are futures in which every policy was tried (2); with some policies 7 more were tried."


def test_a_plan_that_is_not_in_order_as_planned_says_why() -> None:
    rows = [run("optimal", "as-planned", 1e6, 3e5), run("optimal", "late", 1e6, 3e5)]
    assert compared(rows).message[1] == (
        "optimal is not in order even if everything comes as planned: 300,000 yuan is missing."
    )


def test_without_other_futures_it_says_who_does_best_as_planned() -> None:
    assert compared(PLANNED).message == [
        (
            "As planned, 3 of 3 policies are in order; optimal comes to the least transition fees, 1 million "
            "yuan, and so does rolling."
        ),
    ]
    short = [run("optimal", "as-planned", 1e6, 3e5), run("hedged", "as-planned", 1e6, 2e5)]
    assert compared(short).message[-1] == (
        "As planned, none of 2 policies is in order; least is missing with hedged: 200,000 yuan."
    )


def test_without_the_optimum_premiums_are_against_who_does_best_as_planned() -> None:
    rows = [run("units-first", "as-planned", 2e6), run("first-come", "as-planned", 1e6)]
    rows += [run("units-first", "late", 2e6), run("first-come", "late", 1e6, 1e5)]
    told = compared(rows).message
    assert told[0].startswith("first-come is in order in no future")
    assert "100.0% more than the 1 million yuan of first-come" in told[1]


def test_failures_are_told_with_their_number() -> None:
    rows = [*PLANNED, run("mine", "as-planned", NAN, status="failed", clean=False, reason="ValueError: no.")]
    assert compared(rows).message[-1] == "mine failed in 1 of its 1 run: ValueError: no."


def test_several_scenarios_are_told_apart() -> None:
    told = compared([*PLANNED, *({**row, "scenario": "hill"} for row in PLANNED)]).message
    assert [line.partition(" — ")[0] for line in told] == ["town", "hill"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_has_its_figure(lang: Language) -> None:
    rough = [run("optimal", "rough", 1e6, 1e5 * (seed % 2), seed) for seed in range(4)]
    rough += [run(name, "rough", 1.3e6, 0.0, seed) for name in ("hedged", "rolling") for seed in range(4)]
    told = compared([*PLANNED, *rough]).tell(lang)
    assert len(told) == 5
    assert all(any(sign.isdigit() for sign in line) for line in told)
