import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewopt.scenario import cells
from renewopt.units import Month


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("-1.5", -1.5), (".5", 0.5), ("1e3", 1000), ("110㎡", 110), ("90 m²", 90), ("1,200", 1200),
     ("１２", 12), ("1,200.5平方米", 1200.5), ("36个月", 36), ("３户", 3)],
)  # fmt: skip
def test_numbers_as_people_type_them(text, number):
    assert cells.parse_number(text) == number


@pytest.mark.parametrize(
    "text", ["x", "1,20", "1 2", "inf", "nan", "NaN", "0x1F", "1_000", "㎡", "1e999", "true", "一"]
)
def test_what_is_no_number(text):
    with pytest.raises(ValueError, match="number"):
        cells.parse_number(text)


def test_whole_numbers():
    assert cells.parse_whole("3.0") == 3
    with pytest.raises(ValueError, match="not a whole number"):
        cells.parse_whole("2.5")
    with pytest.raises(ValueError, match="not a plausible count"):
        cells.parse_whole("1e13")


@pytest.mark.parametrize(
    "text", ["2024-06", "2024/6", "2024.06", "2024年6月", "2024-06-01", "2024/6/1", "2024年6月1日",
     "2024-06-15", "2024.6", "20240615", "202406", "2024年06月15日", "2024/06/15 00:00:00",
     "2024-6-15T08:30", "２０２４年６月"]
)  # fmt: skip
def test_months_as_spreadsheets_show_them(text):
    assert cells.parse_cell_month(text) == Month.parse("2024-06")


@pytest.mark.parametrize(
    "text",
    ["2024", "2024-13", "24-13", "202413", "2024-06-011", "2024-0615", "2024-06-41", "六月", "2024年6月15", "Juni"],
)
def test_what_is_no_month(text):
    with pytest.raises(ValueError, match="month"):
        cells.parse_cell_month(text)


@pytest.mark.parametrize(
    "text", ["45458", "二〇二四年六月", "二零二四年六月十五日", "24年6月", "24/6", "Jun-24", "June 2024", "jun24"]
)
def test_a_month_that_is_not_read_is_told_as_what_it_would_be(text):
    with pytest.raises(ValueError, match="if 2024-06 is meant, write that"):
        cells.parse_cell_month(text)


@pytest.mark.parametrize("year", [1999, 2021, 2030])
def test_october_that_a_spreadsheet_has_shortened_is_not_read_as_january(year):
    with pytest.raises(ValueError, match=f"{year}-01 or {year}-10"):
        cells.parse_cell_month(f"{year}.1")
    assert [cells.parse_cell_month(f"{year}.{month}").month for month in range(2, 10)] == list(range(2, 10))
    assert cells.parse_cell_month(f"{year}.10").month == 10
    assert cells.parse_cell_month(f"{year}.01").month == 1


def test_money_and_shares():
    assert cells.parse_cell_money("８００万元") == 8_000_000
    assert cells.parse_cell_share("２０％") == 0.2


@pytest.mark.parametrize(("text", "value"), [("是", True), ("TRUE", True), ("1", True), ("否", False), ("No", False)])
def test_yes_and_no(text, value):
    assert cells.parse_boolean(text) is value


def test_neither_yes_nor_no():
    with pytest.raises(ValueError, match="neither true nor false"):
        cells.parse_boolean("2")


def test_ids():
    assert cells.parse_identity("甲-1 单元") == "甲-1 单元"
    for text, says in [("5.2E+17", "shortened"), ("a\nb", "invisible"), ("a\u200bb", "invisible")]:
        with pytest.raises(ValueError, match=says):
            cells.parse_identity(text)


def test_several_ids_in_a_cell():
    assert cells.parse_ids("a; b；c、d，e,f|g;;a") == ("a", "b", "c", "d", "e", "f", "g")


def test_terms():
    assert cells.parse_terms("0:30%；6：70%;") == (("0", "30%"), ("6", "70%"))
    for text, says in [("a", "not a pair"), (":1", "not a pair"), ("a:", "not a pair"), ("0:1;0:2", "twice")]:
        with pytest.raises(ValueError, match=says):
            cells.parse_terms(text)


def test_terms_by_month_take_every_form_of_a_month():
    months = ["2024-06", "2024/7", "2024.8", "2024年9月", "202410", "2024/11/30", "２０２４年１２月"]
    text = ";".join(f"{month}:{value}万元" for value, month in enumerate(months))
    assert cells.parse_dated_terms(text) == tuple((f"2024-{6 + value:02d}", f"{value}万元") for value in range(7))
    for text, says in [
        ("2024-06:1;2024/6:2", "'2024-06' and '2024/6' both mean 2024-06; state it once"),
        ("2024年6月:1;2024/6/30:2", "both mean 2024-06"),
        ("2024-06:1;2024-06:1", "twice"),
        ("2024.1:5", "may be January or October"),
        ("45444:5", "if 2024-06 is meant, write that"),
        ("2024-13:5", "no month 13"),
        ("2024-05..2024-06:5", "is not a month"),
        ("2024-06", "not a pair"),
    ]:
        with pytest.raises(ValueError, match=says):
            cells.parse_dated_terms(text)


@given(st.lists(st.text(max_size=8), max_size=4))
def test_harmless_texts_pass_one_by_one(texts):
    if cells.harmless(texts):
        for text in texts:
            assert cells.parse_identity(text) == text
            assert not cells.spreadsheet_error(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2024-06-15", 15), ("2024/6/5", 5), ("2024年6月30日", 30), ("20240601", 1), ("2024-06-15 00:00:00", 15),
     ("2024-06", None), ("2024.6", None), ("202406", None), ("2024-06-32", None), ("soon", None)],
)  # fmt: skip
def test_the_day_of_a_date_is_read_where_there_is_one(text, day):
    assert cells.parse_cell_day(text) == day


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2024-03", "2024-03"),
        ("2024年3月", "2024-03"),
        ("2024-01..2024-06", "2024-01..2024-06"),
        ("2024年1月至2024年6月", "2024-01..2024-06"),
        ("2024/7～", "2024-07.."),
        ("..202402", "..2024-02"),
        ("2024-03~2024-03", "2024-03"),
    ],
)
def test_spans_of_months_as_people_type_them(text, span):
    assert cells.parse_cell_span(text) == span


@pytest.mark.parametrize("text", ["..", "2024-06..2024-01", "2024", "2024-01...", "2024-01..02", "2024.1..2024.6"])
def test_what_is_no_span_of_months(text):
    with pytest.raises(ValueError, match=r"."):
        cells.parse_cell_span(text)
