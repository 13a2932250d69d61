"""The brief as a Word document: in our own form, or filled into an office's template by its placeholders.

A template is a file that somebody else has written: it is filled within a sandbox, where it can look at nothing but
what the brief says.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from renewopt.results.briefing.telling import SHOWN, Brief, tell_brief
from renewopt.results.briefing.template import EMPTY_LINE, FIRST, LAYOUTS, TABLE, Layout, written
from renewopt.results.failures import TemplateFileError
from renewopt.results.word import clean, dateless
from renewopt.wording import Language, Names, Wording, as_is, width, words
from renewopt.wording.phrases import say

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord

__all__ = ["brief_document", "fits"]

BETWEEN = 0.25
"""Space in sizes that word processors leave between a Chinese sign and a letter or figure."""
_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z%])(?=[\u4e00-\u9fff])")
KEYS = ("lacking", "remedies", "decided", "money", "given_up", "waits", "breaks", "doubts", "signing")
"""Sections; each is a placeholder of its own, too."""
MOST = 20_000_000
"""Bytes of a template, and ten times as many unzipped."""
CELL = 11.0
"""Points that the borders and margins of a cell take of its width."""
FIGURE = 0.47
"""Width of a sign of a figure in sizes, on average."""


def brief_document(
    plan: PlanRecord, lang: Language, template: Path | None = None, *, brief: Brief | None = None
) -> bytes:
    """Write the brief of a plan as a Word document.

    Parameters
    ----------
    plan
    lang : {'en', 'zh'}
    template
        Word document with placeholders; default: none, all of it stands on one page in our own form.
    brief
        Of the plan, where it has been told already.

    Returns
    -------
    bytes
        The same for the same plan and template.

    Raises
    ------
    TemplateFileError
        If the template cannot be read or filled.
    """
    with plan.place.spoken():
        if template is not None:
            return dateless(_filled(_read(template), brief or tell_brief(plan, lang), template))
        return written(*_on_a_page(plan, lang, brief))


def _on_a_page(plan: PlanRecord, lang: Language, told: Brief | None) -> tuple[Brief, float]:
    """Tell as much as fits, in the largest letters in which it does."""
    layout = LAYOUTS[lang]
    for most in range(SHOWN, 0, -1):
        brief = told if told is not None and most == SHOWN else tell_brief(plan, lang, most)
        for size in layout.sizes:
            if fits(brief, size):
                return brief, size
    return brief, layout.sizes[-1]


def fits(brief: Brief, size: float) -> bool:
    """Whether a brief takes no more than a page.

    Parameters
    ----------
    brief
    size
        Of its text, points.
    """
    layout = LAYOUTS[brief.lang]
    lines = [brief.head(section) + brief.text(section) for section in brief.sections]
    # Addressee, closing, signature and date take a line each; words that are not parted leave half a line at its end.
    extra = sum(bool(say(brief.lang, f"brief.{key}")) for key in ("addressee", "closing", "sender", "date"))
    indent = 4 if brief.lang == "zh" else 0
    height = (extra + EMPTY_LINE) * size * layout.leading
    height += sum(_lines(text, size, layout, indent) for text in lines) * size * layout.leading
    height += _lines(brief.title, layout.title_size, layout, 0) * layout.title_size * 1.35
    if brief.table is not None:
        letter = size * TABLE
        first = layout.width * FIRST - CELL
        each = layout.width * (1 - FIRST) / max(len(brief.table.head) - 1, 1) - CELL
        for row in (brief.table.head, *brief.table.rows):
            cells = [ceil(width(row[0]) * layout.sign * letter / first)]
            cells += [ceil(width(cell) * FIGURE * letter / each) for cell in row[1:]]
            height += max(cells) * letter * layout.leading + 1
    return height <= layout.height


def _lines(text: str, size: float, layout: Layout, indent: int) -> int:
    wide = ((width(text) + indent) * layout.sign + len(_BETWEEN.findall(text)) * BETWEEN) * size
    return max(ceil(wide / (layout.width * 0.985)), 1)


def _filled(template: bytes, brief: Brief, path: Path) -> bytes:
    """Fill the template of an office that lies at `path`."""
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    document = DocxTemplate(io.BytesIO(template))
    context = _context(brief)
    try:
        _refuse_unknown(document.get_undeclared_template_variables(environment) - set(context), context, path)
        document.render(context, environment, autoescape=True)
    except TemplateFileError:
        raise
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise TemplateFileError(
            words("{path}: cannot be filled ({reason}); mend this placeholder", path=path, reason=_why(error))
        ) from None
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _why(error: Exception) -> Wording:
    return as_is(str(error)[:200] or type(error).__name__)


def _refuse_unknown(unknown: set[str], context: dict[str, Any], path: Path) -> None:
    if unknown:
        raise TemplateFileError(
            words(
                "{path}: unknown placeholders {unknown}; a brief has {known}",
                path=path,
                unknown=Names(sorted(unknown)),
                known=Names(sorted(context)),
            )
        )


def _context(brief: Brief) -> dict[str, Any]:
    """Everything that a placeholder may name."""
    texts = {section.key: clean(brief.text(section)) for section in brief.sections}
    table = brief.table
    return {
        "title": clean(brief.title),
        "made": clean(brief.made),
        "sections": [
            {
                "key": section.key,
                "lead": clean(section.lead),
                "head": clean(brief.head(section)),
                "text": texts[section.key],
                "sentences": [clean(sentence) for sentence in section.sentences],
            }
            for section in brief.sections
        ],
        "table": {
            "caption": "" if table is None else clean(table.caption),
            "head": [""] if table is None else [clean(cell) for cell in table.head],
            "rows": [] if table is None else [[clean(cell) for cell in row] for row in table.rows],
        },
        **{key: texts.get(key, "") for key in KEYS},
    }


def _read(path: Path) -> bytes:
    """Read a template, and refuse what is none."""
    for reason in _unfit(path):
        raise TemplateFileError(
            words("{path}: no Word template ({reason}); save it as .docx", path=path, reason=reason)
        )
    return path.read_bytes()


def _unfit(path: Path) -> Iterator[Wording]:
    if not path.is_file():
        yield words("it is no plain file")
    elif path.stat().st_size > MOST:
        yield words("the file is larger than {megabytes} MB", megabytes=MOST // 10**6)
    else:
        try:
            with zipfile.ZipFile(path) as parts:
                if sum(part.file_size for part in parts.infolist()) > 10 * MOST:
                    yield words("the file is larger than {megabytes} MB", megabytes=MOST // 10**5)
                import docx

                docx.Document(str(path))
        except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError):
            yield words("it is no Word document, or it is damaged")
