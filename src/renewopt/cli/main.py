"""The commands, each with its options.

Heavy imports stand inside the commands. Results go to stdout, errors, warnings and progress to stderr. What a command
does, its examples and its options are sentences in both languages.
"""

from __future__ import annotations

import logging
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from renewopt import stopping
from renewopt._version import __version__
from renewopt.cli import interrupting, pricing
from renewopt.cli.briefing import brief
from renewopt.cli.exits import DONE, INFEASIBLE, INTERRUPTED, Commands, code_of
from renewopt.cli.explaining import explain
from renewopt.cli.helping import SpokenOption
from renewopt.cli.naming import names_of, several
from renewopt.cli.options import (
    a_path,
    lang_option,
    objective_option,
    option,
    out_option,
    outside_option,
    policy_module_option,
    quiet_option,
    variant_option,
)
from renewopt.cli.replanning import add_replan
from renewopt.cli.speaking import tell
from renewopt.cli.tradeoffs import TRADEOFFS
from renewopt.cli.values import FRACTION, SECONDS, OneOf, Suggested, Whole
from renewopt.vocabulary import AUTO, METHODS, POLICIES, ROSTER_MODES, PolicyName
from renewopt.wording import HERE, Language, speak_of, words
from renewopt.wording.phrases import say
from renewopt.wording.wrapping import on_a_screen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from renewopt.comparison import Step
    from renewopt.errors import Finding
    from renewopt.results.planned import Plan

__all__ = ["main"]


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    sentence=words("Plan the resettlement of expropriated households (征收安置规划)."),
    more=[
        words(
            "Exit codes: 0 done, 2 bad input, 3 infeasible (described), 4 no plan in time, 5 output cannot go there, "
            "130 interrupted (with the best plan written, if there is one; 143 by SIGTERM, 129 by SIGHUP)."
        )
    ],
    examples=[
        ("renewopt init my-district", words("a commented scenario of your own, ready to run")),
        (
            "renewopt check my-district/district.yaml",
            words("what is wrong in it, and the stock-taking before any plan"),
        ),
        ("renewopt plan my-district/district.yaml --out my-district/plan", words("a plan, and what it saves")),
        ("renewopt plan --help", words("examples and options of one command")),
    ],
)
@click.version_option(__version__, prog_name="renewopt", cls=SpokenOption, help=words("Show the version."))
@lang_option
def main(lang: Language) -> None:  # noqa: ARG001 - remembered for all commands
    """Group of the commands."""
    # The library logs; the commands say themselves what a user should hear.
    logging.getLogger("renewopt").addHandler(logging.NullHandler())
    # A command may come to speak of its scenario's place; the next one does not.
    click.get_current_context().with_resource(HERE.spoken())
    if sys.stdout.isatty():
        click.get_current_context().with_resource(on_a_screen(shutil.get_terminal_size().columns))


def _warn(warnings: Iterable[Finding], lang: Language, *, quiet: bool) -> None:
    if not quiet:
        for warning in warnings:
            tell(warning.said(lang), err=True, fg="yellow")


