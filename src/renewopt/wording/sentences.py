"""Sentences that know both languages.

A sentence is written in English where it is needed, with names for what is filled in: ``words("there is no {kind}
{id!r}", kind=…, id=…)``. It is a text like any other, and `Wording.said` says it in Chinese, from the table in
:mod:`renewopt.wording.chinese` that is looked up by the English sentence. A test reads every call of `words` in the
package and holds both languages to the same names, so that no sentence is without its Chinese.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

from renewopt.vocabulary import LANGUAGES, TERMS, Language
from renewopt.wording.filling import filled
from renewopt.wording.places import HERE, Place, in_place, place

__all__ = [
    "LANGUAGES",
    "LONGEST",
    "NOTHING",
    "Called",
    "Language",
    "Names",
    "Term",
    "Wording",
    "as_is",
    "told",
    "worded",
    "words",
]

LONGEST = 400
"""Signs of a text that is filled into a sentence; a longer one is cut, since it may be a whole file."""


FOREIGN = "{text}"
"""Sentence of a text that is not ours, and stays as it is."""


class _Shown(str):
    """A text that is shown with its invisible characters written out, since they could move what stands around it."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return format("".join(map(_visible, self)), spec)


def _visible(sign: str) -> str:
    printed = sign.isprintable() or unicodedata.category(sign) == "Zs"
    return sign if printed else sign.encode("unicode_escape").decode("ascii")


def _brief(value: Any) -> Any:
    """Cut a text that is no sentence of ours, and let its invisible characters be seen."""
    if type(value) is not str:
        return value
    short = f"{value[: LONGEST - 1]}…" if len(value) > LONGEST else value
    return short if short.isprintable() else _Shown(short)


class Names(str):
    """Names in a row, as a text: with commas in English, with ``、`` in Chinese.

    Parameters
    ----------
    items : iterable of str
        May hold sentences of their own.
    """

    __slots__ = ("items",)
    items: tuple[str, ...]

    def __new__(cls, items: Iterable[str]) -> Self:
        """Join the names in English."""
        listed = tuple(map(_brief, items))
        self = super().__new__(cls, ", ".join(map(format, listed)))
        self.items = listed
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.items,)

    def said(self, language: Language) -> str:
        """Join the names in a language."""
        return ("、" if language == "zh" else ", ").join(format(_said(item, language)) for item in self.items)


class Term(str):
    """A word of a vocabulary (a route, a use of money), as a text that both languages know.

    Examples
    --------
    >>> voucher = Term("route", "voucher")
    >>> voucher, voucher.said("zh")
    ('voucher', '购房凭证')
    """

    __slots__ = ("code", "kind")
    kind: str
    code: str

    def __new__(cls, kind: str, code: str) -> Term:
        """Say it in English."""
        self = super().__new__(cls, in_place("en", TERMS[kind][code].english, plain=True))
        self.kind, self.code = kind, code
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.kind, self.code)

    def said(self, language: Language) -> str:
        """Say it in a language."""
        return in_place("zh", TERMS[self.kind][self.code].chinese, plain=True) if language == "zh" else str(self)


class Called(str):
    """An id, as a text; in Chinese the name that the planner gave."""

    __slots__ = ("name",)
    name: str

    def __new__(cls, identifier: str, name: str) -> Called:
        """Write the id."""
        self = super().__new__(cls, identifier)
        self.name = name
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (str(self), self.name)

    def said(self, language: Language) -> str:
        """Say it in a language."""
        return self.name if language == "zh" else str(self)


class Wording(str):
    """A sentence: a text in English that can be said in Chinese too.

    Parameters
    ----------
    sentence : str
        In English, with places to fill as `filled` has them.
    values : mapping of str to object
        What is filled in; sentences and `Names` among them follow the language.

    It speaks of the place that was spoken of when it was written, else of the one where it is said.
    """

    __slots__ = ("place", "sentence", "values")
    sentence: str
    values: Mapping[str, object]
    place: Place

    def __new__(cls, sentence: str, values: Mapping[str, object], of: Place | None = None) -> Wording:
        """Fill in the English sentence."""
        if of is not None and of != place():
            with of.spoken():
                return cls(sentence, values)
        foreign = sentence == FOREIGN
        brief = {name: value if foreign else _brief(value) for name, value in values.items()}
        here = place()
        english = sentence if here is HERE or foreign else in_place("en", sentence)
        self = super().__new__(cls, filled(english, brief if here is HERE else _all_said(brief, "en")))
        self.sentence = sentence
        self.values = brief
        self.place = here
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.sentence, dict(self.values), self.place)

    def said(self, language: Language) -> str:
        """Say it in a language; a sentence without Chinese is said in English."""
        if self.place == HERE or self.place == place():
            return self._said_here(language)
        with self.place.spoken():
            return self._said_here(language)

    def calling(self, called: Callable[[str], str]) -> Wording:
        """Say the same with ids that Chinese calls by names; `called` gives the name, or the text as it is."""

        def of(value: Any) -> Any:
            if isinstance(value, Wording):
                return value.calling(called)
            if isinstance(value, Names):
                return Names(map(of, value.items))
            return Called(value, called(value)) if type(value) is str else value

        return Wording(self.sentence, {name: of(value) for name, value in self.values.items()}, self.place)

    def _said_here(self, language: Language) -> str:
        sentence = None
        if language == "zh":
            from renewopt.wording.chinese import CHINESE

            sentence = CHINESE.get(self.sentence)
        if sentence is None and (self.place == place() or self.sentence == FOREIGN):
            return str(self)
        written = self.sentence if sentence is None else sentence
        return filled(in_place("en" if sentence is None else "zh", written), _all_said(self.values, language))


def _all_said(values: Mapping[str, Any], language: Language) -> dict[str, Any]:
    return {name: _said(value, language) for name, value in values.items()}


def _said(value: Any, language: Language) -> Any:
    return value.said(language) if isinstance(value, Wording | Names | Term | Called) else value


def words(sentence: str, /, **values: object) -> Wording:
    """Write a sentence.

    Examples
    --------
    >>> sentence = words("the file is empty")
    >>> sentence, sentence.said("zh")
    ('the file is empty', '文件是空的')
    """
    return Wording(sentence, values)


def as_is(text: object) -> Wording:
    """Take a text of somebody else's, such as an operating system's, as it is."""
    return Wording(FOREIGN, {"text": str(text)})


NOTHING = Wording("", {})
"""Nothing to say."""


def told(error: BaseException, language: Language) -> str:
    """Say what an error tells, in a language as far as it knows it.

    Examples
    --------
    >>> told(ValueError(words("the file is empty")), "zh")
    '文件是空的'
    """
    said = getattr(error, "said", None)
    if callable(said):
        return str(said(language))
    first = error.args[0] if len(error.args) == 1 else None
    return first.said(language) if isinstance(first, Wording) else str(error)


def worded(error: BaseException) -> Wording:
    """Take the sentence that an error carries, or its text as it is."""
    first = error.args[0] if len(error.args) == 1 else None
    return first if isinstance(first, Wording) else as_is(error)
