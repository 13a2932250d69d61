"""Writing: files and folders that are on disk whole or not at all, and never in place of what is not ours.

Everything that renewopt writes goes through this room, so that one place keeps the promises: nothing that we did not
write and nothing that a scenario reads is overwritten; at every instant the old output or the new one is whole on
disk, whatever fails and whenever the process is killed; two writers never mix.
"""

from renewopt.disk.claims import claimed, parents_made, settle_cut_off
from renewopt.disk.failures import (
    IncompleteOutputError,
    OutputBusyError,
    OutputError,
    OutputExistsError,
    OutputLostError,
    OutputMovedError,
    OutputUnwritableError,
    reason_of,
)
from renewopt.disk.files import PART, read_plain, write_whole
from renewopt.disk.folders import put_folder, put_inside
from renewopt.disk.ours import digest, foreign_files, refuse, refuse_foreign, refuse_inputs
from renewopt.disk.places import INSIDE, Claim, Kind
from renewopt.disk.trying import reserved, spare_folders, try_out

__all__ = [
    "INSIDE",
    "PART",
    "Claim",
    "IncompleteOutputError",
    "Kind",
    "OutputBusyError",
    "OutputError",
    "OutputExistsError",
    "OutputLostError",
    "OutputMovedError",
    "OutputUnwritableError",
    "claimed",
    "digest",
    "foreign_files",
    "parents_made",
    "put_folder",
    "put_inside",
    "read_plain",
    "reason_of",
    "refuse",
    "refuse_foreign",
    "refuse_inputs",
    "reserved",
    "settle_cut_off",
    "spare_folders",
    "try_out",
    "write_whole",
]
