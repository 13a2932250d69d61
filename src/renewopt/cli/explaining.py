"""The command ``renewopt explain``: why this household, who comes next, and all households at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from renewopt import stopping
from renewopt.cli.helping import SpokenCommand
from renewopt.cli.naming import funds_of_plan, homes_of_plan, households_of_plan
from renewopt.cli.options import a_path, lang_option, option, outside_option, quiet_option
from renewopt.cli.speaking import tell
from renewopt.cli.values import FRACTION, SECONDS, Whole
from renewopt.wording import Language, speak_of, worded, words
from renewopt.wording.phrases import say

__all__ = ["explain"]

HOUSEHOLD, EVERYONE = 5, 3
"""Offers that are told of one household, and of each of all of them."""


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
        (
            "renewopt explain out/plan P1-0001 --exact --top 1",
            words("the district solved anew with its next-best offer"),
        ),
        ("renewopt explain out/plan --home E1/90 --month 2024-07", words("who should have one more home")),
        ("renewopt explain out/plan --money 5000000@2025-03", words("who should have five million more")),
        ("renewopt explain out/plan --all --out why.csv", words("all households, in one pass")),
    ],
)
@click.argument("folder", type=a_path(), metavar="DIR")
@click.argument("household", required=False, metavar="[HOUSEHOLD]", shell_complete=households_of_plan)
@option(
    "--home",
    metavar="ESTATE/TYPE",
    shell_complete=homes_of_plan,
    help=words("Who should have one more home of this estate and type."),
)
@option("--month", metavar="YYYY-MM", help=words("With --home: from which it is there; default: the first month."))
@option(
    "--money",
    "amount",
    metavar="AMOUNT@YYYY-MM",
    help=words("Who should have so much more money, such as 5000000@2025-03."),
)
@option(
    "--fund",
    metavar="FUND",
    shell_complete=funds_of_plan,
    help=words("With --money: into which; default: where a yuan is worth the most."),
)
@option("--all", "everyone", is_flag=True, help=words("The next-best offers of all households, as CSV; needs --out."))
@option("--page", is_flag=True, help=words("A family's page of HOUSEHOLD, as HTML; needs --out."))
@option("--out", type=a_path(), metavar="FILE", help=words("With --all or --page: file that is written."))
@option(
    "--top", type=Whole(1), metavar="N", help=words("Offers, or households, that are told; default: 5, with --all 3.")
)
@option(
    "--exact", "anew", is_flag=True, help=words("Solve the district anew for what is told, too: each takes a search.")
)
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
def explain(folder: Path, lang: Language, quiet: bool, **asked: Any) -> None:
    """Explain a plan."""
    _check_usage(asked)
    since, out, top = asked["month"], asked["out"], asked["top"]
    if asked["amount"] is not None:
        yuan, since = _amount(asked["amount"])
    from renewopt.cli.showing import progress_shower

    with progress_shower(lang, quiet=quiet) as shower:
        shower.begin("loading")
        from renewopt.results.contents import RECORD
        from renewopt.results.explanations.files import refuse_file, write_file
        from renewopt.results.reading import read_plan

        plan = read_plan(folder)
        speak_of(plan.place)
        reads = (*plan.scenario_files, folder if folder.name == RECORD else folder / RECORD)
        if out is not None:
            refuse_file(out, reads, force=asked["force"])
        shower.begin("compiling")
        common = {"scenario": asked["scenario"], "allow_outside": asked["allow_outside"], "progress": shower}
        opened = plan.opened(**common)
        shower.begin("households")
        common |= {"time_limit": asked["time_limit"], "top": top or HOUSEHOLD}
        anew = asked["anew"]
        content: bytes | Iterator[bytes] | None = None
        if asked["everyone"]:
            from renewopt.results.explanations.bulk import next_best

            found = next_best(opened, top or EVERYONE)
            content = found.csv()
            counts = {"rows": f"{len(found):,}", "households": f"{found.households:,}"}
            told = say(lang, "explain.all.written", **counts, file=out)
        elif asked["home"] is not None:
            told = plan.next_for_home(asked["home"], since, exact=anew, **common).summary(lang)
        elif asked["amount"] is not None:
            told = plan.next_for_money(yuan, since, asked["fund"], exact=anew, **common).summary(lang)
        else:
            made = plan.explain(asked["household"], gap=asked["gap"], exact=anew, **common)
            told = made.summary(lang)
            if asked["page"]:
                content = made.page(lang).encode()
                told = say(lang, "explain.page.written", file=out)
        if content is not None:
            shower.begin("writing")
            with stopping.tended():
                write_file(out, content, reads, force=asked["force"])
    tell(told)


def _check_usage(asked: Mapping[str, Any]) -> None:
    """Refuse what does not go together, all of it at once."""
    given = {name: value is not None and value is not False for name, value in asked.items()}
    of_file = given["page"] or given["everyone"]
    goes = (
        (
            sum(given[name] for name in ("household", "home", "amount", "everyone")) != 1,
            words("name a household, or one of --home, --money and --all"),
        ),
        (
            given["month"] and not given["home"],
            words("--month goes with --home; with --money it stands behind the @"),
        ),
        (given["fund"] and not given["amount"], words("--fund goes with --money")),
        (given["page"] and not given["household"], words("--page goes with a household")),
        (of_file and not given["out"], words("--page and --all need --out FILE")),
        (given["out"] and not of_file, words("--out goes with --page or --all")),
        (given["anew"] and given["everyone"], words("--exact goes with a household, --home or --money")),
        (
            given["gap"] and not (given["anew"] and given["household"]),
            words("--gap goes with a household and --exact"),
        ),
        (given["force"] and not given["out"], words("--force goes with --out")),
    )
    faults = [fault for wrong, fault in goes if wrong]
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
        raise click.BadParameter(worded(error), param_hint="--money") from None
    return yuan, month.strip() if at else None
