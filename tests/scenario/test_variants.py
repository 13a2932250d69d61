import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewopt.errors import ScenarioError
from renewopt.scenario.nodes import find, plain
from renewopt.scenario.reading import read_text
from renewopt.scenario.variants import apply_variant, variant_names

BASE = """\
name: x
limits: {a: 1, b: 2}
funds:
  - id: tax
    uses: [fees, voucher]
    inflow: {monthly: 5, until: 2025-01}
  - {id: bond, uses: [construction]}
months: [1, 2]
variants:
"""


def merged(changes, name="v"):
    indented = "".join(f"    {line}\n" for line in changes.splitlines())
    return apply_variant(read_text(f"{BASE}  v:\n{indented}", "a.yaml"), name)


def refusal(changes, name="v"):
    with pytest.raises(ScenarioError) as raised:
        merged(changes, name)
    return [(finding.line, finding.key, str(finding)) for finding in raised.value.findings]


def test_mappings_merge():
    assert plain(merged("limits: {b: 3, c: 4}"))["limits"] == {"a": 1, "b": 3, "c": 4}


def test_lists_with_ids_merge_by_id_and_new_ids_come_last():
    funds = plain(merged("funds:\n- {id: loan}\n- {id: tax, inflow: {monthly: 3}}"))["funds"]
    assert [fund["id"] for fund in funds] == ["tax", "bond", "loan"]
    assert funds[0] == {"id": "tax", "uses": ["fees", "voucher"], "inflow": {"monthly": 3, "until": "2025-01"}}


def test_other_lists_and_values_replace():
    assert plain(merged("months: [7]"))["months"] == [7]
    assert plain(merged("funds:\n- {id: tax, uses: [fees]}"))["funds"][0]["uses"] == ["fees"]
    assert plain(merged("funds: []"))["funds"] == []
    assert plain(merged("limits: 5"))["limits"] == 5


def test_remove_deletes_keys_and_items():
    assert "limits" not in plain(merged("limits: !remove"))
    assert "until" not in plain(merged("funds:\n- id: tax\n  inflow: {until: !remove}"))["funds"][0]["inflow"]
    assert [f["id"] for f in plain(merged("funds:\n- !remove bond"))["funds"]] == ["tax"]
    assert [f["id"] for f in plain(merged("funds:\n- !remove {id: tax}"))["funds"]] == ["bond"]


def test_remove_of_nothing_is_refused_at_its_line():
    assert refusal("funds:\n- !remove bund")[0][:2] == (12, "variants.v.funds.bund")
    assert "did you mean 'bond'" in refusal("funds:\n- !remove bund")[0][2]
    assert "nothing to remove" in refusal("limit: !remove")[0][2]
    assert "nothing to remove" in refusal("new: {a: !remove, b: [1, !remove]}")[1][2]
    assert "nothing to remove" in refusal("funds:\n- !remove [1]")[0][2]
    assert "nothing to remove" in refusal("funds:\n- !remove {name: x}")[0][2]


def test_remove_stands_in_braces():
    assert plain(merged("limits: {a: !remove, b: 7}"))["limits"] == {"b": 7}
    assert plain(merged("limits: {b: 7, a: !remove}"))["limits"] == {"b": 7}


def test_ids_twice_cannot_be_merged():
    text = "a:\n- {id: x}\n- {id: x}\nvariants:\n  v:\n    a:\n    - {id: x, b: 1}\n"
    with pytest.raises(ScenarioError, match="has an id twice"):
        apply_variant(read_text(text, "a.yaml"), "v")


def test_marks_of_the_variant_are_kept():
    root = merged("funds:\n- {id: tax, inflow: {monthly: 3}}")
    assert find(root, ("funds", 0, "inflow", "monthly"))[1].line == 12
    assert find(root, ("funds", 0, "inflow", "until"))[1].line == 6


def test_no_variant_is_the_scenario_without_its_variants():
    root = read_text(BASE + "  v:\n", "a.yaml")
    assert plain(apply_variant(root, None)) == plain(root.without("variants"))
    assert plain(apply_variant(root, "v")) == plain(root.without("variants"))
    assert variant_names(root) == ["v"]


@pytest.mark.parametrize("stated", ["", "variants:\n", "variants: {}\n"])
def test_a_scenario_without_variants(stated):
    root = read_text(f"name: x\n{stated}", "a.yaml")
    assert plain(apply_variant(root, None)) == {"name": "x"}
    assert variant_names(root) == []
    with pytest.raises(ScenarioError, match="there is no variant 'v'; its variants are none"):
        apply_variant(root, "v")


def test_unknown_variants_and_malformed_ones():
    assert "there is no variant 'V'; did you mean 'v'?" in refusal("limits: 1", "V")[0][2]
    assert "cannot change `name`" in refusal("name: y")[0][2]
    with pytest.raises(ScenarioError, match="variants are a mapping of names to changes"):
        apply_variant(read_text("variants: [a]\n", "a.yaml"), None)
    with pytest.raises(ScenarioError, match="a variant is a mapping of the keys that differ"):
        apply_variant(read_text("variants: {a: [1]}\n", "a.yaml"), None)


words = st.text(alphabet="abc", min_size=1, max_size=2)
items = st.lists(words, unique=True, max_size=3).flatmap(
    lambda ids: st.fixed_dictionaries({"list": st.just([{"id": f"i{word}", "v": len(word)} for word in ids])})
)
sections = st.dictionaries(words, st.integers() | items | st.dictionaries(words, st.integers(), max_size=3), max_size=4)


@given(sections, sections)
def test_a_variant_merged_twice_is_the_variant_merged_once(base, changes):
    def read(scenario):
        return read_text(json.dumps({**scenario, "variants": {"v": changes}}), "a.yaml")

    once = plain(apply_variant(read(base), "v"))
    assert plain(apply_variant(read(once), "v")) == once


@given(sections)
def test_an_empty_variant_changes_nothing(base):
    root = read_text(json.dumps({**base, "variants": {"v": {}}}), "a.yaml")
    assert plain(apply_variant(root, "v")) == base
