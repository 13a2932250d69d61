"""What users see, to be looked at.

``python -m tests.browser.screenshots INTO REPORT.html ...`` makes screenshots and prints of pages.
``python -m tests.browser.screenshots INTO`` does so for all that commands write, in both languages: their screens at
80 and 200 columns and in a pipe as text, their pages at 1400 and 390 pixels and on A4, and how LibreOffice prints
documents and workbooks.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from tests.browser.chromium import chromium
from tests.browser.terminal import WAYS, commands, screen
from tests.office.libreoffice import converted, found

SIZES = {"wide": 1400, "narrow": 390}
SCENARIOS = Path(__file__).parents[2] / "scenarios"
POORER = {"monthly: 10.5万元": "monthly: 0.3万元", "opening: 10万元": "opening: 0"}
"""What makes of the minimal scenario one whose money does not last."""


def pages(into: Path, reports: Sequence[Path]) -> None:
    """Screenshots of pages at each size, and their prints."""
    with chromium() as browser:
        for report in reports:
            name = f"{report.parent.name}-{report.stem}"
            for size, width in SIZES.items():
                browser.open(report, width=width)
                browser.screenshot(into / f"{name}-{size}.png")
            browser.open(report)
            (into / f"{name}.pdf").write_bytes(browser.pdf())
            for line in [*browser.told(), *browser.requested()[1:]]:
                sys.stderr.write(f"{report}: {line}\n")


def everything(into: Path) -> None:
    """Screens of all commands; pages, documents and workbooks that they write."""
    poor = (SCENARIOS / "minimal.yaml").read_text("utf-8")
    for rich, less in POORER.items():
        poor = poor.replace(rich, less)
    for lang in ("en", "zh"):
        for way, columns in WAYS.items():
            made, shown = into / "made" / f"{lang}-{way}", into / f"{lang}-{way}"
            made.mkdir(parents=True, exist_ok=True)
            shown.mkdir(exist_ok=True)
            (made / "short.yaml").write_text(poor, "utf-8")
            for name, line in commands(SCENARIOS, made, lang).items():
                out, err, code = screen(line, columns)
                (shown / f"{name}.txt").write_text(f"{out}\n--- stderr, exit code {code}\n{err}", "utf-8")
        written = into / "made" / f"{lang}-80"
        looks = into / f"{lang}-pages"
        looks.mkdir(exist_ok=True)
        pages(looks, sorted(written.rglob("*.html")))
        for file in sorted([*written.rglob("*.docx"), *written.rglob("*.xlsx")]):
            if found("writer" if file.suffix == ".docx" else "calc") is not None:
                folder = looks / file.parent.name
                folder.mkdir(exist_ok=True)
                converted(file, "pdf", folder)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    if len(sys.argv) == 2:
        everything(target)
    else:
        pages(target, [Path(path) for path in sys.argv[2:]])
