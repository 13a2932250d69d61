"""The command ``renewopt replan``: what happened is frozen, the rest planned anew."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from renewopt import stopping
from renewopt.cli import interrupting
from renewopt.cli.exits import Commands, code_of
from renewopt.cli.options import a_path, lang_option, option, out_option, outside_option, quiet_option
from renewopt.cli.speaking import tell
from renewopt.cli.values import FRACTION, SECONDS, Whole
from renewopt.wording import Language, speak_of, words
from renewopt.wording.phrases import say

if TYPE_CHECKING:
    from renewopt.results.planned import Plan

__all__ = ["add_replan"]


def add_replan(commands: Commands) -> None:
    """Add the command."""
    decorate = commands.command(
        "replan",
        sentence=words("Freeze what happened to the plan in DIR, and plan the rest anew."),
        more=[
            words(
                "FILE says who has chosen, what was handed over, paid and received, and what is expected now; DIR has "
                "it filled in as planned (actuals.csv). Of choices, handovers and construction it tells all or nothing."
            ),
            words("With nothing new the plan stays as it is."),
        ],
        examples=[
            (
                "renewopt replan out/plan --actuals actuals.xlsx --month 2024-09 --out out/september",
                words("September is planned anew; all before it is as the workbook says"),
            ),
            (
                "renewopt replan out/plan --actuals actuals.csv --month 2024-09 --promise-price 5000 --out out/kept",
                words("whoever gets something else than was announced, or in another month, counts as 5,000 yuan"),
            ),
        ],
    )
    settings: list[Any] = [
        click.argument("folder", type=a_path(), metavar="DIR"),
        out_option(words("Folder for the plan.")),
        option(
            "--actuals",
            type=a_path(),
            metavar="FILE",
            help=words("What happened, CSV or workbook; default: the scenario's table `actuals`."),
        ),
        option("--month", required=True, metavar="YYYY-MM", help=words("First month that is not over.")),
        option(
            "--promise-price",
            type=float,
            metavar="YUAN",
            help=words("What a change of what was announced to a household counts as; default: nothing."),
        ),
        option(
            "--fewest-changes",
            type=Whole(1),
            metavar="PLACE",
            help=words(
                "As few households as can be get something else than was announced: a strict goal at this place among "
                "those of the scenario, 1 before all."
            ),
        ),
        option(
            "--scenario",
            type=a_path(),
            metavar="SCENARIO",
            help=words("What the plan was made from; default: where it was then."),
        ),
        option("--gap", type=FRACTION, metavar="G", help=words("Proven gap (a fraction); default: that of the plan.")),
        option("--time-limit", type=SECONDS, metavar="S", help=words("Seconds; default: those of the plan.")),
        option("--force", is_flag=True, help=words("Put the plan in the place of one that lies there, unchanged.")),
        outside_option,
        lang_option,
        quiet_option,
    ]
    command: Any = _replan
    for setting in reversed(settings):
        command = setting(command)
    decorate(command)


def _replan(
    folder: Path,
    out: Path,
    actuals: Path | None,
    scenario: Path | None,
    allow_outside: bool,
    force: bool,
    lang: Language,
    quiet: bool,
    **options: Any,
) -> None:
    """Plan anew."""
    from renewopt.cli.showing import progress_shower
    from renewopt.results.failures import InterruptedPlanError
    from renewopt.wording import told

    interrupting.speak(told(InterruptedPlanError(), lang), say(lang, "interrupting"))
    with ExitStack() as until_told:
        with progress_shower(lang, quiet=quiet) as shower:
            shower.begin("loading", folder)
            from renewopt.results.files import refuse_existing, reserved_by, save_plan
            from renewopt.results.reading import read_plan
            from renewopt.results.replanning.making import replan

            refuse_existing(out, force=force)
            plan = read_plan(folder)
            speak_of(plan.place)
            reads = (*plan.scenario_files, folder / "plan.json", *(() if actuals is None else (actuals,)))
            with reserved_by(out, plan, reads, force=force) as kept:
                watch = until_told.enter_context(interrupting.searching(shower))
                made = replan(
                    plan,
                    actuals=actuals,
                    scenario=scenario,
                    progress=watch,
                    allow_outside=allow_outside,
                    **options,
                )
                until_told.enter_context(stopping.tended())
                shower.begin("writing")
                trouble = save_plan(made, kept, force=force, lang=lang)
        _tell(plan, made, folder, out, lang)
        if trouble is not None:
            raise trouble
        click.get_current_context().exit(code_of(made.status))


def _tell(plan: Plan, made: Plan, folder: Path, out: Path, lang: Language) -> None:
    if made is plan:
        tell(say(lang, "replan.nothing"))
        tell(say(lang, "replan.nothing.written", folder=out))
        return
    tell(made.summary(lang))
    tell()
    tell(say(lang, "replan.diff", before=folder, after=out))
    tell(say(lang, "written", folder=out))
