"""Sentences of what is told in Chinese, and months in them that are not written as Chinese prose has them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

BARE = re.compile(r"(?<![\w./=@-])\d{4}-\d{2}(?![\w./-])")
TABLE = re.compile(r"\S {2,}\S|^\s*\||^\s*\d{4}-\d{2}\b")
"""A row of a table on a terminal or in Markdown, or what follows of one on the next line."""


def bare_months(text: str) -> list[str]:
    """Lines of prose that hold a month as YYYY-MM."""
    return [line for line in text.splitlines() if BARE.search(line) and not TABLE.search(line)]


class Prose(HTMLParser):
    """Reads the text of a page without tables, scripts and drop-downs."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - as it is called
        if tag in {"script", "style", "td", "th", "option"}:
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._within and tag == self._within[-1]:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.texts.append(data)


def prose_of(page: str) -> str:
    """The prose of a page of HTML; what the scenario states is no prose."""
    reader = Prose()
    reader.feed(re.sub(r'(?s)<section id="assumptions">.*?</section>', "", page))
    return "\n".join(reader.texts)
