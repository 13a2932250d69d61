"""What users see, to be looked at.

``python -m tests.browser.screenshots INTO`` makes all that commands write, in both languages: their screens at 80 and
200 columns and in a pipe as text, their pages at 1400 and 390 pixels and on A4, and how LibreOffice prints documents
and workbooks. ``python -m tests.browser.screenshots INTO PAGE.html ...`` makes screenshots and prints of pages.
``python -m tests.browser.screenshots INTO DIR ...`` writes plans anew in both languages, and shows their pages,
documents and workbooks, and on the screen their briefs; with more than one, what changes from the first to the others.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from tests.browser.chromium import chromium
from tests.browser.terminal import WAYS, commands, screen
from tests.office.libreoffice import converted, found

import renewopt

SIZES = {"wide": 1400, "narrow": 390}
SCENARIOS = Path(__file__).parents[2] / "scenarios"
POORER = {"monthly: 10.5万元": "monthly: 0.3万元", "opening: 10万元": "opening: 0"}
"""What makes of the minimal scenario one whose money does not last."""
LANGUAGES: tuple[Literal["en", "zh"], ...] = ("en", "zh")
PAPERS = 24
"""Sheets of a print that become pictures."""


def sheets(print_: Path) -> None:
    """Pictures of the first sheets of a PDF, beside it (Debian: ``apt-get install poppler-utils``)."""
    if shutil.which("pdftoppm") is not None:
        subprocess.run(
            ["pdftoppm", "-r", "80", "-png", "-l", str(PAPERS), str(print_), str(print_.with_suffix(""))], check=True
        )


def pages(into: Path, reports: Iterable[Path]) -> None:
    """Screenshots of pages at each size, and their prints."""
    with chromium() as browser:
        for report in reports:
            name = f"{report.parent.name}-{report.stem}"
            for size, width in SIZES.items():
                browser.open(report, width=width)
                browser.screenshot(into / f"{name}-{size}.png")
            browser.open(report)
            (into / f"{name}.pdf").write_bytes(browser.pdf())
            sheets(into / f"{name}.pdf")
            for line in [*browser.told(), *browser.requested()[1:]]:
                sys.stderr.write(f"{report}: {line}\n")


def documents(into: Path, files: Iterable[Path]) -> None:
    """What LibreOffice prints of documents and workbooks."""
    for file in files:
        if found("writer" if file.suffix == ".docx" else "calc") is not None:
            folder = into / file.parent.name
            folder.mkdir(exist_ok=True)
            sheets(converted(file, "pdf", folder))
            shutil.rmtree(folder / "profile")


def written(into: Path, made: Path) -> None:
    """Pages, documents and workbooks in a folder."""
    into.mkdir(parents=True, exist_ok=True)
    pages(into, sorted(made.rglob("*.html")))
    documents(into, sorted([*made.rglob("*.docx"), *made.rglob("*.xlsx")]))


def screens(into: Path, lines: dict[str, list[str]], columns: int | None) -> None:
    """Screens of commands, as text."""
    into.mkdir(parents=True, exist_ok=True)
    for name, line in lines.items():
        out, err, code = screen(line, columns)
        (into / f"{name}.txt").write_text(f"{out}\n--- stderr, exit code {code}\n{err}", "utf-8")


def everything(into: Path) -> None:
    """Screens of all commands; pages, documents and workbooks that they write."""
    poor = (SCENARIOS / "minimal.yaml").read_text("utf-8")
    for rich, less in POORER.items():
        poor = poor.replace(rich, less)
    for lang in LANGUAGES:
        for way, columns in WAYS.items():
            made = into / "made" / f"{lang}-{way}"
            made.mkdir(parents=True, exist_ok=True)
            (made / "short.yaml").write_text(poor, "utf-8")
            screens(into / f"{lang}-{way}", commands(SCENARIOS, made, lang), columns)
        written(into / f"{lang}-pages", into / "made" / f"{lang}-80")


def plans(into: Path, folders: Sequence[Path]) -> None:
    """Plans in folders, written anew in each language; what changes from the first to each of the others."""
    for lang in LANGUAGES:
        made = into / "made" / lang
        made.mkdir(parents=True)
        for folder in folders:
            renewopt.read_plan(folder).write(made / folder.name, lang=lang)
        briefs = {f"brief-{folder.name}": ["brief", str(folder), "--lang", lang] for folder in folders}
        changes = {f"diff-{other.name}": ["diff", str(folders[0]), str(other), "--lang", lang] for other in folders[1:]}
        for way, columns in WAYS.items():
            screens(into / f"{lang}-{way}", briefs | changes, columns)
        screens(
            into / f"{lang}-80",
            {name: [*line, "--out", str(made / name)] for name, line in changes.items()},
            WAYS["80"],
        )
        written(into / f"{lang}-pages", made)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    target, given = Path(sys.argv[1]), [Path(path) for path in sys.argv[2:]]
    target.mkdir(parents=True, exist_ok=True)
    if not given:
        everything(target)
    if reports := [path for path in given if not path.is_dir()]:
        pages(target, reports)
    if folders := [path for path in given if path.is_dir()]:
        plans(target, folders)