@main.command(
    sentence=words("Check SCENARIO and take stock (两个底数): homes, households, fees, money."),
    examples=[
        ("renewopt check scenarios/minimal.yaml", words("everything that is wrong at once, then the stock-taking")),
        ("renewopt check district.yaml --variant compliant", words("the same for a variant of it")),
        ("renewopt check district.yaml --lang zh", words("in Chinese; RENEWOPT_LANG=zh does so for all commands")),
        (
            "renewopt check district.yaml --households --csv households.csv",
            words("fee, area due and every offer of each household, or why there is none, as a table"),
        ),
    ],
)
@click.argument("scenario", type=a_path())
@variant_option
@option("--households", is_flag=True, help=words("What the rules make of each household, instead of the stock-taking."))
@option(
    "--csv",
    "file",
    type=a_path(),
    metavar="FILE",
    help=words("With --households: write it into FILE, a workbook where that ends in .xlsx."),
)
@option("--force", is_flag=True, help=words("With --csv: replace a FILE that --csv wrote before."))
@outside_option
@lang_option
@quiet_option
def check(
    scenario: Path,
    variant: str | None,
    households: bool,
    file: Path | None,
    force: bool,
    allow_outside: bool,
    lang: Language,
    quiet: bool,
) -> None:
    """Check a scenario and take stock, or tell what its rules make of each household."""
    from renewopt.cli.showing import progress_shower

    if file is not None and not households:
        raise click.UsageError(words("--csv goes with --households"))
    with progress_shower(lang, quiet=quiet) as shower:
        shower.begin("loading", scenario)
        from renewopt.cli.dossier import show_dossier, show_notices
        from renewopt.cli.stock import show_programme, show_stock
        from renewopt.problem import compile_problem, take_stock
        from renewopt.problem.dossiers import notice_households, open_dossier
        from renewopt.results.dossier_files import refuse_file, write_dossier
        from renewopt.scenario import load
        from renewopt.scheduling import compile_programme, dated, first_starts, look_over

        loaded = load(scenario, variant=variant, allow_outside=allow_outside)
        speak_of(loaded.place)
        if file is not None:
            refuse_file(file, loaded.read_paths, force=force)
        shower.pause()
        _warn(loaded.warnings, lang, quiet=quiet)
        shower.begin("compiling")
        programme = compile_programme(loaded)
        # Stock is taken of what has begun; what may start is told apart, and its households as if all started at once.
        begun = dated(loaded, {}, programme)
        asked = dated(loaded, programme.named(first_starts(loaded, programme)), programme)
        problem = compile_problem(asked)
        if loaded.policies:
            from renewopt.errors import ScenarioError
            from renewopt.results.choosing import check_policies

            if findings := check_policies(loaded):
                raise ScenarioError(findings)
        shower.begin("households" if households else "taking stock")
        if households:
            dossier = open_dossier(asked, problem, lang)
            if file is not None:
                write_dossier(dossier, file, title=loaded.name, lang=lang, reads=loaded.read_paths, force=force)
        else:
            stock = take_stock(problem if begun is asked else compile_problem(begun), begun)
            notices = notice_households(problem, asked)
    if households and file is not None:
        tell(say(lang, "dossier.written", rows=f"{int(dossier.start[-1]):,}", file=file))
    elif households:
        show_dossier(dossier, int(problem.claims.households.sum()), lang)
    else:
        tell(say(lang, "check.noticed" if notices else "check.clean", path=scenario))
        tell()
        show_stock(stock, lang)
        if len(programme):
            show_programme(look_over(loaded, programme), lang)
        show_notices(notices, problem, scenario, lang)


