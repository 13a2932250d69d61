"""Picture the report of the district that ships, for the first page: ``python docs/make_report_pictures.py [PLAN]``.

PLAN is the folder of a plan of scenarios/district, as docs/district.md makes it; without it the plan is made, which
takes some minutes. The pictures lie in docs/pictures: they are looked at, no test compares them.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PICTURES = HERE / "pictures"
WIDTH = 1180
"""Pixels of the window."""
COLOURS = 64
"""Charts and text need no more, and a picture of so few is a fraction of its size."""
PARTS = {"brief": "#brief", "headline": "#headline", "waiting": "#chart-waiting", "building": "#chart-gantt"}
"""Pictures by name, and what of the report each shows."""
BOX = """
const box = document.querySelector(arguments[0]).getBoundingClientRect();
return [box.left + window.scrollX, box.top + window.scrollY, box.right + window.scrollX, box.bottom + window.scrollY];
"""


def picture(report: Path, into: Path) -> None:
    """Cut the pictures out of a report."""
    sys.path.insert(0, str(ROOT))
    from tests.browser.chromium import chromium

    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, chromium() as browser:
        browser.open(report, width=WIDTH)
        boxes = {name: browser.run(BOX, selector) for name, selector in PARTS.items()}
        page = Path(scratch, "page.png")
        browser.screenshot(page)
        with Image.open(io.BytesIO(page.read_bytes())) as whole:
            for name, box in boxes.items():
                left, top, right, bottom = (round(edge) for edge in box)
                cut = whole.convert("RGB").crop((left - 8, top - 8, right + 8, bottom + 8))
                cut.quantize(COLOURS, dither=Image.Dither.NONE).save(into / f"{name}.png", optimize=True)


def main(plan: Path | None) -> None:
    """Make the plan if there is none yet, write its report, and picture it."""
    import renewopt

    with tempfile.TemporaryDirectory() as scratch:
        scenario = ROOT / "scenarios" / "district" / "district.yaml"
        made = renewopt.plan(scenario, gap=0.01) if plan is None else renewopt.read_plan(plan)
        report = Path(scratch, "report.html")
        report.write_text(made.report(), encoding="utf-8")
        picture(report, PICTURES)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
