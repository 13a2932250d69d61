"""The distribution's LibreOffice, without a screen: what it makes of workbooks and documents, and how they print."""

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

from tests.waiting import HANGS

PARTS = {"calc": "libsclo.so", "writer": "libswlo.so"}
"""The library without which a part of LibreOffice is not there."""
MISSING = "no LibreOffice Calc on this machine (Debian: apt-get install libreoffice-calc-nogui)"
NO_WRITER = "no LibreOffice Writer on this machine (Debian: apt-get install libreoffice-writer-nogui)"
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""
"""Reckon every formula anew, whoever wrote the file."""
_RESULT = re.compile(rb"(<c [^>]*>)(<f>.*?</f>)<v>[^<]*</v>")


def found(part: str = "calc") -> str | None:
    """Path of LibreOffice; None where it is missing, or comes without this part of it."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None or not (Path(office).resolve().parent / PARTS[part]).exists():
        return None
    return office


def converted(book: Path, to: str, into: Path) -> Path:
    """Open a workbook or document, reckon it, and write it in another format (``xlsx``, ``pdf``) into a folder."""
    office = found("writer" if book.suffix == ".docx" else "calc")
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
