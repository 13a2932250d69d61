"""What a household costs month by month, paid when, as docs/rules.md says it; one month at a time, in fractions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from tests.whole.claims import NEVER, Claim, Offer, days_of, in_advance, late, part_of, period_of
from tests.whole.files import fen, half_up, number, ordinal, share


class Accruing:
    """Fees of a scenario that starts in a month (of year 0) and is planned for some."""

    start: int
    months: int
    after: int
    """Months after the horizon whose fees are valued."""

    def __init__(self) -> None:
        self._rest: dict[int, tuple[int, Fraction]] = {}

    def at(self, value: object) -> int:
        """Month as a number from the start."""
        return ordinal(value) - self.start

    def ordinary(self, claim: Claim, month: int) -> Fraction:
        """Yuan a month at multiplier 1."""
        if claim.curve is not None:
            return next((yuan for since, yuan, _ in reversed(claim.curve) if since <= month), Fraction(0))
        policy, row = claim.policy, claim.row
        rate = policy["rate"]
        steps = rate if isinstance(rate, list) else [{"yuan": rate}]
        since = [(self.at(step["from"]) if "from" in step else -NEVER, number(step["yuan"])) for step in steps]
        begin, yuan = max((step for step in since if step[0] <= month), key=lambda step: step[0])
        fee = self._basis(claim, month) * self._grown(claim, month, yuan, begin, "rate")
        if "household_minimum" in policy:
            least = Fraction(fen(policy["household_minimum"]), 100)
            fee = max(fee, self._grown(claim, month, least, -NEVER, "household_minimum"))
        if "household_maximum" in policy:
            most = Fraction(fen(policy["household_maximum"]), 100)
            fee = min(fee, self._grown(claim, month, most, -NEVER, "household_maximum"))
        highest: dict[str, Fraction] = {}
        for uplift in policy.get("uplifts", []):
            if uplift["group"] not in (row.get("groups") or []) or "once" in uplift:
                continue
            value = fee * share(uplift.get("percent", 0)) + Fraction(fen(uplift.get("monthly", 0)), 100)
            category = uplift.get("category", "group")
            highest[category] = max(highest.get(category, Fraction(0)), value)
        micro = half_up((fee + sum(highest.values())) * 1_000_000)
        return Fraction(part_of(micro, claim.part, claim.parts), 1_000_000)

    def _part_of_month(self, claim: Claim, month: int) -> Fraction:
        """What part of a month's fee is paid: all, but for the month of moving out."""
        how = claim.policy.get("first_month", "whole")
        if month != claim.moved_out or claim.curve is not None or how in ("whole", "next"):
            return Fraction(1)
        if how == "half":
            return Fraction(1, 2)
        days = days_of(self.start + month)
        assert claim.day is not None
        return Fraction(days - claim.day + 1, days)

    def _grown(self, claim: Claim, month: int, yuan: Fraction, since: int, what: str) -> Fraction:
        """What an amount stated since a month has grown to, to 1/10,000 yuan."""
        growth = claim.policy.get("growth")
        if growth is None or what not in growth.get("amounts", ["rate"]):
            return yuan
        every = growth.get("every", 12)
        first = self.at(growth["from"]) if "from" in growth else claim.begins + every
        # Those up to the month but for those up to the one in which it was stated.
        rises = max((month - first) // every + 1, 0) - max((since - first) // every + 1, 0)
        by = share(growth["by"])
        grown = yuan * ((1 + by) ** rises if growth.get("compound", True) else 1 + by * rises)
        if what == "rate" and "at_most" in growth:
            grown = min(grown, number(growth["at_most"]))
        return Fraction(half_up(grown * 10_000), 10_000)

    def _basis(self, claim: Claim, month: int) -> Fraction:
        policy, row = claim.policy, claim.row
        basis = policy.get("basis", "area")
        if basis == "household":
            return Fraction(1)
        if basis == "person":
            return number(row["persons"])
        area = number(row["area"])
        if row.get("part_month") and month >= self.at(row["part_month"]):
            return max(area - number(row["part_area"]), Fraction(0))
        return max(area, number(policy.get("area_floor", 0)))

    def multiplier(self, claim: Claim, month: int) -> Fraction:
        if not claim.lives(month):
            return Fraction(0)
        if claim.curve is not None:
            return Fraction(1)
        if month < claim.begins:
            return Fraction(0)
        turnover = bool(claim.row.get("turnover"))
        late = month - claim.overdue_from
        steps = claim.policy.get("turnover" if turnover else "overdue", [{"multiplier": 1}] if turnover else [])
        acting = [step for step in steps if late >= step.get("after", 0)] if late >= 0 else []
        if not acting:
            return Fraction(0 if turnover else 1)
        return number(max(acting, key=lambda step: step.get("after", 0))["multiplier"])

    def _accrued(self, claim: Claim, month: int) -> Fraction:
        """Yuan that a month in which it waits costs, whenever it is paid."""
        return sum((self._paid_for(part, month, [month]) for part in (claim, *claim.further)), Fraction(0))

    def _paid_for(self, part: Claim, month: int, months: Iterable[int]) -> Fraction:
        """Yuan that some months cost, at the rate of one of them."""
        times = [self.multiplier(part, each) * self._part_of_month(part, each) for each in months]
        return self.ordinary(part, month) * sum(times, Fraction(0))

    def _whole_fee(self, claim: Claim, month: int) -> int:
        """Fen that a month in which it waits costs, or that is paid in it in advance, whatever was paid before."""
        if not in_advance(claim):
            return half_up(self._accrued(claim, month) * 100)
        period, total = period_of(claim), Fraction(0)
        for part in (claim, *claim.further):
            after = (month - self._anchor(claim)) % period
            first = max(part.begins, part.since)
            if month == first or (month > first and after == 0):
                total += self._paid_for(part, month, range(month, month + period - after))
        return half_up(total * 100)

    def _anchor(self, claim: Claim) -> int:
        """A month in which a period of payment begins."""
        return claim.begins if claim.policy.get("period_from") == "moving_out" else -self.start

    def _left(self, claim: Claim, month: int) -> Fraction:
        """What part of a month's fee is left to be paid after what was paid too much before the start."""
        if id(claim) not in self._rest:
            before = sum(self._running(claim))
            prepaid = max(claim.prepaid - before, 0)
            used_up = 0
            while prepaid and used_up < self.months + self.after + 60:
                whole = self._whole_fee(claim, used_up)
                if whole > prepaid:
                    break
                prepaid, used_up = prepaid - whole, used_up + 1
            whole = self._whole_fee(claim, used_up)
            self._rest[id(claim)] = used_up, Fraction(whole - prepaid, whole) if whole else Fraction(1)
        used_up, part = self._rest[id(claim)]
        return Fraction(0) if month < used_up else part if month == used_up else Fraction(1)

    def fee(self, claim: Claim, month: int) -> int:
        """Fen that one household of a claim costs in a month in which it waits."""
        return half_up(self._whole_fee(claim, month) * self._left(claim, month))

    def fees(self, offer: Offer | None, claim: Claim, chosen: int) -> dict[int, int]:
        """Fen by month of one household that takes an offer in a month, or none: rule 2 of the accounts."""
        if offer is None:
            return {month: self.fee(claim, month) for month in range(self.months + self.after)}
        if offer.stream is not None:
            due = {month: self.fee(claim, month) for month in range(chosen)}
            return due | {chosen + after: amount for after, amount in enumerate(offer.stream)}
        housed = chosen + offer.housed_after
        due = {month: self.fee(claim, month) for month in range(housed)}
        tail = [month for month in range(housed, housed + offer.tail) if claim.lives(month)]
        if not self._in_step(claim):
            return due | {month: self.fee(claim, month) for month in tail}
        factor = self.multiplier(claim, housed) if offer.tail_multiplier is None else offer.tail_multiplier
        if not self._accrued(claim, housed):
            factor = Fraction(0)
        for month in tail:
            ordinary = sum((self._tail_of(part, month) for part in (claim, *claim.further)), Fraction(0))
            due[month] = half_up(ordinary * self._left(claim, month) * factor * 100)
        return due

    def _tail_of(self, part: Claim, month: int) -> Fraction:
        return self.ordinary(part, month) * self._part_of_month(part, month)

    def overdue(self, offer: Offer | None, claim: Claim, chosen: int, month: int) -> bool:
        """Whether the fee of a month counts as overdue: rule 2 of the accounts."""
        if offer is None or month < chosen + offer.housed_after:
            return late(claim, month)
        stated = offer.stream is None and offer.tail_multiplier is not None
        return late(claim, chosen + offer.housed_after) and not (stated and offer.tail_multiplier <= 1)

    def _in_step(self, claim: Claim) -> bool:
        """Whether all parts of a fee are multiplied alike in every month."""
        months = range(self.months + self.after + 12)
        return all(
            self.multiplier(part, month) == self.multiplier(claim, month) for part in claim.further for month in months
        )

    def waits(self, claim: Claim, until: int) -> int:
        """Months of the plan from moving out until a month."""
        return max(min(until, claim.until) - max(claim.moved_out, claim.since, 0), 0)

    def running(self, claim: Claim) -> int:
        """Fen of months before the start that are due with the period that runs then."""
        return max(sum(self._running(claim)) - claim.prepaid, 0)

    def _running(self, claim: Claim) -> Iterator[int]:
        if not in_advance(claim):
            for back in range(1, -self._anchor(claim) % period_of(claim) + 1):
                yield half_up(self._accrued(claim, -back) * 100)

    def falls_due(self, claim: Claim, month: int) -> int:
        """Month in which the fee of a month is paid."""
        period = 1 if in_advance(claim) else period_of(claim)
        return month + period - 1 - (month - self._anchor(claim)) % period
