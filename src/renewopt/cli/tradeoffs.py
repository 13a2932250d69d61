"""Many plans of one district on the command line: ``renewopt sweep | frontier | alternatives``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from renewopt.cli import interrupting
from renewopt.cli.exits import DONE, INFEASIBLE, INTERRUPTED
from renewopt.cli.helping import SpokenCommand
from renewopt.cli.naming import addresses
from renewopt.cli.options import (
    a_path,
    lang_option,
    objective_option,
    option,
    out_option,
    outside_option,
    quiet_option,
    variant_option,
)
from renewopt.cli.speaking import tell
from renewopt.cli.values import FRACTION, SECONDS, OneOf, Whole
from renewopt.vocabulary import AUTO, GOALS, METHODS, OBJECTIVES, X_GOALS
from renewopt.wording import Language, speak_of, words
from renewopt.wording.phrases import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from renewopt.comparison import Step
    from renewopt.tradeoffs.swept import Sweep
    from renewopt.tradeoffs.traced import Frontier
    from renewopt.tradeoffs.varied import Alternatives

__all__ = ["TRADEOFFS", "alternatives", "frontier", "sweep"]

_RESUMES = words(
    "Each search begins with what its neighbour's has learnt. Each point is saved in DIR when it is done; the "
    "same command goes on where it was ended."
)
Command = TypeVar("Command", bound="Callable[..., object]")


def _bare() -> None:
    """Carry the options of many searches."""


for _each in (
    quiet_option,
    lang_option,
    outside_option,
    option(
        "--cluster", metavar="dask[:ADDRESS]", help=words("Run on a Dask cluster; without address, on a local one.")
    ),
    option("--jobs", type=Whole(1), default=1, shown=True, metavar="N", help=words("Processes.")),
    option("--method", type=OneOf(METHODS), default=AUTO, shown=True, help=words("How to search.")),
    option("--time-limit", type=SECONDS, default=600.0, shown=True, metavar="S", help=words("Seconds of each search.")),
    option(
        "--gap",
        type=FRACTION,
        default=5e-3,
        shown=True,
        metavar="G",
        help=words("Proven gap at which each search ends (a fraction)."),
    ),
):
    _each(_bare)


def _searching(command: Command) -> Command:
    """Add the options of many searches, which are made once for all commands."""
    command.__click_params__ = [*_bare.__click_params__]  # type: ignore[attr-defined]
    return command


def _made(make: Callable[..., Any], first: Path, out: Path, lang: Language, *, quiet: bool, **options: Any) -> Any:
    """Do it, with progress; Ctrl-C leaves what is finished."""
    from renewopt.cli.comparing import StepShower
    from renewopt.cli.showing import progress_shower

    interrupting.speak(say(lang, "points.kept", folder=out))
    try:
        with progress_shower(lang, quiet=quiet) as start, StepShower(lang, quiet=quiet) as shower:
            start.begin("loading", first)

            def show(step: Step) -> None:
                start.pause()
                shower(step)

            made = make(first, out=out, lang=lang, progress=show, **options)
    except KeyboardInterrupt:
        tell(say(lang, "points.kept", folder=out), err=True)
        click.get_current_context().exit(interrupting.ended_by() or INTERRUPTED)
    speak_of(made.place)
    tell(made.summary(lang))
    tell()
    tell(say(lang, "points.written", folder=out))
    return made


def _end(objective: Iterable[float]) -> None:
    """End with the code of a command that found a plan somewhere, or nowhere."""
    planned = any(value == value for value in objective)  # noqa: PLR0124 - no plan has no number
    click.get_current_context().exit(DONE if planned else INFEASIBLE)


@click.command(
    cls=SpokenCommand,
    sentence=words("What if: plan SCENARIO at several values."),
    more=[_RESUMES],
    examples=[
        (
            "renewopt sweep district.yaml --set funds.revenue.inflow.monthly=4000000..12000000 --out out/revenue",
            words("nine incomes, from the first to the last in even steps"),
        ),
        (
            "renewopt sweep district.yaml --set estates.E5.phases.E5-1.earliest=2025-01,2025-07 --out out/earlier",
            words("two months; items of lists are addressed by their ids"),
        ),
        (
            "renewopt sweep district.yaml --set A=1..3 --set B=10%..20% --points 3 --jobs 2 --out out/grid",
            words("two values at once: a grid, two points at a time"),
        ),
    ],
)
@click.argument("scenario", type=a_path())
@option(
    "--set",
    "values",
    multiple=True,
    required=True,
    metavar="ADDRESS=VALUES",
    shell_complete=addresses,
    help=words("What is tried where: a range A..B or a list A,B,C, written as in the scenario; repeated: a grid."),
)
@option("--points", type=Whole(1), default=9, shown=True, metavar="N", help=words("Values of each range."))
@out_option(words("Folder of the points; resumes in its own."))
@variant_option
@objective_option
@_searching
def sweep(scenario: Path, values: tuple[str, ...], out: Path, lang: Language, quiet: bool, **options: Any) -> None:
    """Plan at several values."""
    from renewopt.tradeoffs.sweeping import sweep as make

    swept: Sweep = _made(make, scenario, out, lang, quiet=quiet, values=values, **options)
    _end(swept.points["objective"].tolist())


@click.command(
    cls=SpokenCommand,
    sentence=words("Trade one goal of SCENARIO off against another."),
    more=[_RESUMES],
    examples=[
        (
            "renewopt frontier district.yaml --x fiscal_cost --y transition_fees --points 12 --out out/frontier",
            words("what twelve levels of spending buy, from the cheapest plan to the one with the least fees"),
        ),
        (
            "renewopt frontier district.yaml --x longest_wait --points 8 --jobs 2 --out out/waits",
            words("what it costs that nobody waits long"),
        ),
    ],
)
@click.argument("scenario", type=a_path())
@option("--x", type=OneOf(X_GOALS), default=GOALS[2], shown=True, help=words("What is limited."))
@option(
    "--y",
    type=OneOf(OBJECTIVES),
    default=OBJECTIVES[0],
    shown=True,
    help=words("What is minimised under the limits."),
)
@option(
    "--points",
    type=Whole(2),
    default=12,
    shown=True,
    metavar="N",
    help=words("Limits that are tried, the two ends among them."),
)
@out_option(words("Folder of the points; resumes in its own."))
@variant_option
@_searching
def frontier(scenario: Path, out: Path, lang: Language, quiet: bool, **options: Any) -> None:
    """Trade one goal off against another."""
    from renewopt.tradeoffs.tracing import frontier as make

    traced: Frontier = _made(make, scenario, out, lang, quiet=quiet, **options)
    _end(traced.points["objective"].tolist())


@click.command(
    cls=SpokenCommand,
    sentence=words("Tell what the plan in DIR must do in any case, and find others nearly as good."),
    more=[_RESUMES],
    examples=[
        (
            "renewopt alternatives out/plan --within 1% --count 5 --out out/alternatives",
            words("five plans within 1 %, as different as can be"),
        ),
        (
            "renewopt alternatives out/plan --within 5% --jobs 2 --out out/spared",
            words("what can be spared if 5 % more may be paid, two searches at a time"),
        ),
    ],
)
@click.argument("folder", type=a_path(), metavar="DIR")
@option(
    "--within",
    default="1%",
    shown=True,
    metavar="SHARE",
    help=words("Share by which an alternative may lie above the plan."),
)
@option(
    "--count",
    type=Whole(1),
    default=5,
    shown=True,
    metavar="N",
    help=words("Alternatives that are shown, at the most."),
)
@out_option(words("Folder of the points; resumes in its own."))
@option(
    "--scenario",
    type=a_path(),
    metavar="SCENARIO",
    help=words("What the plan was made from; default: where it was then."),
)
@_searching
def alternatives(folder: Path, out: Path, lang: Language, quiet: bool, **options: Any) -> None:
    """Find plans nearly as good."""
    from renewopt.tradeoffs.varying import alternatives as make

    found: Alternatives = _made(make, folder, out, lang, quiet=quiet, **options)
    _end(found.points["objective"].tolist())


TRADEOFFS: tuple[click.Command, ...] = (sweep, frontier, alternatives)
"""Commands of this module."""
