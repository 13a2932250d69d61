"""The template of the brief that an office may take as a beginning for its own: an official document (公文) on A4.

Margins, fonts and the order of title, addressee, text, signature and date are those of GB/T 9704-2012; its size of text
(三号) is made smaller as far as a page must hold all of it, which the standard allows for. Fonts are only named: where
one is not installed, another one stands in. Line heights are fixed, so that the page stays a page with any of them.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from renewopt.results.word import anonymous, dateless, set_fonts
from renewopt.wording import Language
from renewopt.wording.phrases import say

if TYPE_CHECKING:
    from docx.document import Document

__all__ = ["LAYOUTS", "Layout", "brief_template", "template_as_saved"]


@dataclass(frozen=True)
class Layout:
    """How the text is set in a language; lengths in millimetres, sizes in points.

    Attributes
    ----------
    title, body, head
        Latin and Chinese fonts.
    top, bottom, left, right
        Margins.
    title_size
        Of the title.
    leading
        Height of a line in sizes.
    sign
        Width of a sign of half width in sizes, on average.
    sizes
        Of the text, the largest that fits is taken.
    """

    title: tuple[str, str]
    body: tuple[str, str]
    head: tuple[str, str]
    top: float
    bottom: float
    left: float
    right: float
    title_size: float
    leading: float
    sign: float
    sizes: tuple[float, ...]

    @property
    def width(self) -> float:
        """Of the text, points."""
        return (210 - self.left - self.right) / 25.4 * 72

    @property
    def height(self) -> float:
        """Of the text, points."""
        return (297 - self.top - self.bottom) / 25.4 * 72


LAYOUTS: dict[Language, Layout] = {
    "zh": Layout(
        title=("Times New Roman", "方正小标宋简体"),
        body=("Times New Roman", "仿宋_GB2312"),
        head=("Times New Roman", "黑体"),
        top=37,
        bottom=35,
        left=28,
        right=26,
        title_size=18,
        leading=1.45,
        sign=0.5,
        sizes=(16, 14, 12, 11, 10.5, 10, 9.5, 9, 8.5, 8, 7.5),
    ),
    "en": Layout(
        title=("Times New Roman", "方正小标宋简体"),
        body=("Times New Roman", "仿宋_GB2312"),
        head=("Times New Roman", "黑体"),
        top=22,
        bottom=20,
        left=22,
        right=20,
        title_size=16,
        leading=1.22,
        sign=0.46,
        sizes=(12, 11, 10.5, 10, 9.5, 9, 8.5, 8, 7.5),
    ),
}
TABLE = 0.88
"""Size of the table in that of the text."""
EMPTY_LINE = 0.6
"""Height of the lines between the parts of the page, in lines."""


def brief_template(lang: Language, size: float | None = None) -> bytes:
    """Make the template: a Word document with placeholders.

    Parameters
    ----------
    lang : {'en', 'zh'}
    size
        Of the text in points; default: the middle one.
    """
    return dateless(template_as_saved(lang, size))


def template_as_saved(lang: Language, size: float | None = None) -> bytes:
    """Make the template, the time of writing still in it."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    layout = LAYOUTS[lang]
    size = size or layout.sizes[len(layout.sizes) // 2]
    document = docx.Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(layout.top), Mm(layout.bottom)
    page.left_margin, page.right_margin = Mm(layout.left), Mm(layout.right)
    page.header_distance = page.footer_distance = Mm(10)
    set_fonts(document.styles["Normal"], *layout.body, Pt(size), lang)
    set_fonts(document.styles["Title"], *layout.title, Pt(layout.title_size), lang)
    set_fonts(document.styles["Strong"], *layout.head, Pt(size), lang)
    for name, points in (("Normal", size * layout.leading), ("Title", layout.title_size * 1.35)):
        form = document.styles[name].paragraph_format
        form.line_spacing, form.space_before, form.space_after = Pt(points), Pt(0), Pt(0)
    _plain_title(document)
    indent = Pt(2 * size) if lang == "zh" else Pt(0)

    def add(text: str, *, align: Any = None, indented: bool = False) -> Any:
        paragraph = document.add_paragraph(text)
        paragraph.alignment = align
        paragraph.paragraph_format.first_line_indent = indent if indented else None
        return paragraph

    document.add_paragraph("{{ title }}", style="Title").alignment = WD_ALIGN_PARAGRAPH.CENTER
    _gap(document, size * layout.leading * EMPTY_LINE)
    add(say(lang, "brief.addressee"))
    add("{%p for section in sections %}")
    section = add("", indented=True)
    # Bold too: where 黑体 is not installed, nothing else tells a heading from the text.
    section.add_run("{{ section.head }}", style="Strong").bold = True
    section.add_run("{{ section.text }}")
    section.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if lang == "zh" else None
    add("{%p if section.key == 'money' %}")
    _table(document, layout, size)
    add("{%p endif %}")
    add("{%p endfor %}")
    if closing := say(lang, "brief.closing"):
        add(closing, indented=True)
    for key in ("brief.sender", "brief.date"):
        line = add(say(lang, key), align=WD_ALIGN_PARAGRAPH.RIGHT)
        line.paragraph_format.right_indent = Pt((4 if key == "brief.date" else 2) * size)
    anonymous(document, "")
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _gap(document: Document, points: float) -> None:
    """Add an empty line of a height."""
    from docx.shared import Pt

    document.add_paragraph().paragraph_format.line_spacing = Pt(points)


def _plain_title(document: Document) -> None:
    """Take the coloured line off the title that the library's own template brings along."""
    from docx.oxml.ns import qn

    properties = document.styles["Title"].element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)
    spacing = document.styles["Title"].element.get_or_add_rPr()
    for name in ("w:spacing", "w:kern"):
        for found in spacing.findall(qn(name)):
            spacing.remove(found)


def _table(document: Document, layout: Layout, size: float) -> None:
    """Add the table: a head, a row that is repeated, and in each a cell that is."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    table = document.add_table(rows=0, cols=4)
    table.style = "Table Grid"
    for marks in (
        ("{{ table.head[0] }}", "{%tc for cell in table.head[1:] %}", "{{ cell }}", "{%tc endfor %}"),
        ("{%tr for row in table.rows %}", "", "", ""),
        ("{{ row[0] }}", "{%tc for cell in row[1:] %}", "{{ cell }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", "", ""),
    ):
        for place, (cell, mark) in enumerate(zip(table.add_row().cells, marks, strict=True)):
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(mark)
            run.font.size = Pt(size * TABLE)
            paragraph.paragraph_format.line_spacing = Pt(size * TABLE * layout.leading)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if place else WD_ALIGN_PARAGRAPH.LEFT
