"""Screenshots and prints of reports, to be looked at: ``python -m tests.browser.screenshots INTO REPORT.html ...``."""

import sys
from pathlib import Path

from tests.browser.chromium import chromium

SIZES = {"wide": 1400, "narrow": 400}


def main(into: Path, reports: list[Path]) -> None:
    into.mkdir(parents=True, exist_ok=True)
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


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), [Path(path) for path in sys.argv[2:]])
