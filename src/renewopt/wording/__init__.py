"""What renewopt says to a planner, in English and Chinese: a sentence is written once, where it is needed."""

from renewopt.wording.places import (
    HERE,
    YUAN,
    Currency,
    OwnWord,
    Place,
    in_currency,
    in_place,
    of_its_place,
    place,
    speak_of,
)
from renewopt.wording.sentences import LANGUAGES, LONGEST, NOTHING, Language, Names, Wording, as_is, told, worded, words
from renewopt.wording.visible import all_seen, visible, width

__all__ = [
    "HERE",
    "LANGUAGES",
    "LONGEST",
    "NOTHING",
    "YUAN",
    "Currency",
    "Language",
    "Names",
    "OwnWord",
    "Place",
    "Wording",
    "all_seen",
    "as_is",
    "in_currency",
    "in_place",
    "of_its_place",
    "place",
    "speak_of",
    "told",
    "visible",
    "width",
    "worded",
    "words",
]
