"""The command `brief`: the page from which a director decides, on the terminal or as a Word document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from renewopt import stopping
from renewopt.cli.helping import SpokenCommand
from renewopt.cli.options import a_path, lang_option, option, quiet_option
from renewopt.cli.speaking import tell
from renewopt.cli.values import SECONDS
from renewopt.wording import Language, speak_of, words
from renewopt.wording.phrases import say

if TYPE_CHECKING:
    from renewopt.results.planned import Plan

__all__ = ["brief"]


@click.command(
    cls=SpokenCommand,
    sentence=words("Tell the plan in DIR on one page, for a director to decide from."),
    more=[
        words(
            "A template is a Word document with placeholders such as {example} (docs/brief.md); --blank writes ours as "
            "a beginning for your own.",
            example="{{ decided }}",
        )
    ],
    examples=[
        ("renewopt brief out/plan", words("the page as text")),
        ("renewopt brief out/plan --lang zh --out brief.docx", words("as a Word document, in Chinese")),
        ("renewopt brief out/plan --without-doubtful", words("with what it costs to do without money in doubt by law")),
        ("renewopt brief out/plan --blank --out template.docx", words("our template, to be made your own")),
        ("renewopt brief out/plan --template template.docx --out brief.docx", words("filled into your own")),
    ],
)
@click.argument("folder", type=a_path(), metavar="DIR")
@option("--out", type=a_path(), metavar="FILE", help=words("Word document that is written."))
@option(
    "--template", type=a_path(), metavar="FILE", help=words("With --out: Word document whose placeholders are filled.")
)
@option("--blank", is_flag=True, help=words("With --out: write our template itself, its placeholders unfilled."))
@option("--force", is_flag=True, help=words("With --out: replace a FILE that brief wrote before."))
@option(
    "--without-doubtful",
    is_flag=True,
    help=words("Plan anew without money that is in doubt by law, and tell what that costs."),
)
@option(
    "--time-limit",
    type=SECONDS,
    metavar="S",
    help=words("With --without-doubtful: seconds of the search; default: 120."),
)
@lang_option
@quiet_option
def brief(
    folder: Path,
    out: Path | None,
    template: Path | None,
    blank: bool,
    force: bool,
    without_doubtful: bool,
    time_limit: float | None,
    lang: Language,
    quiet: bool,
) -> None:
    """Write the brief of a plan."""
    if out is None and (template is not None or blank or force):
        raise click.UsageError(words("--template, --blank and --force go with --out"))
    if time_limit is not None and not without_doubtful:
        raise click.UsageError(words("--time-limit goes with --without-doubtful"))
    if template is not None and blank:
        raise click.UsageError(words("--blank goes without --template"))
    from renewopt.results.briefing.files import refuse_document, write_document
    from renewopt.results.contents import RECORD
    from renewopt.results.reading import read_plan

    plan = read_plan(folder)
    speak_of(plan.place)
    record = folder if folder.name == RECORD else folder / RECORD
    reads = (*plan.scenario_files, record, *([] if template is None else [template]))
    if out is not None:
        refuse_document(out, reads, force=force)
    if without_doubtful:
        plan = _without(plan, 120.0 if time_limit is None else time_limit, lang, quiet=quiet)
    if out is None:
        from renewopt.results.briefing.telling import tell_brief
        from renewopt.results.briefing.text import as_text

        tell(as_text(tell_brief(plan, lang)))
        return
    from renewopt.results.briefing.template import brief_template
    from renewopt.results.briefing.word import brief_document

    content = brief_template(lang) if blank else brief_document(plan, lang, template)
    with stopping.tended():
        write_document(out, content, reads, force=force)
    tell(say(lang, "brief.written", file=out))


def _without(plan: Plan, time_limit: float, lang: Language, *, quiet: bool) -> Plan:
    """Reckon what doing without money in doubt costs, and show how far that is."""
    from renewopt.cli.showing import progress_shower

    with progress_shower(lang, quiet=quiet) as shower:
        shower.begin("loading")
        from renewopt.results.briefing.without import without_doubtful

        return without_doubtful(plan, time_limit=time_limit, progress=shower)
