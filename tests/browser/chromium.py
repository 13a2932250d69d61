"""The distribution's Chromium, headless, driven by Selenium: for tests of pages, and for screenshots of them."""

import base64
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait
from tests.waiting import HANGS

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MISSING = "no Chromium with its driver on this machine (Debian: apt-get install chromium chromium-driver)"
MARKS = """
return Object.fromEntries(Array.from(document.querySelectorAll('.plot')).map(plot => [
  plot.dataset.chart,
  Array.from(plot.querySelectorAll(
    '.barlayer .point path, .scatterlayer .js-line, .scatterlayer .point, .boxlayer path, .sankey-link'
  )).filter(mark => {
      const box = mark.getBBox();
      return box.width > 0 || box.height > 0;
    }).length,
]));
"""
"""Script that counts what is drawn in each chart: bars, lines, points, boxes, bands."""


def found() -> tuple[str, str] | None:
    """Paths of the browser and its driver; None where one is missing."""
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    return None if browser is None or driver is None else (browser, driver)


class Browser:
    """A page at a time, with all that it said and asked for."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, path: Path, *, width: int = 1400, height: int = 1000) -> None:
        """Open a file in a window of a width, and wait until its charts are drawn."""
        self.driver.get("about:blank")
        self.told()
        self.requested()
        self.resize(width, height)
        self.driver.get(path.resolve().as_uri())
        self.drawn()

    def unfold(self) -> None:
        """Open all that is folded away, and wait until it is drawn."""
        self.run("document.querySelectorAll('details').forEach(details => { details.open = true; })")
        self.drawn()

    def drawn(self) -> None:
        """Wait until every chart is drawn that is not folded away."""
        script = (
            "return Array.from(document.querySelectorAll('.plot')).every("
            "p => p.dataset.drawn === 'yes' || p.closest('details:not([open])'))"
        )
        WebDriverWait(self.driver, HANGS).until(lambda driver: driver.execute_script(script))

    def resize(self, width: int, height: int) -> None:
        """Give the page another size, in CSS pixels."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a script in the page and return what it returns."""
        return self.driver.execute_script(script, *arguments)

    def told(self) -> list[str]:
        """Lines of the console since the last call: warnings and errors among them."""
        return [f"{entry['level']}: {entry['message']}" for entry in self.driver.get_log("browser")]

    def requested(self) -> list[str]:
        """Addresses asked for since the last call, but for those that lie in the page itself."""
        urls = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                urls.append(message["params"]["request"]["url"])
        return [url for url in urls if not url.startswith(("data:", "blob:", "about:"))]

    def screenshot(self, path: Path, *, whole: bool = True) -> None:
        """Save the page as PNG, all of it or what the window shows."""
        options: dict[str, Any] = {"format": "png"}
        if whole:
            size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
            options |= {"captureBeyondViewport": True, "clip": {**size, "scale": 1}}
        data = self.driver.execute_cdp_cmd("Page.captureScreenshot", options)["data"]
        path.write_bytes(base64.b64decode(data))

    def pdf(self) -> bytes:
        """Print the page as its own style says."""
        options = {"preferCSSPageSize": True, "printBackground": True}
        return base64.b64decode(self.driver.execute_cdp_cmd("Page.printToPDF", options)["data"])


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium with an empty profile, and end it afterwards.

    Raises
    ------
    RuntimeError
        If it is not there.
    """
    paths = found()
    if paths is None:
        raise RuntimeError(MISSING)
    with tempfile.TemporaryDirectory(prefix="chromium-") as profile:
        options = Options()
        options.binary_location = paths[0]
        for argument in (
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            f"--user-data-dir={profile}",
        ):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = webdriver.Chrome(options=options, service=Service(paths[1]))
        try:
            yield Browser(driver)
        finally:
            driver.quit()
