"""The starter scenario that ``renewopt init`` writes, in English and Chinese."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from renewopt.disk import Kind, OutputExistsError, claimed, digest, foreign_files, put_folder, put_inside, refuse
from renewopt.disk import refuse_foreign as refuse_names
from renewopt.wording import Language

__all__ = ["write_starter", "write_starter_workbook"]

DISTRICT = "district.yaml"
NAMES = {DISTRICT: "district.{lang}.yaml", "households.csv": "households.{lang}.csv"}
"""Files as they are written, and as they lie in the package."""
WORKBOOK = "district.xlsx"
LANGUAGES: tuple[Language, ...] = ("en", "zh")


@cache
def _packaged(lang: Language) -> dict[str, bytes]:
    return {name: files(__name__).joinpath(kept.format(lang=lang)).read_bytes() for name, kept in NAMES.items()}


def _written(folder: Path) -> dict[str, list[str]] | None:
    """Digests of the files as they are written, in any language; None where there is no such scenario."""
    if not (folder / DISTRICT).is_file():
        return None
    return {name: [digest(_packaged(lang)[name]) for lang in LANGUAGES] for name in NAMES}


STARTER = Kind(frozenset(NAMES), DISTRICT, _written)
"""The folder of a starter scenario that nobody has changed yet."""


def write_starter(folder: Path, lang: Language, *, force: bool = False) -> Path:
    """Write the starter scenario.

    Parameters
    ----------
    folder
        Made if it does not exist.
    lang : {'en', 'zh'}
    force
        Write over a starter scenario that lies there and was not changed.

    Returns
    -------
    Path
        The scenario file.

    Raises
    ------
    OutputExistsError
        If the folder is not empty, and `force` is not given; or if it holds anything else, a changed file included.
    OSError
        If it cannot be written; the folder is as it was then.
    """
    refuse(folder, STARTER, force=force)
    with claimed(folder, STARTER) as claim:
        put_folder(claim, STARTER, _packaged(lang), force=force)
    return folder / DISTRICT


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
        Write into a folder that is not empty, and over such a workbook that was not changed since.
    allow_outside
        Whether tables of `scenario` may lie outside of its folder.

    Returns
    -------
    Path
        The workbook.

    Raises
    ------
    OutputExistsError
        If the folder is not empty, and `force` is not given; or if another file of that name lies there.
    ScenarioError
        If `scenario` is not right.
    OSError
        If it cannot be written; the folder is as it was then.
    """
    if folder.exists() and (not folder.is_dir() or (not force and any(folder.iterdir()))):
        raise OutputExistsError(folder)
    name = WORKBOOK if scenario is None else f"{(scenario.resolve() if scenario.is_dir() else scenario).stem}.xlsx"
    target = folder / name

    def written(within: Path) -> dict[str, list[str]] | None:
        """What a workbook of this scenario is, in any language; XlsxWriter writes the same bytes each time."""
        if not (within / name).is_file():
            return None
        known = {name: [digest(content_in(language)[0]) for language in LANGUAGES]}
        return {**known, **{other: [digest(table)] for other, table in copies.items()}}

    def content_in(language: Language) -> tuple[bytes, dict[str, bytes]]:
        return _book(scenario, target, language, allow_outside=allow_outside)

    content, copies = content_in(lang)
    kind = Kind(frozenset({name, *copies}), name, written)
    with claimed(folder, kind) as claim:
        if not claim.real.is_dir() or not any(claim.real.iterdir()):
            put_folder(claim, kind, {name: content, **copies})
            return target
        if target.exists() or target.is_symlink():
            refuse_names(folder, [other for other in foreign_files(claim.real, kind) if other == name])
        there = [other for other in (name, *copies) if (folder / other).exists()]
        put_inside(claim.real, kind, {name: content, **copies}, there)
    return target


def _book(
    scenario: Path | None, target: Path, lang: Language, *, allow_outside: bool
) -> tuple[bytes, dict[str, bytes]]:
    from renewopt.scenario.workbook.converting import book_of

    if scenario is not None:
        return book_of(scenario, target, lang, allow_outside=allow_outside)[:2]
    with TemporaryDirectory() as parts:
        return book_of(write_starter(Path(parts) / "starter", lang), target, lang)[:2]
