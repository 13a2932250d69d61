"""The form of the brief, an official document (公文) on A4: written out, or a template with placeholders for an office.

Margins, fonts and the order of title, addressee, text, signature and date are those of GB/T 9704-2012; its size of text
(三号) is made smaller as far as a page must hold all of it, which the standard allows for. Fonts are only named: where
one is not installed, another one stands in. Line heights are fixed, so that the page stays a page with any of them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from renewopt.results.word import anonymous, clean, dateless, set_fonts, styled
from renewopt.wording import Language
from renewopt.wording.phrases import say

if TYPE_CHECKING:
    from renewopt.results.briefing.telling import Brief

__all__ = ["EMPTY_LINE", "FIRST", "LAYOUTS", "TABLE", "Layout", "brief_template", "written"]


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
FIRST = 0.2
"""Share of the table's width that the names take."""
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
    sizes = LAYOUTS[lang].sizes
    page = _Page(lang, size or sizes[len(sizes) // 2])
    page.begin("{{ title }}")
    page.line("{%p for section in sections %}")
    page.section("{{ section.head }}", "{{ section.text }}")
    page.line("{%p if section.key == 'money' %}")
    # A head, a row that is repeated, and in each a cell that is.
    page.table(
        (
            ("{{ table.head[0] }}", "{%tc for cell in table.head[1:] %}", "{{ cell }}", "{%tc endfor %}"),
            ("{%tr for row in table.rows %}", "", "", ""),
            ("{{ row[0] }}", "{%tc for cell in row[1:] %}", "{{ cell }}", "{%tc endfor %}"),
            ("{%tr endfor %}", "", "", ""),
        )
    )
    page.line("{%p endif %}")
    page.line("{%p endfor %}")
    page.end()
    return page.saved("")


def written(brief: Brief, size: float) -> bytes:
    """Write a brief in this form, the names in its table given more room than the figures.

    Parameters
    ----------
    brief
    size
        Of the text in points.
    """
    page = _Page(brief.lang, size)
    page.begin(brief.title)
    for section in brief.sections:
        page.section(brief.head(section), brief.text(section))
        if section.key == "money" and brief.table is not None:
            others = len(brief.table.head) - 1
            shares = [FIRST, *[(1 - FIRST) / max(others, 1)] * others]
            page.table((brief.table.head, *brief.table.rows), shares)
    page.end()
    return page.saved(brief.title)


class _Page:
    """A document that is being written from its top to its bottom."""

    def __init__(self, lang: Language, size: float) -> None:
        import docx
        from docx.shared import Mm, Pt

        self.lang, self.size, self.layout = lang, size, LAYOUTS[lang]
        self.document = docx.Document()
        layout, (page,), styles = self.layout, self.document.sections, self.document.styles
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.top_margin, page.bottom_margin = Mm(layout.top), Mm(layout.bottom)
        page.left_margin, page.right_margin = Mm(layout.left), Mm(layout.right)
        page.header_distance = page.footer_distance = Mm(10)
        normal, title, strong = (styles[name] for name in ("Normal", "Title", "Strong"))
        set_fonts(normal, *layout.body, Pt(size), lang)
        set_fonts(title, *layout.title, Pt(layout.title_size), lang)
        set_fonts(strong, *layout.head, Pt(size), lang)
        for style, points in ((normal, size * layout.leading), (title, layout.title_size * 1.35)):
            form = style.paragraph_format
            form.line_spacing, form.space_before, form.space_after = Pt(points), Pt(0), Pt(0)
        _plain(title)
        self.title, self.strong = title, strong

    def begin(self, title: str) -> None:
        """Add title and addressee."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        styled(self.document.add_paragraph(clean(title)), self.title).alignment = WD_ALIGN_PARAGRAPH.CENTER
        gap = Pt(self.size * self.layout.leading * EMPTY_LINE)
        self.document.add_paragraph().paragraph_format.line_spacing = gap
        self.line(say(self.lang, "brief.addressee"))

    def line(self, text: str, *, align: Any = None, indented: bool = False) -> Any:
        """Add a paragraph."""
        from docx.shared import Pt

        paragraph = self.document.add_paragraph(text)
        paragraph.alignment = align
        if indented:
            paragraph.paragraph_format.first_line_indent = Pt(2 * self.size) if self.lang == "zh" else Pt(0)
        return paragraph

    def section(self, head: str, text: str) -> None:
        """Add a section of a paragraph."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        section = self.line("", align=WD_ALIGN_PARAGRAPH.JUSTIFY if self.lang == "zh" else None, indented=True)
        # Bold too: where 黑体 is not installed, nothing else tells a heading from the text.
        styled(section.add_run(clean(head)), self.strong).bold = True
        section.add_run(clean(text))

    def table(self, rows: Iterable[Sequence[str]], shares: Sequence[float] | None = None) -> None:
        """Add a table whose columns take shares of the width of the text, equal ones without `shares`."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        head, *_ = rows = list(rows)
        table = self.document.add_table(rows=0, cols=len(head))
        table.style = "Table Grid"
        widths = None if shares is None else [Pt(self.layout.width * share) for share in shares]
        if widths is not None:
            table.autofit = False
            for column, width in zip(table.columns, widths, strict=True):
                column.width = width
        for row in rows:
            for place, (cell, text) in enumerate(zip(table.add_row().cells, row, strict=True)):
                paragraph = cell.paragraphs[0]
                paragraph.add_run(clean(text)).font.size = Pt(self.size * TABLE)
                paragraph.paragraph_format.line_spacing = Pt(self.size * TABLE * self.layout.leading)
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if place else WD_ALIGN_PARAGRAPH.LEFT
                if widths is not None:
                    cell.width = widths[place]

    def end(self) -> None:
        """Add closing, signature and date."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        if closing := say(self.lang, "brief.closing"):
            self.line(closing, indented=True)
        for key, signs in (("brief.sender", 2), ("brief.date", 4)):
            line = self.line(say(self.lang, key), align=WD_ALIGN_PARAGRAPH.RIGHT)
            line.paragraph_format.right_indent = Pt(signs * self.size)

    def saved(self, title: str) -> bytes:
        """Return the document, its title among its properties."""
        anonymous(self.document, title)
        content = io.BytesIO()
        self.document.save(content)
        return dateless(content.getvalue())


def _plain(title: Any) -> None:
    """Take the coloured line off the style of the title that the library's own template brings along."""
    from docx.oxml.ns import qn

    properties = title.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)
    spacing = title.element.get_or_add_rPr()
    for name in ("w:spacing", "w:kern"):
        for found in spacing.findall(qn(name)):
            spacing.remove(found)
