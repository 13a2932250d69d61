"""Tables in plain text: figures stay whole, and no line is wider than there is room for."""

import random
import re

import pytest

from renewopt.results.aligning import align
from renewopt.wording import width
from renewopt.wording.wrapping import fitted, on_a_screen

WORDS = [
    "fund",
    "left in the end",
    "transfer Meadow/flat",
    "过渡费（万元）",
    "全部等待原项目安置房",
    "",
    "a",
    "at least",
]


def drawn(seed: int) -> tuple[list[str], list[list[str]], list[int]]:
    draw = random.Random(seed)
    columns = draw.randint(1, 14)
    numbers = sorted(draw.sample(range(columns), draw.randint(0, columns - 1)))
    head = [draw.choice(WORDS) for _ in range(columns)]
    rows = [
        [
            f"{draw.randint(-(10**10), 10**10):,}" if place in numbers else " ".join(draw.choices(WORDS, k=3))
            for place in range(columns)
        ]
        for _ in range(draw.randint(0, 5))
    ]
    return head, rows, numbers


@pytest.mark.parametrize("seed", range(60))
def test_every_figure_is_there_whole_and_no_line_is_too_wide(seed: int) -> None:
    head, rows, numbers = drawn(seed)
    lines = align(head, rows, numbers=numbers)
    assert max(map(width, lines)) <= 80
    shown = " ".join(lines).split()
    for row in rows:
        for place in numbers:
            assert row[place] in shown


@pytest.mark.parametrize("seed", range(60))
def test_no_sign_of_a_text_is_lost(seed: int) -> None:
    head, rows, numbers = drawn(seed)
    shown = sorted("".join("".join(line.split()) for line in align(head, rows, numbers=numbers, room=1000)))
    narrow = sorted("".join("".join(line.split()) for line in align(head, rows, numbers=numbers)))
    for sign in set(shown):
        assert narrow.count(sign) >= shown.count(sign)


@pytest.mark.parametrize("seed", range(60))
def test_texts_take_two_lines_at_the_most_and_titles_three(seed: int) -> None:
    head, rows, numbers = drawn(seed)
    short = [[cell[:30] for cell in row] for row in rows]
    blocks = "\n".join(align(head, short, numbers=numbers)).split("\n\n")
    assert max(len(block.splitlines()) for block in blocks) <= 3 + 2 * len(short)


def test_a_table_with_room_is_as_it_always_was() -> None:
    lines = align(["fund", "in", "paid for"], [["budget", "1,000", "fees"], ["bond", "2", ""]], numbers=(1,))
    assert lines == ["  fund       in  paid for", "  budget  1,000  fees", "  bond        2"]


def test_columns_that_find_no_room_stand_below_with_the_first_one() -> None:
    head = ["name", *("figure" for _ in range(8))]
    lines = align(head, [["A", *(f"{10**9 + place:,}" for place in range(8))]], numbers=range(1, 9))
    assert [line.split()[0] for line in lines if line] == ["name", "A", "name", "A"]
    assert len([line for line in lines if not line]) == 1


def test_names_that_are_too_long_are_broken() -> None:
    lines = align(["name", "figure"], [["x" * 200, "1,234"]], numbers=(1,))
    assert max(map(width, lines)) <= 80
    assert "".join(re.findall("x+", "".join(lines))) == "x" * 200


def test_a_wide_screen_is_used() -> None:
    head, rows = ["name", *["a figure of many words"] * 6], [["A", *["1,234"] * 6]]
    narrow = align(head, rows, numbers=range(1, 7))
    with on_a_screen(200):
        assert len(align(head, rows, numbers=range(1, 7))) == 2
    with on_a_screen(20):
        assert align(head, rows, numbers=range(1, 7)) == narrow


@pytest.mark.parametrize("columns", [20, 40, 80])
def test_lines_are_broken_at_words(columns: int) -> None:
    text = "  The fund budget has 1,234,567 yuan\nand 12 wait.\n\n  过渡费合计123.45万元，超期部分为67.89万元。"
    shown = fitted(text, columns)
    assert max(map(width, shown.split("\n"))) <= columns
    assert "".join(shown.split()) == "".join(text.split())
    for figure in ("1,234,567", "123.45", "67.89"):
        assert figure in shown
    assert shown.startswith("  The")
