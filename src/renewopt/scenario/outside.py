"""Where a table may lie that a scenario names: in the scenario's folder or below, unless the caller allows more."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

from renewopt.wording import Wording, words

__all__ = ["MEND", "place_of"]

MEND = words("copy it into the scenario's folder; if it may lie elsewhere, allow that: --allow-outside")


def place_of(stated: str, folder: Path, *, allow_outside: bool) -> tuple[PurePosixPath, Path, Wording | None]:
    """Find the file that a scenario names, and say what speaks against reading it.

    Nothing outside is looked at, not even whether it exists, unless the caller allows it.

    Parameters
    ----------
    stated : str
        As the scenario says it, with strokes of either kind.
    folder : Path
        Of the scenario.
    allow_outside : bool

    Returns
    -------
    relative : PurePosixPath
        As findings call it.
    path : Path
        The file; links followed where it has to lie inside.
    fault : Wording or None
        Why it is not read.
    """
    relative = PurePosixPath(stated.replace("\\", "/"))
    path = folder / relative
    if "\0" in stated:
        return relative, path, words("no file can be called so")
    if allow_outside:
        return relative, path, None
    if relative.is_absolute() or path.drive != folder.drive or PureWindowsPath(stated).root or ".." in relative.parts:
        return relative, path, words("{file!r} lies outside of the scenario's folder", file=stated)
    try:
        real = path.resolve()
    except (OSError, RuntimeError):
        return relative, path, words("{file!r} is a link that leads in a circle", file=stated)
    if not real.is_relative_to(folder.resolve()):
        return relative, path, words("{file!r} is a link that leads out of the scenario's folder", file=stated)
    return relative, real, None
