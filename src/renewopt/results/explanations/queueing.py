"""Who should have one thing more, in plain text."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from renewopt.results.aligning import align
from renewopt.results.explanations.telling import offer_told, proof_told, records
from renewopt.wording import Language, of_its_place, visible
from renewopt.wording.amounts import yuan
from renewopt.wording.phrases import say, word

if TYPE_CHECKING:
    from renewopt.results.explanations.record import NextRecord

__all__ = ["summarise_next"]


@of_its_place
def summarise_next(found: NextRecord, lang: Language) -> str:
    """Tell who comes next.

    Parameters
    ----------
    found
    lang : {'en', 'zh'}
    """
    return visible("\n".join(_lines(found, lang)))


def _lines(found: NextRecord, lang: Language) -> Iterator[str]:
    if found.pool:
        yield say(lang, "explain.next.home", pool=found.pool, month=found.month)
    else:
        name = found.names.get("fund", {}).get(found.fund, "")
        fund = f"{found.fund} {name}" if name and name != found.fund else found.fund
        yield say(lang, "explain.next.money", amount=yuan(lang, found.amount), fund=fund, month=found.month)
    objective = word(lang, "objective", found.proof.objective_name)
    yield say(
        lang, "explain.next.worth", worth=yuan(lang, found.worth), most=yuan(lang, found.most), objective=objective
    )
    if not math.isnan(found.saved_most):
        key = "explain.next.exact" if found.saved > 0 else "explain.next.exact.none"
        yield say(lang, key, saved=yuan(lang, found.saved), most=yuan(lang, found.saved_most))
    yield ""
    rows = records(found.households)
    if not rows:
        yield say(lang, "explain.next.none")
        return
    columns = ["household", "now", "then", "saved", *(["cash"] if found.fund else [])]
    head = [say(lang, f"explain.next.column.{name}") for name in columns]
    cells = []
    for row in rows:
        household = f"{row['household']}/{row['part']}" if row["part"] else str(row["household"])
        now = offer_told({"route": row["plan_route"], "pool": row["plan_pool"]}, lang)
        line = [
            household,
            f"{now} {row['plan_month']}".strip(),
            f"{offer_told(row, lang)} {row['month']}",
            yuan(lang, row["saved"]),
        ]
        cells.append([*line, *([yuan(lang, row["cash"])] if found.fund else [])])
    yield from align(head, cells, numbers=range(3, len(head)))
    yield ""
    yield say(lang, "explain.next.how")
    yield from proof_told(found.proof, lang)[1:]
