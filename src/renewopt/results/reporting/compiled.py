"""Templates compiled once: their bytecode is kept where Python keeps that of modules, and under the same conditions."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from pickle import UnpicklingError

from jinja2.bccache import Bucket, BytecodeCache

from renewopt.disk import parents_made, write_whole

__all__ = ["KeptBytecode"]


class KeptBytecode(BytecodeCache):
    """Bytecode of the templates in a folder.

    Nothing is kept under ``PYTHONDONTWRITEBYTECODE`` or where it cannot be written; what is damaged, or was made of
    another text, by other options, or by another version of Python or of Jinja's format is made anew.

    Parameters
    ----------
    folder
        Of the templates.
    options
        What else the bytecode depends on.
    """

    def __init__(self, folder: Path, options: str) -> None:
        self.folder = folder
        self.options = options

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002 - Jinja passes it
        """Where the bytecode of a template is kept."""
        return cache_from_source(self.folder / name)

    def get_source_checksum(self, source: str) -> str:
        """What the bytecode has to be made of."""
        return super().get_source_checksum(f"{self.options}\n{source}")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with what is kept, if that is still right."""
        try:
            bucket.bytecode_from_string(Path(bucket.key).read_bytes())
        except (OSError, EOFError, ValueError, UnpicklingError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what has just been made, where that is wished and possible."""
        if sys.dont_write_bytecode:
            return
        with suppress(OSError), parents_made(Path(bucket.key).parent):
            write_whole(bucket.key, bucket.bytecode_to_string(), follow=False)
