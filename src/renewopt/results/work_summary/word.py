"""Blocks as a Word document."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from renewopt.results.work_summary.blocks import Block, Heading, Paragraph, Table
from renewopt.wording import Language

if TYPE_CHECKING:
    from docx.document import Document

__all__ = ["as_word"]

FONTS = {"body": ("Times New Roman", "宋体"), "head": ("Arial", "黑体")}
"""Latin and Chinese fonts; without the second, Word takes whatever it likes for Chinese."""
TOGETHER = 20
"""Rows of a table that is not parted between pages."""
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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
        _font(document.styles[name], kind, Pt(size), lang)
    listed = list(blocks)
    for block in listed:
        _add(document, block, lang)
    _clear(document, next((block.text for block in listed if isinstance(block, Heading)), ""))
    content = io.BytesIO()
    document.save(content)
    return _dateless(content.getvalue())


def _dateless(document: bytes) -> bytes:
    """Take the time of writing out of a zipped document: the same plan is the same to the byte."""
    rewritten = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as read, zipfile.ZipFile(rewritten, "w", zipfile.ZIP_DEFLATED) as write:
        for name in read.namelist():
            part = zipfile.ZipInfo(name)
            part.compress_type = zipfile.ZIP_DEFLATED
            # Else it says on which kind of system it was written.
            part.create_system = 3
            write.writestr(part, read.read(name))
    return rewritten.getvalue()


def _font(style: Any, kind: str, size: Any, lang: Language) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    latin, chinese = FONTS[kind]
    style.font.name, style.font.size = latin, size
    style.font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]
    for script, font in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", chinese)):
        fonts.set(qn(f"w:{script}"), font)
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    language.set(qn("w:val"), "en-GB")
    language.set(qn("w:eastAsia"), "zh-CN" if lang == "zh" else "en-GB")


def _add(document: Document, block: Block, lang: Language) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    match block:
        case Heading(level, text):
            document.add_paragraph(_clean(text), style="Title" if level == 1 else f"Heading {level}")
        case Paragraph(text, quiet):
            paragraph = document.add_paragraph()
            run = paragraph.add_run(_clean(text))
            paragraph.paragraph_format.line_spacing = 1.5
            if quiet:
                run.font.size = Pt(9)
            elif lang == "zh":
                paragraph.paragraph_format.first_line_indent = Pt(21)
        case Table(title, head, rows):
            caption = document.add_paragraph(_clean(title))
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
    run = paragraph.add_run(_clean(text))
    run.font.size, run.bold = Pt(9), bold
    paragraph.paragraph_format.keep_with_next = together
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if figure else WD_ALIGN_PARAGRAPH.LEFT


def _clean(text: str) -> str:
    """Take out what no document may hold."""
    return _NO_XML.sub("�", text)


def _clear(document: Document, title: str) -> None:
    """Take out the author, the dates and the remarks that the library's template brings along."""
    properties = document.core_properties
    element = properties._element
    for child in list(element):
        element.remove(child)
    properties.title = _clean(title)[:250]
