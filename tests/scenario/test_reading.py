import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewopt.errors import ScenarioError
from renewopt.scenario.nodes import plain
from renewopt.scenario.reading import decode, read_bytes, read_text

leaves = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
keys = st.text(max_size=80)  # in YAML a key written in brackets ends within 1,024 signs; here each takes up to 12
trees = st.recursive(
    leaves | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


def said(text):
    """Findings of any text, none if it is sound."""
    try:
        read_text(text, "a.yaml")
    except ScenarioError as error:
        return error.findings
    return []


def findings(text):
    with pytest.raises(ScenarioError) as raised:
        read_text(text, "a.yaml")
    return raised.value.findings


@given(st.dictionaries(keys, trees, max_size=4))
def test_json_is_read_as_what_it_says(data):
    assert plain(read_text(json.dumps(data), "a.yaml")) == data


def test_a_key_beyond_what_yaml_can_read_is_a_finding():
    assert plain(read_text(json.dumps({"a" * 1000: 1}), "a.yaml")) == {"a" * 1000: 1}
    (finding,) = findings(json.dumps({"a" * 1100: 1}))
    assert (finding.severity, finding.line) == ("error", 1)


@given(st.text(alphabet="ab:：- \t\n[]{},'\"#&*!|>%@`?01.~<\\é\x07\ufeff\u2028"))
def test_no_text_gives_more_than_findings(text):
    lines = text.count("\n") + text.count("\u2028") + 2
    assert all(1 <= (finding.line or 1) <= lines for finding in said(text))


@given(st.binary())
def test_no_bytes_give_more_than_findings(data):
    try:
        text = decode(data, "a.yaml")
    except ScenarioError:
        return
    assert all(finding.severity == "error" for finding in said(text))


def test_words_of_yaml_1_1_are_texts():
    text = "a: yes\nb: no\nc: on\nd: off\ne: 2024-06\nf: 1_000\ng: 12:30\nh: 007\ni: 0o17\nj: 0x1F\nk: .5\nl: 1e3\n"
    assert plain(read_text(text, "a.yaml")) == {
        "a": "yes",
        "b": "no",
        "c": "on",
        "d": "off",
        "e": "2024-06",
        "f": "1_000",
        "g": "12:30",
        "h": "007",
        "i": 15,
        "j": 31,
        "k": 0.5,
        "l": 1000.0,
    }


def test_keys_are_texts():
    assert plain(read_text("2024-06: 1\n0: 2\n12: 3\ntrue: 4\n", "a.yaml")) == {
        "2024-06": 1,
        "0": 2,
        "12": 3,
        "true": 4,
    }


def test_marks_name_line_and_column():
    root = read_text("a: 1\nb:\n  - x\n  - y: 2\n", "a.yaml")
    item = root.get("b").items[1]
    assert (item.mark.line, item.mark.column) == (4, 5)
    assert (root.entries["b"].key_mark.line, item.entries["y"].node.mark.column) == (2, 8)


def test_a_billion_laughs_are_refused_at_once():
    lines = ["a: &a [x, x]"] + [f"{chr(98 + n)}: &{chr(98 + n)} [{f'*{chr(97 + n)}, ' * 9}]" for n in range(9)]
    assert "anchors" in findings("\n".join(lines))[0].message


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "the file is empty"),
        ("# only a comment\n", 1, "the file is empty"),
        ("just words\n", 1, "a scenario is a mapping"),
        ("名称：安置\n", 1, "not the full-width"),
        ("a:b\n", 1, "write a space after the colon"),
        ("[1, 2]\n", 1, "a scenario is a mapping"),
        ("a: 1\n...\n%YAML 1.3\n---\nb: 1\n", 1, "not valid YAML"),
        ("? *x\n: 1\n", 1, "an alias cannot be a key"),
        ("a: 'x\n", 2, "never ends"),
        ("? {a: 1}\n: 1\n", 1, "a key must be a plain name"),
        ('a: "\\ud800"\n', 1, "half of a character"),
        ("a: {b: !x}\n", 1, "a tag is not allowed here"),
        ("a: ! 3\n", 1, "the tag ! is not allowed"),
        ("a:\n  - 1\n  b: 2\n", 3, "does not fit"),
    ],
)
def test_faults_are_said_at_their_line(text, line, says):
    found = findings(text)
    assert any(says in str(finding) and finding.line == line for finding in found), found


def test_findings_before_a_fault_of_syntax_are_kept():
    assert [finding.line for finding in findings("a: *x\nb: [1\n")] == [1, 3]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("名称: 安置".encode("gbk"), "looks like GBK / GB18030"),
        ("名称".encode("utf-16"), "UTF-16"),
        (b"a: \xff\xff\xff\xff", "not UTF-8 text"),
    ],
)
def test_encodings_are_named(data, says):
    with pytest.raises(ScenarioError, match="save it as UTF-8") as raised:
        decode(data, "a.yaml")
    assert says in str(raised.value)


def test_a_byte_order_mark_is_no_text():
    assert decode("\ufeffa: 1".encode(), "a.yaml") == "a: 1"
    assert plain(read_text("\ufeffa: 1", "a.yaml")) == {"a": 1}


def test_yaml_1_2_may_be_stated():
    assert plain(read_text("# first\n%YAML 1.2\n---\na: 1\n", "a.yaml")) == {"a": 1}


def test_files_that_cannot_be_read(tmp_path):
    (tmp_path / "big").write_bytes(b"x" * 2_000_001)
    for path, most, says in [
        (tmp_path / "none.yaml", None, "there is no such file"),
        (tmp_path, None, "this is a folder"),
        (tmp_path / "big", 2_000_000, "larger than 2 MB"),
        (tmp_path / ("x" * 5000), None, "cannot be read"),
    ]:
        with pytest.raises(ScenarioError, match=says):
            read_bytes(path, most)
    assert len(read_bytes(tmp_path / "big", 3_000_000)) == 2_000_001
