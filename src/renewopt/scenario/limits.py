"""How much of a scenario is read: bounds far above what a city has, so that no file can take a machine away.

Each bound is stated here once, and told on the page of limits (docs/limits.md). What lies below them is read in time
and memory that grow with its size.
"""

from __future__ import annotations

from renewopt.units import MAX_DIGITS

__all__ = [
    "MAX_BOOK_BYTES",
    "MAX_BUNDLES",
    "MAX_CELLS",
    "MAX_CELL_TEXT",
    "MAX_COLUMNS",
    "MAX_DEPTH",
    "MAX_DIGITS",
    "MAX_FINDINGS",
    "MAX_FUNDS",
    "MAX_ITEMS",
    "MAX_MONTHLY",
    "MAX_OFFERS",
    "MAX_PARTS",
    "MAX_PART_BYTES",
    "MAX_RATIO",
    "MAX_RELATED",
    "MAX_SCALAR",
    "MAX_TABLE_BYTES",
    "MAX_TEXTS",
    "MAX_TEXT_BYTES",
    "MAX_VALUES",
    "MAX_VARIANT_VALUES",
    "RATIO_FROM",
]

MAX_TEXT_BYTES = 20_000_000
"""Bytes of a YAML file; longer lists belong in a table beside it."""
MAX_VALUES = 1_000_000
"""Keys and values of a YAML file."""
MAX_SCALAR = 1_000_000
"""Signs of one text in a YAML file."""
MAX_ITEMS = 10_000
"""Items of a list, or keys of a mapping, that is no table."""
MAX_FUNDS = 1_000
"""Funds: each pays each bill in each month."""
MAX_VARIANT_VALUES = 2_000_000
"""Variants times keys and values of the scenario that each of them is merged into."""
MAX_DEPTH = 100
"""Mappings and lists within one another."""
MAX_FINDINGS = 1_000
"""Findings of a kind after which the rest is only said to be there."""

MAX_TABLE_BYTES = 500_000_000
"""Bytes of a CSV file."""
MAX_COLUMNS = 500
"""Columns of a CSV file."""
MAX_CELLS = 50_000_000
"""Cells of a table: rows times columns, empty ones among them."""

MAX_BOOK_BYTES = 200_000_000
"""Bytes of a workbook as it lies on the disk."""
MAX_PART_BYTES = 2_000_000_000
"""Bytes of a workbook's parts once unzipped."""
MAX_RATIO = 100
"""How many times larger a part of a workbook, and all of them together, may become when unzipped ..."""
RATIO_FROM = 50_000_000
"""... once it is so many bytes."""
MAX_PARTS = 10_000
"""Parts (files in the zip) of a workbook."""
MAX_CELL_TEXT = 100_000
"""Signs of the text of one cell of a workbook; a spreadsheet itself takes 32,767."""
MAX_TEXTS = 5_000_000
"""Different texts in the cells of a workbook."""

MAX_OFFERS = 100_000_000
"""Offers: households (rows) times what each of them may choose."""
MAX_RELATED = 20
"""Homes due to related households who ask for one estate."""
MAX_BUNDLES = 50_000
"""Bundles of homes in an estate."""
MAX_MONTHLY = 10_000_000
"""Entries of a table by month: bills, funds, or courses of fees, times months."""