@main.command(
    sentence=words("Plan SCENARIO and write the plan into DIR."),
    more=[words("Ctrl-C ends the search, and the best plan so far is written; pressed twice it stops at once.")],
    examples=[
        (
            "renewopt plan scenarios/district/district.yaml --out out/district",
            words("the best plan, proven to within 0.1 % or found in ten minutes"),
        ),
        ("renewopt plan district.yaml --gap 0.01 --time-limit 60 --out quick", words("to within 1 %, in a minute")),
        ("renewopt plan district.yaml --variant compliant --out compliant", words("without sources that are in doubt")),
        ("renewopt plan district.yaml --policy wait-for-build --out waiting", words("what happens if all wait")),
        (
            "renewopt plan changed.yaml --warm out/district --out changed",
            words("a changed scenario, the search begun where the last one ended"),
        ),
    ],
)
@click.argument("scenario", type=a_path())
@out_option(words("Folder for the plan."))
@variant_option
@option(
    "--policy",
    shell_complete=names_of("policies", known=POLICIES),
    default=PolicyName.OPTIMAL,
    shown=True,
    metavar="NAME",
    help=words("optimal, or another policy, such as wait-for-build or costliest-first (docs/policies.md)."),
)
@policy_module_option
@objective_option
@option(
    "--gap",
    type=FRACTION,
    default=1e-3,
    shown=True,
    metavar="G",
    help=words("Stop at this proven gap (a fraction); 0: proven optimal."),
)
@option("--time-limit", type=SECONDS, default=600.0, shown=True, metavar="S", help=words("Seconds of search."))
@option(
    "--solver",
    type=Suggested(["highs", "pulp:HiGHS", "pulp:cbc"]),
    default="highs",
    shown=True,
    metavar="NAME",
    help=words("highs, or pulp:NAME."),
)
@option(
    "--method",
    type=OneOf(METHODS),
    default=AUTO,
    shown=True,
    help=words("How to search."),
)
@option(
    "--warm",
    type=a_path(),
    metavar="DIR",
    help=words("Begin with what the search for the plan in DIR has learnt: quicker, if the scenarios are similar."),
)
@outside_option
@lang_option
@option("--force", is_flag=True, help=words("Put the plan in the place of one that lies in DIR, unchanged."))
@quiet_option
def plan(
    scenario: Path,
    out: Path,
    variant: str | None,
    warm: Path | None,
    allow_outside: bool,
    lang: Language,
    force: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Plan a scenario."""
    from renewopt.cli.showing import progress_shower
    from renewopt.results.failures import InterruptedPlanError
    from renewopt.wording import told

    interrupting.speak(told(InterruptedPlanError(), lang), say(lang, "interrupting"))
    with ExitStack() as until_told:
        with progress_shower(lang, quiet=quiet) as shower:
            shower.begin("loading", scenario)
            from renewopt.results.files import refuse_existing, reserved, save_plan
            from renewopt.results.planning import plan as make_plan
            from renewopt.scenario import load

            refuse_existing(out, force=force)
            earlier = None if warm is None else _earlier(warm)
            loaded = load(scenario, variant=variant, allow_outside=allow_outside)
            speak_of(loaded.place)
            shower.pause()
            _warn(loaded.warnings, lang, quiet=quiet)
            with reserved(out, loaded, force=force) as kept:
                shower.begin("compiling")
                watch = until_told.enter_context(interrupting.searching(shower))
                made = make_plan(loaded, progress=watch, warm=earlier, **options)
                until_told.enter_context(stopping.tended())
                shower.begin("writing")
                trouble = save_plan(made, kept, force=force, lang=lang)
        tell(made.summary(lang))
        tell()
        if trouble is not None:
            raise trouble
        tell(say(lang, "written", folder=out))
        click.get_current_context().exit(code_of(made.status))


def _earlier(folder: Path) -> Plan:
    """Read the plan whose search is gone on with: few are, and what reads them takes its time to be imported."""
    from renewopt.results.reading import read_plan

    return read_plan(folder)


def _names(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> list[str] | None:
    """Take a list of names apart."""
    return None if value is None else [name.strip() for name in value.split(",") if name.strip()]


@main.command(
    sentence=words("Compare policies in SCENARIO..., as planned and in the futures that it states."),
    more=[words("Each run is saved in DIR when it is done; the same command goes on where it was ended.")],
    examples=[
        (
            "renewopt compare scenarios/uncertain.yaml --seeds 20 --jobs 2 --out out/uncertain",
            words("all policies in 20 draws of each future, two at a time"),
        ),
        (
            "renewopt compare district.yaml --policies optimal,urgent-first --variants base,compliant --out out/two",
            words("two policies, with and without a variant"),
        ),
    ],
)
@click.argument("scenarios", type=a_path(), nargs=-1, required=True, metavar="SCENARIO...")
@out_option(words("Folder of the runs; resumes in its own."))
@option(
    "--policies",
    callback=_names,
    metavar="A,B",
    shell_complete=several(names_of("policies", known=POLICIES)),
    help=words("Policies; default: all that ship but hedged."),
)
@policy_module_option
@option(
    "--variants",
    callback=_names,
    metavar="V,W",
    shell_complete=several(names_of("variants", known=("base",))),
    help=words("Variants; `base`: without one (the default)."),
)
@option(
    "--futures",
    callback=_names,
    metavar="F,G",
    shell_complete=several(names_of("futures")),
    help=words("Futures that the scenario states; default: all."),
)
@option("--seeds", type=Whole(1), default=1, shown=True, metavar="N", help=words("Draws of each random future."))
@option(
    "--optimising-seeds",
    type=Whole(0),
    metavar="N",
    help=words("The same for policies that optimise; default: at most 5, and all for plans made once."),
)
@option("--jobs", type=Whole(1), default=1, shown=True, metavar="N", help=words("Processes."))
@option(
    "--cluster",
    metavar="dask[:ADDRESS]",
    help=words("Run on a Dask cluster; without address, on a local one."),
)
@objective_option
@option(
    "--gap",
    type=FRACTION,
    default=1e-2,
    shown=True,
    metavar="G",
    help=words("Proven gap at which optimising ends (a fraction)."),
)
@option("--perfect/--no-perfect", default=True, shown=True, help=words("The optimiser that knows the future."))
@option("--parquet", is_flag=True, help=words("Write runs.parquet too; needs renewopt[parquet]."))
@option(
    "--measure", default="objective", shown=True, metavar="COLUMN", help=words("Column of runs.csv that is ranked by.")
)
@outside_option
@lang_option
@quiet_option
def compare(
    scenarios: tuple[Path, ...],
    out: Path,
    measure: str,
    parquet: bool,
    lang: Language,
    quiet: bool,
    **options: Any,
) -> None:
    """Compare policies."""
    from renewopt.cli.comparing import StepShower, show_comparison
    from renewopt.cli.showing import progress_shower
    from renewopt.comparison import compare as make
    from renewopt.comparison.compared import check_parquet
    from renewopt.comparison.comparing import ComparisonElsewhereError
    from renewopt.comparison.runs import KINDS

    if parquet:
        check_parquet()
    if KINDS.get(measure) not in ("money", "number", "count"):
        raise click.BadParameter(words("{value!r} is no figure of runs.csv", value=measure), param_hint="--measure")
    interrupting.speak(say(lang, "compare.kept", folder=out))
    try:
        with progress_shower(lang, quiet=quiet) as start, StepShower(lang, quiet=quiet) as shower:
            start.begin("loading", scenarios[0])

            def show(step: Step) -> None:
                start.pause()
                shower(step)

            comparison = make(
                list(scenarios), out=out, measure=measure, lang=lang, progress=show, parquet=parquet, **options
            )
    except ComparisonElsewhereError as error:
        show_comparison(error.comparison, measure, lang)
        raise
    except KeyboardInterrupt:
        tell(say(lang, "compare.kept", folder=out), err=True)
        click.get_current_context().exit(interrupting.ended_by() or INTERRUPTED)
    show_comparison(comparison, measure, lang)
    tell(say(lang, "compare.written", runs=len(comparison.runs), folder=out))


@main.command(
    sentence=words("Tell what changes from the plan in DIR_A to the plan in DIR_B."),
    more=[words("Both are told from their own tables; their scenarios are not read, and may be different ones.")],
    examples=[
        ("renewopt diff out/base out/compliant", words("what a variant changes, on one page")),
        (
            "renewopt diff out/base out/compliant --out out/change",
            words("the same with tables, a page with charts, and every household before and after"),
        ),
        ("renewopt diff out/waiting out/base --lang zh", words("what is better than if all wait, in Chinese")),
    ],
)
@click.argument("before", type=a_path(), metavar="DIR_A")
@click.argument("after", type=a_path(), metavar="DIR_B")
@option("--out", type=a_path(), metavar="DIR", help=words("Folder for tables and page; default: print only."))
@lang_option
@option("--force", is_flag=True, help=words("With --out: replace what diff wrote into DIR, if it is unchanged."))
@quiet_option
def diff(before: Path, after: Path, out: Path | None, lang: Language, force: bool, quiet: bool) -> None:
    """Tell the difference of two plans."""
    from renewopt.cli.showing import progress_shower

    if force and out is None:
        raise click.UsageError(words("--force goes with --out"))
    with progress_shower(lang, quiet=quiet) as shower:
        shower.begin("comparing plans")
        from renewopt.results.difference.files import refuse_existing, write_difference
        from renewopt.results.difference.making import diff as make

        if out is not None:
            refuse_existing(out, force=force)
        made = make(before, after)
        speak_of(made.place)
    tell(made.summary(lang))
    if out is not None:
        tell()
        with stopping.tended():
            write_difference(made, out, force=force, lang=lang)
        tell(say(lang, "diff.written", folder=out))


@main.command(sentence=pricing.SENTENCE, more=pricing.MORE, examples=pricing.EXAMPLES)
@pricing.pricing_options
def prices(**options: Any) -> None:
    """Tell what a little more or less is worth."""
    pricing.price(**options)


main.add_command(explain)
main.add_command(brief)
add_replan(main)
for _command in TRADEOFFS:
    main.add_command(_command)


@main.command(
    sentence=words("Write a commented starter scenario that runs into FOLDER."),
    examples=[
        ("renewopt init my-district", words("district.yaml and households.csv, to be changed line by line")),
        ("renewopt init 我的区 --lang zh", words("the same with comments and headers in Chinese")),
        ("renewopt init my-district --excel", words("a workbook instead, with drop-downs and notes")),
        (
            "renewopt init book --excel --from my-district/district.yaml",
            words("a scenario that is there already, as a workbook"),
        ),
    ],
)
@click.argument("folder", type=a_path())
@lang_option
@option(
    "--force",
    is_flag=True,
    help=words("Overwrite a starter scenario in FOLDER that was not changed; with --excel: write beside other files."),
)
@option("--excel", is_flag=True, help=words("As one workbook instead of YAML and CSV; commands take it as SCENARIO."))
@option(
    "--from",
    "scenario",
    type=a_path(),
    metavar="SCENARIO",
    help=words("With --excel: this scenario as a workbook instead of the starter."),
)
@outside_option
def init(folder: Path, lang: Language, force: bool, excel: bool, scenario: Path | None, allow_outside: bool) -> None:
    """Write a starter scenario."""
    from renewopt.cli.starter import write_starter, write_starter_workbook

    if scenario is not None and not excel:
        raise click.UsageError(words("--from goes with --excel"))
    with stopping.tended():
        if excel:
            written = write_starter_workbook(folder, lang, scenario=scenario, force=force, allow_outside=allow_outside)
        else:
            written = write_starter(folder, lang, force=force)
    tell(say(lang, "init.done", folder=folder, scenario=written))


@main.command(
    sentence=words("Give each household of the plan in DIR a home that is listed one by one; the plan stays as it is."),
    more=[
        words("Needs (ground floor, barrier-free, highest floor) come first. Exit code 3: somebody is without a home.")
    ],
    examples=[
        (
            "renewopt roster out/plan --homes homes.xlsx --wishes wishes.csv --out out/roster",
            words("in the order of signing: roster.html can be posted"),
        ),
        (
            "renewopt roster out/plan --mode lottery --seed 20240618 --out out/roster",
            words("by lot: anybody can draw it again"),
        ),
        ("renewopt roster out/plan --mode fit --out out/roster --lang zh", words("the least misfit of all together")),
    ],
)
@click.argument("folder", type=a_path(), metavar="DIR")
@out_option(words("Folder for the roster."))
@option(
    "--mode",
    type=OneOf(ROSTER_MODES),
    default=ROSTER_MODES[0],
    shown=True,
    help=words("By the order of signing, by lot, or so that the sum of all misfits is the least."),
)
@option(
    "--seed",
    type=Whole(0),
    metavar="N",
    help=words("Of the lots, announced before they are drawn; with signing: lots between those of the same place."),
)
@option(
    "--homes",
    type=a_path(),
    metavar="FILE",
    help=words("Homes one by one, CSV or workbook; default: the scenario's table `homes`."),
)
@option(
    "--wishes",
    type=a_path(),
    metavar="FILE",
    help=words("Needs, wishes and order of signing; default: the scenario's table `home_wishes`."),
)
@option(
    "--scenario",
    type=a_path(),
    metavar="SCENARIO",
    help=words("What the plan was made from; default: where it was then."),
)
@option("--force", is_flag=True, help=words("Put the roster in the place of one that lies there, unchanged."))
@outside_option
@lang_option
@quiet_option
def roster(folder: Path, out: Path, force: bool, lang: Language, quiet: bool, **options: Any) -> None:
    """Give homes one by one."""
    from renewopt.cli.showing import progress_shower

    with progress_shower(lang, quiet=quiet) as shower:
        shower.begin("loading")
        from renewopt.results.reading import read_plan
        from renewopt.results.rosters.files import refuse_roster
        from renewopt.results.rosters.making import roster as make_roster

        refuse_roster(out, force=force)
        read = read_plan(folder)
        speak_of(read.place)
        shower.begin("homes")
        made = make_roster(read, **options)
        with stopping.tended():
            made.write(out, force=force, lang=lang)
    if not quiet:
        for warning in made.warnings:
            tell(warning[lang], err=True, fg="yellow")
    tell(made.summary(lang))
    tell()
    tell(say(lang, "roster.written", folder=out))
    click.get_current_context().exit(DONE if made.complete else INFEASIBLE)


@main.command(
    sentence=words("Print the JSON Schema of scenario files, for editors."),
    examples=[
        ("renewopt schema > renewopt.schema.json", words("an editor that knows it completes and checks while you type"))
    ],
)
def schema() -> None:
    """Print the JSON Schema."""
    import json

    from renewopt.scenario.schema import json_schema

    tell(json.dumps(json_schema(), ensure_ascii=False, indent=2), fit=False)


@main.command(
    sentence=words("Print the script that teaches SHELL (bash, zsh or fish) to complete commands and options."),
    examples=[
        ('eval "$(renewopt completion bash)"', words("in this window, or at the end of ~/.bashrc for all to come")),
        ('eval "$(renewopt completion zsh)"', words("at the end of ~/.zshrc")),
        (
            "renewopt completion fish > ~/.config/fish/completions/renewopt.fish",
            words("once; fish finds it there"),
        ),
    ],
)
@click.argument("shell", type=OneOf(["bash", "zsh", "fish"]), required=False, metavar="[SHELL]")
def completion(shell: str | None) -> None:
    """Print a completion script."""
    from renewopt.cli.completion import completion_script

    tell(completion_script(shell, main), fit=False)
