from decimal import Decimal

from renewopt.scenario.nodes import Mark, Remove, Scalar, dotted, find, from_plain, identity, plain
from renewopt.scenario.reading import read_text
from renewopt.units import Month

TEXT = "funds:\n  - id: tax\n    uses: [fees]\n  - {name: second}\nprojects: [1]\n"


def test_find_follows_keys_and_positions_and_passes_over_the_rest():
    root = read_text(TEXT, "a.yaml")
    node, mark, path = find(root, ("funds", 0, "list[str]", "uses", 0, "[key]"))
    assert (plain(node), mark.line, path) == ("fees", 3, ["funds", 0, "uses", 0])
    assert find(root, ("funds", 7, "uses"))[2] == ["funds"]


def test_dotted_names_items_by_their_ids():
    root = read_text(TEXT, "a.yaml")
    assert dotted(root, ["funds", 0, "uses", 0]) == "funds.tax.uses.0"
    assert dotted(root, ["funds", 1, "name"]) == "funds.1.name"
    assert dotted(root, ["nowhere", "at", 3]) == "nowhere.at.3"


def test_identity_is_the_text_of_the_id():
    mark = Mark("a", 1)
    assert identity(Remove(mark, "x")) == "x"
    assert identity(Remove(mark)) is None
    assert identity(Scalar(mark, "x", "x")) is None
    assert identity(from_plain({"id": {"a": 1}}, mark)) is None
    assert identity(from_plain({"id": 7}, mark)) == "7"


def test_values_become_nodes_and_values_again():
    value = {"a": [1, "x", None, Decimal("1.5")], "b": {"c": True}, "d": Month.parse("2024-06")}
    node = from_plain(value, Mark("<python>", None))
    assert plain(node) == {"a": [1, "x", None, Decimal("1.5")], "b": {"c": True}, "d": "2024-06"}
    assert plain(Remove(Mark("a", 1))) is None


def test_mappings_are_changed_by_copies():
    root = read_text("a: 1\nb: 2\n", "a.yaml")
    assert plain(root.without("a")) == {"b": 2}
    assert plain(root) == {"a": 1, "b": 2}
    assert root.get("z") is None
