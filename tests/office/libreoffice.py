"""The distribution's LibreOffice, without a screen: what its calculator makes of our workbooks, and how they print."""

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

from tests.waiting import HANGS

MISSING = "no LibreOffice Calc on this machine (Debian: apt-get install libreoffice-calc-nogui)"
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""
"""Reckon every formula anew, whoever wrote the file."""
_RESULT = re.compile(rb"(<c [^>]*>)(<f>.*?</f>)<v>[^<]*</v>")


def found() -> str | None:
    """Path of LibreOffice; None where it is missing, or comes without its calculator."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def converted(book: Path, to: str, into: Path) -> Path:
    """Open a workbook, reckon it, and write it in another format (``xlsx``, ``pdf``) into a folder."""
    office = found()
    assert office is not None
    profile = into / "profile" / "user"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "registrymodifications.xcu").write_text(SETTINGS, "utf-8")
    subprocess.run(
        [
            office, f"-env:UserInstallation={profile.parent.resolve().as_uri()}", "--headless", "--norestore",
            "--convert-to", to, "--outdir", str(into), str(book),
        ],
        check=True, capture_output=True, timeout=HANGS,
    )  # fmt: skip
    return into / f"{book.stem}.{to}"


def without_results(book: Path, path: Path) -> int:
    """Copy a workbook without the results that stand beside its formulas; return how many formulas there are."""
    count = 0
    with zipfile.ZipFile(book) as parts, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in parts.namelist():
            content = parts.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content, here = _RESULT.subn(rb"\1\2", content)
                count += here
            copy.writestr(name, content)
    return count
