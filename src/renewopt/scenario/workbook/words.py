"""Fixed choices as a workbook writes them, and as it may be told them."""

from __future__ import annotations

from renewopt.vocabulary import CASH, OWN_UNIT, PLACE_TERMS, TERMS, TRANSFER, VOUCHER
from renewopt.wording import Language

__all__ = ["CHOICES", "NONE_WORDS", "choice_word", "said_choice"]

CHOICES: dict[str, str] = {
    "all": "全部",
    **{code: term.chinese[0] if term.chinese else "费用" for code, term in PLACE_TERMS.items()},
    **{code: term.chinese for kind in ("route", "use", "objective", "measure") for code, term in TERMS[kind].items()},
    "area": "面积",
    "person": "人口",
    "household": "户",
    "entitlement": "应安置面积",
    "in_force": "按入住时",
    "monthly": "按月",
    "quarterly": "按季",
    "half_yearly": "按半年",
    "yearly": "按年",
    "calendar": "自然季度或年度",
    "moving_out": "自搬离起",
    "rate": "费率",
    "household_minimum": "每户最低",
    "household_maximum": "每户最高",
    "whole": "整月",
    "half": "半月",
    "next": "次月起",
    "by_day": "按天",
    "always": "结转",
    "month": "按月收回",
    "year": "按年收回",
    "bullet": "到期一次",
    "level": "等额",
    "flexible": "随借随还",
    "chosen": "选定",
    "handed_over": "交付",
    "started": "启动",
    "paid": "支付",
    "received": "到账",
    "expected": "预计",
    "loan": "贷款",
    "advance": "垫款",
    "bond": "债券",
    "start": "启动",
    "finish": "完工",
    "cleared": "净地",
    "thousands": "逐位写出",
    "myriads": "按万亿",
}
"""Fixed choices in Chinese; within one column no two are alike."""

_ALSO = {
    OWN_UNIT: ("产权调换", "原址安置"),
    TRANSFER: ("调剂安置", "异地安置"),
    VOUCHER: ("房票", "购房券"),
    CASH: ("货币", "货币化", "货币安置", "现金"),
}
"""What offices call a route, too."""
ALSO = {word: route for route, words in _ALSO.items() for word in words}

NONE_WORDS = ("none", "无")
"""What says that a list is empty on purpose."""


def choice_word(lang: Language, choice: str) -> str:
    """Say a fixed choice."""
    return CHOICES.get(choice, choice) if lang == "zh" else choice


def said_choice(text: str, choices: tuple[str, ...]) -> str | None:
    """Return the choice that a cell names, in either language; None if it names none.

    Examples
    --------
    >>> said_choice("调安", ("own_unit", "transfer")), said_choice("Own unit", ("own_unit", "transfer"))
    ('transfer', 'own_unit')
    """
    word = text.strip().casefold().replace(" ", "_").replace("-", "_")
    known = (choice for choice in choices if word in {choice.casefold(), CHOICES.get(choice, choice)})
    return next(known, ALSO[word] if ALSO.get(word) in choices else None)
