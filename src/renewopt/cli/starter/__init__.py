"""The starter scenario that ``renewopt init`` writes, in English and Chinese."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from renewopt.results.failures import OutputExistsError
from renewopt.results.texts import Language

__all__ = ["write_starter"]

NAMES = {"district.yaml": "district.{lang}.yaml", "households.csv": "households.{lang}.csv"}
"""Files as they are written, and as they lie in the package."""


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
    if folder.exists() and not force and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputExistsError(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, packaged in NAMES.items():
        (folder / name).write_bytes(files(__name__).joinpath(packaged.format(lang=lang)).read_bytes())
    return folder / "district.yaml"
