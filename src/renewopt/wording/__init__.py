"""What renewopt says to a planner, in English and Chinese: a sentence is written once, where it is needed."""

from renewopt.wording.sentences import LANGUAGES, LONGEST, NOTHING, Language, Names, Wording, as_is, told, worded, words
from renewopt.wording.visible import all_seen, visible, width

__all__ = [
    "LANGUAGES",
    "LONGEST",
    "NOTHING",
    "Language",
    "Names",
    "Wording",
    "all_seen",
    "as_is",
    "told",
    "visible",
    "width",
    "worded",
    "words",
]
