"""Values that a planner did not mean, or that somebody meant too well: numbers, dates, texts, each as it is written."""

# Values stand beside each other, however long their lines.
# ruff: noqa: E501

from __future__ import annotations

from random import Random

__all__ = ["SIGNS", "VALUES", "Raw", "any_value"]


class Raw(str):
    """A scalar that is written as it is, without quotes."""

    __slots__ = ()


NUMBERS = (
    "0", "-0", "-1", "1", "0.5", "-0.0001", "1e308", "-1e308", "1e309", "1e-320", "1e999999", "1e-999999", "1E+5",
    "9" * 20, "9" * 400, "0." + "1" * 400, "-" + "9" * 25, "0x7fffffffffffffff", "0o777", "0b1", "1_000", "1,000", "１００",
    ".5", "5.", "+5", "+-5", "--5", "5e", "e5", ".inf", "-.inf", ".nan", "inf", "nan", "NaN", "Infinity", "1/3", "50%", "-50%",
    "1000%", "５％", "3000", "3001", "99999999999999999999", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
    "18446744073709551616", "4294967296", "2147483648", "1e12", "1e13", "1.0000000000000001", "0.1234567890123456789", "٣", "½", "²",
)  # fmt: skip
MONEY = (
    "800万元", "5亿元", "-5亿元", "0.000001亿", "9" * 30 + "亿元", "1e5万元", "万元", "5 亿", "5亿亿", "¥5", "5元元", "1,2,3元", "5.5.5",
    "0.001", "1e13", "10000000000001", "1E400万元",
)  # fmt: skip
DATES = (
    "2024-06", "2024-13", "2024-00", "0000-00", "9999-12", "2400-12", "2401-01", "1900-01", "1899-12", "2024-6", "24-06", "2024/06",
    "2024-06-31", "2024-02-30", "-2024-06", "2024年6月", "2024.6", "2024-06T00:00:00Z", "45444", "1000000-01", "٢٠٢٤-٠٦", "2024-06\n",
)  # fmt: skip
WORDS = (
    "", " ", "~", "null", "true", "false", "yes", "no", "on", "off", "all", "own_unit", "transfer", "in_force", "government", "id", "name",
    "<<", "=", "-", "?", ":", "&a", "*a", "!!str 5", "!!python/object:os.system x", "!remove", "{}", "[]", "[[]]", "{a: 1}", "[null]",
    "@x", "`x`", "%YAML", "---", "...", "#", "# x", "|", ">", "'", '"', "\\", "../../etc/passwd", "/dev/zero", "file.csv", "x" * 250,
    "x" * 5000, "a;b;c", ";", ";;;", "0:30%;6:70%", "0:30%;0:70%", "a:b:c", "E/90:1", "Garden/A:1", "=1+1", "@SUM(1)", "+cmd|' /C calc'!A0",
    "{0}", "{x}", "{", "}", "{{}}", "%s", "%(x)s", "$HOME", "<script>", "&lt;", "]]>", "<!--", "#REF!", "#N/A", "1E+12",
)  # fmt: skip
SIGNS = (
    "\x00", "\x01", "\x07", "\x08", "\x1b[31m", "\x1b]0;x\x07", "\x7f", "\x80", "\x85", "\x9b31m", "\xa0", "\xad", "\u061c", "\u200b",
    "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202e", "\u2066", "\u2069", "\u3000", "\ufeff", "\ufffd", "\ufffe", "\uffff",
    "\U0001f3e0", "\U000e0001", "\U0010ffff", "e\u0301", "\u0430", "Ａ", "ﬁ", "İ", "ß", "：", "，", "；", "（", "“", "\t", "\r", "\n", "\r\n",
    "\v", "\f", "\x1c", "户", "﷽",
)  # fmt: skip
VALUES = (*NUMBERS, *MONEY, *DATES, *WORDS, *SIGNS)


def any_value(rng: Random, known: list[str] | None = None) -> str:
    """Draw a value: one of ours, one that stands elsewhere in the file, or one of them with a sign in its midst."""
    value = rng.choice(known) if known and rng.random() < 0.3 else rng.choice(VALUES)
    if rng.random() < 0.15:
        at = rng.randrange(len(value) + 1)
        value = value[:at] + rng.choice(SIGNS) + value[at:]
    return value
