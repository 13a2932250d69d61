"""The commands: ``renewopt check | plan | compare | init | schema | --version``.

Heavy imports stand inside the commands. Results go to stdout, errors, warnings and progress to stderr.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from renewopt._version import __version__
from renewopt.cli.exits import DONE, INFEASIBLE, INTERRUPTED, Commands
from renewopt.results.texts import LANGUAGES, Language, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from renewopt.errors import Finding

__all__ = ["main"]

Command = TypeVar("Command", bound="Callable[..., object]")


def _remember_language(ctx: click.Context, _: click.Parameter, value: Language) -> Language:
    ctx.meta["renewopt.language"] = value
    return value


def _lang_option(command: Command) -> Command:
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default="en",
        show_default=True,
        is_eager=True,
        callback=_remember_language,
        help="Language of messages, summary and workbook (CSV files stay English).",
    )(command)


_variant_option = click.option("--variant", metavar="NAME", help="Variant of the scenario.")
_quiet_option = click.option("--quiet", is_flag=True, help="No progress, no warnings.")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="renewopt")
def main() -> None:
    """Plan the resettlement of expropriated households (征收安置规划).

    \b
    Start with
      renewopt init my-district
      renewopt check my-district/district.yaml
      renewopt plan my-district/district.yaml --out my-district/plan

    \b
    Exit codes: 0 done, 2 bad input, 3 infeasible (described), 4 no plan in time,
    5 output exists, 130 interrupted (with the best plan written, if there is one).
    """  # noqa: D301 - click reads the backspace as a sign, not as two letters
    # The library logs; the commands say themselves what a user should hear.
    logging.getLogger("renewopt").addHandler(logging.NullHandler())


def _warn(warnings: Iterable[Finding], lang: Language, *, quiet: bool) -> None:
    if not quiet:
        for warning in warnings:
            click.echo(warning.said(lang), err=True)


@main.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@_variant_option
@_lang_option
@_quiet_option
def check(scenario: Path, variant: str | None, lang: Language, quiet: bool) -> None:
    """Check SCENARIO and take stock (两个底数): homes, households, fees, money."""
    from renewopt.cli.stock import show_stock
    from renewopt.problem import compile_problem, take_stock
    from renewopt.scenario import load

    loaded = load(scenario, variant=variant)
    _warn(loaded.warnings, lang, quiet=quiet)
    problem = compile_problem(loaded)
    if loaded.policies:
        from renewopt.errors import ScenarioError
        from renewopt.results.choosing import check_policies

        if findings := check_policies(loaded):
            raise ScenarioError(findings)
    click.echo(say(lang, "check.clean", path=scenario))
    click.echo()
    show_stock(take_stock(problem, loaded), lang)


@main.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Folder for the plan.")
@_variant_option
@click.option(
    "--policy",
    default="optimal",
    show_default=True,
    metavar="NAME",
    help="optimal, or another policy, such as wait-for-build or costliest-first (docs/policies.md).",
)
@click.option(
    "--objective",
    type=click.Choice(["transition_fees", "fiscal_cost"]),
    help="What is minimised; default: what the scenario says.",
)
@click.option(
    "--gap",
    type=click.FloatRange(0, 1, max_open=True),
    default=1e-3,
    show_default=True,
    help="Stop at this proven gap (a fraction); 0: proven optimal.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(0, min_open=True),
    default=600.0,
    show_default=True,
    metavar="S",
    help="Seconds of search.",
)
@click.option("--solver", default="highs", show_default=True, metavar="NAME", help="highs, or pulp:NAME.")
@click.option(
    "--method",
    type=click.Choice(["auto", "exact", "structured"]),
    default="auto",
    show_default=True,
    help="How to search.",
)
@_lang_option
@click.option("--force", is_flag=True, help="Overwrite a plan that lies in DIR.")
@_quiet_option
def plan(
    scenario: Path, out: Path, variant: str | None, lang: Language, force: bool, quiet: bool, **options: Any
) -> None:
    """Plan SCENARIO and write the plan into DIR.

    Ctrl-C ends the search, and the best plan so far is written; pressed twice it stops at once.
    """
    from renewopt.cli.interrupting import graceful
    from renewopt.cli.showing import progress_shower
    from renewopt.results.files import refuse_existing
    from renewopt.results.planning import plan as make_plan
    from renewopt.scenario import load

    refuse_existing(out, force=force)
    loaded = load(scenario, variant=variant)
    _warn(loaded.warnings, lang, quiet=quiet)
    with graceful(lang), progress_shower(lang, quiet=quiet) as shower:
        made = make_plan(loaded, progress=shower, **options)
    made.write(out, force=force, lang=lang)
    click.echo(made.summary(lang))
    click.echo()
    click.echo(say(lang, "written", folder=out))
    codes = {"infeasible": INFEASIBLE, "interrupted": INTERRUPTED}
    click.get_current_context().exit(codes.get(made.status, DONE))


def _names(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> list[str] | None:
    """Take a list of names apart."""
    return None if value is None else [name.strip() for name in value.split(",") if name.strip()]


@main.command()
@click.argument("scenarios", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="SCENARIO...")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="Folder of the runs; resumes in its own.",
)
@click.option("--policies", callback=_names, metavar="A,B", help="Policies; default: all that ship but hedged.")
@click.option("--variants", callback=_names, metavar="V,W", help="Variants; `base`: without one (the default).")
@click.option("--futures", callback=_names, metavar="F,G", help="Futures that the scenario states; default: all.")
@click.option("--seeds", type=click.IntRange(1), default=1, show_default=True, help="Draws of each random future.")
@click.option(
    "--optimising-seeds", type=click.IntRange(0), help="The same for policies that optimise; default: at most 5."
)
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes.")
@click.option("--cluster", metavar="dask[:ADDRESS]", help="Run on a Dask cluster; without address, on a local one.")
@click.option("--objective", type=click.Choice(["transition_fees", "fiscal_cost"]), help="What is minimised.")
@click.option(
    "--gap",
    type=click.FloatRange(0, 1, max_open=True),
    default=1e-2,
    show_default=True,
    help="Proven gap at which optimising ends (a fraction).",
)
@click.option("--perfect/--no-perfect", default=True, show_default=True, help="The optimiser that knows the future.")
@click.option("--measure", default="objective", show_default=True, help="Column of runs.csv that is ranked by.")
@_lang_option
@_quiet_option
def compare(scenarios: tuple[Path, ...], out: Path, measure: str, lang: Language, quiet: bool, **options: Any) -> None:
    """Compare policies in SCENARIO..., as planned and in the futures that it states.

    Each run is saved in DIR when it is done; the same command goes on where it was ended.
    """
    from renewopt.cli.comparing import StepShower, show_ranking
    from renewopt.comparison import compare as make
    from renewopt.comparison.compared import KINDS

    if KINDS.get(measure) not in ("money", "number", "count"):
        raise click.BadParameter(f"{measure!r} is no figure of runs.csv", param_hint="--measure")
    try:
        with StepShower(lang, quiet=quiet) as shower:
            comparison = make(list(scenarios), out=out, progress=shower, **options)
    except KeyboardInterrupt:
        click.echo(say(lang, "compare.kept", folder=out), err=True)
        click.get_current_context().exit(INTERRUPTED)
    show_ranking(comparison, measure, lang)
    click.echo(say(lang, "compare.written", runs=len(comparison.runs), folder=out))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@_lang_option
@click.option("--force", is_flag=True, help="Overwrite the files of a starter scenario in FOLDER.")
def init(folder: Path, lang: Language, force: bool) -> None:
    """Write a commented starter scenario that runs into FOLDER."""
    from renewopt.cli.starter import write_starter

    written = write_starter(folder, lang, force=force)
    click.echo(say(lang, "init.done", folder=folder, scenario=written))


@main.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    import json

    from renewopt.scenario.schema import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
