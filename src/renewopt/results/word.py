"""What every Word document of ours needs: fonts for both scripts, no maker, no dates, no signs that XML forbids."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from renewopt.wording import Language

if TYPE_CHECKING:
    from docx.document import Document

__all__ = ["anonymous", "clean", "dateless", "set_fonts", "styled"]

_NO_XML = dict.fromkeys(
    (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF), "\N{REPLACEMENT CHARACTER}"
)
"""What XML forbids, and what stands in its place; as a pattern it would take longer to compile than to use."""


def dateless(document: bytes) -> bytes:
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


def set_fonts(style: Any, latin: str, chinese: str, size: Any, lang: Language) -> None:
    """Give a style its fonts for both scripts: without the Chinese one, Word takes whatever it likes.

    Parameters
    ----------
    style
        Of a document.
    latin, chinese
        Names of fonts.
    size
        Length.
    lang : {'en', 'zh'}
        Language that spelling is checked in.
    """
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

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


def styled(part: Any, style: Any) -> Any:
    """Give a paragraph or a run a style of its document, which is not looked up by its name once more; return it."""
    part._element.style = style.style_id
    return part


def clean(text: str) -> str:
    """Take out what no document may hold."""
    return text.translate(_NO_XML)


def anonymous(document: Document, title: str) -> None:
    """Take out the author, the dates and the remarks that the library's template brings along."""
    properties = document.core_properties
    element = properties._element
    for child in list(element):
        element.remove(child)
    properties.title = clean(title)[:250]
