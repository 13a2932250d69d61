"""Blocks as a Word document."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from renewopt.results.word import anonymous, clean, dateless, set_fonts, styled
from renewopt.results.work_summary.blocks import Block, Heading, Paragraph, Table
from renewopt.wording import Language

if TYPE_CHECKING:
    from docx.document import Document

__all__ = ["as_word"]

FONTS = {"body": ("Times New Roman", "宋体"), "head": ("Arial", "黑体")}
"""Latin and Chinese fonts; without the second, Word takes whatever it likes for Chinese."""
TOGETHER = 20
"""Rows of a table that is not parted between pages."""


def as_word(blocks: Iterable[Block], lang: Language) -> bytes:
    """Write blocks as a Word document: A4, landscape where a table needs it, fonts for both scripts.

    Parameters
    ----------
    blocks : iterable of Block
    lang : {'en', 'zh'}
        Language that spelling is checked in.
    """
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm, Pt

    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    for name, kind, size in (("Normal", "body", 10.5), ("Title", "head", 18), ("Heading 2", "head", 13)):
        set_fonts(document.styles[name], *FONTS[kind], Pt(size), lang)
    listed = list(blocks)
    for block in listed:
        _add(document, block, lang)
    anonymous(document, next((block.text for block in listed if isinstance(block, Heading)), ""))
    content = io.BytesIO()
    document.save(content)
    return dateless(content.getvalue())


def _add(document: Document, block: Block, lang: Language) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    match block:
        case Heading(level, text):
            style = document.styles["Title" if level == 1 else f"Heading {level}"]
            styled(document.add_paragraph(clean(text)), style)
        case Paragraph(text, quiet):
            paragraph = document.add_paragraph()
            run = paragraph.add_run(clean(text))
            paragraph.paragraph_format.line_spacing = 1.5
            if quiet:
                run.font.size = Pt(9)
            elif lang == "zh":
                paragraph.paragraph_format.first_line_indent = Pt(21)
        case Table(title, head, rows):
            caption = document.add_paragraph(clean(title))
            caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
            caption.paragraph_format.keep_with_next = True
            _table(document, head, rows)
            document.add_paragraph()


def _table(document: Document, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
    """Add a table, its head repeated on each page, the total in bold."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    table = document.add_table(rows=0, cols=len(head))
    table.style = "Table Grid"
    for number, cells in enumerate((head, *rows)):
        row = table.add_row()
        bold = number in {0, len(rows)}
        # A short table stays on one page.
        together = number < len(rows) <= TOGETHER
        for place, (of, text) in enumerate(zip(row.cells, cells, strict=True)):
            _cell(of, text, bold=bold, figure=place > 0 and number > 0, together=together)
        if number == 0:
            repeated = OxmlElement("w:tblHeader")
            repeated.set(qn("w:val"), "true")
            row._tr.get_or_add_trPr().append(repeated)


def _cell(cell: Any, text: str, *, bold: bool, figure: bool, together: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(clean(text))
    run.font.size, run.bold = Pt(9), bold
    paragraph.paragraph_format.keep_with_next = together
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if figure else WD_ALIGN_PARAGRAPH.LEFT
