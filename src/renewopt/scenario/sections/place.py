"""The scenario's place: what money is called there, and what words it has of its own."""

import unicodedata
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from renewopt.scenario.fields import Count, Section, key
from renewopt.scenario.meanings import Kind
from renewopt.vocabulary import PLACE_TERMS, PlaceTermName
from renewopt.wording import HERE, Currency, OwnWord, Place, words

__all__ = ["CurrencyUnit", "PlaceWord", "PlaceWords", "place_of"]

LONGEST = 40
"""Signs of a word."""
_BESIDE_LETTERS = frozenset(" -'’·./")


def _a_word(text: str) -> str:
    """Take a word that needs no escaping wherever it is written: letters, and few signs between them."""
    text = unicodedata.normalize("NFC", text.strip())
    if not text[:1].isalpha() or not all(_of_a_word(sign) for sign in text):
        raise ValueError(
            words("{text!r} is no word; letters, spaces, hyphens and apostrophes were expected", text=text)
        )
    return text


def _of_a_word(sign: str) -> bool:
    """Whether a sign is a letter, a mark upon one, or stands between letters."""
    return sign in _BESIDE_LETTERS or unicodedata.category(sign)[0] in "LM"


def _a_symbol(text: str) -> str:
    text = text.strip()
    if not text or not all(sign.isalpha() or sign == "." or unicodedata.category(sign) == "Sc" for sign in text):
        raise ValueError(words("{text!r} is no sign of a currency, such as £ or Rs", text=text))
    return text


def _a_code(text: str) -> str:
    if not (len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()):
        raise ValueError(words("{text!r} is no code of a currency; three capital letters were expected", text=text))
    return text


def _digits(number: int) -> int:
    if number not in (0, 2):
        raise ValueError(
            words(
                "{number} {number:digit|digits}: accounts are kept in hundredths, so that it is 2, or 0", number=number
            )
        )
    return number


_FORMS = {
    form.casefold(): code
    for code, term in PLACE_TERMS.items()
    for form in (code, term.one, term.several, *term.chinese)
} | {"房票": "voucher"}


def _a_term(stated: Any) -> Any:
    """Take a term as it is written in sentences, too: transition fee, 过渡费."""
    return _FORMS.get(" ".join(stated.split()).casefold(), stated) if isinstance(stated, str) else stated


Word = Annotated[str, Kind("text"), Field(min_length=1, max_length=LONGEST), AfterValidator(_a_word)]
Symbol = Annotated[str, Kind("text"), Field(min_length=1, max_length=5), AfterValidator(_a_symbol)]
Code = Annotated[str, Kind("text"), AfterValidator(_a_code)]
Term = Annotated[PlaceTermName, BeforeValidator(_a_term)]


class CurrencyUnit(Section):
    """What money is called, and how it is written."""

    name: Word | None = key(None, "in English, of several: pounds", "英文名称复数", "如 pounds")
    one: Word | None = key(
        None, "in English, of one: pound; default: as of several", "英文名称单数", "如 pound；不填：与复数相同"
    )
    chinese: Word | None = key(None, "in Chinese: 英镑; default: as in English", "中文名称", "如 英镑；不填：英文名称")
    symbol: Symbol | None = key(None, "sign before an amount: £", "符号", "写在金额之前，如 £")
    code: Code | None = key(None, "three capital letters: GBP", "代码", "三个大写字母，如 GBP")
    digits: Annotated[Count, AfterValidator(_digits)] = key(
        2, "after the point: 2, or 0", "小数位数", "小数点后的位数：2 或 0"
    )
    large: Literal["thousands", "myriads"] = key(
        "thousands", "how Chinese texts group large amounts: 1,234,567 or 123.46万", "大额写法", "逐位写出，或按万、亿"
    )

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.name is None:
            raise ValueError(words("state `name`: what amounts are in, such as pounds"))
        return self


class PlaceWord(Section):
    """What the place calls a term."""

    term: Term = key(..., "what renewopt calls it", "术语", "本软件的用词")
    one: Word | None = key(None, "of one, in English: rent allowance", "英文单数", "如 rent allowance")
    several: Word | None = key(
        None,
        "of several, in English: rent allowances; default: `one`",
        "英文复数",
        "如 rent allowances；不填：与单数相同",
    )
    chinese: Word | None = key(None, "in Chinese", "中文", "如 租金补贴")

    @model_validator(mode="after")
    def _called(self) -> Self:
        if self.one is None and self.chinese is None:
            raise ValueError(words("state `one`, the word in English, or `chinese`"))
        return self


def _each_once(own: list[PlaceWord]) -> list[PlaceWord]:
    twice = [word.term for number, word in enumerate(own) if word.term in {other.term for other in own[:number]}]
    if twice:
        raise ValueError(words("the {what} {value!r} stands twice", what=words("term"), value=twice[0]))
    return own


PlaceWords = Annotated[list[PlaceWord], AfterValidator(_each_once)]


def place_of(currency: CurrencyUnit | None, own: list[PlaceWord]) -> Place:
    """Return the place that is spoken of."""
    if currency is None:
        return Place(words=_own(own)) if own else HERE
    name = currency.name or ""
    return Place(
        Currency(
            name,
            currency.one or name,
            currency.chinese or name,
            currency.symbol or "",
            currency.code or "",
            currency.digits,
            currency.large == "myriads",
        ),
        _own(own),
    )


def _own(own: list[PlaceWord]) -> tuple[OwnWord, ...]:
    return tuple(OwnWord(word.term, word.one or "", word.several or "", word.chinese or "") for word in own)
