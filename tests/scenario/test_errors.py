import pickle

import pytest

from renewopt.errors import Finding, RenewoptError, ScenarioError, sort_findings


def finding(line=3, severity="error", file="a.yaml", **kw):
    return Finding(severity, file, line, kw.pop("key", "funds.tax.uses"), kw.pop("message", "unknown use 'fee'"), **kw)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (
            finding(41, mend="did you mean 'fees'?"),
            "a.yaml:41  funds.tax.uses: unknown use 'fee'; did you mean 'fees'?",
        ),
        (finding(key=""), "a.yaml:3: unknown use 'fee'"),
        (finding(None, key=""), "a.yaml: unknown use 'fee'"),
        (finding(17, file="h.csv", key="column area"), "h.csv:17 column area: unknown use 'fee'"),
        (
            finding(7, file="h.xlsx", key="column area", sheet="户"),
            "h.xlsx sheet 户 row 7 column area: unknown use 'fee'",
        ),
        (finding(None, file="h.xlsx", key="", sheet="户"), "h.xlsx sheet 户: unknown use 'fee'"),
        (finding(0, file="households DataFrame"), "households DataFrame row 0  funds.tax.uses: unknown use 'fee'"),
        (finding(severity="warning"), "a.yaml:3  funds.tax.uses: warning: unknown use 'fee'"),
    ],
)
def test_a_finding_says_where_and_what(found, text):
    assert str(found) == text


def test_findings_are_sorted_by_file_and_line_and_said_once():
    found = [finding(9), finding(2), finding(None), finding(1, file="z.csv"), finding(2)]
    assert [(f.file, f.line) for f in sort_findings(found)] == [
        ("a.yaml", None),
        ("a.yaml", 2),
        ("a.yaml", 9),
        ("z.csv", 1),
    ]


def test_the_error_prints_all_findings_together():
    error = ScenarioError([finding(9), finding(2, "warning")])
    assert str(error).splitlines() == [
        "1 problem in the scenario",
        "a.yaml:2  funds.tax.uses: warning: unknown use 'fee'",
        "a.yaml:9  funds.tax.uses: unknown use 'fee'",
    ]
    assert [f.line for f in error.errors] == [9]
    assert [f.line for f in error.warnings] == [2]
    assert isinstance(error, RenewoptError)


def test_the_error_shortens_a_long_list():
    text = str(ScenarioError(finding(line) for line in range(1000)))
    assert text.startswith("1000 problems")
    assert text.endswith("... and 800 more")


def test_the_error_can_be_sent_between_processes():
    error = ScenarioError([finding(9)])
    assert pickle.loads(pickle.dumps(error)).findings == error.findings
