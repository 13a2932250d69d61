"""The guide: an index that names every page, and links that lead somewhere."""

import re
from pathlib import Path

import pytest

PAGES = ("README.md", "CONTRIBUTING.md", "benchmarks/README.md")


def pages(repository: Path) -> list[Path]:
    return [*sorted((repository / "docs").rglob("*.md")), *(repository / page for page in PAGES)]


def test_links_lead_somewhere(repository: Path) -> None:
    links = [
        (page, link)
        for page in pages(repository)
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if "://" not in link
    ]
    assert len(links) > 20
    broken = [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()]
    assert broken == []


def test_the_index_names_every_page(repository: Path) -> None:
    index = (repository / "docs" / "index.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\]\(((?:[\w-]+/)*[\w-]+\.md)\)", index))
    folder = repository / "docs"
    assert named == {page.relative_to(folder).as_posix() for page in folder.rglob("*.md")} - {"index.md"}


@pytest.mark.parametrize("words", ["own_unit", "transfer", "voucher", "cash"])
def test_the_chinese_page_names_every_route(repository: Path, words: str) -> None:
    assert f"| {words.replace('_', ' ')} |" in (repository / "docs" / "zh.md").read_text(encoding="utf-8")
