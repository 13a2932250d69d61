"""The command ``renewopt explain``: why this household, who comes next, and all households at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from renewopt import stopping
from renewopt.cli.helping import SpokenCommand
from renewopt.cli.options import a_path, lang_option, option, outside_option, quiet_option
from renewopt.cli.speaking import tell
from renewopt.cli.values import FRACTION, SECONDS, Whole
from renewopt.wording import Language, Wording, speak_of, words
from renewopt.wording.phrases import say

__all__ = ["explain"]


@click.command(
    cls=SpokenCommand,
    sentence=words("Tell why HOUSEHOLD of the plan in DIR is settled so, and what else would cost the district."),
    more=[
        words(
            "The other way round: --home and --money tell who should have one more home, or more money. --all writes "
            "the next-best offers of every household into a file."
        ),
        words("Costs are proven lower bounds, from the prices that the plan has kept; --exact solves them anew."),
    ],
    examples=[
        ("renewopt explain out/plan P1-0001", words("its offer and month, what else there is, what stands in the way")),
        ("renewopt explain out/plan P1-0001 --page --out P1-0001.html", words("the same as a sheet for the family")),
        ("renewopt explain out/plan P1-0001 --exact --top 1", words("the district solved anew with its next-best offer")),
        ("renewopt explain out/plan --home E1/90 --month 2024-07", words("who should have one more home")),
        ("renewopt explain out/plan --money 500万元@2025-03", words("who should have five million more")),
        ("renewopt explain out/plan --all --out why.csv", words("all households, in one pass")),
    ],
)
@click.argument("folder", type=a_path(), metavar="DIR")
@click.argument("household", required=False, metavar="[HOUSEHOLD]")
@option("--home", metavar="ESTATE/TYPE", help=words("Who should have one more home of this estate and type."))
@option("--month", metavar="YYYY-MM", help=words("With --home: from which it is there; default: the first month."))
@option("--money", metavar="AMOUNT@YYYY-MM", help=words("Who should have so much more money, such as 500万元@2025-03."))
@option("--fund", metavar="FUND", help=words("With --money: into which; default: where a yuan is worth the most."))
@option("--all", "everyone", is_flag=True, help=words("The next-best offers of all households, as CSV; needs --out."))
@option("--page", is_flag=True, help=words("A family's page of HOUSEHOLD, as HTML; needs --out."))
@option("--out", type=a_path(), metavar="FILE", help=words("With --all or --page: file that is written."))
@option("--top", type=Whole(1), metavar="N", help=words("Offers, or households, that are told; default: 5, with --all 3."))
@option("--exact", is_flag=True, help=words("Solve the district anew for what is told, too: each takes a search."))
@option("--gap", type=FRACTION, metavar="G", help=words("With --exact: gap of each search; default: the plan's own."))
@option(
    "--time-limit",
    type=SECONDS,
    default=600.0,
    shown=True,
    metavar="S",
    help=words("With --exact: seconds of each search."),
)
@option(
    "--scenario",
    type=a_path(),
    metavar="SCENARIO",
    help=words("What the plan was made from; default: where it was then."),
)
@option("--force", is_flag=True, help=words("With --out: replace a FILE that explain wrote before."))
@outside_option
@lang_option
@quiet_option
def explain(
    folder: Path,
    household: str | None,
    home: str | None,
    month: str | None,
    money: str | None,
    fund: str | None,
    everyone: bool,
    page: bool,
    out: Path | None,
    top: int | None,
    exact: bool,
    gap: float | None,
    time_limit: float,
    scenario: Path | None,
    force: bool,
    allow_outside: bool,
    lang: Language,
    quiet: bool,
) -> None:
    """Explain a plan."""
    _check_usage(household, home, month, money, fund, everyone, page, out, exact, gap, force)
    amount, since = _amount(money) if money is not None else (0.0, None)
    from renewopt.cli.showing import progress_shower

    with progress_shower(lang, quiet=quiet) as shower:
        shower.begin("loading")
        from renewopt.results.contents import RECORD
        from renewopt.results.explanations.files import refuse_file, write_file
        from renewopt.results.reading import read_plan

        plan = read_plan(folder)
        speak_of(plan.place)
        record = folder if folder.name == RECORD else folder / RECORD
        reads = (*plan.scenario_files, record)
        if out is not None:
            refuse_file(out, reads, force=force)
        shower.begin("compiling")
        opened = plan.opened(scenario, allow_outside=allow_outside, progress=shower)
        shower.begin("households")
        told: str
        content = None
        common: dict[str, Any] = {"scenario": scenario, "allow_outside": allow_outside, "progress": shower}
        search: dict[str, Any] = {"exact": exact, "time_limit": time_limit}
        if everyone:
            from renewopt.results.explanations.bulk import next_best

            found = next_best(opened, top or 3)
            content = found.csv()
            told = say(
                lang,
                "explain.all.written",
                rows=f"{len(found):,}",
                households=f"{found.households:,}",
                file=out,
            )
        elif home is not None:
            told = plan.next_for_home(home, month, top=top or 5, **search, **common).summary(lang)
        elif money is not None:
            told = plan.next_for_money(amount, since, fund, top=top or 5, **search, **common).summary(lang)
        else:
            made = plan.explain(household or "", top=top or 5, gap=gap, **search, **common)
            told = made.summary(lang)
            if page:
                content = made.page(lang).encode()
                told = say(lang, "explain.page.written", file=out)
        if content is not None and out is not None:
            shower.begin("writing")
            with stopping.tended():
                write_file(out, content, reads, force=force)
    tell(told)


def _check_usage(
    household: str | None,
    home: str | None,
    month: str | None,
    money: str | None,
    fund: str | None,
    everyone: bool,
    page: bool,
    out: Path | None,
    exact: bool,
    gap: float | None,
    force: bool,
) -> None:
    """Refuse what does not go together, all of it at once."""
    faults: list[Wording] = []
    asked = sum([household is not None, home is not None, money is not None, everyone])
    if asked != 1:
        faults.append(words("name a household, or one of --home, --money and --all"))
    goes = (
        (month is not None and home is None, words("--month goes with --home; with --money it stands behind the @")),
        (fund is not None and money is None, words("--fund goes with --money")),
        (page and household is None, words("--page goes with a household")),
        ((page or everyone) and out is None, words("--page and --all need --out FILE")),
        (out is not None and not (page or everyone), words("--out goes with --page or --all")),
        (exact and everyone, words("--exact goes with a household, --home or --money")),
        (gap is not None and not exact, words("--gap goes with --exact")),
        (force and out is None, words("--force goes with --out")),
    )
    faults += [fault for wrong, fault in goes if wrong]
    if faults:
        text = faults[0]
        for fault in faults[1:]:
            text = words("{one}\n{other}", one=text, other=fault)
        raise click.UsageError(text)


def _amount(text: str) -> tuple[float, str | None]:
    """Yuan and month of ``500万元@2025-03``."""
    from renewopt.units import parse_money

    amount, at, month = text.partition("@")
    try:
        yuan = float(parse_money(amount.strip()))
    except ValueError as error:
        from renewopt.wording import worded

        raise click.BadParameter(worded(error), param_hint="--money") from None
    return yuan, month.strip() if at else None
