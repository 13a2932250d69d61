"""Why an output cannot go where it was to go."""

from __future__ import annotations

import errno
from pathlib import Path

from renewopt.errors import RenewoptError
from renewopt.wording import Wording, as_is, words

__all__ = [
    "IncompleteOutputError",
    "OutputBusyError",
    "OutputError",
    "OutputExistsError",
    "OutputLostError",
    "OutputMovedError",
    "OutputUnwritableError",
    "reason_of",
]


class OutputError(RenewoptError):
    """An output cannot go where it was to go."""


class OutputExistsError(OutputError):
    """The output folder exists, or holds files that are not ours or that the scenario reads.

    Parameters
    ----------
    folder
        As the user calls it.
    sentence
        What stands in the way; default: that the folder exists, and overwriting was not asked for.
    """

    def __init__(self, folder: Path, sentence: Wording | None = None) -> None:
        self.folder = folder
        super().__init__(
            sentence
            or words(
                "{folder} exists already; choose another folder (with --force, plan, diff and init replace what they "
                "wrote themselves)",
                folder=folder,
            )
        )


class OutputBusyError(OutputError):
    """Somebody else is writing into the folder.

    Parameters
    ----------
    folder
        As the user calls it.
    lock
        File that says so, where it could have been left by a process that was killed: a file system without locks.
    """

    def __init__(self, folder: Path, lock: Path | None = None) -> None:
        self.folder = folder
        busy = words("another renewopt is writing into {folder}; wait for it, or choose another folder", folder=folder)
        super().__init__(
            busy if lock is None else words("{busy} (if there is none, delete {lock})", busy=busy, lock=lock)
        )


class OutputUnwritableError(RenewoptError):
    """It was tried beforehand, and nothing can be written there."""

    def __init__(self, folder: Path, reason: Wording, size: int = 0) -> None:
        self.folder = folder
        super().__init__(
            words(
                "nothing can be written into {folder}: {reason} (about {size:.0f} MB are needed); "
                "choose another folder",
                folder=folder,
                reason=reason,
                size=max(size / 1e6, 1),
            )
        )


class OutputMovedError(OutputError):
    """Writing failed; what was to be written lies elsewhere, each file whole.

    Attributes
    ----------
    folder, saved
        Where it was to go, and where it is.
    """

    def __init__(self, folder: Path, saved: Path, reason: Wording, *, in_part: bool = False) -> None:
        self.folder, self.saved = folder, saved
        if in_part:
            told = words(
                "writing into {folder} failed: {reason}; what is missing there was saved in {saved}",
                folder=folder,
                saved=saved,
                reason=reason,
            )
        else:
            told = words(
                "writing into {folder} failed: {reason}; all of it was saved in {saved} instead",
                folder=folder,
                saved=saved,
                reason=reason,
            )
        super().__init__(told)


class OutputLostError(OutputError):
    """Writing failed, and it failed in every other place that was tried."""

    def __init__(self, folder: Path, reason: Wording) -> None:
        self.folder = folder
        super().__init__(
            words(
                "writing into {folder} failed: {reason}; no other folder could be written either, nothing was saved",
                folder=folder,
                reason=reason,
            )
        )


class IncompleteOutputError(RenewoptError):
    """A file that only tells of the rest, such as a report, could not be made; the rest was written."""

    def __init__(self, folder: Path, name: str, error: Exception) -> None:
        self.folder = folder
        self.__cause__ = error
        system = next((each for each in (error, error.__cause__, error.__context__) if isinstance(each, OSError)), None)
        if system is None:
            told = words(
                "internal error: {name} could not be made ({error}); everything else was written to {folder}; "
                "please report this",
                name=name,
                error=f"{type(error).__name__}: {error}",
                folder=folder,
            )
        else:  # such as no room among the system's temporaries
            told = words(
                "{name} could not be made: {reason}; everything else was written to {folder}",
                name=name,
                reason=reason_of(system),
                folder=folder,
            )
        super().__init__(told)


def reason_of(error: OSError) -> Wording:
    """Say what the operating system refused, where it is one of the usual things."""
    known = _REASONS.get(error.errno or 0)
    return known if known is not None else as_is(error.strerror or error)


_REASONS = {
    errno.EACCES: words("no permission"),
    errno.EPERM: words("no permission"),
    errno.ENOENT: words("no such file or folder"),
    errno.ENOSPC: words("the disk is full"),
    errno.EDQUOT: words("no more space is allowed to this user"),
    errno.EROFS: words("it can only be read from"),
    errno.EIO: words("the disk reports a fault"),
    errno.ENAMETOOLONG: words("the name or the path is too long"),
    errno.EISDIR: words("this is a folder, a file was expected"),
    errno.ENOTDIR: words("a file stands where a folder was expected"),
    errno.EEXIST: words("a file stands where a folder was expected"),
}
