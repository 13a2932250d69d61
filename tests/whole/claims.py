"""What the second reading knows of households: claims, and the offers that they have."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

from tests.whole.files import date, half_up
from tests.whole.stating import Tree

NEVER = 10**6
PERIODS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
Need = tuple[str, ...]
"""use, project, developer, estate, name, whether it is prompt."""


def days_of(month: int) -> int:
    """Days of a month, counted from year 0."""
    year, number = divmod(month, 12)
    return monthrange(year, number + 1)[1]


def day_of(row: Tree, project: Tree) -> int | None:
    """Day of moving out: of the row, of the date in it, or of its project."""
    stated = row.get("moved_out_day") or date(row.get("moved_out", "0-0"))[2] or project.get("moved_out_day")
    return None if stated is None else int(stated)


def in_advance(claim: Claim) -> bool:
    return claim.curve is None and period_of(claim) > 1 and bool(claim.policy.get("in_advance"))


def period_of(claim: Claim) -> int:
    """Months of a period of payment; a fee that is given directly is never paid in advance."""
    given = claim.curve is not None and claim.policy.get("in_advance")
    return 1 if given else PERIODS[claim.policy.get("frequency", "monthly")]


def late(claim: Claim, month: int) -> bool:
    """Whether a month is overdue for who still waits in it."""
    if claim.curve is not None:
        return next((late for since, _, late in reversed(claim.curve) if since <= month), False)
    return month >= claim.overdue_from


def passed_over(policy: Tree) -> int:
    """Months from moving out to the first with a fee."""
    return int(policy.get("first_month") == "next")


def part_of(value: int, part: int, parts: int) -> int:
    """Part number `part` of so many equal whole parts that add up."""
    return value * (part + 1) // parts - value * part // parts


@dataclass
class Claim:
    """A household, a cohort, or one of the homes due to a household."""

    household: str
    part: int
    parts: int
    project: Tree
    row: Tree
    policy: Tree
    homes: Tree | None
    count: int
    moved_out: int
    day: int | None
    """Day of the month of moving out, where it is stated."""
    begins: int
    """First month with a fee."""
    overdue_from: int
    deadline: int
    """Last month in which it must be housed; `NEVER` where none binds within the horizon."""
    bars_after: int
    """No offer houses it later."""
    due: Fraction
    """m² that it is entitled to."""
    whole_due: int
    """1/10,000 m² that its whole household is entitled to."""
    begin: Fraction
    end: Fraction
    """From which to which share of its household's entitlement, bands and cap it is."""
    since: int = -NEVER
    until: int = NEVER
    """Months from and up to which (not counted) there is such a household."""
    prepaid: int = 0
    """Fen that it was paid too much before the start."""
    curve: list[tuple[int, Fraction, bool]] | None = None
    """Its fee where it is given directly: month from which it holds, yuan a month, whether it is overdue."""
    further: list[Claim] = field(default_factory=list)
    """Further parts of its fee, as if each were a household of its own."""

    def lives(self, month: int) -> bool:
        return self.since <= month < self.until

    @property
    def portion(self) -> Fraction:
        return self.end - self.begin

    def of(self, value: int) -> int:
        """Its part of what is its household's."""
        return floor(value * self.end) - floor(value * self.begin)


@dataclass
class Offer:
    """What a claim may choose, with everything that follows."""

    claim: Claim
    route: str
    label: str
    first: int
    last: int
    housed_after: int
    tail: int
    tail_multiplier: Fraction | None
    price: int = 0
    factors: list[Fraction] = field(default_factory=list)
    """On the price, by month of choice."""
    need: Need | None = None
    schedule: list[tuple[int, Fraction]] = field(default_factory=lambda: [(0, Fraction(1))])
    """Months after the choice, and share due by then."""
    paid: list[tuple[int, int, Need]] = field(default_factory=list)
    """Months after the choice, fen paid to or for the household, and the need that pays it."""
    received: list[tuple[int, int, str]] = field(default_factory=list)
    """Months after the choice, fen that it pays, and the fund that receives it."""
    stock: list[tuple[str, Fraction]] = field(default_factory=list)
    disutility: Fraction = Fraction(0)
    programme: str = ""
    given: Fraction = Fraction(-1)
    top_up: int = 0
    refund: int = 0
    """Fen that the household pays for its home, and is paid for what it lacks."""
    match: str = ""
    """How a home meets the entitlement by which a home policy offers it: reaches, below, fallback."""
    right: int | None = None
    """The right to switch by which alone it is open, among those of the project."""
    amounts: int = 0
    """Fen of instalments that are stated in yuan, instead of a price."""
    stream: list[int] | None = None
    """Fen of fee in the month of choice and after, where stated."""
    agreed: bool = False
    """Dearer than the household need pay: it consents to it."""

    def price_in(self, month: int) -> int:
        return half_up(self.price * self.factors[month])

    def due(self, month: int) -> Iterator[tuple[int, int]]:
        """Month and fen of each instalment of the price, if chosen in a month."""
        price, before = self.price_in(month), 0
        for after, share_due in self.schedule:
            now = half_up(price * share_due)
            yield month + after, now - before
            before = now
