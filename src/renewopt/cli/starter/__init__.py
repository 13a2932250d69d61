"""The starter scenario that ``renewopt init`` writes, in English and Chinese."""

from __future__ import annotations

import tempfile
from importlib.resources import files
from pathlib import Path

from renewopt.results.failures import OutputExistsError
from renewopt.results.texts import Language

__all__ = ["write_starter", "write_starter_workbook"]

NAMES = {"district.yaml": "district.{lang}.yaml", "households.csv": "households.{lang}.csv"}
"""Files as they are written, and as they lie in the package."""
WORKBOOK = "district.xlsx"


def write_starter(folder: Path, lang: Language, *, force: bool = False) -> Path:
    """Write the starter scenario.

    Parameters
    ----------
    folder
        Made if it does not exist.
    lang : {'en', 'zh'}
    force
        Overwrite files of a starter scenario that lie there.

    Returns
    -------
    Path
        The scenario file.

    Raises
    ------
    OutputExistsError
        If the folder is not empty, and `force` is not given.
    """
    _refuse(folder, force=force)
    folder.mkdir(parents=True, exist_ok=True)
    for name, packaged in NAMES.items():
        (folder / name).write_bytes(files(__name__).joinpath(packaged.format(lang=lang)).read_bytes())
    return folder / "district.yaml"


def _refuse(folder: Path, *, force: bool) -> None:
    if folder.exists() and not force and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputExistsError(folder)


def write_starter_workbook(
    folder: Path, lang: Language, *, scenario: Path | None = None, force: bool = False, allow_outside: bool = False
) -> Path:
    """Write a scenario as a workbook: the starter scenario as a template, or another one.

    Parameters
    ----------
    folder
        Made if it does not exist.
    lang : {'en', 'zh'}
        Of sheets, headers and notes.
    scenario
        Scenario file to turn into a workbook; default: the starter scenario.
    force
        Write into a folder that is not empty.
    allow_outside
        Whether tables of `scenario` may lie outside of its folder.

    Returns
    -------
    Path
        The workbook.

    Raises
    ------
    OutputExistsError
        If the folder is not empty, and `force` is not given.
    ScenarioError
        If `scenario` is not right.
    """
    from renewopt.scenario.workbook.converting import write_workbook

    _refuse(folder, force=force)
    if scenario is not None:
        name = scenario.resolve().stem if scenario.is_dir() else scenario.stem
        return write_workbook(scenario, folder / f"{name}.xlsx", lang=lang, allow_outside=allow_outside)
    with tempfile.TemporaryDirectory() as parts:
        return write_workbook(write_starter(Path(parts) / "starter", lang), folder / WORKBOOK, lang=lang)
