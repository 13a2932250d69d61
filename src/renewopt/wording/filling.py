"""What is filled into a sentence: as `str.format` does, and with words after numbers and months in Chinese.

- ``{count:household|households}``: the first word where `count` is 1, else the second;
- ``{month:月}``: a month or a span of months as prose has it, 2024年1月; any other text as it is. Where a month is to
  be typed or looked up as it stands (commands, files, columns), the sentence has it plainly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

__all__ = ["chinese_month", "filled"]

_OURS = re.compile(r"\{(\w+):(月|[^{}|]*\|[^{}|]*)\}")
_MONTH = r"\d{4}-\d{2}"
_SPAN = re.compile(rf"({_MONTH})|({_MONTH})?(?:\.\.| ?… ?)({_MONTH})?")


def filled(sentence: str, values: Mapping[str, object]) -> str:
    """Fill in a sentence.

    Examples
    --------
    >>> one = "{count} {count:household|households} {count:waits|wait}"
    >>> filled(one, {"count": 1}), filled(one, {"count": "1,200"})
    ('1 household waits', '1,200 households wait')
    >>> filled("自{month:月}起", {"month": "2024-06"}), filled("{month:月}", {"month": "期内没有"})
    ('自2024年6月起', '期内没有')
    """
    template, ours = _ours(sentence)
    if not ours:
        return sentence.format(**values)
    return template.format(**values, **{place: _said(values[name], how) for place, name, how in ours})


@lru_cache(maxsize=4096)
def _ours(sentence: str) -> tuple[str, list[tuple[str, str, str]]]:
    """Put plain places where ours are; give each with the name and the manner of what fills it."""
    ours: list[tuple[str, str, str]] = []

    def plain(match: re.Match[str]) -> str:
        ours.append((f"our_{len(ours)}", match[1], match[2]))
        return f"{{{ours[-1][0]}}}"

    return _OURS.sub(plain, sentence), ours


def _said(value: object, how: str) -> str:
    if how == "月":
        return chinese_month(str(value))
    one, several = how.split("|")
    return one if str(value) == "1" else several


def chinese_month(text: str) -> str:
    """Write a month ``YYYY-MM``, or a span of months, as Chinese prose has it; leave any other text as it is.

    Examples
    --------
    >>> [chinese_month(text) for text in ("2024-06", "2024-03..2024-06", "2024-07..", "..2024-05", "E1/90")]
    ['2024年6月', '2024年3月至2024年6月', '2024年7月起', '至2024年5月', 'E1/90']
    """
    match = _SPAN.fullmatch(text)
    if match is None:
        return text
    month, first, last = (f"{part[:4]}年{int(part[5:])}月" if part else "" for part in match.groups())
    return month or (f"{first}至{last}" if last else f"{first}起")
