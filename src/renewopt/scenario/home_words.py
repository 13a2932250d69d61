"""Words of a home, by which needs and wishes are stated: ``ground_floor``, ``barrier_free``, ``floor<=3``, a tag."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.units import parse_share
from renewopt.wording import words

__all__ = ["ALWAYS", "has_word", "is_of_every_home", "parse_metres", "rows_by_pool", "words_of"]

GROUND_FLOOR, BARRIER_FREE = "ground_floor", "barrier_free"
_SAID = {
    GROUND_FLOOR: GROUND_FLOOR, "ground floor": GROUND_FLOOR, "底层": GROUND_FLOOR, "一楼": GROUND_FLOOR,
    "一层": GROUND_FLOOR, "首层": GROUND_FLOOR,
    BARRIER_FREE: BARRIER_FREE, "barrier-free": BARRIER_FREE, "barrier free": BARRIER_FREE, "无障碍": BARRIER_FREE,
}  # fmt: skip
"""Words that every table of homes knows, as they may be written."""
ALWAYS = (GROUND_FLOOR, BARRIER_FREE, "floor<=3", "floor>=3")
"""Words that may be stated whatever the homes are called."""
_FLOOR = re.compile(r"(?:floor|楼层)\s*(<=|>=|≤|≥)\s*(\d{1,3})")
MOST_METRES = 1_000
"""m² that a wish may count as: more than any home has."""


def _narrow(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold().strip()


def is_of_every_home(word: str) -> bool:
    """Whether a word asks for what a column of its own says, so that no home need be called so."""
    narrow = _narrow(word)
    return narrow in _SAID or _FLOOR.fullmatch(narrow) is not None


def words_of(homes: pd.DataFrame) -> list[str]:
    """What the homes of a checked table are called: buildings, orientations and tags, in order."""
    named = {*homes["building"], *homes["orientation"], *(tag for cell in set(homes["tags"]) for tag in cell)}
    return sorted(named - {""})


def rows_by_pool(homes: pd.DataFrame) -> dict[tuple[str, str], NDArray[np.intp]]:
    """Rows of the homes of each estate and type, in their order."""
    rows: dict[tuple[str, str], list[int]] = {}
    for row, pool in enumerate(zip(homes["estate"], homes["type"], strict=True)):
        rows.setdefault(pool, []).append(row)
    return {pool: np.array(found, dtype=np.intp) for pool, found in rows.items()}


def has_word(homes: pd.DataFrame, word: str) -> NDArray[np.bool_]:
    """(X,) whether each home of a checked table has what a word asks for; a home of no known floor is on none."""
    narrow = _narrow(word)
    floor = homes["floor"].to_numpy(dtype=np.int64)
    said = _SAID.get(narrow)
    if said == GROUND_FLOOR:
        return np.asarray(floor == 1)
    if said == BARRIER_FREE:
        return homes["barrier_free"].to_numpy(dtype=np.bool_)
    match = _FLOOR.fullmatch(narrow)
    if match is not None:
        bound = int(match[2])
        return (floor >= 1) & ((floor <= bound) if match[1] in {"<=", "≤"} else (floor >= bound))
    codes, distinct = pd.factorize(homes["tags"].to_numpy(dtype=object))
    tagged = np.array([word in cell for cell in distinct], dtype=np.bool_)[codes]
    called = (homes["building"].to_numpy(dtype=object) == word) | (homes["orientation"].to_numpy(dtype=object) == word)
    return np.asarray(tagged | called)


def parse_metres(text: str) -> int:
    """Read the m² that a wish counts as, in hundredths.

    Raises
    ------
    ValueError
        If it is no number from 0 to `MOST_METRES`.
    """
    value = parse_share(text)
    if not 0 <= value <= MOST_METRES or text.rstrip().endswith(("%", "％")):
        raise ValueError(words("{text!r} is not a number of m² from 0 to {most:,}", text=text, most=MOST_METRES))
    return round(value * 100)
