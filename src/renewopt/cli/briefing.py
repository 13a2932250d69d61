"""The command `brief`: the page from which a director decides, on the terminal or as a Word document."""

from __future__ import annotations

from pathlib import Path

import click

from renewopt import stopping
from renewopt.cli.helping import SpokenCommand
from renewopt.cli.options import a_path, lang_option, option
from renewopt.cli.speaking import tell
from renewopt.wording import Language, speak_of, words
from renewopt.wording.phrases import say

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
@lang_option
def brief(folder: Path, out: Path | None, template: Path | None, blank: bool, force: bool, lang: Language) -> None:
    """Write the brief of a plan."""
    if out is None and (template is not None or blank or force):
        raise click.UsageError(words("--template, --blank and --force go with --out"))
    if template is not None and blank:
        raise click.UsageError(words("--blank goes without --template"))
    from renewopt.results.briefing.files import refuse_document, write_document
    from renewopt.results.contents import RECORD
    from renewopt.results.reading import read_plan

    plan = read_plan(folder)
    speak_of(plan.place)
    if out is None:
        from renewopt.results.briefing.telling import tell_brief
        from renewopt.results.briefing.text import as_text

        tell(as_text(tell_brief(plan, lang)))
        return
    record = folder if folder.name == RECORD else folder / RECORD
    reads = (*plan.scenario_files, record, *([] if template is None else [template]))
    refuse_document(out, reads, force=force)
    from renewopt.results.briefing.template import brief_template
    from renewopt.results.briefing.word import brief_document

    content = brief_template(lang) if blank else brief_document(plan, lang, template)
    with stopping.tended():
        write_document(out, content, reads, force=force)
    tell(say(lang, "brief.written", file=out))
