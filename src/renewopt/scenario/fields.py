"""Field types of a scenario: money, months, shares, ids, each refusing what would be mistaken for it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from renewopt.scenario.cells import parse_cell_month, parse_cell_span, refuse_months_twice
from renewopt.scenario.meanings import WORDS, Kind, Meaning
from renewopt.scenario.stated_frames import with_items
from renewopt.scenario.table_specs import TABLES
from renewopt.units import Month as MonthValue
from renewopt.units import Span, parse_money, parse_share
from renewopt.wording import all_seen, words


def _month(value: Any) -> MonthValue:
    if isinstance(value, MonthValue):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(words("{value!r} is not a month; expected YYYY-MM, such as 2024-06", value=value))
    return parse_cell_month(str(value))


def _span_key(value: Any) -> Span:
    return value if isinstance(value, Span) else Span.parse(parse_cell_span(str(value), strict=True))


def _month_key(value: Any) -> MonthValue:
    return value if isinstance(value, MonthValue) else parse_cell_month(str(value))


def _each_once(value: Any) -> Any:
    refuse_months_twice(value if isinstance(value, dict) else ())
    return value


def _not_boolean(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError(words("{lower} is a yes/no value; a number is expected here", lower=str(value).lower()))
    return value


def _an_id(text: str) -> str:
    if not text.strip():
        raise ValueError(words("{text!r} is blank; a name was expected", text=text))
    if not all_seen(text):
        raise ValueError(words("{text!r} holds a line end or an invisible character", text=text))
    return text


def _a_name(text: str) -> str:
    """Take a name; line ends around it are those of a block of text."""
    if not all_seen(text.strip()):
        raise ValueError(words("{text!r} holds a line end or an invisible character", text=text))
    return text


_MONEY_SCHEMA = {
    "anyOf": [
        {"type": "number"},
        {"type": "string", "pattern": r"^[+-]?[0-9.,_]+\s*(亿元|万元|元|亿|万|yuan|wan)?$"},
        # In the scenario's own currency, which a schema cannot know.
        {"type": "string", "pattern": r"^([^0-9+.,_-]+\s*[+-]?[0-9.,_]+|[+-]?[0-9.,_]+\s*[^0-9+.,_-]+)$"},
    ]
}
_SHARE_SCHEMA = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[0-9.]+\s*[%％]$"}]}

Month = Annotated[
    MonthValue,
    Kind("month"),
    BeforeValidator(_month),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}$"}),
]
"""A calendar month: ``YYYY-MM``, or as registers have it."""
MonthKey = Annotated[
    MonthValue,
    Kind("month"),
    BeforeValidator(_month_key),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}$"}),
]
"""A calendar month before a colon, written as a value may be; none is stated twice (`_each_once`)."""
SpanKey = Annotated[
    Span,
    Kind("span of months", cell="span"),
    BeforeValidator(_span_key),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": r"^(\d{4}-\d{2}(\.\.(\d{4}-\d{2})?)?|\.\.\d{4}-\d{2})$"}),
]
"""A month or a span of months for which an amount holds: ``2024-03``, ``2024-01..2024-06``, ``2024-07..``."""
Money = Annotated[
    Decimal,
    Kind("money", unit="yuan"),
    BeforeValidator(parse_money),
    Field(ge=0, le=Decimal("1e13"), allow_inf_nan=False),
    WithJsonSchema(_MONEY_SCHEMA),
]
"""Yuan ≥ 0: a number, or text with a unit (800万元, 5亿元)."""
Share = Annotated[
    Decimal,
    Kind("share"),
    BeforeValidator(parse_share),
    Field(ge=0, le=1, allow_inf_nan=False),
    WithJsonSchema(_SHARE_SCHEMA),
]
"""A fraction from 0 to 1, or a percentage."""
Rate = Annotated[
    Decimal,
    Kind("rate", cell="share"),
    BeforeValidator(parse_share),
    Field(ge=0, le=Decimal("0.5"), allow_inf_nan=False),
    WithJsonSchema(_SHARE_SCHEMA),
]
"""A rate of interest from 0 to 50 %, as a fraction or a percentage."""
Number = Annotated[
    Decimal, Kind("number"), BeforeValidator(_not_boolean), Field(ge=0, le=Decimal("1e12"), allow_inf_nan=False)
]
"""A finite number ≥ 0."""
Count = Annotated[int, Kind("count"), BeforeValidator(_not_boolean), Field(ge=0, le=100_000_000, strict=True)]
"""A whole number ≥ 0."""
MoneyByMonth = Annotated[dict[MonthKey, Money], BeforeValidator(_each_once)]
NumberByMonth = Annotated[dict[MonthKey, Number], BeforeValidator(_each_once)]
"""An amount in each month."""
MoneyBySpan = Annotated[dict[SpanKey, Money], Field(min_length=1), BeforeValidator(_each_once)]
CountBySpan = Annotated[dict[SpanKey, Count], Field(min_length=1), BeforeValidator(_each_once)]
"""Another limit in each span of months; none in months that no span names."""
Months = Annotated[int, Kind("months", unit="months"), BeforeValidator(_not_boolean), Field(ge=0, le=3000, strict=True)]
"""A number of months ≥ 0."""
Boolean = Annotated[bool, Kind("yes/no", cell="boolean"), Field(strict=True)]
"""``true`` or ``false``."""
Multiplier = Annotated[
    Decimal, Kind("multiplier", cell="number"), BeforeValidator(_not_boolean), Field(ge=0, le=10, allow_inf_nan=False)
]
Id = Annotated[str, Kind("id"), Field(min_length=1, max_length=200), AfterValidator(_an_id)]
"""A planner's own name for something; Chinese or English, without characters that are not seen."""
Name = Annotated[str, Kind("text"), AfterValidator(_a_name)]
"""What reports call something: one line of text."""


class Section(BaseModel):
    """Base of every section: unknown keys refused, values fixed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _listed(cls, stated: Any) -> Any:
        """Take DataFrames for lists of items."""
        return with_items(stated, frozenset(TABLES)) if isinstance(stated, dict) else stated


def key(default: Any, english: str, header: str, chinese: str, **more: Any) -> Any:
    """Declare a key of a section: its default (``...`` where it must be stated) and its meaning in both languages.

    Parameters
    ----------
    default, english, header, chinese
        The last three as in `renewopt.scenario.meanings.Meaning`.
    **more
        Further words of a `Meaning`; the rest is pydantic's, such as ``alias``.
    """
    said = {name: more.pop(name) for name in WORDS if name in more}
    meaning = Meaning(english, header, chinese, **said)
    if "default_factory" in more:
        return Field(description=meaning, **more)
    checked = default is not ... and default is not None
    return Field(default, description=meaning, validate_default=checked or None, **more)
