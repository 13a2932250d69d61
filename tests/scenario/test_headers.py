import pytest

from renewopt.scenario.headers import HEADERS, canonical, folded
from renewopt.scenario.table_specs import TABLES


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("户号", "id"),
        ("Household", "id"),
        ("面积(㎡)", "area"),
        ("建筑面积（平方米）", "area"),
        ("Moved out", "moved_out"),
        ("moved-out*", "moved_out"),
        ("约定期限[月]", "term"),
        ("户型", "unit_types"),
        ("colour", None),
        ("", None),
    ],
)
def test_headers_as_people_write_them(header, name):
    assert canonical(header, TABLES["households"]) == name


def test_a_name_goes_before_a_synonym():
    assert canonical("household", TABLES["quotes"]) == "household"
    assert canonical("id", TABLES["quotes"]) == "household"


@pytest.mark.parametrize("table", TABLES)
def test_no_header_means_two_columns(table):
    words = [folded(word) for words in HEADERS[table].values() for word in set(map(folded, words))]
    assert len(words) == len(set(words))
