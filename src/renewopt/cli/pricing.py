"""The command `prices`: its options, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from renewopt import stopping
from renewopt.cli.options import a_path, lang_option, option, outside_option, quiet_option
from renewopt.cli.speaking import tell
from renewopt.cli.values import SECONDS, Whole
from renewopt.wording import Language, speak_of, words
from renewopt.wording.phrases import say

if TYPE_CHECKING:
    from renewopt.optimiser.progress import Progress

__all__ = ["EXAMPLES", "SENTENCE", "price", "pricing_options"]

SENTENCE = words("Tell what a little more or less is worth in the plan in DIR: money, homes, settlements, debt.")
MORE = [
    words(
        "Prices are those of the relaxation, each to one side and with the range in which it is proven to hold; the "
        "dearest are planned anew for whole households as well."
    )
]
EXAMPLES = [
    ("renewopt prices out/plan --top 20", words("the twenty dearest, and what comes whole or not at all")),
    (
        "renewopt prices out/plan --months 2024-06,2025-06 --whole 0",
        words("money and homes that come in these months, the relaxation alone"),
    ),
    ("renewopt prices out/plan --into-report", words("the report of the plan tells them, with a picture")),
    ("renewopt prices out/plan --out out/prices --lang zh", words("with tables and a page, in Chinese")),
]


def _months(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> list[str] | None:
    return None if value is None else [month.strip() for month in value.split(",") if month.strip()]


_OPTIONS = (
    click.argument("folder", type=a_path(), metavar="DIR"),
    option("--top", type=Whole(1), default=20, shown=True, metavar="N", help=words("Prices, the dearest first.")),
    option(
        "--months",
        callback=_months,
        metavar="M,N",
        help=words("Months in which money, homes and debt may come; default: of each the one in which it is dearest."),
    ),
    option(
        "--whole",
        type=Whole(0),
        default=3,
        shown=True,
        metavar="N",
        help=words("Of how many of them whole households are planned anew with one more."),
    ),
    option(
        "--differences/--no-differences",
        default=True,
        shown=True,
        help=words("A phase or a start a month sooner, a use permitted, a term or a window a month longer."),
    ),
    option(
        "--time-limit",
        type=SECONDS,
        default=120.0,
        shown=True,
        metavar="S",
        help=words("Seconds of each search for whole households."),
    ),
    option(
        "--scenario",
        type=a_path(),
        metavar="SCENARIO",
        help=words("What the plan was made from; default: where it was then."),
    ),
    option("--out", type=a_path(), metavar="DIR", help=words("Folder for tables and page; default: print only.")),
    option(
        "--into-report",
        is_flag=True,
        help=words("Tell them in DIR/report.html, too, in the place of the search's prices."),
    ),
    option("--force", is_flag=True, help=words("With --out: replace what prices wrote into DIR, if it is unchanged.")),
    outside_option,
    lang_option,
    quiet_option,
)


def pricing_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of `prices`."""
    for each in reversed(_OPTIONS):
        command = each(command)
    return command


def price(
    folder: Path, out: Path | None, into_report: bool, force: bool, lang: Language, quiet: bool, **options: Any
) -> None:
    """Tell the prices of the plan in a folder."""
    from renewopt.cli.showing import progress_shower

    if force and out is None:
        raise click.UsageError(words("--force goes with --out"))
    with progress_shower(lang, quiet=quiet) as shower:
        shower.begin("loading")
        from renewopt.results.files import refuse_existing as refuse_existing_plan
        from renewopt.results.files import write_report
        from renewopt.results.pricing.files import refuse_existing
        from renewopt.results.pricing.making import prices
        from renewopt.results.reading import read_plan

        if out is not None:
            refuse_existing(out, force=force)
        read = read_plan(folder)
        speak_of(read.place)
        if into_report:
            refuse_existing_plan(folder, force=True)

        def show(progress: Progress) -> None:
            # A search tells how far it is; of every other step only the beginning is told.
            if progress.limit:
                shower(progress)
            else:
                shower.begin(progress.step)

        made = prices(folder, progress=show, **options)
    tell(made.summary(lang))
    if into_report:
        tell()
        with stopping.tended():
            write_report(read, folder, read.report(lang, prices=made))
        tell(say(lang, "pricing.in_report", folder=folder))
    if out is not None:
        tell()
        with stopping.tended():
            made.write(out, force=force, lang=lang)
        tell(say(lang, "pricing.written", folder=out))
